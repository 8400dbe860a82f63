"""A worker process: killed, cut off from its servers, stopped; the work is done once in effect."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis.asyncio import Redis
from tortoise import connections

from models import Work
from models.work import add, ring
from settings import Settings
from steward.folder import DataFolder
from steward.valkey import Valkey
from tasks.relay import relay
from tests.waiting import until

from .later import LATER
from .processes import a_worker, ended, running, said


async def run(sql: str, *values: Any) -> list[dict[str, Any]]:
    return await connections.get("default").execute_query_dict(sql, list(values))


async def written() -> list[str]:
    return [row["name"] for row in await run("SELECT name FROM effect ORDER BY name")]


async def all_is_done() -> bool:
    return not await Work.exists()


async def somebody_works() -> bool:
    """Whether a row is locked, which is to say that a handler is at it."""
    free = await run("SELECT id FROM work FOR UPDATE SKIP LOCKED")
    return len(free) < await Work.all().count()


@pytest.fixture(autouse=True)
async def tables(database: Settings, redis_url: str) -> None:
    await run("CREATE TABLE effect (name text)")
    await run("CREATE TABLE gate (name text)")


@asynccontextmanager
async def working(settings: Settings, *, log: Path | None = None) -> AsyncGenerator[psutil.Process]:
    """A worker, and a relay that rings for it."""
    task = asyncio.create_task(relay(settings))
    try:
        async with running(a_worker(settings), settings, log=log) as process:
            yield process
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def a_valkey(folder: Path) -> AsyncGenerator[Valkey]:
    data = DataFolder(folder)
    data.prepare()
    valkey = Valkey(data, folder)
    valkey.start()
    try:
        await asyncio.to_thread(valkey.wait)
        yield valkey
    finally:
        await asyncio.to_thread(valkey.stop)


def the_child(process: psutil.Process) -> psutil.Process:
    """The process that does the work: the one that the command line starts."""
    children = process.children()
    assert children
    return children[0]


async def test_a_worker_killed_in_the_middle_has_done_nothing_and_another_does_it_once(database: Settings) -> None:
    await add("write", {"name": "a", "gate": "a"})
    async with working(database) as first:
        await until(somebody_works)
        for process in [first, the_child(first)]:
            process.kill()
        await until(lambda: ended(first))
    assert await written() == []
    await run("INSERT INTO gate VALUES ('a')")
    async with working(database):
        await until(all_is_done)
    assert await written() == ["a"]


async def test_work_that_somebody_waits_for_is_done_while_the_background_is_busy(database: Settings) -> None:
    for number in range(20):
        await add(LATER, {"name": f"later {number}", "gate": "later"})
    async with working(database):
        await until(somebody_works)
        await add("write", {"name": "now"})

        async def now_is_done() -> bool:
            return not await Work.filter(kind="write").exists()

        await until(now_is_done)
        assert await written() == ["now"]
        await run("INSERT INTO gate VALUES ('later')")
        await until(all_is_done)
    assert len(await written()) == 21


async def test_a_worker_outlives_the_loss_of_all_that_redis_holds(database: Settings) -> None:
    async with working(database):
        await add("write", {"name": "a"})
        await until(all_is_done)
        async with Redis.from_url(database.redis_url) as redis:
            for number in range(20):
                await add("write", {"name": f"b{number:02}"})
                await ring()
                await redis.flushall()
        await until(all_is_done)
    assert len(await written()) == len(set(await written())) == 21


async def test_a_worker_outlives_a_redis_that_is_killed_and_comes_back_empty(database: Settings, tmp_path: Path) -> None:
    async with a_valkey(tmp_path) as valkey:
        settings = database.model_copy(update={"redis_url": valkey.url})
        async with working(settings):
            await add("write", {"name": "before"})
            await until(all_is_done)
            async with Redis.from_url(valkey.url) as redis:
                server: dict[str, Any] = await redis.info("server")
            psutil.Process(server["process_id"]).kill()
            for number in range(10):
                await add("write", {"name": f"while away {number}"})
            await asyncio.to_thread(valkey.stop)
            shutil.rmtree(tmp_path / "valkey")
            valkey.start()
            await asyncio.to_thread(valkey.wait)
            await until(all_is_done)
    assert len(await written()) == len(set(await written())) == 11


async def test_a_worker_started_before_its_servers_works_when_they_are_there(database: Settings, tmp_path: Path) -> None:
    server, _, sockets = database.database_url.partition("?host=")
    data = DataFolder(tmp_path)
    data.prepare()
    valkey = Valkey(data, tmp_path)
    away = {"database_url": f"{server}?host={tmp_path / 'postgres'}", "redis_url": valkey.url}
    log = tmp_path / "log"
    async with working(database.model_copy(update=away), log=log):
        await add("write", {"name": "a"})
        await until(lambda: said(log, "worker waits for the database"))
        await until(lambda: said(log, "connection error"))
        (tmp_path / "postgres").symlink_to(sockets.partition("&")[0])
        valkey.start()
        try:
            await asyncio.to_thread(valkey.wait)
            await until(all_is_done)
        finally:
            await asyncio.to_thread(valkey.stop)
    assert await written() == ["a"]


async def test_a_worker_outlives_the_loss_of_its_database_connections(database: Settings) -> None:
    async with working(database):
        await add("write", {"name": "before"})
        await until(all_is_done)
        await add("write", {"name": "cut off", "gate": "open"})
        await until(somebody_works)
        await run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await run("INSERT INTO gate VALUES ('open')")
        await until(all_is_done)
    assert await written() == ["before", "cut off"]


async def test_a_worker_that_is_told_to_stop_finishes_what_it_holds(database: Settings) -> None:
    async with working(database) as process:
        await add("write", {"name": "a", "gate": "open"})
        await until(somebody_works)
        process.terminate()
        await run("INSERT INTO gate VALUES ('open')")
        await until(lambda: ended(process))
        assert process.wait() == 0
    assert await written() == ["a"]
    assert await all_is_done()


async def test_a_worker_that_cannot_finish_stops_all_the_same(database: Settings) -> None:
    async with working(database) as process:
        await add("write", {"name": "a", "gate": "never"})
        await until(somebody_works)
        process.terminate()
        await until(lambda: ended(process))
    assert await written() == []
    assert await Work.filter(failed_at=None).count() == 1


async def test_a_worker_goes_when_its_parent_is_gone(database: Settings) -> None:
    async with working(database) as process:
        await add("write", {"name": "a"})
        await until(all_is_done)
        child = the_child(process)
        process.kill()
        await until(lambda: ended(child))


async def test_a_worker_goes_when_its_parent_is_gone_before_it_has_started(database: Settings) -> None:
    connected = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'steward worker'"
    async with working(database) as process:
        await until(lambda: run(connected))
        child = the_child(process)
        process.kill()
        await until(lambda: ended(child))


async def test_a_worker_that_cannot_start_says_so_and_ends(database: Settings, tmp_path: Path) -> None:
    log = tmp_path / "log"
    settings = database.model_copy(update={"database_url": "nonsense://nowhere"})
    async with running(a_worker(settings), settings, log=log) as process:
        await until(lambda: ended(process))
        assert process.wait() != 0
        assert await said(log, "worker cannot start")
