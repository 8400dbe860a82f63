"""The desk of Kangqiao is watched: what is late, what nobody does, what comes back, what many say; told through HTTP alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import connections

from domain.access import Role
from domain.alerts import Severity
from domain.facilities import FacilityKind
from models import Ticket, Work
from models.alerts.caring import look
from models.deadlines import wind_all
from models.tickets.closing import KIND, close_unconfirmed, leave_due
from settings import Settings
from tasks.steward import complaints, repairs
from tests.builders import (
    a_building,
    a_channel,
    a_community,
    a_company_serving,
    a_compound,
    a_facility,
    a_home,
    a_street,
    a_unit,
    an_account,
)

from .people import Somebody, a_person
from .stack import Stack

_ALERTS = """query ($rule: String!) { alerts(filter: {rule: {eq: $rule}, state: {eq: OPEN}}) { nodes {
  id severity message care { standing } subject { __typename
    ... on Ticket { number } ... on Facility { code } ... on Compound { name } ... on ComplaintCluster { category }
  } } } }"""
_MINE = "query ($id: ID!) { node(id: $id) { __typename ... on Ticket { state closesAt rating { score } } } }"
_HEARD = "{ notices(first: 50) { nodes { type } } }"


async def _aged(ticket_id: str, hours: float) -> None:
    """Let all that happened to a ticket have happened so many hours earlier, and its clock be wound."""
    moved = ", ".join(f"{name} = {name} - $2 * interval '1 hour'" for name in ("opened_at", "accepted_at", "resolved_at"))
    await connections.get("default").execute_query(f"UPDATE ticket SET {moved} WHERE id = $1", [ticket_id, float(hours)])
    await wind_all([ticket_id])


async def _checks() -> None:
    """What the clock does every few minutes."""
    now = datetime.now(UTC)
    for check in (repairs.find_late, repairs.find_at_the_desk, repairs.find_failures):
        await check(now)
    for check in (complaints.find_late, complaints.find_clusters, complaints.find_dissatisfied):
        await check(now)
    await look(now + timedelta(minutes=10))


async def _closing(at: datetime, settings: Settings) -> None:
    await leave_due(at, settings)
    for work in await Work.filter(kind=KIND):
        await close_unconfirmed(work.payload["tickets"], at, settings)
        await work.delete()


async def test_the_desk_of_kangqiao_is_watched(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street), name="康桥生活公园")
    company = await a_company_serving(compound)
    lift = await a_facility(compound, kind=FacilityKind.LIFT, code="KQ-24-L1", name="24 栋电梯")
    unit = await a_unit(await a_building(compound))
    await a_channel(company, least_severity=Severity.WARNING)
    await stack.start("api")
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    fitter = await an_account(Role.COMPANY_STAFF, organisation=company)
    neighbours = [await a_person(stack, Role.RESIDENT, home=await a_home(unit)) for _ in range(3)]
    resident = neighbours[0]

    async def found(rule: str, who: Somebody = manager) -> list[dict[str, Any]]:
        await _checks()
        return (await who.ask(_ALERTS, rule=rule))["alerts"]["nodes"]

    async def heard(who: Somebody = manager) -> list[str]:
        return [notice["type"] for notice in (await who.ask(_HEARD))["notices"]["nodes"]]

    async def broken(**more: Any) -> str:
        given = {"compoundId": compound.id, "kind": "REPAIR", "title": "电梯又停了", "facilityId": lift.id, "source": "RESIDENT"}
        return (await resident.did("ticketOpen", "ticket { id }", **(given | more)))["id"]

    async def mended(ticket_id: str) -> None:
        for act in ("ticketStart", "ticketResolve"):
            await manager.did(act, "ticket { id }", id=ticket_id)

    # Nobody takes the repair: its deadline is told, and the alert about it is there to be found, and tells nobody again.
    first = await broken()
    assert await found("repairs.response_late") == []
    await _aged(first, 14 * 24)
    (late,) = await found("repairs.response_late")
    number = (await Ticket.get(id=first)).number
    assert (late["care"], late["subject"]) == ({"standing": "QUIET"}, {"__typename": "Ticket", "number": number})
    assert number in late["message"]
    assert "steward.ticket.breached.v1" in await heard()
    assert not {each for each in await heard() if each.startswith("steward.alert")}
    assert await found("repairs.response_late", resident) == []
    assert (await resident.ask(_MINE, id=late["id"]))["node"] is None

    # It is accepted and then nobody's: that is told, and over when somebody is named.
    await manager.did("ticketAccept", "ticket { id }", id=first)
    await _aged(first, 14 * 24)
    (nobodys,) = await found("repairs.unassigned")
    assert (nobodys["care"]["standing"], nobodys["subject"]["number"]) == ("TOLD", number)
    assert any(each.startswith("steward.alert") for each in await heard())
    await manager.did("ticketAssign", "ticket { id }", id=first, assigneeId=fitter.id)
    assert await found("repairs.unassigned") == []
    assert await found("repairs.response_late") != [], "nobody has been there yet"
    await manager.did("ticketArrive", "ticket { id }", id=first)
    assert await found("repairs.response_late") == []

    # Done, and not done: opened again twice it is told, and over with the work.
    for _ in range(2):
        await mended(first)
        await resident.did("ticketReopen", "ticket { id }", id=first, note="还是会停")
    (again,) = await found("repairs.reopened")
    assert again["subject"]["number"] == number
    await mended(first)
    assert await found("repairs.reopened") == await found("repairs.fix_late") == []

    # The third repair of the same lift in a month speaks of the lift.
    others = [await broken(title=title) for title in ("电梯异响", "电梯困人后复位")]
    (third,) = await found("repairs.third_failure")
    assert (third["subject"], third["severity"]) == ({"__typename": "Facility", "code": "KQ-24-L1"}, "MINOR")
    given = {"ownerId": compound.id, "rule": "repairs.third_failure", "values": {"times": 4}}
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    assert await officer.refused("thresholdSet", **(given | {"values": {"times": 1}})) == {
        "code": "INVALID",
        "field": ["values", "times"],
    }
    await officer.did("thresholdSet", "compound { id }", **given)
    assert await found("repairs.third_failure") == []

    # Nobody says whether the first was done: its reporter is told, may still say no, and rates it after it was closed.
    await _aged(first, 24 * 24)
    now = datetime.now(UTC)
    await _closing(now, stack.settings)
    mine = (await resident.ask(_MINE, id=first))["node"]
    assert mine["state"] == "RESOLVED"
    assert datetime.fromisoformat(mine["closesAt"]) > now + timedelta(days=1.9)
    assert "steward.ticket.closing.v1" in await heard(resident)
    await _closing(now + timedelta(days=3), stack.settings)
    mine = (await resident.ask(_MINE, id=first))["node"]
    assert (mine["state"], mine["closesAt"]) == ("CLOSED", None)
    await resident.did("ticketRate", "ticket { id }", id=first, score=1, reasons=["CAME_BACK"])
    for other in others:
        await resident.did("ticketCancel", "ticket { id }", id=other)

    # Three homes complain of the same: the compound's desk hears of a class of complaints, and no home is named.
    said = {"compoundId": compound.id, "kind": "COMPLAINT", "category": "PARKING", "source": "RESIDENT"}
    filed = [
        (await each.did("ticketOpen", "ticket { id number }", **said, title=f"占道停车 {n}"))
        for n, each in enumerate(neighbours[:2])
    ]
    assert await found("complaints.cluster") == []
    filed.append(await neighbours[2].did("ticketOpen", "ticket { id number }", **said, title="消防通道被占"))
    (cluster,) = await found("complaints.cluster")
    assert cluster["subject"] == {"__typename": "ComplaintCluster", "category": "PARKING"}
    assert "3" in cluster["message"]
    assert not any(each["number"] in cluster["message"] for each in filed)
    assert await found("complaints.cluster", resident) == []
    await _aged(filed[0]["id"], 40 * 24)
    assert await found("complaints.cluster") == []
    (reply,) = await found("complaints.reply_late")
    assert (reply["care"]["standing"], reply["subject"]["number"]) == ("QUIET", filed[0]["number"])

    # Too many of those who rated the work were not content.
    for complaint in filed:
        await manager.did("ticketAccept", "ticket { id }", id=complaint["id"])
        await mended(complaint["id"])
    for each, complaint, score in zip(neighbours, filed, (1, 2, 5), strict=True):
        reasons = {"reasons": ["NOT_SOLVED"]} if score < 3 else {}
        await each.did("ticketRate", "ticket { id }", id=complaint["id"], score=score, **reasons)
    assert await found("complaints.dissatisfied") == []
    few = {"ownerId": compound.id, "rule": "complaints.dissatisfied", "values": {"least_said": 4}}
    await officer.did("thresholdSet", "compound { id }", **few)
    (unhappy,) = await found("complaints.dissatisfied")
    assert unhappy["subject"] == {"__typename": "Compound", "name": "康桥生活公园"}
