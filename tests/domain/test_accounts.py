"""How accounts are called, and what is kept of a client."""

import pytest

from domain.accounts import client_family, is_login

_MOZILLA = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        (f"{_MOZILLA} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge"),
        (f"{_MOZILLA} Chrome/126.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Mobile/15E148 MicroMessenger/8.0", "WeChat"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox"),
        ("curl/8.5.0", "curl"),
        ("python-httpx/0.27", "Python"),
        ("", "unknown"),
        ("<script>alert(1)</script>", "unknown"),
        ("x" * 100_000 + "curl/8", "unknown"),
    ],
)
def test_of_a_client_its_family_is_kept_and_nothing_else(user_agent: str, family: str):
    assert client_family(user_agent) == family


@pytest.mark.parametrize("login", ["abc", "kq-24-301", "li.wei_2", "a" * 40])
def test_a_log_in_name_is_short_and_plain(login: str):
    assert is_login(login)


@pytest.mark.parametrize("login", ["", "ab", "Ab1", "-abc", "abc.", "a b c", "a" * 41, "李伟一", "abc\n", "a\0bc"])
def test_every_other_log_in_name_is_refused(login: str):
    assert not is_login(login)
