"""Checks through GraphQL: what is done on a schedule, how it went, and running it now."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.access import Role
from domain.words import Text
from models import ClockSlot, Fact, Work
from settings import Settings
from tasks import clock
from tasks.clock import Check, strike
from tasks.relay import connect
from tasks.work import perform
from tests.api.mutating import Client, a_client
from tests.models.ticket_world import World, a_world, somebody

ASKED = "name module cadence does lastRun nextRun lastResult lastFound lastProblem"
LATER = "0 0 1 1 *"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(world: World, database: Settings) -> AsyncGenerator[Client]:
    async with a_client(database, await somebody(Role.STREET_OFFICER, place=world.street)) as client:
        yield client


@pytest.fixture
async def going(database: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The one check there is has been declared by a clock; what it finds, or the fault it meets, may be changed."""
    outcome: dict[str, Any] = {"found": {"overdue": 2}, "fault": None}

    async def count(_: datetime) -> dict[str, int]:
        if outcome["fault"]:
            raise outcome["fault"]
        return outcome["found"]

    counting = Check("things.counted", "things", LATER, Text("Count the things.", "清点事项。"), count)
    monkeypatch.setattr(clock, "CHECKS", {counting.name: counting})
    connection = await connect(database, "a clock")
    try:
        await strike(connection, ZoneInfo("Asia/Shanghai"))
    finally:
        await connection.close()
    await ClockSlot.all().delete()
    await Work.all().delete()
    return outcome


async def the_check(client: Client) -> dict[str, Any]:
    (check,) = (await client.post(f"{{ checks {{ {ASKED} }} }}"))["data"]["checks"]
    return check


async def work() -> None:
    """What is left of work is done."""
    for row in await Work.filter(failed_at=None):
        await Work.filter(id=row.id).update(not_before=datetime.now(UTC) - timedelta(seconds=1))
        await perform(row.id)


async def test_a_check_tells_what_it_does_when_it_ran_and_what_it_found(client: Client, going: dict[str, Any]):
    check = await the_check(client)
    following = datetime.fromisoformat(check.pop("nextRun"))
    assert (following.month, following.day, following.hour, following.utcoffset()) == (1, 1, 0, timedelta(hours=8))
    assert check == {
        "name": "things.counted",
        "module": "things",
        "cadence": LATER,
        "does": "Count the things.",
        "lastRun": None,
        "lastResult": "NOT_YET",
        "lastFound": None,
        "lastProblem": "",
    }
    client.language = "zh-CN"
    assert (await the_check(client))["does"] == "清点事项。"

    payload = await client.act("checkRun", "check { lastResult lastRun }", name="things.counted")
    assert payload == {"check": {"lastResult": "WAITING", "lastRun": None}, "errors": []}
    await work()
    check = await the_check(client)
    assert (check["lastResult"], check["lastFound"], check["lastProblem"]) == ("DONE", {"overdue": 2}, "")
    assert datetime.fromisoformat(check["lastRun"]) <= datetime.now(UTC)
    fact = await Fact.get(action="checkRun")
    assert (fact.actor, fact.after) == (client.viewer.account_id, {"check": "things.counted"})


async def test_a_check_that_is_due_already_is_not_run_twice(client: Client, going: dict[str, Any]):
    for _ in range(3):
        payload = await client.act("checkRun", "check { lastResult }", name="things.counted")
        assert payload == {"check": {"lastResult": "WAITING"}, "errors": []}
    assert await Work.all().count() == await ClockSlot.all().count() == await Fact.filter(action="checkRun").count() == 1


async def test_a_check_that_fails_says_so_and_what_it_found_before(client: Client, going: dict[str, Any]):
    await client.act("checkRun", "check { name }", name="things.counted")
    await work()
    going["fault"] = RuntimeError("a password is 4711")
    await client.act("checkRun", "check { name }", name="things.counted")
    await work()
    check = await the_check(client)
    assert (check["lastResult"], check["lastProblem"], check["lastFound"]) == ("FAILING", "RuntimeError", {"overdue": 2})
    while await Work.filter(failed_at=None).exists():
        await work()
    assert (await the_check(client))["lastResult"] == "GIVEN_UP"

    going["fault"] = None
    payload = await client.act("checkRun", "check { lastResult }", name="things.counted")
    assert payload["check"] == {"lastResult": "WAITING"}
    await work()
    check = await the_check(client)
    assert (check["lastResult"], check["lastProblem"]) == ("DONE", "")


async def test_a_check_that_is_not_there_and_a_viewer_who_may_not_are_refused(
    world: World, client: Client, going: dict[str, Any]
):
    payload = await client.act("checkRun", "check { name }", name="things.miscounted")
    (error,) = payload["errors"]
    assert (payload["check"], error["code"], error["field"]) == (None, "NOT_FOUND", ["name"])
    for viewer in (world.manager, await somebody(Role.RESIDENT, home=world.home)):
        client.viewer = viewer
        assert (await client.post("{ checks { name } }"))["data"] == {"checks": []}
        payload = await client.act("checkRun", "check { name }", name="things.counted")
        assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
    assert await ClockSlot.all().count() == 0
