"""What surrounds every request: addresses, limits, and noticing that the process must stop."""

import asyncio
import os
import signal
from types import FrameType

import pytest

from api.asgi import create_app
from api.closing import told_to_stop
from api.context import address_of, headers_of
from settings import Settings
from tests.waiting import until


def address(peer: str | None, forwarded: str | None, trusted: str) -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    scope = {"client": (peer, 40_000) if peer is not None else None}
    return address_of(scope, headers, Settings(trusted_proxies=trusted))


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.7", None, "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "10.0.0.0/8", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "10.0.0.0/8, 127.0.0.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.0/8", "nonsense"),
        ("10.0.0.1", None, "10.0.0.0/8", "10.0.0.1"),
        ("2001:db8::1", "198.51.100.1", "2001:db8::/32", "198.51.100.1"),
        ("", "198.51.100.1", "10.0.0.0/8", ""),
        (None, None, "", ""),
    ],
)
def test_the_clients_address_is_believed_from_trusted_proxies_only(
    peer: str | None, forwarded: str | None, trusted: str, expected: str
) -> None:
    assert address(peer, forwarded, trusted) == expected


def test_a_wrong_proxy_setting_is_told_at_the_start() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        create_app(Settings(trusted_proxies="nonsense"))


def test_several_headers_of_one_name_are_read_as_one() -> None:
    assert headers_of({"headers": [(b"Accept", b"a/b"), (b"accept", b"c/d")]}) == {"accept": "a/b, c/d"}


async def test_a_stop_signal_is_noticed_beside_the_servers_own_handler() -> None:
    handled: list[int] = []

    def servers_own(number: int, _: FrameType | None) -> None:
        handled.append(number)

    before = signal.signal(signal.SIGTERM, servers_own)
    try:
        closing = asyncio.Event()
        with told_to_stop(closing):
            assert not closing.is_set()
            os.kill(os.getpid(), signal.SIGTERM)
            await until(closing.is_set)
        assert handled == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is servers_own
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_where_nobody_handles_signals_none_is_added() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        closing = asyncio.Event()
        with told_to_stop(closing):
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        assert closing.is_set()
    finally:
        signal.signal(signal.SIGINT, before)
