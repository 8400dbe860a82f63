"""A resident's complaint from the code on a lift to the call-back, told through HTTP alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import connections

from domain.access import Role
from domain.facilities import FacilityKind
from domain.organisations import MandateRole, OrganisationKind
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_facility,
    a_home,
    a_mandate,
    a_street,
    a_ticket,
    a_unit,
    an_account,
    an_organisation,
)
from tests.waiting import until

from .stack import Client, Stack, log_in

PASSWORD = "Correct-horse-1"
_REPORT = {"title": "3栋电梯老是坏，没人维护", "description": "电梯停运三天，老人上下楼困难。"}
_SCAN = "query ($code: String!) { facility(code: $code) { id kind compound { id } } }"
_SUGGEST = """query ($i: TicketSuggestionInput!) { ticketSuggestion(input: $i) {
  kinds { kind } categories { category score cues } priority { priority } duplicates { ticketId number score } why
} }"""
_TICKET = """query ($id: ID!) { node(id: $id) { ... on Ticket {
  state source category routing reopenedCount organisation { id } assignee { id } proposedAssignee { id }
  parties { nodes { organisation { id } signedOffAt } } links { nodes { kind other { id } } }
  rating { score reasons note } callBacks { nodes { id state } }
  history(first: 50) { nodes { action } }
} } }"""


async def _act(client: Client, field: str, selection: str = "ticket { id }", **given: Any) -> dict[str, Any]:
    kind = field[0].upper() + field[1:] + "Input"
    query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} errors {{ code field message hint }} }} }}"
    return (await client.ask(query, i=given))[field]


async def _done(client: Client, field: str, selection: str = "ticket { id }", **given: Any) -> dict[str, Any]:
    answer = await _act(client, field, selection, **given)
    assert answer["errors"] == [], (field, answer)
    return answer


async def _refused(client: Client, field: str, code: str, path: list[str] | None = None, **given: Any) -> dict[str, Any]:
    (error,) = (await _act(client, field, "__typename", **given))["errors"]
    assert error["code"] == code, error
    assert path is None or error["field"] == path, error
    assert error["hint"] or code == "FORBIDDEN"
    return error


async def test_a_complaint_from_the_scanned_code_to_the_call_back(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    office = await a_community_office(community)
    compound = await a_compound(community)
    company = await a_company_serving(compound)
    committee = await an_organisation(street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, compound, role=MandateRole.REPRESENTS)
    home = await a_home(await a_unit(await a_building(compound)))
    lift = await a_facility(compound, kind=FacilityKind.LIFT, code="LIFT-24")
    made = {
        name: await an_account(role, login=f"the.{name}", password=PASSWORD, **bound)
        for name, role, bound in (
            ("resident", Role.RESIDENT, {"home": home}),
            ("manager", Role.COMPANY_MANAGER, {"organisation": company}),
            ("busy", Role.COMPANY_STAFF, {"organisation": company}),
            ("idle", Role.COMPANY_STAFF, {"organisation": company}),
            ("member", Role.COMMITTEE_MEMBER, {"organisation": committee}),
            ("clerk", Role.COMMUNITY_STAFF, {"place": community}),
            ("officer", Role.STREET_OFFICER, {"place": street}),
        )
    }
    earlier = await a_ticket(compound, state="IN_PROGRESS", title="3栋电梯停运", facility_id=lift.id, assignee_id=made["busy"].id)
    await stack.start()
    names = ("resident", "manager", "idle", "member", "clerk", "officer")
    resident, manager, idle, member, clerk, officer = [(await log_in(stack, f"the.{name}", PASSWORD))[0] for name in names]

    # two people of the company are on duty
    now = datetime.now(UTC)
    for name in ("busy", "idle"):
        given = {"organisationId": company.id, "name": f"Desk of {name}", "level": "DUTY"}
        roster = (await _done(manager, "dutyRosterCreate", "roster { id }", **given))["roster"]
        times = {"startsAt": (now - timedelta(hours=1)).isoformat(), "endsAt": (now + timedelta(hours=8)).isoformat()}
        await _done(manager, "dutyShiftAdd", "shift { id }", rosterId=roster["id"], accountId=made[name].id, **times)

    # the resident scans the code, is suggested a category, and reports
    scanned = (await resident.ask(_SCAN, code="LIFT-24"))["facility"]
    about = {"compoundId": scanned["compound"]["id"], "facilityId": scanned["id"]}
    suggested = (await resident.ask(_SUGGEST, i={**about, **_REPORT, "kind": "COMPLAINT"}))["ticketSuggestion"]
    assert suggested["categories"][0]["category"] == "FACILITY_UPKEEP"
    assert "电梯" in suggested["categories"][0]["cues"]
    assert suggested["duplicates"] == []
    report = {**about, **_REPORT, "kind": "COMPLAINT", "source": "QR"}
    await _refused(resident, "ticketOpen", "INVALID", ["category"], **report, category="LIFT")
    await _refused(resident, "ticketOpen", "INVALID", ["facilityId"], **{**report, "facilityId": None})
    await _refused(resident, "ticketOpen", "INVALID", ["source"], **{**report, "source": "HOTLINE", "caseNumber": "1"})
    opened = await _done(resident, "ticketOpen", **report, category=suggested["categories"][0]["category"])
    id_ = opened["ticket"]["id"]

    async def ticket(client: Client = manager) -> dict[str, Any]:
        return (await client.ask(_TICKET, id=id_))["node"]

    # it goes to the company, to whoever of those on duty has the fewest open tickets, and says why
    routed = await ticket()
    assert (routed["source"], routed["category"]) == ("QR", "FACILITY_UPKEEP")
    assert (routed["organisation"], routed["proposedAssignee"]) == ({"id": company.id}, {"id": made["idle"].id})
    assert "当前值班 2 人，建议由未结工单最少（0 件）的人员处理" in routed["routing"]
    found = (await clerk.ask(_SUGGEST, i={"ticketId": id_}))["ticketSuggestion"]
    assert [each["ticketId"] for each in found["duplicates"]] == [earlier.id]
    await _done(clerk, "ticketLink", id=id_, otherId=earlier.id, kind="CAUSED_BY")
    await _refused(clerk, "ticketLink", "CONFLICT", ["otherId"], id=earlier.id, otherId=id_, kind="PART_OF")
    assert (await ticket())["links"]["nodes"] == [{"kind": "CAUSED_BY", "other": {"id": earlier.id}}]
    assert (await ticket(resident))["links"]["nodes"] == [{"kind": "CAUSED_BY", "other": None}]

    # the company and the owners handle it together
    await _done(manager, "ticketAccept", id=id_)
    await _done(manager, "ticketAssign", id=id_)
    assert (await ticket())["assignee"] == {"id": made["idle"].id}
    await _done(idle, "ticketStart", id=id_)
    await _refused(clerk, "ticketPartyAdd", "NOT_FOUND", ["organisationId"], id=id_, organisationId=street.id)
    await _done(officer, "ticketPartyAdd", "party { signOff }", id=id_, organisationId=committee.id)
    await _done(officer, "ticketPartyAdd", "party { signOff }", id=id_, organisationId=office.id, signOff=False)
    error = await _refused(idle, "ticketResolve", "ILLEGAL_MOVE", id=id_)
    assert committee.name in error["message"]
    await _refused(idle, "ticketSignOff", "INVALID", ["id"], id=id_)
    await _done(member, "ticketSignOff", id=id_, note="现场已确认。")
    await _done(idle, "ticketResolve", id=id_, note="已更换门机。")

    # the resident is not content, says why, once, and has it opened again
    await _refused(resident, "ticketRate", "INVALID", ["reasons"], id=id_, score=1)
    await _refused(manager, "ticketRate", "FORBIDDEN", id=id_, score=5)
    await _done(
        resident, "ticketRate", "rating { score }", id=id_, score=2, reasons=["NOT_SOLVED", "SLOW"], note="门还是关不上。"
    )
    await _refused(resident, "ticketRate", "CONFLICT", id=id_, score=5)
    assert (await ticket())["rating"] == {"score": 2, "reasons": ["NOT_SOLVED", "SLOW"], "note": "门还是关不上。"}
    await _done(resident, "ticketReopen", id=id_, note="又停了。")
    again = await ticket()
    assert (again["state"], again["reopenedCount"]) == ("ACCEPTED", 1)
    await _done(idle, "ticketStart", id=id_)
    await _refused(idle, "ticketResolve", "ILLEGAL_MOVE", id=id_)
    await _done(member, "ticketSignOff", id=id_)
    await _done(idle, "ticketResolve", id=id_)
    await _done(resident, "ticketConfirm", id=id_)

    # a day later the dissatisfied are drawn for a call-back; and after the period nobody opens it again
    database = connections.get("default")
    aged = "UPDATE ticket SET opened_at = opened_at - $2::interval, closed_at = closed_at - $2::interval WHERE id = $1"
    await database.execute_query(aged, [id_, timedelta(days=1)])
    await _done(officer, "checkRun", "check { name }", name="tickets.call_backs")

    async def drawn() -> str | None:
        nodes = (await ticket())["callBacks"]["nodes"]
        return nodes[0]["id"] if nodes else None

    call = await until(drawn, what="the sample of the day")
    await _refused(manager, "callBackRecord", "FORBIDDEN", id=call, outcome="SATISFIED")
    told = await _done(
        clerk, "callBackRecord", "callBack { state outcome score }", id=call, outcome="SATISFIED", score=4, note="已恢复。"
    )
    assert told["callBack"] == {"state": "DONE", "outcome": "SATISFIED", "score": 4}
    await database.execute_query(aged, [id_, timedelta(days=30)])
    error = await _refused(resident, "ticketReopen", "ILLEGAL_MOVE", id=id_)
    assert "15 天" in error["message"]
    done = [fact["action"] for fact in (await ticket())["history"]["nodes"]]
    assert {"ticketLink", "ticketPartyAdd", "ticketSignOff", "ticketRate", "ticketReopen"} <= set(done)
