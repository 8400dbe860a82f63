"""Work is done once in effect, whatever happens on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tortoise import connections

from domain.work import MAX_ATTEMPTS
from models import Work
from models.work import add, backlog
from settings import Settings
from tasks.work import HANDLERS, Handler, handles, perform
from tests.waiting import until

Declare = Callable[..., None]


async def run(sql: str, *values: Any) -> list[dict[str, Any]]:
    return await connections.get("default").execute_query_dict(sql, list(values))


async def written() -> list[str]:
    return [row["name"] for row in await run("SELECT name FROM effect ORDER BY name")]


@pytest.fixture(autouse=True)
async def effect(database: Settings) -> None:
    """A table in which handlers leave what they did."""
    await run("CREATE TABLE effect (name text)")


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declares a handler for this test."""

    def as_handler(kind: str, handle: Callable[[dict[str, Any]], Awaitable[timedelta | None]], **options: Any) -> None:
        monkeypatch.setitem(HANDLERS, kind, Handler(kind, handle, **options))

    return as_handler


async def write(payload: dict[str, Any]) -> None:
    for name in payload["names"]:
        await run("INSERT INTO effect VALUES ($1)", name)
        if name == "bad":
            raise ValueError("a poisonous name")


async def make_due() -> None:
    await Work.all().update(not_before=datetime.now(UTC) - timedelta(seconds=1))


async def test_what_is_done_leaves_its_effect_and_no_row(declare: Declare) -> None:
    declare("write", write)
    await perform(await add("write", {"names": ["a", "b"]}))
    assert await written() == ["a", "b"]
    assert await Work.all().count() == 0


async def test_what_fails_leaves_no_effect_and_is_put_off(declare: Declare) -> None:
    declare("write", write)
    await perform(await add("write", {"names": ["a", "bad"]}))
    assert await written() == []
    row = await Work.get()
    assert (row.attempts, row.last_error, row.failed_at) == (1, "ValueError", None)
    assert row.not_before > datetime.now(UTC)


async def test_what_takes_too_long_is_broken_off(declare: Declare) -> None:
    async def hang(payload: dict[str, Any]) -> None:
        await write(payload)
        await asyncio.Event().wait()

    declare("hang", hang, longest=0.05)
    await perform(await add("hang", {"names": ["a"]}))
    assert await written() == []
    assert (await Work.get()).last_error == "TimeoutError"


async def test_what_was_put_off_is_not_done_early(declare: Declare) -> None:
    declare("write", write)
    await perform(await add("write", {"names": ["a"]}, not_before=datetime.now(UTC) + timedelta(minutes=1)))
    assert await written() == []


async def test_what_fails_again_and_again_is_given_up_and_kept_to_be_seen(declare: Declare) -> None:
    declare("write", write)
    work_id = await add("write", {"names": ["bad"]})
    for _ in range(MAX_ATTEMPTS + 2):
        await perform(work_id)
        await make_due()
    row = await Work.get()
    assert row.failed_at is not None
    assert row.attempts == MAX_ATTEMPTS
    counted = await backlog()
    assert (counted.due, counted.later, counted.failed) == (0, 0, 1)


async def test_one_poisonous_entry_does_not_sink_its_neighbours(declare: Declare) -> None:
    declare("write", write, splits="names")
    await perform(await add("write", {"names": ["a", "bad", "b"], "by": "somebody"}))
    rows = await Work.all().order_by("id")
    assert [row.payload for row in rows] == [{"names": [name], "by": "somebody"} for name in ("a", "bad", "b")]
    for row in rows:
        await perform(row.id)
    assert await written() == ["a", "b"]
    assert [(row.payload["names"], row.attempts) for row in await Work.all()] == [(["bad"], 1)]


async def test_a_problem_that_passes_does_not_split(declare: Declare) -> None:
    async def collide(_: dict[str, Any]) -> None:
        raise asyncpg.DeadlockDetectedError("deadlock detected")

    declare("write", collide, splits="names")
    await perform(await add("write", {"names": ["a", "b"]}))
    row = await Work.get()
    assert (row.payload, row.attempts) == ({"names": ["a", "b"]}, 1)


async def test_a_second_doorbell_finds_nothing_to_do(declare: Declare) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(payload: dict[str, Any]) -> None:
        begun.set()
        await go.wait()
        await write(payload)

    declare("slow", slow)
    work_id = await add("slow", {"names": ["a"]})
    first = asyncio.create_task(perform(work_id))
    await begun.wait()
    await perform(work_id)
    assert await written() == []
    go.set()
    await first
    await perform(work_id)
    assert await written() == ["a"]


async def test_a_handler_can_ask_to_come_again(declare: Declare) -> None:
    async def later(_: dict[str, Any]) -> timedelta:
        return timedelta(hours=1)

    declare("later", later)
    await perform(await add("later", {}))
    row = await Work.get()
    assert row.attempts == 0
    assert row.not_before > datetime.now(UTC) + timedelta(minutes=59)


async def test_work_of_an_unknown_kind_waits_for_who_knows_it() -> None:
    await perform(await add("unheard", {}))
    row = await Work.get()
    assert (row.last_error, row.failed_at) == ("NoHandler", None)


async def test_what_waits_for_others_holds_no_transaction_and_no_caller(declare: Declare, database: Settings) -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    beside: list[asyncio.Task[None]] = []

    async def call(payload: dict[str, Any]) -> None:
        begun.set()
        await go.wait()
        await write(payload)

    declare("call", call, outside=True)
    work_id = await add("call", {"names": ["a"]})
    await perform(work_id, aside=lambda rest: beside.append(asyncio.create_task(rest)))
    await begun.wait()
    idle = await run(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    assert idle[0]["n"] == 0
    await perform(work_id, aside=lambda _: pytest.fail("it is taken"))
    go.set()
    await asyncio.gather(*beside)
    assert await written() == ["a"]
    assert await Work.all().count() == 0


async def test_what_was_taken_and_never_settled_comes_again(declare: Declare) -> None:
    async def die(_: dict[str, Any]) -> None:
        raise asyncio.CancelledError

    declare("call", die, outside=True)
    work_id = await add("call", {"names": ["a"]})
    with pytest.raises(asyncio.CancelledError):
        await perform(work_id)
    row = await Work.get()
    assert (row.attempts, row.rung_at) == (0, None)
    assert timedelta(0) < row.not_before - datetime.now(UTC) < timedelta(minutes=2)


async def test_work_that_work_leaves_is_rung_for_once_and_after_the_commit(declare: Declare, database: Settings) -> None:
    heard: list[int] = []
    listener = await asyncpg.connect(database.database_url)

    def hear(*_: object) -> None:
        heard.append(1)

    async def leave(_: dict[str, Any]) -> None:
        await add("write", {"names": ["a"]})
        await add("write", {"names": ["b"]})
        assert heard == []

    declare("leave", leave)
    await listener.add_listener("work", hear)
    await perform(await add("leave", {}))

    async def rung() -> bool:
        return bool(heard)

    await until(rung)
    assert heard == [1]
    await listener.reset()
    await listener.close()


def test_a_kind_has_one_handler(declare: Declare) -> None:
    declare("write", write)
    with pytest.raises(ValueError, match="two handlers for write"):
        handles("write")(write)
