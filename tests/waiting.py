"""Waiting for something to become so, with a deadline; and a place to listen at meanwhile."""

import asyncio
import inspect
import socket
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds that anything waited for may take: far more than it needs, as a machine may be busy with other things.
PATIENCE = 60.0


async def until(look: Callable[[], T | Awaitable[T]], *, within: float = PATIENCE, what: str = "the condition") -> T:
    """The first true answer of ``look``. Fails where there is none within so many seconds."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {within} s; last seen: {found!r}"
        await asyncio.sleep(0.01)


def a_free_port() -> int:
    """A port of this machine on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
