"""Waiting for something to become so, with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def wait_for(condition: Callable[[], Awaitable[T]], *, seconds: float = 20) -> T:
    """What ``condition`` returns as soon as that is true. Fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        value = await condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"did not happen within {seconds} s: {condition}"
        await asyncio.sleep(0.02)
