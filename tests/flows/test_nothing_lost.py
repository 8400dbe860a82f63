"""Every event that was accepted is evaluated once in effect, whatever is killed meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from redis.asyncio import Redis

from domain.facilities import DeviceKind
from models import Alert, Device, Reading, Ticket, Work
from models import database as models_database
from models.keys import create_intake_key
from settings import Settings
from steward.embedded import DATABASE, Servers
from steward.folder import DataFolder, Running
from steward.processes import working_in
from tests.builders import a_company_serving, a_compound, a_device
from tests.waiting import until

from .stack import Client, Stack, an_event

DEVICES, ROUNDS = 50, 100
ALARMS_PER_DEVICE = 3


@pytest.fixture
async def own_servers(tmp_path: Path) -> AsyncGenerator[Servers]:
    """PostgreSQL and Valkey that this test may kill, with every commit on disk."""
    data = DataFolder(tmp_path / "data")
    data.prepare()
    with data.held("up"):
        servers = Servers(data, Running())
        try:
            await asyncio.to_thread(servers.start)
            await servers.make_database()
            yield servers
        finally:
            await asyncio.to_thread(servers.stop)


@pytest.fixture
async def own_stack(own_servers: Servers) -> AsyncGenerator[Stack]:
    settings = Settings.model_validate(
        {
            "database_url": own_servers.postgres.url(DATABASE),
            "redis_url": own_servers.valkey.url,
            "data": own_servers.data.path,
            "secret_key": "5a" * 32,
        }
    )
    await models_database.migrate(settings)
    await models_database.connect(settings)
    stack = Stack(settings)
    yield stack
    await stack.stop()
    await models_database.disconnect()


async def deliver(machine: Client, events: list[dict[str, Any]]) -> None:
    """Post as a careful machine does: again and again until every event is acknowledged."""

    async def acknowledged() -> bool:
        try:
            answer = await machine.post_events(*events)
        except httpx2.TransportError:
            return False
        if answer.status_code != 202:
            assert answer.status_code in {429, 500, 503}, answer.text
            return False
        assert {result["status"] for result in answer.json()["results"]} <= {"accepted", "duplicate"}, answer.text
        return True

    await until(acknowledged, within=60, what="the acknowledgement")


async def test_kill_9_of_worker_valkey_and_postgres_in_the_middle_of_a_feed(own_servers: Servers, own_stack: Stack) -> None:
    compound = await a_compound()
    company = await a_company_serving(compound)
    devices = [await a_device(compound, kind=DeviceKind.SMOKE) for _ in range(DEVICES)]
    _, secret = await create_intake_key(company)
    await own_stack.start()
    machine = own_stack.client(secret)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)

    def one_round(number: int) -> list[dict[str, Any]]:
        moment = (start + timedelta(minutes=number)).isoformat()
        burning = ROUNDS // 2 <= number < ROUNDS // 2 + ALARMS_PER_DEVICE
        return [an_event("urn:feed", number, d.code, moment, smoke_alarm=burning, battery_percent=90) for d in devices]

    async def kill_worker() -> None:
        await own_stack.kill("worker")
        await own_stack.start("worker")

    async def kill_valkey() -> None:
        async with Redis.from_url(own_servers.valkey.url) as redis:
            await redis.flushall()
        for process in working_in(own_servers.data.valkey, "valkey-server"):
            process.kill()
        await asyncio.to_thread(restart, own_servers.valkey.stop, own_servers.valkey.start, own_servers.valkey.wait)

    async def kill_postgres() -> None:
        pid = int((own_servers.data.postgres / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(restart, own_servers.postgres.stop, own_servers.postgres.start, own_servers.postgres.wait)

    faults: dict[int, Callable[[], Awaitable[None]]] = {
        ROUNDS // 4: kill_worker,
        ROUNDS // 2: kill_valkey,
        ROUNDS // 2 + 1: kill_worker,
        ROUNDS * 3 // 4: kill_postgres,
    }
    for number in range(ROUNDS):
        fault = asyncio.create_task(faults[number]()) if number in faults else None
        await deliver(machine, one_round(number))
        if fault:
            await fault

    async def all_done() -> bool:
        try:
            return await Work.all().count() == 0
        except (OSError, asyncpg.PostgresError):
            return False

    await until(all_done, within=180, what="the end of the work")
    assert await Reading.filter(metric="smoke_alarm").count() == DEVICES * ROUNDS
    assert await Alert.all().count() == DEVICES
    burning = [start + timedelta(minutes=ROUNDS // 2 + number) for number in range(ALARMS_PER_DEVICE + 1)]
    told = await Alert.all().values_list("rule", "state", "first_seen_at", "last_seen_at", "cleared_at", "count")
    assert set(told) == {("fire_safety.smoke", "CLEARED", burning[0], burning[-2], burning[-1], ALARMS_PER_DEVICE)}
    assert await Ticket.all().count() == DEVICES
    last = start + timedelta(minutes=ROUNDS - 1)
    assert set(await Device.all().values_list("last_seen_at", flat=True)) == {last}


def restart(*steps: Callable[[], None]) -> None:
    for step in steps:
        step()
