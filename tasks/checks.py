"""The checks that keep the house itself: partitions, retention, what may be forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg
from tortoise import connections

from models.attempts import forget_old_attempts
from models.audit import seal
from models.database import drop_partitions, ensure_partitions
from models.sessions import forget_old_sessions
from settings import load

from .clock import check

#: Milliseconds to wait for a table that others use; then the check fails and is tried again, instead of making them wait.
_LOCK_WITHIN = "3000"


async def _alone() -> asyncpg.Connection[asyncpg.Record]:
    """A connection of one's own: a partition is made or dropped at once and not with the work row."""
    return await asyncpg.connect(load().database_url, timeout=5, server_settings={"lock_timeout": _LOCK_WITHIN})


@check("partitions", cron="5 0 * * *")
async def partitions(now: datetime) -> None:
    """Make the coming months' partitions."""
    connection = await _alone()
    try:
        await ensure_partitions(connection, now)
    finally:
        await connection.close()


@check("facts.sealed", cron="* * * * *")
async def facts_sealed(_: datetime) -> None:
    """Seal the facts of the last minutes."""
    connection = await _alone()
    try:
        await seal(connection)
    finally:
        await connection.close()


@check("retention", cron="20 3 * * *")
async def retention(now: datetime) -> None:
    """Drop the partitions that are older than ``settings.retention_months``."""
    connection = await _alone()
    try:
        await drop_partitions(connection, now, load().retention_months)
    finally:
        await connection.close()


@check("forgetting", cron="40 3 * * *")
async def forgetting(now: datetime) -> None:
    """Forget answers kept for retried mutations after two days, and slots of the clock after seven.

    Attempts in vain are forgotten after two days, sessions a month after they were over.
    The newest slot of each check stays: it says that the slot has run.
    """
    database = connections.get("default")
    await forget_old_attempts(now - timedelta(days=2))
    await forget_old_sessions(now - timedelta(days=30))
    await database.execute_query("DELETE FROM idempotency_key WHERE created_at < now() - interval '2 days'")
    await database.execute_query(
        """
        DELETE FROM clock_slot AS old WHERE slot < now() - interval '7 days'
            AND EXISTS (SELECT 1 FROM clock_slot AS newer WHERE newer.name = old.name AND newer.slot > old.slot)
        """
    )
