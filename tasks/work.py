"""Work is performed here: a row is taken under lock, handed to the handler of its kind, and deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import structlog
from tortoise.transactions import in_transaction

from domain.work import back_off
from models.connection import query
from models.work import ring, ringing

log = structlog.stdlib.get_logger(__name__)

#: Handles a payload. Returns None when done, or the wait after which the same row comes again.
Handle = Callable[[dict[str, Any]], Awaitable[timedelta | None]]
#: Runs a coroutine beside the caller.
Aside = Callable[[Coroutine[Any, Any, None]], None]

#: Seconds that a handler may take, unless it was declared with others.
LONGEST = 60.0
#: Work that was taken outside a transaction, and never settled, is tried again so long after its handler should have ended.
_GRACE = timedelta(seconds=30)

#: Problems that pass by themselves: the same rows, tried again, succeed.
_PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    ConnectionError,
)


@dataclass(frozen=True)
class Handler:
    """How one kind of work is done.

    ``splits``: the payload's key whose list is taken apart, one row per entry, when the whole fails.
    ``outside``: it runs outside any transaction (it talks to other systems) and may therefore run twice.
    ``longest``: seconds after which it is broken off.
    ``background``: nobody waits for it, and there may be much of it: all other work comes before it.
    """

    kind: str
    handle: Handle
    splits: str | None = None
    outside: bool = False
    longest: float = LONGEST
    background: bool = False


HANDLERS: dict[str, Handler] = {}


class NoHandler(Exception):
    """No handler is known for a kind of work."""


def handles(
    kind: str, *, splits: str | None = None, outside: bool = False, longest: float = LONGEST, background: bool = False
) -> Callable[[Handle], Handle]:
    """Declare a coroutine as the handler of work rows of ``kind``.

    It runs inside the transaction that deletes the row (unless ``outside``), so whatever it writes
    happens once in effect. It must not commit, and must not wait for another system.
    """

    def declare(handle: Handle) -> Handle:
        if kind in HANDLERS:
            raise ValueError(f"two handlers for {kind}")
        HANDLERS[kind] = Handler(kind, handle, splits, outside, longest, background)
        return handle

    return declare


def background_kinds() -> list[str]:
    """The kinds of work before which all other work comes."""
    return sorted(kind for kind, handler in HANDLERS.items() if handler.background)


async def perform(work_id: int, *, aside: Aside | None = None) -> None:
    """Do the work of one row, if it is due and nobody else is at it. Raises nothing that a handler raises.

    A handler that fails leaves no trace but the row's own: attempts, error and the next attempt.
    ``aside`` takes the part of the work that waits for other systems, so that the caller need not; default: wait.
    """
    try:
        async with ringing(), in_transaction():
            work = await _take(work_id)
            if work is None:
                return
            handler, payload = work
            if handler.outside:
                await _put_off(work_id, timedelta(seconds=handler.longest) + _GRACE)
            else:
                async with asyncio.timeout(handler.longest):
                    await _settle(work_id, await handler.handle(payload))
                return
    except Exception as problem:
        log.exception("work failed", work=work_id)
        await _fail(work_id, problem)
        return
    rest = _outside(work_id, handler, payload)
    if aside is None:
        await rest
    else:
        aside(rest)


async def _outside(work_id: int, handler: Handler, payload: dict[str, Any]) -> None:
    try:
        async with ringing():
            async with asyncio.timeout(handler.longest):
                again = await handler.handle(payload)
            await _settle(work_id, again)
    except Exception as problem:
        log.exception("work failed", work=work_id, kind=handler.kind)
        await _fail(work_id, problem)


async def _take(work_id: int) -> tuple[Handler, dict[str, Any]] | None:
    rows = await query(
        """
        SELECT kind, payload FROM work WHERE id = $1 AND failed_at IS NULL AND not_before <= now()
        FOR UPDATE SKIP LOCKED
        """,
        work_id,
    )
    if not rows:
        return None
    kind = rows[0]["kind"]
    if kind not in HANDLERS:
        raise NoHandler(kind)
    return HANDLERS[kind], orjson.loads(rows[0]["payload"])


async def _settle(work_id: int, again: timedelta | None) -> None:
    if again is None:
        await query("DELETE FROM work WHERE id = $1", work_id)
    else:
        await _put_off(work_id, again)


async def _put_off(work_id: int, wait: timedelta) -> None:
    await query("UPDATE work SET not_before = now() + $2, rung_at = NULL WHERE id = $1", work_id, wait)


async def _fail(work_id: int, problem: Exception) -> None:
    """Note a failure on the row. Where even that fails, the row is due again as it is."""
    try:
        async with in_transaction():
            await _note(work_id, problem)
        await ring()
    except Exception:
        log.exception("failure not noted", work=work_id)


async def _note(work_id: int, problem: Exception) -> None:
    rows = await query(
        "SELECT kind, payload, attempts FROM work WHERE id = $1 AND failed_at IS NULL FOR UPDATE SKIP LOCKED", work_id
    )
    if not rows:  # somebody else has it by now
        return
    kind, attempts = rows[0]["kind"], rows[0]["attempts"] + 1
    wait = back_off(attempts)
    if (wait is None or not isinstance(problem, _PASSING)) and await _split(work_id, kind, rows[0]["payload"]):
        return
    await query(
        """
        UPDATE work SET attempts = $2, last_error = $3, rung_at = NULL,
            not_before = now() + coalesce($4::interval, interval '0'), failed_at = CASE WHEN $4::interval IS NULL THEN now() END
        WHERE id = $1
        """,
        work_id,
        attempts,
        type(problem).__name__,
        wait,
    )
    if wait is None:
        log.error("work given up", work=work_id, kind=kind, attempts=attempts, problem=type(problem).__name__)


async def _split(work_id: int, kind: str, payload: str) -> bool:
    """Replace a row that carries several things by one row each; False when it carries but one."""
    key = HANDLERS[kind].splits if kind in HANDLERS else None
    entries: list[Any] = orjson.loads(payload).get(key, []) if key else []
    if len(entries) < 2:
        return False
    await query(
        """
        INSERT INTO work (kind, payload)
        SELECT $1, $2::jsonb || jsonb_build_object($3::text, jsonb_build_array(entry))
        FROM jsonb_array_elements($2::jsonb -> $3::text) AS entry
        """,
        kind,
        payload,
        key,
    )
    await query("DELETE FROM work WHERE id = $1", work_id)
    log.warning("work split", work=work_id, kind=kind, rows=len(entries))
    return True
