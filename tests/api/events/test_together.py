"""Many senders at once, poisonous neighbours, clients that leave, a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import asyncpg
import httpx2
import orjson
import pytest
from starlette.applications import Starlette

from api.events import Intake
from api.rates import Rates
from models import Work
from settings import Settings
from tests.api.events.conftest import SINGLE, Sender, fields, kept, statuses
from tests.waiting import until


@pytest.fixture
async def sql(settings: Settings) -> AsyncGenerator[asyncpg.Connection[Any]]:
    """A connection of the test's own."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def poison(sql: asyncpg.Connection[Any], event_id: str, code: str) -> None:
    """From now on the database fails at an event with this id."""
    await sql.execute(
        f"""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.event_id = '{event_id}' THEN RAISE EXCEPTION 'poison' USING ERRCODE = '{code}'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION fail();
        """
    )


async def until_waiting(sql: asyncpg.Connection[Any], count: int) -> None:
    """Wait until so many of the intake's statements wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    async def enough() -> bool:
        await sql.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the first look would be kept
        return await sql.fetchval(waiting) >= count

    await until(enough)


async def test_fifty_identical_posts_at_once_are_stored_once(sender: Sender) -> None:
    event = sender.reading("1")
    responses = await asyncio.gather(*(sender.send(event) for _ in range(50)))
    assert {response.status_code for response in responses} == {202}
    assert sorted(status for response in responses for status in statuses(response)) == ["accepted"] + ["duplicate"] * 49
    assert await kept() == ["1"]


async def test_two_intakes_that_get_the_same_batches_in_opposite_order_store_each_once(
    sender: Sender, start: Callable[..., Any]
) -> None:
    events = [sender.reading(str(n)) for n in range(300)]
    here, there = sender.client, await start()
    posts: list[Any] = []
    for turn in range(6):
        sender.client = here if turn % 2 else there
        posts.append(asyncio.ensure_future(sender.send_all(events if turn % 2 else events[::-1])))
    responses = await asyncio.gather(*posts)
    assert {response.status_code for response in responses} == {202}
    everything = [status for response in responses for status in statuses(response)]
    assert everything.count("accepted") == 300
    assert sorted(await kept(), key=int) == [str(n) for n in range(300)]


async def test_receipts_are_taken_in_one_order_so_that_nobody_meets_in_a_deadlock(
    sender: Sender, sql: asyncpg.Connection[Any]
) -> None:
    receipt = "INSERT INTO event_receipt (organisation_id, source, event_id) VALUES ($1, '//iot.example/hydrants', $2)"
    ours = sql.transaction()
    await ours.start()
    await sql.execute(receipt, sender.company.id, "b")
    post = asyncio.ensure_future(sender.send_all([sender.reading("b"), sender.reading("a")]))
    await until_waiting(sql, 1)
    await sql.execute("SET LOCAL lock_timeout = '100ms'")
    with pytest.raises(asyncpg.LockNotAvailableError):
        await sql.execute(receipt, sender.company.id, "a")
    await ours.rollback()
    assert statuses(await post) == ["accepted", "accepted"]


async def test_posts_that_arrive_together_share_inserts(sender: Sender, start: Callable[..., Any]) -> None:
    sender.client = await start(intake_connections=1)
    await sender.send(sender.reading("first"))
    responses = await asyncio.gather(*(sender.send(sender.reading(str(n))) for n in range(50)))
    assert {response.status_code for response in responses} == {202}
    assert len(await kept()) == 51
    assert await Work.all().count() < 20


async def test_a_poisonous_event_does_not_sink_its_neighbours(sender: Sender, sql: asyncpg.Connection[Any]) -> None:
    await poison(sql, "7", "22021")
    responses = await asyncio.gather(*(sender.send(sender.reading(str(n))) for n in range(20)))
    assert [response.status_code for response in responses] == [422 if n == 7 else 202 for n in range(20)]
    assert fields(responses[7]) == ["data"]
    assert sorted(await kept(), key=int) == [str(n) for n in range(20) if n != 7]


async def test_a_poisonous_event_does_not_sink_its_batch(sender: Sender, sql: asyncpg.Connection[Any]) -> None:
    await poison(sql, "7", "22021")
    response = await sender.send_all([sender.reading(str(n)) for n in range(20)])
    assert response.status_code == 202
    assert statuses(response) == ["rejected" if n == 7 else "accepted" for n in range(20)]


async def test_an_event_at_which_the_database_fails_may_come_again(sender: Sender, sql: asyncpg.Connection[Any]) -> None:
    await poison(sql, "7", "XX000")
    responses = await asyncio.gather(*(sender.send(sender.reading(str(n))) for n in range(10)))
    assert [response.status_code for response in responses] == [503 if n == 7 else 202 for n in range(10)]
    assert responses[7].headers["retry-after"]
    await sql.execute("DROP TRIGGER fail ON event")
    assert (await sender.send(sender.reading("7"))).status_code == 202
    assert len(await kept()) == 10


async def test_a_client_that_leaves_takes_nothing_with_it(
    sender: Sender, start: Callable[..., Any], sql: asyncpg.Connection[Any]
) -> None:
    sender.client = await start(intake_connections=1)
    assert (await sender.send(sender.reading("0"))).status_code == 202
    async with sql.transaction():
        await sql.execute("LOCK TABLE event_receipt IN EXCLUSIVE MODE")
        posts = [asyncio.ensure_future(sender.send(sender.reading(str(n)))) for n in range(1, 6)]
        await until_waiting(sql, 1)
        posts[0].cancel()
        posts[2].cancel()
    responses = await asyncio.gather(*posts, return_exceptions=True)
    assert [r.status_code for r in responses if isinstance(r, httpx2.Response)] == [202] * 3

    async def stored() -> bool:
        return {"0", "2", "4", "5"} <= set(await kept())

    await until(stored)


async def test_a_full_backlog_is_told_to_come_again(
    sender: Sender, start: Callable[..., Any], sql: asyncpg.Connection[Any]
) -> None:
    sender.client = await start(event_backlog=2, intake_connections=1)
    assert (await sender.send(sender.reading("0"))).status_code == 202
    async with sql.transaction():
        await sql.execute("LOCK TABLE event_receipt IN EXCLUSIVE MODE")
        waiting = [asyncio.ensure_future(sender.send(sender.reading(str(n)))) for n in (1, 2)]
        await until_waiting(sql, 1)
        refused = await sender.send(sender.reading("3"))
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert fields(refused) == ["event"]
    assert [response.status_code for response in await asyncio.gather(*waiting)] == [202, 202]
    assert (await sender.send(sender.reading("3"))).status_code == 202
    assert sorted(await kept()) == ["0", "1", "2", "3"]


async def test_connections_that_were_cut_are_made_again(sender: Sender, sql: asyncpg.Connection[Any]) -> None:
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'steward intake'"
    assert (await sender.send(sender.reading("1"))).status_code == 202
    await sql.execute(f"{cut} AND datname = current_database()")
    assert (await sender.send(sender.reading("2"))).status_code == 202
    assert await kept() == ["1", "2"]


async def test_a_connection_that_is_cut_while_it_stores_is_not_felt(sender: Sender, sql: asyncpg.Connection[Any]) -> None:
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with sql.transaction():
        await sql.execute("LOCK TABLE event_receipt IN EXCLUSIVE MODE")
        post = asyncio.ensure_future(sender.send(sender.reading("1")))
        await until_waiting(sql, 1)
        await sql.execute("SELECT pg_stat_clear_snapshot()")
        await sql.execute(f"{cut} AND datname = current_database()")
        await until_waiting(sql, 1)
    assert statuses(await post) == ["accepted"]
    assert await kept() == ["1"]


async def test_while_the_database_is_away_nothing_is_acknowledged(
    sender: Sender, start: Callable[..., Any], unused_tcp_port: int
) -> None:
    sender.client = await start(database_url=f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/nothing")
    response = await sender.send(sender.reading())
    assert (response.status_code, fields(response)) == (503, ["event"])
    assert int(response.headers["retry-after"]) > 0
    assert await kept() == []


async def test_a_database_that_lets_nobody_in_is_away_too(
    sender: Sender, start: Callable[..., Any], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for url in (settings.database_url.replace("/test_", "/no_such_"), "nonsense://"):
        sender.client = await start(database_url=url)
        assert (await sender.send_all([sender.reading("1"), sender.reading("2")])).status_code == 503
    assert sender.secret not in caplog.text
    assert await kept() == []


async def test_stopping_stores_what_was_taken(sender: Sender, settings: Settings, sql: asyncpg.Connection[Any]) -> None:
    intake = Intake(settings, Rates(settings))
    await intake.start()
    transport = httpx2.ASGITransport(app=Starlette(routes=intake.routes()))
    headers = {"authorization": f"Bearer {sender.secret}", "content-type": SINGLE}
    async with httpx2.AsyncClient(transport=transport, base_url="http://steward.test", headers=headers) as client:
        await client.post("/events", content=orjson.dumps(sender.reading("1")))
        async with sql.transaction():
            await sql.execute("LOCK TABLE event_receipt IN EXCLUSIVE MODE")
            post = asyncio.ensure_future(client.post("/events", content=orjson.dumps(sender.reading("2"))))
            await until_waiting(sql, 1)
            stop = asyncio.ensure_future(intake.stop())
        await stop
        assert (await post).status_code == 202
        late = await client.post("/events", content=orjson.dumps(sender.reading("3")))
        assert late.status_code == 503
    assert await kept() == ["1", "2"]


async def test_the_relays_are_rung_when_there_is_work_and_only_then(sender: Sender, settings: Settings) -> None:
    rung: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(settings.database_url)
    await listener.add_listener("work", lambda *call: rung.put_nowait(call[2]))
    await sender.send(sender.reading("1"))
    async with asyncio.timeout(5):
        assert await rung.get() == "work"
    await sender.send(sender.reading("1"))
    await sender.send(sender.reading("2"))
    async with asyncio.timeout(5):
        await rung.get()
    assert rung.empty()
    await listener.close()
