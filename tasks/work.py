"""Work is performed here: a row is taken under lock, handed to the handler of its kind, and deleted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

#: Handles a payload. Returns None when done, or the wait after which the same row comes again.
Handle = Callable[[dict[str, Any]], Awaitable[timedelta | None]]


@dataclass(frozen=True)
class Handler:
    """How one kind of work is done.

    ``splits``: the payload's key whose list is taken apart, one row per entry, when the whole fails.
    ``outside``: it runs outside any transaction (it talks to other systems) and may therefore run twice.
    """

    kind: str
    handle: Handle
    splits: str | None = None
    outside: bool = False


HANDLERS: dict[str, Handler] = {}


def handles(kind: str, *, splits: str | None = None, outside: bool = False) -> Callable[[Handle], Handle]:
    """Declare a coroutine as the handler of work rows of ``kind``.

    It runs inside the transaction that deletes the row (unless ``outside``), so whatever it writes
    happens once in effect. It must not commit, and must not wait for another system.
    """

    def declare(handle: Handle) -> Handle:
        if kind in HANDLERS:
            raise ValueError(f"two handlers for {kind}")
        HANDLERS[kind] = Handler(kind, handle, splits, outside)
        return handle

    return declare


async def perform(work_id: int) -> None:
    """Do the work of one row, if it is due and nobody else is at it."""
    raise NotImplementedError(work_id)
