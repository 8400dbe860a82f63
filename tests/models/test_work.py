"""Work is left in the transaction that makes it necessary, and the relays are woken after it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from models import Work
from models.database import disconnect
from models.work import add, backlog, ring, ringing
from settings import Settings

Heard = asyncio.Queue[str]


@pytest.fixture
async def heard(database: Settings) -> AsyncGenerator[Heard]:
    """What a relay hears."""
    queue: Heard = asyncio.Queue()
    listener = await asyncpg.connect(database.database_url)
    await listener.add_listener("work", lambda *told: queue.put_nowait(told[-1]))
    yield queue
    await listener.reset()
    await listener.close()


async def rings(heard: Heard, database: Settings) -> int:
    """How often it rang up to now: what is told arrives in order, so it is what came before our own word."""
    sender = await asyncpg.connect(database.database_url)
    await sender.execute("NOTIFY work, 'until here'")
    await sender.close()
    count = 0
    async with asyncio.timeout(5):
        while await heard.get() != "until here":
            count += 1
    return count


async def test_work_waits_with_its_payload_until_it_is_due(database: Settings) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    now_id, later_id = await add("events", {"events": ["evt_1"]}), await add("notice", {}, not_before=later)
    first, second = await Work.get(id=now_id), await Work.get(id=later_id)
    assert (first.kind, first.payload, first.attempts, first.rung_at) == ("events", {"events": ["evt_1"]}, 0, None)
    assert first.not_before <= datetime.now(UTC)
    assert second.not_before == later
    counted = await backlog()
    assert (counted.due, counted.later, counted.failed) == (1, 1, 0)
    assert counted.waiting_seconds >= 0


async def test_relays_are_woken_once_after_the_outermost_transaction(database: Settings, heard: Heard) -> None:
    async with ringing(), in_transaction():
        async with ringing(), in_transaction():
            await add("write", {})
            await add("write", {})
        assert await rings(heard, database) == 0
    assert await rings(heard, database) == 1


async def test_nobody_is_woken_when_no_work_was_left_or_the_transaction_failed(database: Settings, heard: Heard) -> None:
    async with ringing(), in_transaction():
        pass

    async def fail() -> None:
        async with ringing(), in_transaction():
            await add("write", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await Work.all().count() == 0
    assert await rings(heard, database) == 0


async def test_ringing_without_a_database_is_no_error(database: Settings) -> None:
    await disconnect()
    await ring()
