"""Work: rows that say what is still to be done. A message in Redis is only a doorbell for one of them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from tortoise import connections, fields
from tortoise.fields.data import JSON_DUMPS

from .connection import AWAY
from .rows import Row

log = structlog.stdlib.get_logger(__name__)

#: The PostgreSQL channel on which relays listen for new work.
CHANNEL = "work"


class Work(Row):
    """Something to be done by the handler of ``kind``; deleted in the transaction that does it.

    ``rung_at``: when the relay last rang for it. ``failed_at``: given up after too many attempts, kept to be seen.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharField(max_length=40)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    created_at = fields.DatetimeField(auto_now_add=True)
    not_before = fields.DatetimeField(auto_now_add=True)
    rung_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(db_default=0)
    failed_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=500, db_default="")

    class Meta:
        table = "work"


#: Whether work was left in the block that ``ringing`` opened around this task's transaction.
_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


async def add(kind: str, payload: dict[str, Any], *, not_before: datetime | None = None) -> int:
    """Leave work for the handler of ``kind``; returns the row's id.

    Call it inside the transaction that makes the work necessary, within ``ringing()`` or with ``ring()`` afterwards.
    ``payload`` carries ids, never personal data. ``not_before``: when it is due (default: now).
    """
    rows = await connections.get("default").execute_query_dict(
        "INSERT INTO work (kind, payload, not_before) VALUES ($1, $2::jsonb, coalesce($3, now())) RETURNING id",
        [kind, JSON_DUMPS(payload), not_before],
    )
    work_id = int(rows[0]["id"])
    left = _left.get()
    if left is not None:
        left.append(work_id)
    return work_id


async def ring() -> None:
    """Wake the relays: call it after the transaction that left work has ended.

    Best effort and without errors: a relay that hears nothing finds the work within a second by itself.
    """
    try:
        await connections.get("default").execute_query(f"SELECT pg_notify('{CHANNEL}', '')")
    except AWAY as problem:
        log.info("no relay was woken", problem=type(problem).__name__)


@asynccontextmanager
async def ringing() -> AsyncGenerator[None]:
    """Around a transaction (``async with ringing(), in_transaction():``): rings after it if work was left inside.

    Inside another one it does nothing: the outermost rings.
    """
    if _left.get() is not None:
        yield
        return
    left: list[int] = []
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)
    if left:
        await ring()


@dataclass(frozen=True)
class Backlog:
    """Work that is not done. ``waiting_seconds``: how long the row longest due has waited."""

    due: int
    later: int
    failed: int
    waiting_seconds: float


async def backlog() -> Backlog:
    """How much work is due, put off and given up; for metrics."""
    rows = await connections.get("default").execute_query_dict(
        """
        SELECT count(*) FILTER (WHERE failed_at IS NULL AND not_before <= now()) AS due,
            count(*) FILTER (WHERE failed_at IS NULL AND not_before > now()) AS later,
            count(failed_at) AS failed,
            coalesce(extract(epoch FROM now() - min(not_before) FILTER (WHERE failed_at IS NULL AND not_before <= now())), 0)
                AS waiting
        FROM work
        """
    )
    row = rows[0]
    return Backlog(row["due"], row["later"], row["failed"], float(row["waiting"]))
