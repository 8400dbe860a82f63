"""The clock: what must happen at a time of day happens once, however many clocks run.

A clock only notes that a slot has come, as a row that is unique, and leaves work for it in the same statement: the
check itself runs in a worker, with its retries. The database's clock is the time for all of them.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import structlog
from cronsim import CronSim
from tortoise.fields.data import JSON_DUMPS

from domain.words import Text
from models.checks import KIND, ClockSlot
from models.connection import AWAY
from models.work import CHANNEL
from settings import Settings

from .relay import connect, relay
from .work import handles

log = structlog.stdlib.get_logger(__name__)

#: Runs inside a work row's transaction; gets the present moment (UTC) and may answer what it counted.
Run = Callable[[datetime], Awaitable[Mapping[str, int] | None]]

#: Seconds that one check may take.
_CHECK_WITHIN = 600.0
#: Seconds after which the clock looks again even if nothing is due.
_LONGEST = 30.0

_STRIKE = f"""
WITH struck AS (
    INSERT INTO clock_slot (name, slot) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name, slot
), left_work AS (
    INSERT INTO work (kind, payload) SELECT '{KIND}', jsonb_build_object('name', name, 'slot', slot) FROM struck RETURNING id
)
SELECT pg_notify('{CHANNEL}', '') FROM left_work
"""

#: Rows stay as they are where nothing changed. A check that no clock has declared for a day is gone: clocks of two releases
#: may run side by side for a while.
_DECLARE = """
WITH declared AS (
    INSERT INTO clock_check (name, module, cadence, does, next_run_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
    ON CONFLICT (name) DO UPDATE SET
        module = excluded.module, cadence = excluded.cadence, does = excluded.does, next_run_at = excluded.next_run_at
    WHERE (clock_check.module, clock_check.cadence, clock_check.does, clock_check.next_run_at)
        IS DISTINCT FROM (excluded.module, excluded.cadence, excluded.does, excluded.next_run_at)
)
DELETE FROM clock_check WHERE name <> ALL ($1::text[]) AND next_run_at < now() - interval '1 day'
"""


@dataclass(frozen=True)
class Check:
    """Something done on a schedule: ``cron`` has five fields (or six, the first being seconds), in the street's time zone.

    ``name``: ``noun.what``, where the noun is ``module``: the steward's module, or what it looks after. ``does``: for people.
    """

    name: str
    module: str
    cron: str
    does: Text
    run: Run

    def newest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The newest moment at or before ``now`` at which the check is due (UTC)."""
        local = now.astimezone(zone)
        # With microseconds in it, the present second itself counts.
        return next(CronSim(self.cron, local.replace(microsecond=local.microsecond or 1), reverse=True)).astimezone(UTC)

    def next(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after ``now`` at which the check is due (UTC)."""
        return next(CronSim(self.cron, now.astimezone(zone))).astimezone(UTC)


CHECKS: dict[str, Check] = {}


class NoCheck(Exception):
    """No check of that name is known."""


def check(name: str, *, module: str, cron: str, does: Text) -> Callable[[Run], Run]:
    """Declare a coroutine as a check that runs whenever ``cron`` says, in a worker, with retries (see ``Check``).

    After downtime only the newest missed slot runs.
    """

    def declare(run: Run) -> Run:
        if name in CHECKS:
            raise ValueError(f"two checks named {name}")
        CHECKS[name] = Check(name, module, cron, does, run)
        return run

    return declare


@handles(KIND, longest=_CHECK_WITHIN)
async def run_check(payload: dict[str, Any]) -> None:
    """Run a check for one slot, unless a newer slot of it has come meanwhile."""
    name, slot = payload["name"], datetime.fromisoformat(payload["slot"])
    if name not in CHECKS:
        raise NoCheck(name)
    if await ClockSlot.exists(name=name, slot__gt=slot):
        log.info("check skipped for a newer one", check=name, slot=slot)
        return
    now = datetime.now(UTC)
    found = await CHECKS[name].run(now)
    await ClockSlot.filter(name=name, slot=slot).update(done_at=now, found=found)


async def strike(connection: asyncpg.Connection[Any], zone: ZoneInfo) -> timedelta:
    """Leave work for every check whose newest slot nobody has noted yet; returns the time until the next one is due."""
    now = await connection.fetchval("SELECT now()")
    for each in CHECKS.values():
        if await connection.fetch(_STRIKE, each.name, each.newest(now, zone)):
            log.info("check due", check=each.name)
    following = {each.name: each.next(now, zone) for each in CHECKS.values()}
    await _declare(connection, following)
    return min(following.values(), default=now + timedelta(seconds=_LONGEST)) - now


async def _declare(connection: asyncpg.Connection[Any], following: Mapping[str, datetime]) -> None:
    """Let everybody read which checks there are, and when each is due next."""
    rows = [(each.name, each.module, each.cron, JSON_DUMPS(each.does.both()), following[each.name]) for each in CHECKS.values()]
    await connection.execute(_DECLARE, *(list(column) for column in zip(*rows, strict=True)))


async def keep_time(settings: Settings) -> None:
    """Strike until cancelled; outlives restarts of the database."""
    while True:
        try:
            connection = await connect(settings, "steward clock")
            try:
                while True:
                    until = await strike(connection, settings.zone)
                    await asyncio.sleep(min(until.total_seconds(), _LONGEST))
            finally:
                connection.terminate()
        except AWAY as problem:
            log.warning("clock waits for the database", problem=type(problem).__name__)
        await asyncio.sleep(1)


async def main(settings: Settings) -> None:
    """The process ``steward clock``: a clock and a relay, until SIGTERM or SIGINT. Any number may run.

    Keeps the checks declared so far: import ``tasks.registry`` first.
    """
    loop, running = asyncio.get_running_loop(), asyncio.gather(keep_time(settings), relay(settings))
    asked = asyncio.Event()

    def stop() -> None:
        asked.set()
        running.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
