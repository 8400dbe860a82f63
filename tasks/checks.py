"""The checks that keep the house itself: partitions, retention, what may be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import structlog
from tortoise import connections

from domain.words import Text
from models.attempts import forget_old_attempts
from models.audit import seal
from models.calendar import zone
from models.database import drop_partitions, ensure_partitions
from models.employment import employ
from models.idempotency import forget
from models.notices.hosts import forget_hosts
from models.retention import erase_if_moved_out, expire, moved_out
from models.sessions import forget_old_sessions
from models.work import add
from settings import load

from .clock import check
from .work import handles

log = structlog.stdlib.get_logger(__name__)

#: The kind of the work rows that erase the account of somebody who moved out; payload ``{"account": id}``.
ERASURE = "erasure"

#: Milliseconds to wait for a table that others use; then the check fails and is tried again, instead of making them wait.
_LOCK_WITHIN = "3000"
#: For so long it is known how a host fared that nobody calls: as long as a notice waits at most.
_HOST_KEPT = timedelta(days=30)


async def _alone() -> asyncpg.Connection[asyncpg.Record]:
    """A connection of one's own: a partition is made or dropped at once and not with the work row."""
    return await asyncpg.connect(load().database_url, timeout=5, server_settings={"lock_timeout": _LOCK_WITHIN})


@check(
    "database.partitions",
    module="database",
    cron="5 0 * * *",
    does=Text("Make the coming months' partitions.", "建立未来月份的数据分区。"),
)
async def partitions(now: datetime) -> None:
    """Make the coming months' partitions."""
    connection = await _alone()
    try:
        await ensure_partitions(connection, now)
    finally:
        await connection.close()


@check(
    "accounts.employment",
    module="accounts",
    cron="0 0 * * *",
    does=Text("Let accounts be of the organisations that they work for today.", "按当日任职更新账号所属单位。"),
)
async def employment(now: datetime) -> Mapping[str, int]:
    """Let accounts be of the organisations that they work for on the day that begins: roles have ended and begun with it."""
    return {"accounts": await employ(now.astimezone(zone()).date())}


@check("facts.sealed", module="facts", cron="* * * * *", does=Text("Seal the facts of the last minutes.", "封存最近的操作记录。"))
async def facts_sealed(_: datetime) -> None:
    """Seal the facts of the last minutes."""
    connection = await _alone()
    try:
        await seal(connection)
    finally:
        await connection.close()


@check(
    "database.retention",
    module="database",
    cron="20 3 * * *",
    does=Text("Drop what was kept long enough.", "清除已过保存期限的数据。"),
)
async def retention(now: datetime) -> Mapping[str, int]:
    """Drop the partitions that are older than ``settings.retention_months``, and what else was kept long enough."""
    connection, settings = await _alone(), load()
    try:
        dropped = await drop_partitions(connection, now, settings.retention_months)
        gone = await expire(connection, now, settings)
    finally:
        await connection.close()
    return {"partitions": len(dropped), **gone}


@check(
    "accounts.moved_out",
    module="accounts",
    cron="50 3 * * *",
    does=Text("Erase the accounts of residents who moved out.", "注销已迁出居民的账号。"),
)
async def residents_moved_out(now: datetime) -> Mapping[str, int]:
    """Leave work for each account of somebody who moved out ``settings.retention_moved_out_days`` ago."""
    accounts = await moved_out(_moved_out_before(now))
    for account_id in accounts:
        await add(ERASURE, {"account": account_id})
    return {"accounts": len(accounts)}


def _moved_out_before(now: datetime) -> date:
    return now.astimezone(zone()).date() - timedelta(days=load().retention_moved_out_days)


@handles(ERASURE, background=True)
async def erase_moved_out(payload: dict[str, Any]) -> None:
    """Erase one of them, unless they have come back."""
    if await erase_if_moved_out(payload["account"], _moved_out_before(datetime.now(UTC))):
        log.info("account erased", reason="moved out")


@check(
    "database.forgetting",
    module="database",
    cron="40 3 * * *",
    does=Text("Forget old sessions, attempts, answers and slots.", "清理过期会话、尝试次数和时刻记录。"),
)
async def forgetting(now: datetime) -> Mapping[str, int]:
    """Forget answers kept for retried mutations, counts of attempts and sessions, and slots of the clock after seven days.

    The newest slot of each check stays: it says that the slot has run.
    """
    settings = load()
    attempts = await forget_old_attempts(now - timedelta(days=settings.retention_attempt_days))
    sessions = await forget_old_sessions(now - timedelta(days=settings.retention_session_days))
    answers = await forget(now - timedelta(days=settings.retention_answer_days))
    await forget_hosts(now - _HOST_KEPT)
    await connections.get("default").execute_query(
        """
        DELETE FROM clock_slot AS old WHERE slot < now() - interval '7 days'
            AND EXISTS (SELECT 1 FROM clock_slot AS newer WHERE newer.name = old.name AND newer.slot > old.slot)
        """
    )
    return {"attempts": attempts, "sessions": sessions, "answers": answers}
