"""Fire safety of two compounds, told through HTTP: a pact, hazards until they are gone or climb, a drill, a monthly report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx2
from tortoise import connections

from domain.access import Role
from domain.organisations import OrganisationKind
from domain.territory import CompoundKind
from models.calendar import now, today
from tests.builders import (
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_street,
    an_account,
    an_organisation,
)
from tests.models.pictures import a_picture
from tests.waiting import until

from .conftest import Receiver
from .people import a_person
from .stack import Stack, log_in

_HAZARD = """query ($id: ID!) { node(id: $id) { ... on Hazard {
  grade state outcome level late dueAt version interimMeasure remedy objection reopenedCount organisation { id }
  files { nodes { name } } history(first: 20) { nodes { action } } } } }"""
_ALERTS = """query ($id: ID!) { alerts(filter: {rule: {eq: "fire_safety.hazard_overdue"}, compound: {eq: $id}}) {
  nodes { state severity subject { __typename ... on Node { id } } } } }"""
_REPORT = """query ($of: ID!) { fireReport(of: $of) {
  compounds kept hazardsFound majorHazardsFound hazardsClosed hazardsOpen drills participants withoutKeeper } }"""
_MADE = "hazard { id state }"


async def test_what_endangers_people_is_found_put_right_and_looked_at_again(stack: Stack, receiver: Receiver) -> None:
    street = await a_street()
    community = await a_community(street)
    office = await a_community_office(community)
    hall = await an_organisation(street, kind=OrganisationKind.STREET_OFFICE, place_id=street.id)
    kangqiao = await a_compound(community, name="康桥生活公园")
    shuren = await a_compound(community, name="树人大院", kind=CompoundKind.UNMANAGED, home_count=47)
    company = await a_company_serving(kangqiao)
    await stack.start()
    officer = await a_person(stack, Role.STREET_OFFICER, place=street, employer=hall)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community, employer=office)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    guarding = await an_account(Role.COMPANY_STAFF, login="a.guard", password="Correct-horse-7", organisation=company)
    guard, token = await log_in(stack, guarding.login, "Correct-horse-7")
    for organisation in (company, office, hall):
        target = f"{receiver.url}/{organisation.id}"
        await officer.did("channelAdd", "channel { id }", organisationId=organisation.id, kind="WEBHOOK", target=target)

    # Nobody keeps Shuren, until it has a pact with the community.
    keeper = "query ($id: ID!) { fireKeeper(compoundId: $id) { organisationId basis since } }"
    assert (await clerk.ask(keeper, id=shuren.id))["fireKeeper"] is None
    pact: dict[str, Any] = {"compoundId": shuren.id, "duties": ["PATROL", "EBIKES"], "homesJoined": 40}
    assert await clerk.refused("firePactSign", **(pact | {"homesJoined": 48})) == {"code": "INVALID", "field": ["homesJoined"]}
    signed = await clerk.did("firePactSign", "firePact { id duties homesJoined }", **pact)
    assert signed["homesJoined"] == 40
    assert (await clerk.refused("firePactSign", **pact))["code"] == "CONFLICT"
    kept = (await clerk.ask(keeper, id=shuren.id))["fireKeeper"]
    assert kept == {"organisationId": office.id, "basis": "PACT", "since": today().isoformat()}

    # A guard finds a locked exit, and how grave that is. Until it is open somebody stands there.
    async def did(act: str, **given: Any) -> list[tuple[str, list[str]]]:
        kind = f"{act[0].upper()}{act[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {act}(input: $input) {{ hazard {{ id }} errors {{ code field }} }} }}"
        answer = (await guard.ask(query, input=given))[act]
        return [(error["code"], error["field"]) for error in answer["errors"]]

    async def reported(**given: Any) -> str:
        query = "mutation ($input: HazardReportInput!) { hazardReport(input: $input) { hazard { id } errors { code } } }"
        answer = (await guard.ask(query, input={"compoundId": kangqiao.id, **given}))["hazardReport"]
        assert answer["errors"] == []
        return answer["hazard"]["id"]

    id_ = await reported(what="疏散门上锁", spot="7 幢 1 层", grade="MAJOR")

    async def look(hazard_id: str = id_) -> dict[str, Any]:
        return (await officer.ask(_HAZARD, id=hazard_id))["node"]

    assert await manager.refused("hazardAssign", id=id_) == {"code": "INVALID", "field": ["interimMeasure"]}
    await manager.did("hazardAssign", _MADE, id=id_, interimMeasure="专人值守，手动开门", assigneeId=guarding.id)
    assert await did("hazardRectify", id=id_, remedy="已拆锁") == [("INVALID", ["id"])]
    await _attach(stack, token, id_, "before.jpg", (40, 20))
    assert await did("hazardRectify", id=id_, remedy="已拆锁") == []
    assert await did("hazardRecheck", id=id_, passed=True) == [("INVALID", ["id"])]
    assert await manager.refused("hazardRecheck", id=id_, passed=True) == {"code": "INVALID", "field": ["id"]}
    await clerk.did("hazardRecheck", _MADE, id=id_, passed=False, note="夜间仍上锁")
    assert (await look())["state"] == "ASSIGNED"
    assert await did("hazardRectify", id=id_, remedy="改装推杠锁") == [("INVALID", ["id"])]
    await _attach(stack, token, id_, "after.jpg", (40, 22))
    assert await did("hazardRectify", id=id_, remedy="改装推杠锁") == []
    await clerk.did("hazardRecheck", _MADE, id=id_, passed=True)
    over = await look()
    assert (over["state"], over["outcome"], over["reopenedCount"], len(over["files"]["nodes"])) == ("CLOSED", "RECTIFIED", 1, 2)
    assert over["history"]["nodes"][0]["action"] == "hazardRecheck"
    assert (await manager.refused("hazardAssign", id=id_))["code"] == "ILLEGAL_MOVE"

    # Another one is forgotten: the community hears of it, then the street; one alert is open meanwhile.
    late = await reported(what="楼道堆物")
    await _due(late, now() - timedelta(hours=25))
    await officer.did("checkRun", "check { name }", name="fire_safety.hazards")

    async def at(level: str) -> dict[str, Any] | None:
        hazard = await look(late)
        return hazard if hazard["level"] == level else None

    async def alerts() -> list[dict[str, Any]]:
        return (await manager.ask(_ALERTS, id=kangqiao.id))["alerts"]["nodes"]

    assert (await until(lambda: at("COMMUNITY"), what="the community"))["late"]
    (alert,) = await until(alerts, what="the alert")
    assert alert == {"state": "OPEN", "severity": "MINOR", "subject": {"__typename": "Hazard", "id": late}}
    await _due(late, now() - timedelta(hours=73))
    await officer.did("checkRun", "check { name }", name="fire_safety.hazards")
    await until(lambda: at("STREET"), what="the street")

    def heard() -> bool:
        bodies = [delivery.body for delivery in receiver.deliveries if b"steward.hazard.escalated.v1" in delivery.body]
        return all(any(f'"level":"{level}"'.encode() in body.replace(b" ", b"") for body in bodies) for level in _LEVELS)

    await until(heard, what="the webhooks")
    soon = (now() + timedelta(days=3)).isoformat()
    assert (await manager.refused("hazardAssign", id=late, dueAt=soon))["field"] == ["dueAt"]
    await clerk.did("hazardAssign", _MADE, id=late, dueAt=soon)
    await officer.did("checkRun", "check { name }", name="fire_safety.hazards")

    async def calm() -> bool:
        return {each["state"] for each in await alerts()} == {"CLEARED"}

    await until(calm, what="the end of the alert")

    # A drill is held, and the month tells of all of it.
    planned = await manager.did(
        "fireDrillPlan", "fireDrill { id }", compoundId=kangqiao.id, kind="DRILL", plannedOn=today().isoformat()
    )
    went = {"heldOn": today().isoformat(), "participants": 60, "residents": 48, "minutes": 11}
    assert (await manager.refused("fireDrillHold", id=planned["id"], **(went | {"residents": 61})))["field"] == ["residents"]
    await manager.did("fireDrillHold", "fireDrill { id }", id=planned["id"], lessons="3 单元门需检修", **went)
    assert (await manager.refused("fireDrillHold", id=planned["id"], **went))["code"] == "ILLEGAL_MOVE"
    report = (await officer.ask(_REPORT, of=street.id))["fireReport"]
    assert report == {
        "compounds": 2,
        "kept": 0,
        "hazardsFound": 2,
        "majorHazardsFound": 1,
        "hazardsClosed": 1,
        "hazardsOpen": 1,
        "drills": 1,
        "participants": 60,
        "withoutKeeper": 0,
    }
    assert (await manager.ask(_REPORT, of=shuren.id))["fireReport"] is None


_LEVELS = ("COMMUNITY", "STREET")


async def _due(hazard_id: str, moment: datetime) -> None:
    """Let a hazard have been due at a moment."""
    await connections.get("default").execute_query(
        "UPDATE hazard SET found_at = $2::timestamptz - interval '7 days', due_at = $2, climbs_at = $2 WHERE id = $1",
        [hazard_id, moment],
    )


async def _attach(stack: Stack, token: str, hazard_id: str, name: str, size: tuple[int, int]) -> None:
    async with httpx2.AsyncClient(base_url=stack.url, headers={"authorization": f"Bearer {token}"}) as client:
        sent = await client.post("/files", params={"subject": hazard_id, "name": name}, content=a_picture(size=size))
        assert sent.status_code == 201, sent.text
