"""The relay rings for every row that is due, once, and outlives its servers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from redis.asyncio import Redis
from structlog.testing import capture_logs
from tortoise import connections

from models import Work
from models.work import add, ring
from settings import Settings
from steward.folder import DataFolder
from steward.valkey import Valkey
from tasks.broker import Doorbell
from tasks.relay import relay
from tests.waiting import until

from .later import LATER


async def rung(settings: Settings, queue: str = "work") -> list[int]:
    """The rows that Redis holds doorbells for, in order, doubles included."""
    async with Redis.from_url(settings.redis_url) as client:
        messages = await client.hvals(f"steward:{queue}.msgs")
    return sorted(orjson.loads(message)["args"][0] for message in messages)


@asynccontextmanager
async def relaying(settings: Settings, count: int = 1) -> AsyncGenerator[None]:
    tasks = [asyncio.create_task(relay(settings)) for _ in range(count)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def expect(settings: Settings, work_ids: list[int]) -> None:
    async def are_rung() -> bool:
        return await rung(settings) == sorted(work_ids)

    await until(are_rung)


async def test_work_is_rung_for_when_the_relays_are_woken(database: Settings, redis_url: str) -> None:
    async with relaying(database):
        work_id = await add("write", {})
        await ring()
        await expect(database, [work_id])


async def test_work_that_nobody_announced_is_found(database: Settings, redis_url: str) -> None:
    async with relaying(database):
        await expect(database, [])
        work_id = await add("write", {})
        await expect(database, [work_id])


async def test_work_is_not_rung_for_before_its_time_nor_after_it_was_given_up(database: Settings, redis_url: str) -> None:
    await add("write", {}, not_before=datetime.now(UTC) + timedelta(hours=1))
    given_up = await add("write", {})
    await Work.filter(id=given_up).update(failed_at=datetime.now(UTC))
    async with relaying(database):
        await expect(database, [await add("write", {})])


async def test_two_relays_ring_once(database: Settings, redis_url: str) -> None:
    async with relaying(database, 2):
        work_ids: list[int] = []
        for _ in range(40):
            work_ids.append(await add("write", {}))
            await ring()
        await expect(database, work_ids)


async def test_a_row_that_stays_is_rung_for_again(database: Settings, redis_url: str) -> None:
    work_id = await add("write", {})
    async with relaying(database):
        await expect(database, [work_id])
        await Work.all().update(rung_at=datetime.now(UTC) - timedelta(seconds=6))
        await expect(database, [work_id, work_id])


async def test_a_flood_is_rung_for_from_its_head(database: Settings, redis_url: str) -> None:
    await connections.get("default").execute_query(
        "INSERT INTO work (kind, payload) SELECT 'write', '{}' FROM generate_series(1, 700)"
    )
    work_ids: list[int] = [row.id for row in await Work.all().order_by("id")]
    async with relaying(database):
        await expect(database, work_ids[:500])
        await Work.filter(id__in=work_ids[:100]).delete()
        await expect(database, work_ids[:600])


async def test_a_flood_of_work_in_the_background_holds_up_none_that_somebody_waits_for(
    database: Settings, redis_url: str
) -> None:
    await connections.get("default").execute_query(
        "INSERT INTO work (kind, payload) SELECT $1, '{}' FROM generate_series(1, 700)", [LATER]
    )
    flood: list[int] = [row.id for row in await Work.all().order_by("id")]
    async with relaying(database):
        await expect(database, [await add("write", {})])

        async def the_head_is_rung() -> bool:
            return await rung(database, "background") == flood[:500]

        await until(the_head_is_rung)


async def test_while_no_worker_answers_the_doorbells_do_not_pile_up(database: Settings, redis_url: str) -> None:
    assert await asyncio.to_thread(Doorbell(database).ring, range(-1_000, 0)) == []
    work_id, later = await add("write", {}), await add(LATER, {})
    async with relaying(database), Redis.from_url(database.redis_url) as client:

        async def it_has_looked() -> bool:
            return await rung(database, "background") == [later]

        await until(it_has_looked)
        assert work_id not in await rung(database)
        await client.delete("steward:work", "steward:work.msgs")
        await expect(database, [work_id])


async def test_a_relay_that_loses_the_database_comes_back(database: Settings, redis_url: str) -> None:
    async with relaying(database):
        await expect(database, [first := await add("write", {})])
        await connections.get("default").execute_query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'steward relay' AND datname = current_database()"
        )
        await expect(database, [first, await add("write", {})])


async def test_a_relay_waits_for_redis_and_loses_nothing(database: Settings, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    valkey = Valkey(folder, tmp_path)
    settings = database.model_copy(update={"redis_url": valkey.url})
    async with relaying(settings):
        with capture_logs() as told:
            work_id = await add("write", {})

            async def waits() -> bool:
                return "relay waits for Redis" in [entry["event"] for entry in told]

            await until(waits)
        valkey.start()
        try:
            await asyncio.to_thread(valkey.wait)
            await expect(settings, [work_id])
        finally:
            await asyncio.to_thread(valkey.stop)
