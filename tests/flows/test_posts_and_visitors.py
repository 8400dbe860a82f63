"""A control room that is short of staff until the next one comes, and visitors who are let in and out, told through HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role
from domain.facilities import FacilityKind
from models import Compound, Home
from models.calendar import now, today
from tasks.posts import find_control_rooms
from tasks.steward.access import keep_passes
from tests.builders import (
    a_building,
    a_community,
    a_company_serving,
    a_compound,
    a_facility,
    a_home,
    a_street,
    a_unit,
)

from .people import Somebody, a_person
from .stack import Stack

_POST = "post { id leastStaff certified onNow shortSince }"
_STINT = "stint { id beganAt endedAt certificateUntil note }"
_PASS = "visitorPass { id state people place home admittedAt leftAt }"
_ROOM = """{ posts(filter: {kind: {in: [CONTROL_ROOM]}}) { nodes { onNow shortSince
  stints(first: 9) { nodes { endedAt note account { name } } } } } }"""
_ALERTS = "{ alerts { nodes { rule state severity subject { __typename ... on Post { id name } } compound { id } } } }"
_PASSES = "{ visitorPasses { nodes { id state people byVehicle place home } } }"


async def _look(minutes: float) -> None:
    """The clock looks at control rooms, so many minutes from now."""
    async with in_transaction():
        await find_control_rooms(now() + timedelta(minutes=minutes))


async def _me(who: Somebody) -> str:
    return (await who.ask("{ viewer { id } }"))["viewer"]["id"]


async def test_a_compound_is_guarded_and_lets_in_whom_it_expects(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street))
    company = await a_company_serving(compound)
    home = await a_home(await a_unit(await a_building(compound, name="24幢"), name="1单元"), name="24幢1单元5-2")
    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    guards = [await a_person(stack, Role.COMPANY_STAFF, organisation=company) for _ in range(3)]
    host = await a_person(stack, Role.RESIDENT, home=home)
    await _a_control_room_runs_short(compound, officer, manager, guards, host)
    neighbour = await a_person(stack, Role.RESIDENT, home=await a_home(await a_unit(await a_building(compound))))
    await _visitors_come_and_go(home, officer, manager, guards[0], host, neighbour)


async def _a_control_room_runs_short(
    compound: Compound, officer: Somebody, manager: Somebody, guards: list[Somebody], resident: Somebody
) -> None:
    """It is staffed by half, handed over, and in the end staffed as the law asks."""
    first, second, third = guards
    # The law says how many; who asks for nobody is refused.
    given = {"compoundId": compound.id, "kind": "CONTROL_ROOM", "name": "Control room"}
    assert await manager.refused("postAdd", **given, leastStaff=0) == {"code": "INVALID", "field": ["leastStaff"]}
    assert await first.refused("postAdd", **given) == {"code": "FORBIDDEN", "field": []}
    room = await manager.did("postAdd", _POST, **given)
    assert (room["leastStaff"], room["certified"], room["onNow"]) == (2, True, 0)

    # Two come, of whom each is there once, however often the phone sends it; one has no certificate.
    until = (today() + timedelta(days=300)).isoformat()
    stint = await first.did("postStintBegin", _STINT, postId=room["id"], certificateUntil=until)
    assert (await first.did("postStintBegin", _STINT, postId=room["id"]))["id"] == stint["id"]
    await second.did("postStintBegin", _STINT, postId=room["id"])
    yesterday = (today() - timedelta(days=1)).isoformat()
    over = {"postId": room["id"], "certificateUntil": yesterday}
    assert await third.refused("postStintBegin", **over) == {"code": "INVALID", "field": ["certificateUntil"]}
    (told,) = (await manager.ask(_ROOM))["posts"]["nodes"]
    assert (told["onNow"], len(told["stints"]["nodes"])) == (1, 2)
    short_since = datetime.fromisoformat(told["shortSince"])
    assert abs(now() - short_since) < timedelta(minutes=1)

    # After ten minutes there is an alert, once, which the street sees too and no resident.
    await _look(9)
    assert (await officer.ask(_ALERTS))["alerts"]["nodes"] == []
    for minutes in (11, 12):
        await _look(minutes)
    expected: dict[str, Any] = {"rule": "fire_safety.control_room_short", "state": "OPEN", "severity": "MAJOR"}
    expected |= {"subject": {"__typename": "Post", "id": room["id"], "name": "Control room"}, "compound": {"id": compound.id}}
    for who in (officer, manager, first):
        assert (await who.ask(_ALERTS))["alerts"]["nodes"] == [expected]
    assert (await resident.ask(_ALERTS))["alerts"]["nodes"] == []
    assert (await resident.ask(_ROOM))["posts"]["nodes"] == []

    # The second hands over to the third, who has one; the alert ends.
    (running,) = [
        each["id"]
        for each in (await second.ask("{ postStints { nodes { id certificateUntil } } }"))["postStints"]["nodes"]
        if each["certificateUntil"] is None
    ]
    over = {"id": running, "toAccountId": await _me(third), "note": "Loop 3 was reset.", "certificateUntil": until}
    await second.did("postStintHandOver", _STINT, **over)
    assert await second.refused("postStintHandOver", **over) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    (told,) = (await manager.ask(_ROOM))["posts"]["nodes"]
    assert (told["onNow"], told["shortSince"]) == (2, None)
    assert "Loop 3 was reset." in {each["note"] for each in told["stints"]["nodes"]}
    await _look(13)
    assert [alert["state"] for alert in (await officer.ask(_ALERTS))["alerts"]["nodes"]] == ["CLEARED"]


async def _visitors_come_and_go(
    home: Home, officer: Somebody, manager: Somebody, guard: Somebody, host: Somebody, neighbour: Somebody
) -> None:
    """By a pass that names nobody; and by one of the post's that nobody closes in time."""
    compound = await Compound.get(id=home.compound_id)
    gate, lamp = await a_facility(compound, kind=FacilityKind.GATE), await a_facility(compound, kind=FacilityKind.LAMP)
    elsewhere = await a_facility(kind=FacilityKind.GATE)

    async def issued(who: Somebody, act: str, **given: Any) -> tuple[str, str | None]:
        kind = f"{act[0].upper()}{act[1:]}Input"
        what = f"code {_PASS} errors {{ code }}"
        query = f"mutation ($input: {kind}!) {{ made: {act}(input: $input) {{ {what} }} }}"
        made = (await who.ask(query, input=given))["made"]
        assert made["errors"] == []
        return made["visitorPass"]["id"], made["code"]

    async def seen(who: Somebody) -> list[dict[str, Any]]:
        return (await who.ask(_PASSES))["visitorPasses"]["nodes"]

    # Two are expected tonight; whoever is not at home there, or asks for a month, is refused.
    assert await neighbour.refused("visitorPassIssue", homeId=home.id) == {"code": "NOT_FOUND", "field": ["homeId"]}
    assert await guard.refused("visitorPassIssue", homeId=home.id) == {"code": "FORBIDDEN", "field": []}
    late = (now() + timedelta(days=20)).isoformat()
    assert await host.refused("visitorPassIssue", homeId=home.id, validUntil=late) == {"code": "INVALID", "field": ["validUntil"]}
    visit: dict[str, Any] = {"homeId": home.id, "people": 2, "byVehicle": True, "idempotencyKey": "tonight"}
    pass_id, code = await issued(host, "visitorPassIssue", **visit)
    assert await issued(host, "visitorPassIssue", **visit) == (pass_id, None)

    # The host sees the home, the gate the building, and nobody else anything.
    mine = {"id": pass_id, "state": "ISSUED", "people": 2, "byVehicle": True, "place": "24幢 1单元"}
    assert await seen(host) == [mine | {"home": "24幢1单元5-2"}]
    assert await seen(guard) == [mine | {"home": None}]
    assert (await seen(officer), await seen(neighbour)) == ([], [])

    # At the gate: three are too many, another gate or code is none, twice is once.
    scan = {"code": code, "gateId": gate.id}
    assert await guard.refused("visitorPassAdmit", **scan, people=3) == {"code": "INVALID", "field": ["people"]}
    assert await guard.refused("visitorPassAdmit", **scan | {"gateId": lamp.id}) == {"code": "INVALID", "field": ["gateId"]}
    assert await guard.refused("visitorPassAdmit", **scan | {"gateId": elsewhere.id}) == {
        "code": "NOT_FOUND",
        "field": ["gateId"],
    }
    assert await guard.refused("visitorPassAdmit", **scan | {"code": "2222"}) == {"code": "INVALID", "field": ["code"]}
    assert await guard.refused("visitorPassLeave", **scan) == {"code": "ILLEGAL_MOVE", "field": ["code"]}
    assert await guard.did("visitorPassAdmit", "again", **scan, people=2) is False
    assert await guard.did("visitorPassAdmit", "again", **scan) is True
    assert await host.refused("visitorPassCancel", id=pass_id) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    assert await guard.did("visitorPassLeave", "again", **scan) is False
    assert await guard.refused("visitorPassAdmit", **scan) == {"code": "ILLEGAL_MOVE", "field": ["code"]}

    # The post hands one out, and forgets that its visitors left: the compound is told, no home is; then it is closed.
    post = await manager.did("postAdd", "post { id }", compoundId=compound.id, kind="GUARD_POST", name="South gate")
    handed, code = await issued(guard, "visitorPassHandOut", postId=post["id"])
    await guard.did("visitorPassAdmit", "again", code=code, gateId=gate.id)
    async with in_transaction():
        await keep_passes(now() + timedelta(hours=15))
    query = '{ alerts(filter: {module: {eq: "access"}}) { nodes { rule state message subject { __typename } } } }'
    (alert,) = (await guard.ask(query))["alerts"]["nodes"]
    assert (alert["rule"], alert["state"], alert["subject"]) == ("access.pass_left_open", "OPEN", {"__typename": "Compound"})
    assert "24幢" not in alert["message"]
    await guard.did("visitorPassClose", _PASS, id=handed)
    async with in_transaction():
        await keep_passes(now() + timedelta(hours=16))
    assert [each["state"] for each in (await guard.ask(query))["alerts"]["nodes"]] == ["CLEARED"]
