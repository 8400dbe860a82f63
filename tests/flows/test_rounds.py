"""A fire patrol from plan to hazard, and one that is missed until an alert tells of it and ends, told through HTTP."""

from __future__ import annotations

from typing import Any

import httpx2

from domain.access import Role
from domain.rounds import KINDS, RoundKind
from models import Round, Work
from models.calendar import now
from models.rounds import CLOSE, FIRE, close_rounds, leave_fire, leave_over, plan_fire
from tasks.steward.rounds import find_fire_rounds
from tests.builders import a_building, a_community, a_community_office, a_company_serving, a_compound, a_street
from tests.models.pictures import a_picture
from tests.models.rounds.world import let_pass

from .people import Somebody, a_person
from .stack import Stack

_PLANS = """query ($code: String!) { compound(code: $code) { roundPlans { nodes {
  id kind basis measure every clause startsOn version organisation { id }
  points { nodes { id name items building { id } } } } } } }"""
_ROUND = "round { id state points scanned notOk leftOut organisation { id } scans { nodes { answers distance point { name } } } }"
_SCAN = "roundScan { id notOk distance scannedAt }"
_ALERTS = """{ alerts(filter: {module: {eq: "fire_safety"}}) { nodes { rule state severity message
  subject { ... on RoundPlan { id name } } } } }"""
_GATE = {"latitude": 29.356, "longitude": 105.918}


def _answers(**wrong: str) -> list[dict[str, str]]:
    """The checklist of a fire patrol, with this wrong."""
    items = [item.code for item in KINDS[RoundKind.FIRE_PATROL].items]
    return [{"item": item, "answer": "NOT_OK" if item in wrong else "OK", "note": wrong.get(item, "")} for item in items]


