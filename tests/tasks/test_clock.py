"""What is due at a time of day is done once, however many clocks there are."""

import re
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tortoise import connections

from domain.words import Text
from models import ClockCheck, ClockSlot, Work
from settings import Settings
from tasks import clock, registry
from tasks.checks import forgetting, partitions, retention
from tasks.clock import CHECKS, Check, check, strike
from tasks.relay import connect
from tasks.work import perform
from tests.waiting import until

from .processes import ended, running

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
Ran = list[datetime]
DOES = Text("Note.", "记录。")


async def run(sql: str, *values: Any) -> list[dict[str, Any]]:
    return await connections.get("default").execute_query_dict(sql, list(values))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The one check there is, due each minute, and when it ran."""
    moments: Ran = []

    async def note(now: datetime) -> Mapping[str, int]:
        moments.append(now)
        await run("INSERT INTO work (kind, payload) VALUES ('left by the check', '{}')")
        return {"noted": len(moments)}

    monkeypatch.setattr(clock, "CHECKS", {"note": Check("note", "notes", "* * * * *", DOES, note)})
    return moments


@pytest.fixture
async def connection(database: Settings) -> AsyncGenerator[Any]:
    made = await connect(database, "a clock")
    yield made
    await made.close()


def a_check(cron: str) -> Check:
    async def nothing(_: datetime) -> None: ...

    return Check("a check", "checks", cron, DOES, nothing)


@pytest.mark.parametrize(
    ("cron", "newest", "following"),
    [
        ("* * * * *", NOW, NOW + timedelta(minutes=1)),
        ("0 8 * * *", datetime(2026, 3, 1, 0, 0, tzinfo=UTC), datetime(2026, 3, 2, 0, 0, tzinfo=UTC)),
        ("0 12 * * *", datetime(2026, 2, 28, 4, 0, tzinfo=UTC), datetime(2026, 3, 1, 4, 0, tzinfo=UTC)),
        ("0 0 1 * *", datetime(2026, 2, 28, 16, 0, tzinfo=UTC), datetime(2026, 3, 31, 16, 0, tzinfo=UTC)),
        ("*/5 * * * * *", NOW, NOW + timedelta(seconds=5)),
    ],
)
def test_slots_are_counted_in_the_streets_time(cron: str, newest: datetime, following: datetime) -> None:
    assert a_check(cron).newest(NOW, SHANGHAI) == newest
    assert a_check(cron).newest(NOW + timedelta(microseconds=1), SHANGHAI) == newest
    assert a_check(cron).next(NOW, SHANGHAI) == following


async def test_a_slot_leaves_work_once(connection: Any, ran: Ran) -> None:
    until = await strike(connection, SHANGHAI)
    assert timedelta(0) < until <= timedelta(minutes=1)
    await strike(connection, SHANGHAI)
    slots = {(row.name, row.slot) for row in await ClockSlot.all()}
    assert len(await Work.filter(kind="check")) == len(slots)
    assert {(row.payload["name"], datetime.fromisoformat(row.payload["slot"])) for row in await Work.all()} == slots


async def test_after_downtime_only_the_newest_slot_runs(connection: Any, ran: Ran) -> None:
    long_ago = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=3)
    await ClockSlot.create(name="note", slot=long_ago)
    await strike(connection, SHANGHAI)
    assert 1 <= await Work.all().count() <= 2  # two when a minute began between two statements


async def test_a_check_runs_in_its_work_rows_transaction_and_its_slot_is_marked(connection: Any, ran: Ran) -> None:
    await strike(connection, SHANGHAI)
    work = await Work.filter(kind="check").order_by("-id").first()
    assert work
    await perform(work.id)
    assert len(ran) == 1
    assert await Work.filter(kind="left by the check").count() == 1
    slot = await ClockSlot.get(done_at__isnull=False)
    assert slot.found == {"noted": 1}


async def test_checks_are_declared_for_all_to_read_and_forgotten_when_nobody_declares_them(connection: Any, ran: Ran) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    gone = {"module": "notes", "cadence": "* * * * *", "does": DOES.both()}
    await ClockCheck.create(name="of an older release", next_run_at=long_ago, **gone)
    await ClockCheck.create(name="of a release beside", next_run_at=datetime.now(UTC), **gone)
    await strike(connection, SHANGHAI)
    declared = {each.name: each for each in await ClockCheck.all()}
    assert set(declared) == {"note", "of a release beside"}
    assert (declared["note"].module, declared["note"].cadence, declared["note"].does) == ("notes", "* * * * *", DOES.both())
    assert timedelta(0) < declared["note"].next_run_at - datetime.now(UTC) <= timedelta(minutes=1)


async def test_a_check_that_comes_late_gives_way_to_a_newer_slot(connection: Any, ran: Ran) -> None:
    await strike(connection, SHANGHAI)
    await ClockSlot.create(name="note", slot=datetime.now(UTC) + timedelta(minutes=2))
    for work in await Work.all():
        await perform(work.id)
    assert ran == []
    assert await Work.all().count() == 0


async def test_a_check_that_fails_is_tried_again(connection: Any, ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: datetime) -> None:
        raise RuntimeError("not today")

    monkeypatch.setattr(clock, "CHECKS", {"note": Check("note", "notes", "0 0 1 1 *", DOES, fail)})
    await strike(connection, SHANGHAI)
    work = await Work.get()
    await perform(work.id)
    failed = await Work.get()
    assert (failed.attempts, failed.last_error) == (1, "RuntimeError")
    assert await ClockSlot.filter(done_at__isnull=False).count() == 0


async def test_three_clocks_of_which_one_is_killed_strike_each_slot_once(database: Settings, redis_url: str) -> None:
    line = [sys.executable, "-m", "tests.tasks.clock_for_tests"]

    async def slots(name: str) -> list[datetime]:
        return [row.slot for row in await ClockSlot.filter(name=name).order_by("slot")]

    async with AsyncExitStack() as clocks:
        processes = [await clocks.enter_async_context(running(line, database)) for _ in range(3)]

        async def some() -> bool:
            return len(await slots("second")) >= 2

        await until(some)
        processes[0].kill()
        known = len(await slots("second"))

        async def more() -> bool:
            return len(await slots("second")) >= known + 3

        await until(more)
        for process in processes[1:]:
            process.terminate()
            await until(lambda process=process: ended(process))
            assert process.wait() == 0
    left = [(row.payload["name"], row.payload["slot"]) for row in await Work.filter(kind="check")]
    assert len(left) == len(set(left)) == await ClockSlot.all().count()


async def test_partitions_are_made_ahead_and_dropped_when_too_old(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database.database_url)

    async def months() -> set[str]:
        rows = await run("SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'reading'::regclass")
        return {row["name"] for row in rows}

    await partitions(datetime(2031, 5, 20, tzinfo=UTC))
    assert {"reading_2031_05", "reading_2031_06", "reading_2031_07"} <= await months()
    await retention(datetime(2032, 7, 1, tzinfo=UTC))
    assert "reading_2031_05" not in await months()
    assert "reading_2031_06" in await months()


async def test_a_partition_waits_only_briefly_for_a_table_in_use(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database.database_url)
    monkeypatch.setattr("tasks.checks._LOCK_WITHIN", "50")
    user = await asyncpg.connect(database.database_url)
    try:
        async with user.transaction():
            await user.execute("SELECT count(*) FROM reading")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await partitions(datetime(2031, 5, 20, tzinfo=UTC))
    finally:
        await user.close()


async def test_old_slots_are_forgotten_but_the_newest_of_each_check(database: Settings) -> None:
    now = datetime.now(UTC)
    ages = {"hourly": [0, 8, 9], "yearly": [200, 565]}
    for name, days in ages.items():
        for age in days:
            await ClockSlot.create(name=name, slot=now - timedelta(days=age))
    await forgetting(now)
    left = [(row.name, (now - row.slot).days) for row in await ClockSlot.all().order_by("name")]
    assert left == [("hourly", 0), ("yearly", 200)]


def test_a_check_is_named_by_the_noun_that_it_looks_after() -> None:
    assert registry
    named = {name: each.module for name, each in CHECKS.items()}
    assert [name for name, noun in named.items() if not re.fullmatch(rf"{noun}\.[a-z_]+", name)] == []


def test_a_check_has_a_name_of_its_own() -> None:
    name = next(iter(CHECKS))
    with pytest.raises(ValueError, match="two checks"):
        check(name, module="names", cron="* * * * *", does=DOES)(forgetting)
