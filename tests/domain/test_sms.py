"""Text messages: parts as telephones send them, and requests as gateways want them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices.sms import GatewayError, gateway, message, parts

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
LATIN = st.text("abc €{}[]~^|\\ÄÖ@\n", max_size=400)


@given(st.one_of(TEXT, LATIN))
def test_the_parts_are_the_text_and_each_fits(text: str) -> None:
    cut = parts(text)
    assert "".join(cut) == text
    double = set("^{}\\[~]|€")
    plain = all(len(parts(character * 71)) == 1 for character in set(text))
    room = (160 if len(cut) == 1 else 153) if plain else (70 if len(cut) == 1 else 67)
    for part in cut:
        assert part
        places = sum(2 if c in double else 1 for c in part) if plain else len(part.encode("utf-16-le")) // 2
        assert places <= room


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *(("", 0), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2)),
        *(("火" * 70, 1), ("火" * 71, 2), ("火" * 134, 2), ("火" * 135, 3), ("🔥" * 35, 1), ("🔥" * 36, 2)),
    ],
)
def test_parts_as_telephones_count_them(text: str, count: int) -> None:
    assert len(parts(text)) == count


def test_a_pair_that_does_not_fit_goes_whole_into_the_next_part() -> None:
    assert parts("火" * 66 + "🔥" + "火" * 10) == ["火" * 66, "🔥" + "火" * 10]
    assert parts("a" * 152 + "€" + "a" * 10) == ["a" * 152, "€" + "a" * 10]


@given(TEXT, TEXT, st.integers(1, 4))
def test_a_message_keeps_to_its_parts_and_says_where_it_is_cut(title: str, body: str, most: int) -> None:
    text = message(title, body, "【签】", most)
    assert len(parts(text)) <= most
    assert text.startswith("【签】")
    whole = message(title, body, "【签】", 100)
    assert text == whole or (text.endswith("…") and whole.startswith(text[:-1]))


def test_a_message_says_title_then_body() -> None:
    assert (
        message("[紧急] 枫林苑", "三楼烟雾报警。\n\n枫林苑", "【智慧管家】", 4)
        == "【智慧管家】[紧急] 枫林苑\n三楼烟雾报警。\n枫林苑"
    )


HOSTILE = '"}\n{number}&x=1 +%7B你'


def test_a_value_is_written_as_its_place_demands() -> None:
    told = {
        "url": "https://sms.example.com/send?to={number}&text={text}",
        "body": '{"to": "{number}", "text": "{text}", "id": "{id}"}',
    }
    url, body = gateway(json.dumps(told)).request("+8613800138000", HOSTILE, "ntc_1")
    assert parse_qs(urlsplit(url).query) == {"to": ["+8613800138000"], "text": [HOSTILE]}
    assert json.loads(body) == {"to": "+8613800138000", "text": HOSTILE, "id": "ntc_1"}
    form = {
        "url": "http://10.0.0.9/send",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "body": "to={number}&text={text}",
    }
    _, body = gateway(json.dumps(form)).request("+8613800138000", HOSTILE, "ntc_1")
    assert parse_qs(body) == {"to": ["+8613800138000"], "text": [HOSTILE]}


GOOD = {"url": "https://sms.example.com/", "body": '{"to": "{number}", "text": "{text}"}'}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "ftp://example.com"}, "url is an address"),
        ({"url": "https://"}, "url is an address"),
        ({"url": ""}, "url is an address"),
        ({"method": "DELETE"}, "method is one of"),
        ({"secret": "hidden"}, "'secret' is not known"),
        ({"body": '{"to": "{number}"}'}, "{text} stands neither"),
        ({"body": "{number} {text}"}, "body is not JSON"),
        ({"headers": {"x": "a\r\ny: b"}}, "a header is one line"),
        ({"headers": ["x"]}, "headers are an object"),
        ({"accepted": 1}, "headers are an object"),
    ],
)
def test_what_is_no_gateway_is_refused_with_its_reason(changed: dict[str, object], said: str) -> None:
    with pytest.raises(GatewayError, match=said.replace("{", r"\{").replace("}", r"\}")):
        gateway(json.dumps(GOOD | changed))


@pytest.mark.parametrize(("text", "said"), [("nonsense", "not JSON"), ("[]", "no JSON object"), ("", "not JSON")])
def test_a_gateway_is_a_json_object(text: str, said: str) -> None:
    with pytest.raises(GatewayError, match=said):
        gateway(text)