async def _attach(who: Somebody, round_id: str, side: int) -> str:
    """The id of a photo, so many pixels wide, that was attached to the round."""
    async with httpx2.AsyncClient(timeout=15) as http:
        where = {"subject": round_id, "name": "point.jpg"}
        url = f"{who.client.stack.url}/files"
        answer = await http.post(url, params=where, content=a_picture(size=(side, 20)), headers=who.client.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _a_night() -> None:
    """The check of every night and the work that it leaves."""
    await leave_fire(now())
    for row in await Work.filter(kind=FIRE):
        await plan_fire(row.payload["compounds"])
        await row.delete()


async def _let_pass(round_id: str) -> None:
    """The round's time passes, and the clock looks."""
    await let_pass(await Round.get(id=round_id))
    await leave_over(now())
    for row in await Work.filter(kind=CLOSE):
        await close_rounds(row.payload["rounds"])
        await row.delete()
    await find_fire_rounds(now())


async def test_a_patrol_is_planned_gone_missed_and_made_up_for(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    office = await a_community_office(community)
    kangqiao, shuren = await a_compound(community, code="KQ"), await a_compound(community, code="SR")
    company = await a_company_serving(kangqiao)
    await a_building(kangqiao, name="24幢", height_m=54)
    await a_building(shuren, name="1幢", height_m=18)
    await stack.start("api")
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    guard = await a_person(stack, Role.COMPANY_STAFF, organisation=company)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community, employer=office)

    async def plans(code: str) -> dict[str | None, dict[str, Any]]:
        found = (await officer.ask(_PLANS, code=code))["compound"]["roundPlans"]["nodes"]
        return {plan["basis"]: plan for plan in found}

    # The night plans what the fire code asks for, by the kind of building, once.
    for _ in range(2):
        await _a_night()
    assert {basis: (plan["measure"], plan["every"]) for basis, plan in (await plans("KQ")).items()} == {
        "HIGH_RISE_PATROL": ("DAYS", 1),
        "CHECK": ("MONTHS", 1),
    }
    assert set(await plans("SR")) == {"PATROL", "CHECK"}
    daily = (await plans("KQ"))["HIGH_RISE_PATROL"]
    assert [point["name"] for point in daily["points"]["nodes"]] == ["24幢"]

    # A company cannot make less of it; the street ends the check, which does not come back.
    weekly = {"id": daily["id"], "figures": {"measure": "WEEKS"}}
    assert await manager.refused("roundPlanAmend", **weekly) == {"code": "INVALID", "field": ["id"]}
    assert await guard.refused("roundPlanEnd", id=daily["id"]) == {"code": "FORBIDDEN", "field": []}
    check = (await plans("KQ"))["CHECK"]
    await officer.did("roundPlanEnd", "roundPlan { endsOn }", id=check["id"], expectedVersion=check["version"])
    await _a_night()
    assert len(await plans("KQ")) == 2

    # The manager plans a patrol of the company's own: in order, from where the codes hang, with a photo at each.
    points = [{"name": "Gate", **_GATE}, {"name": "Lobby", "items": ["Lights work"], **_GATE}]
    own = {"compoundId": kangqiao.id, "kind": "FIRE_PATROL", "name": "Night patrol"}
    figures = {"ordered": True, "asksPhoto": True, "withinM": 50, "windowMinutes": 30}
    wrong = own | {"points": points, "figures": figures | {"times": ["24:61"]}}
    assert await manager.refused("roundPlanMake", **wrong) == {"code": "INVALID", "field": ["times"]}
    half = own | {"points": [{"name": "Gate", "latitude": 29.3}]}
    assert await manager.refused("roundPlanMake", **half) == {"code": "INVALID", "field": ["points", "0", "longitude"]}
    given = own | {"points": points, "figures": figures}
    plan = await manager.did("roundPlanMake", "roundPlan { id points { nodes { id } } rounds { nodes { state } } }", **given)
    gate, lobby = [await manager.did("roundPointPrint", "code", id=point["id"]) for point in plan["points"]["nodes"]]
    extra = {"planId": plan["id"], "point": {"name": "Roof", "items": []}}
    added = await manager.did("roundPointAdd", "roundPoint { id number latitude items }", **extra)
    assert (added["number"], added["latitude"], added["items"]) == (3, None, [])
    assert await manager.refused("roundPointAdd", **extra, number=0) == {"code": "INVALID", "field": ["number"]}
    half = extra | {"point": {"name": "Roof", "longitude": 105.9}}
    assert await manager.refused("roundPointAdd", **half) == {"code": "INVALID", "field": ["point", "latitude"]}
    await officer.did("roundPointEnd", "roundPoint { endedAt }", id=added["id"])
    assert await guard.refused("roundPointPrint", id=plan["points"]["nodes"][0]["id"]) == {"code": "FORBIDDEN", "field": []}

    # A guard goes it on a phone.
    ahead = plan["rounds"]["nodes"]
    assert {each["state"] for each in ahead} == {"PLANNED"}
    opened = await guard.did("roundOpen", _ROUND, planId=plan["id"])
    assert await guard.refused("roundOpen", planId=plan["id"]) == {"code": "CONFLICT", "field": ["planId"]}
    scan = {"id": opened["id"], "code": gate, "answers": _answers(lane="Van in the fire lane"), **_GATE}
    assert await guard.refused("roundScan", **scan) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    assert await clerk.refused("roundStart", id=opened["id"]) == {"code": "INVALID", "field": ["id"]}
    started = await guard.did("roundStart", _ROUND, id=opened["id"])
    assert (started["state"], started["organisation"]["id"]) == ("UNDER_WAY", company.id)
    photos = [await _attach(guard, opened["id"], side) for side in (40, 42)]
    assert await guard.refused("roundScan", **scan) == {"code": "INVALID", "field": ["photoId"]}
    scan["photoId"] = photos[0]
    assert await guard.refused("roundScan", **scan | {"latitude": 29.4}) == {"code": "INVALID", "field": ["latitude"]}
    assert await guard.refused("roundScan", **scan | {"code": lobby}) == {"code": "INVALID", "field": ["code"]}
    assert await guard.refused("roundScan", **scan | {"code": "NOWHERE"}) == {"code": "NOT_FOUND", "field": ["code"]}
    assert await guard.refused("roundScan", **scan | {"answers": []}) == {"code": "INVALID", "field": ["answers"]}
    first = await guard.did("roundScan", _SCAN, **scan)
    assert (first["notOk"], first["distance"]) == (1, 0)
    assert await manager.did("roundScan", _SCAN, **scan | {"answers": _answers()}) == first
    assert await guard.refused("roundFinish", id=opened["id"]) == {"code": "INVALID", "field": ["leftOut"]}
    light = [{"item": "1", "answer": "OK"}]
    await guard.did("roundScan", _SCAN, **scan | {"code": lobby, "answers": light, "photoId": photos[1]})
    done = await guard.did("roundFinish", _ROUND, id=opened["id"])
    assert (done["state"], done["points"], done["scanned"], done["notOk"]) == ("DONE", 2, 2, 1)

    # What was wrong is a hazard that leads back to the scan.
    hazards = (await manager.ask("{ hazards { nodes { what source scan { id round { id } } } } }"))["hazards"]["nodes"]
    assert [(each["source"], each["scan"]) for each in hazards] == [("ROUND", {"id": first["id"], "round": {"id": opened["id"]}})]
    assert hazards[0]["what"].endswith("Van in the fire lane")

    # The next one is missed: an alert tells of the plan; the one after that is broken off, and makes it no better.
    await _let_pass(opened["id"])
    missed = await guard.did("roundOpen", _ROUND, planId=plan["id"])
    await Round.filter(id=missed["id"]).update(source="PLAN")
    await _let_pass(missed["id"])
    assert await guard.refused("roundStart", id=missed["id"]) == {"code": "ILLEGAL_MOVE", "field": ["id"]}
    (alert,) = (await officer.ask(_ALERTS))["alerts"]["nodes"]
    assert (alert["rule"], alert["state"], alert["subject"]["id"]) == ("fire_safety.check_overdue", "OPEN", plan["id"])
    again = (await guard.did("roundOpen", _ROUND, planId=plan["id"]))["id"]
    await guard.did("roundStart", _ROUND, id=again)
    broken = await guard.did("roundFinish", _ROUND, id=again, leftOut="The lobby is flooded")
    assert (broken["state"], broken["leftOut"]) == ("INCOMPLETE", "The lobby is flooded")
    await find_fire_rounds(now())
    assert (await officer.ask(_ALERTS))["alerts"]["nodes"][0]["state"] == "OPEN"

    # One more is gone to its end, and the alert with it.
    last = (await guard.did("roundOpen", _ROUND, planId=plan["id"]))["id"]
    await guard.did("roundStart", _ROUND, id=last)
    for side, code, answers in ((40, gate, _answers()), (42, lobby, light)):
        photo = await _attach(guard, last, side)
        await guard.did("roundScan", _SCAN, id=last, code=code, answers=answers, photoId=photo, **_GATE)
    await guard.did("roundFinish", _ROUND, id=last)
    await find_fire_rounds(now())
    assert (await officer.ask(_ALERTS))["alerts"]["nodes"][0]["state"] == "CLEARED"
    stats = "query ($plan: ID!) { roundStats(groupBy: [STATE], filter: {plan: {eq: $plan}}) { state count } }"
    counted = {each["state"]: each["count"] for each in (await officer.ask(stats, plan=plan["id"]))["roundStats"]}
    assert counted == {"DONE": 2, "INCOMPLETE": 1, "MISSED": 1, "PLANNED": len(ahead)}
