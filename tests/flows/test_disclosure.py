"""A quarter told to the owners of a compound, over HTTP: drafted, given back, published, downloaded, questioned, corrected."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx2
from openpyxl import load_workbook

from domain.access import Role
from domain.organisations import MandateRole, OrganisationKind
from domain.statements.periods import last_over
from models.calendar import today
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_home,
    a_mandate,
    a_street,
    a_unit,
    an_account,
    an_organisation,
)
from tests.waiting import until

from .people import a_person
from .stack import Stack, log_in

_STATEMENTS = """{ statements(first: 5) { nodes { id state edition title sha256 content version
  lines(first: 50) { nodes { id part kind code amount previous was entryCount
    entries(first: 5) { nodes { amount entry { number } } } } }
  questions(first: 5) { nodes { id body answer line { code } } } } } }"""
_MADE = "statement { id state edition version }"


async def test_owners_read_what_came_in_and_went_out_and_ask_about_it(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    office = await a_community_office(community)
    compound = await a_compound(community, name="康桥生活公园")
    company = await a_company_serving(compound)
    committee = await an_organisation(street, kind=OrganisationKind.OWNERS_COMMITTEE, name="业主委员会", compound_id=compound.id)
    await a_mandate(committee, compound, role=MandateRole.REPRESENTS)
    unit = await a_unit(await a_building(compound))
    await stack.start()
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    clerk = await a_person(stack, Role.COMMUNITY_STAFF, place=community, employer=office)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    member = await a_person(stack, Role.COMMITTEE_MEMBER, organisation=committee)
    lives = await an_account(Role.RESIDENT, login="an.owner", password="Correct-horse-7", home=await a_home(unit))
    owner, token = await log_in(stack, lives.login, "Correct-horse-7")
    neighbour = await a_person(stack, Role.RESIDENT, home=await a_home(unit))

    async def read(who: Any) -> list[dict[str, Any]]:
        return (await who.ask(_STATEMENTS))["statements"]["nodes"]

    async def fetched(name: str, bearer: str | None = token) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=stack.url) as client:
            return await client.get(f"/statements/{name}", headers={"authorization": f"Bearer {bearer}"} if bearer else {})

    # The company keeps the books: rent of common ground, and a new gate that it paid for.
    first, last = last_over(today(), 3)
    book = await manager.did(
        "bookOpen",
        "book { id }",
        compoundId=compound.id,
        organisationId=company.id,
        regime="LUMP_SUM",
        openedOn=first.isoformat(),
    )

    async def posted(day: Any, debit: str, credit: str, amount: str) -> None:
        lines = [{"account": debit, "debit": amount}, {"account": credit, "credit": amount}]
        await manager.did(
            "journalPost", "journalEntry { id }", bookId=book["id"], bookedOn=day.isoformat(), lines=lines, text="手工补记"
        )

    await posted(first, "COMMON_BANK", "COMMON_RENT", "3000.00")
    await posted(last, "COMMON_USE", "COMMON_BANK", "1200.50")
    made = await manager.did("statementDraft", _MADE, bookId=book["id"])
    assert (await manager.refused("statementDraft", bookId=book["id"]))["code"] == "CONFLICT"
    assert (await manager.refused("statementSubmit", id=made["id"])) == {"code": "INVALID", "field": ["id"]}
    await manager.did("monthClose", "__typename", bookId=book["id"], month=last.replace(day=1).isoformat())
    await manager.did("statementSubmit", _MADE, id=made["id"])

    # Their committee looks at it, and wants more; no owner sees it yet.
    assert await read(owner) == []
    assert (await fetched(f"{made['id']}.pdf")).status_code == 404
    (seen,) = await read(member)
    assert seen["state"] == "SUBMITTED"
    await member.did("statementReturn", _MADE, id=made["id"], remarks="请核对门禁费用")
    assert await read(member) == []
    await manager.did("statementSubmit", _MADE, id=made["id"])
    await member.did("statementApprove", _MADE, id=made["id"])
    await manager.did("statementPublish", _MADE, id=made["id"])

    # Published, everybody who lives there reads the same, to the character.
    (told,) = await read(owner)
    assert sha256(told["content"].encode()).hexdigest() == told["sha256"]
    lines = {line["code"] or line["kind"]: line for line in told["lines"]["nodes"]}
    assert {name: line["amount"] for name, line in lines.items()} == {
        "OPENING": "0.00",
        "COMMON_RENT": "3000.00",
        "COMMON_USE": "1200.50",
        "CLOSING": "1799.50",
    }
    assert lines["COMMON_USE"]["entries"]["nodes"] == []
    kept = {line["code"]: line for line in (await read(manager))[0]["lines"]["nodes"]}
    assert kept["COMMON_USE"]["entries"]["nodes"] == [{"amount": "1200.50", "entry": {"number": 2}}]
    paper, sheet = await fetched(f"{made['id']}.pdf"), await fetched(f"{made['id']}.xlsx")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    rows: Any = load_workbook(BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True)
    assert 1799.5 in {row[1] for row in rows if len(row) > 1}
    assert [(await fetched(f"{made['id']}.{end}", who)).status_code for end, who in (("pdf", None), ("doc", token))] == [401, 404]
    inbox = 'query { notices(first: 5, filter: {type: {eq: "steward.statement.published.v1"}}) { nodes { title } } }'

    async def heard() -> bool:
        return bool((await neighbour.ask(inbox))["notices"]["nodes"])

    await until(heard, what="the notice")

    # An owner asks; the answer is for all of them, the question's author for nobody.
    ask = "mutation ($input: StatementAskInput!) { statementAsk(input: $input) { question { id } errors { code } } }"
    given = {"id": made["id"], "lineId": lines["COMMON_USE"]["id"], "body": "门禁在哪一栋？"}
    asked = (await owner.ask(ask, input=given))["statementAsk"]
    assert asked["errors"] == []
    await manager.did("statementQuestionAnswer", "question { state }", id=asked["question"]["id"], answer="三号楼。")
    (question,) = (await read(neighbour))[0]["questions"]["nodes"]
    assert (question["body"], question["answer"], question["line"]) == ("门禁在哪一栋？", "三号楼。", {"code": "COMMON_USE"})
    await clerk.did("statementQuestionHide", "question { id }", id=asked["question"]["id"], reason="测试")
    assert (await read(neighbour))[0]["questions"]["nodes"] == []

    # Something was forgotten: the next edition names what changed, and the first stays as it was.
    await manager.did("monthReopen", "__typename", bookId=book["id"], month=last.replace(day=1).isoformat(), why="漏记一笔")
    await posted(last - timedelta(days=1), "COMMON_USE", "COMMON_BANK", "99.50")
    await manager.did("monthClose", "__typename", bookId=book["id"], month=last.replace(day=1).isoformat())
    again = await manager.did("statementCorrect", _MADE, id=made["id"], reason="漏记一笔门禁配件")
    assert again["edition"] == 2
    await manager.did("statementSubmit", _MADE, id=again["id"])
    await member.did("statementApprove", _MADE, id=again["id"])
    await manager.did("statementPublish", _MADE, id=again["id"])
    editions = {each["edition"]: each for each in await read(officer)}
    assert (editions[1]["state"], editions[1]["sha256"]) == ("REPLACED", told["sha256"])
    changed = {line["code"] or line["kind"]: (line["was"], line["amount"]) for line in editions[2]["lines"]["nodes"]}
    assert changed["COMMON_USE"] == ("1200.50", "1300.00")
    assert changed["CLOSING"] == ("1799.50", "1700.00")
