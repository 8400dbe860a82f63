"""Work: rows that say what is still to be done. A message in Redis is only a doorbell for one of them."""

import logging
from datetime import datetime
from typing import Any

import asyncpg
from tortoise import connections, fields
from tortoise.exceptions import BaseORMException
from tortoise.fields.data import JSON_DUMPS

from .rows import Row

log = logging.getLogger(__name__)

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


class ClockSlot(Row):
    """One due moment of one check: unique on (name, slot), so that it runs once however many clocks there are."""

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=60)
    slot = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "clock_slot"


class IdempotencyKey(Row):
    """The first answer to a mutation sent with an ``idempotencyKey``: unique on (account, key)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    account_id = fields.CharField(max_length=30)
    key = fields.CharField(max_length=100)
    act = fields.CharField(max_length=60)
    request_digest = fields.CharField(max_length=64)
    subject_id = fields.CharField(max_length=30)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "idempotency_key"


async def add(kind: str, payload: dict[str, Any], *, not_before: datetime | None = None) -> int:
    """Leave work for the handler of ``kind``; returns the row's id.

    Call it inside the transaction that makes the work necessary, and ``ring()`` after that transaction.
    ``payload`` carries ids, never personal data. ``not_before``: when it is due (default: now).
    """
    rows = await connections.get("default").execute_query_dict(
        "INSERT INTO work (kind, payload, not_before) VALUES ($1, $2::jsonb, coalesce($3, now())) RETURNING id",
        [kind, JSON_DUMPS(payload), not_before],
    )
    return int(rows[0]["id"])


async def ring() -> None:
    """Wake the relays: call it after the transaction that left work has ended.

    Best effort and without errors: a relay that hears nothing finds the work within a second by itself.
    """
    try:
        await connections.get("default").execute_query(f"SELECT pg_notify('{CHANNEL}', '')")
    except (BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as problem:
        log.info("nobody was woken: %s", type(problem).__name__)
