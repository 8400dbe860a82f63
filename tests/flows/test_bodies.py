"""Kangqiao's year, told through HTTP alone: a branch is founded, a committee elected, a company chosen that takes over from the
developer's with its tickets, and the chair followed by another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.access import Role
from models.calendar import today
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_home,
    a_street,
    a_unit,
    an_account,
    an_organisation,
)
from tests.waiting import until

from .stack import Client, Stack, log_in

PASSWORD = "Correct-horse-1"
_DAY = timedelta(days=1)
_TICKET = "query ($id: ID!) { node(id: $id) { ... on Ticket { state organisation { name } routing } } }"
_WHO = """query ($id: ID!, $day: Date!) { node(id: $id) { ... on Organisation { termEndsOn
  offices(filter: {startsOn: {lte: $day}, lastsTo: {gte: $day}}) { nodes { kind holder howEnded } } } } }"""
_COMPOUND = """query ($id: ID!, $day: Date!) { node(id: $id) { ... on Compound {
  mandates(filter: {startsOn: {lte: $day}, lastsTo: {gte: $day}}) { nodes { role service basis basisNumber organisation { name }
    handover { missing fromSignedAt toSignedAt toOrganisation { name } } } } } } }"""


async def _act(client: Client, field: str, selection: str, /, **given: Any) -> dict[str, Any]:
    kind = field[0].upper() + field[1:] + "Input"
    query = f"mutation ($i: {kind}!) {{ {field}(input: $i) {{ {selection} errors {{ code field message hint }} }} }}"
    return (await client.ask(query, i=given))[field]


async def _done(client: Client, field: str, selection: str, /, **given: Any) -> Any:
    answer = await _act(client, field, selection, **given)
    assert answer["errors"] == [], (field, answer)
    return answer[selection.split(" ", maxsplit=1)[0]]


async def _refused(client: Client, field: str, code: str, path: list[str], /, **given: Any) -> None:
    (error,) = (await _act(client, field, "__typename", **given))["errors"]
    assert (error["code"], error["field"]) == (code, path), error
    assert error["hint"]


async def test_a_branch_a_committee_a_new_company_and_another_chair(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    await a_community_office(community)
    compound = await a_compound(community, name="康桥生活公园")
    old = await a_company_serving(compound, name="开发单位物业部")
    new = await an_organisation(street, name="新物业公司")
    home = await a_home(await a_unit(await a_building(compound)))
    people: list[tuple[str, Role, dict[str, Any]]] = [
        ("officer", Role.STREET_OFFICER, {"place": street}),
        ("resident", Role.RESIDENT, {"home": home}),
        ("old", Role.COMPANY_MANAGER, {"organisation": old}),
        ("new", Role.COMPANY_MANAGER, {"organisation": new}),
    ]
    for name, role, bound in people:
        await an_account(role, login=f"the.{name}", password=PASSWORD, **bound)
    await stack.start()
    officer, resident, leaves, comes = [
        (await log_in(stack, f"the.{name}", PASSWORD))[0] for name in ("officer", "resident", "old", "new")
    ]
    day, last = today(), today() - _DAY

    def at(when: date) -> str:
        return when.isoformat()

    # a functional Party branch guides the compound
    own = {"placeId": community.id, "compoundId": compound.id}
    given = {**own, "kind": "PARTY_BRANCH", "code": "KQ-PB", "name": "康桥功能型党支部", "functional": True}
    branch = (await _done(officer, "organisationCreate", "organisation { id }", **given))["id"]
    await _refused(officer, "organisationCreate", "CONFLICT", ["code"], **given)
    guides = {"organisationId": branch, "compoundId": compound.id, "role": "GUIDES", "basis": "APPOINTMENT"}
    await _done(officer, "mandateStart", "mandate { id }", **guides)
    await _done(officer, "officeFill", "office { id }", organisationId=branch, kind="SECRETARY", holder="周书记")

    # the owners elect their committee
    given = {**own, "kind": "OWNERS_COMMITTEE", "code": "KQ-OC", "name": "康桥业主委员会"}
    committee = (await _done(officer, "organisationCreate", "organisation { id }", **given))["id"]
    represents = {"organisationId": committee, "compoundId": compound.id, "role": "REPRESENTS", "basis": "FILING"}
    await _done(officer, "mandateStart", "mandate { id }", **represents)
    elected = [{"kind": "CHAIR", "holder": "王小明"}, {"kind": "MEMBER", "holder": "李四"}]
    term = {"organisationId": committee, "heldOn": at(day - 9 * _DAY)}
    ends = {"termEndsOn": at(day + 1000 * _DAY)}
    await _refused(officer, "electionHold", "INVALID", ["termEndsOn"], **term, elected=elected, termEndsOn=at(day - 99 * _DAY))
    await _refused(officer, "electionHold", "INVALID", ["elected", "1", "kind"], **term, **ends, elected=[elected[0]] * 2)
    await _done(officer, "electionHold", "election { id }", **term, **ends, elected=elected)

    # a company is chosen by contract; the developer's own leaves with a ticket in hand
    report = {"compoundId": compound.id, "kind": "REPAIR", "title": "24栋电梯停运"}
    ticket = (await _done(resident, "ticketOpen", "ticket { id }", **report))["id"]
    assert (await resident.ask(_TICKET, id=ticket))["node"]["organisation"]["name"] == "开发单位物业部"
    contract = {"basis": "CONTRACT", "basisNumber": "KQ-2023-1", "basisOn": at(last)}
    serves = {"organisationId": new.id, "compoundId": compound.id, "role": "SERVES", "startsOn": at(day)}
    await _refused(officer, "mandateStart", "CONFLICT", ["startsOn"], **serves, **contract)
    (former,) = [
        each["id"]
        for each in (await officer.ask("{ mandates(filter: {service: {eq: FULL}}) { nodes { id } } }"))["mandates"]["nodes"]
    ]
    await _done(officer, "mandateEnd", "mandate { id }", id=former, endsOn=at(last))
    await _done(officer, "mandateStart", "mandate { id }", **serves, **contract)
    handed = {"id": former, "handed": ["KEYS", "ARCHIVES"], "openPoints": "资金账册三日内移交"}
    handover = (await _done(officer, "mandateHandOver", "handover { id }", **handed))["id"]
    for side in (leaves, comes):
        await _done(side, "handoverSign", "handover { id }", id=handover)

    async def taken_over() -> bool:
        return (await resident.ask(_TICKET, id=ticket))["node"]["organisation"]["name"] == "新物业公司"

    await until(taken_over, what="the ticket with the new company")
    found = (await officer.ask(_COMPOUND, id=compound.id, day=at(last)))["node"]["mandates"]["nodes"]
    (before,) = [each for each in found if each["service"] == "FULL"]
    assert (before["organisation"]["name"], before["handover"]["toOrganisation"]["name"]) == ("开发单位物业部", "新物业公司")
    assert "FUND_BOOKS" in before["handover"]["missing"]
    assert before["handover"]["fromSignedAt"]
    assert before["handover"]["toSignedAt"]
    found = (await officer.ask(_COMPOUND, id=compound.id, day=at(day)))["node"]["mandates"]["nodes"]
    assert [each["basisNumber"] for each in found if each["service"] == "FULL"] == ["KQ-2023-1"]

    # the chair resigns; another is elected in between; who it was on any day can still be read
    who = (await officer.ask(_WHO, id=committee, day=at(last)))["node"]
    assert who["termEndsOn"] == ends["termEndsOn"]
    assert {(each["kind"], each["holder"]) for each in who["offices"]["nodes"]} == {("CHAIR", "王小明"), ("MEMBER", "李四")}
    query = "{ offices(filter: {kind: {eq: CHAIR}}) { nodes { id } } }"
    ((chair,),) = [[each["id"] for each in (await officer.ask(query))["offices"]["nodes"]]]
    follows = {"organisationId": committee, "kind": "CHAIR", "holder": "赵六"}
    await _refused(officer, "officeFill", "CONFLICT", ["startsOn"], **follows)
    await _done(officer, "officeEnd", "office { id }", id=chair, how="RESIGNED", endsOn=at(last), note="家中有事")
    await _done(officer, "officeFill", "office { id }", **follows)
    now = (await resident.ask(_WHO, id=committee, day=at(day)))["node"]["offices"]["nodes"]
    assert {(each["kind"], each["holder"]) for each in now} == {("CHAIR", "赵**"), ("MEMBER", "李**")}
