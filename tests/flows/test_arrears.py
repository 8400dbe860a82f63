"""A home that is behind, told through HTTP: reminded, heard, helped, and taken to court; never cut off."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.bills import BillDraft, LineDraft
from domain.ledger import AccountCode, BookRegime
from domain.words import Text
from models import ArrearsCase, Bill, Book, Fact, Home, Organisation
from models.arrears import charge_bills, remind
from models.bills import issue
from models.calendar import today
from models.facts import Actor
from models.ledger import open_book
from models.viewers import viewer_of
from tests.builders import a_building, a_community, a_company_serving, a_compound, a_home, a_street, a_unit, an_account
from tests.models.arrears.world import morning
from tests.waiting import until

from .people import Somebody, a_person
from .stack import Client, Stack

_AGEING = "{ arrearsAgeing { organisationId homes amount bands { band homes amount } } }"
_OWN = """{ reminders { nodes { kind amount payBy message bills } } arrearsCases { nodes { state } }
  bills(filter: {home: {eq: "%s"}}) { nodes { id open } } }"""
_MACHINES = (
    "{ arrearsCases { nodes { id } } reminders { nodes { id } } billDisputes { nodes { id } } courtFiles { nodes { id } } }"
)
_BEHIND = "query ($id: ID!) { homesInArrears(bookId: $id) { homes { homeId caseId } } }"
_STEP = {"kind": "DEMAND", "afterDays": 30, "periodDays": 30}


async def _a_book(company: Organisation, compound_id: str) -> Book:
    manager = await viewer_of((await an_account(Role.COMPANY_MANAGER, organisation=company)).id)
    assert manager is not None
    first = today().replace(year=today().year - 1, month=1, day=1)
    return await open_book(manager, compound_id, company.id, BookRegime.LUMP_SUM, opened_on=first)


async def _a_bill(book: Book, home: Home, amount: str, days: int) -> Bill:
    """So many days past due."""
    due = today() - timedelta(days=days)
    line = LineDraft(AccountCode.SERVICE_INCOME, Text("Service", "物业服务费"), Decimal(amount), due - timedelta(days=30), due)
    async with in_transaction():
        ids = await issue(Actor("system:test"), book, [BillDraft(home.id, [line], due)], issued_on=due - timedelta(days=15))
    return await Bill.get(id=ids[0])


async def _clock(book: Book, home: Home, *days: int) -> None:
    """The clock looks at the home on mornings so many days from now."""
    for day in days:
        async with in_transaction():
            await remind(book.id, [home.id], morning(day))


async def _fetched(client: Client, path: str, method: str = "GET") -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=15) as http:
        return await http.request(method, f"{client.stack.url}{path}", headers=client.headers)


async def test_a_home_that_is_behind_is_reminded_heard_and_taken_to_court_but_never_cut_off(stack: Stack) -> None:
    street = await a_street()
    compound = await a_compound(await a_community(street))
    company = await a_company_serving(compound)
    unit = await a_unit(await a_building(compound))
    homes = [await a_home(unit) for _ in range(3)]
    book = await _a_book(company, compound.id)
    await stack.start()
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    cashier = await a_person(stack, Role.COMPANY_STAFF, organisation=company)
    machine = await a_person(stack, Role.INTEGRATION, organisation=company)
    host = await a_person(stack, Role.RESIDENT, home=homes[0])
    neighbour = await a_person(stack, Role.RESIDENT, home=homes[1])
    oldest, wrong = await _a_bill(book, homes[0], "1000.00", 230), await _a_bill(book, homes[0], "88.00", 230)
    for home in homes[1:]:
        await _a_bill(book, home, "12.00", 20)

    # Nobody is reminded without a ladder, which leaves a reasonable period.
    ladder = "reminderLadder { id steps running }"
    short = [_STEP | {"periodDays": 3}]
    assert await manager.refused("reminderLadderSet", bookId=book.id, steps=short) == {"code": "INVALID", "field": ["steps"]}
    assert await cashier.refused("reminderLadderSet", bookId=book.id) == {"code": "FORBIDDEN", "field": []}
    assert (await manager.did("reminderLadderSet", ladder, bookId=book.id))["running"]
    await _clock(book, homes[0], -220, -190)
    told = await host.ask(_OWN % homes[0].id)
    assert [each["amount"] for each in told["reminders"]["nodes"]] == ["1088.00", "1088.00"]
    assert "异议" in told["reminders"]["nodes"][0]["message"]
    assert (await neighbour.ask(_OWN % homes[0].id))["reminders"]["nodes"] == []
    inbox = await host.ask("{ notices { nodes { type body } } }")
    assert {each["type"] for each in inbox["notices"]["nodes"]} == {"steward.fee.reminder.v1"}
    await _heard_and_helped(book, manager, cashier, host, wrong, homes[0])

    # To court: not before the last demand came and its period is over; what the file says is frozen, and who reads it on record.
    await _clock(book, homes[0], -150, -100)
    case = await ArrearsCase.get(home_id=homes[0].id)
    reminders = (await cashier.ask("{ reminders(first: 1) { nodes { id kind told } } }"))["reminders"]["nodes"]
    assert reminders == [{"id": reminders[0]["id"], "kind": "LAST_DEMAND", "told": 1}]
    paper = {"id": reminders[0]["id"], "way": "REGISTERED_MAIL"}
    assert (await cashier.refused("reminderRecordDelivery", **paper))["field"] == ["slip"]
    await cashier.did("reminderRecordDelivery", "reminder { deliveredWay }", slip="RR 7", **paper)
    file = await manager.did("arrearsHandOver", "courtFile { id amount billCount sha256 }", id=case.id)
    assert (file["amount"], file["billCount"]) == ("1000.00", 1)
    assert (await manager.refused("arrearsHandOver", id=case.id))["code"] == "ILLEGAL_MOVE"
    path = f"/court-files/{file['id']}.html"
    document = await _fetched(manager.client, path)
    assert document.headers["content-type"].startswith("text/html")
    assert hashlib.sha256(document.content).hexdigest() == file["sha256"]
    answers = [(await _fetched(who.client, path)).status_code for who in (officer, neighbour, cashier, host)]
    assert answers == [404, 404, 403, 403]
    assert (await _fetched(stack.client(), path)).status_code == 401
    assert (await _fetched(manager.client, path, "POST")).status_code == 405
    assert await Fact.filter(action="courtFileRead", subject_id=file["id"]).count() == 1

    # The street is told sums over three homes and more; no machine is told anything of a home.
    (sums,) = (await officer.ask(_AGEING))["arrearsAgeing"]
    assert sums == {"organisationId": company.id, "homes": 3, "amount": "1024.00", "bands": None}
    assert all(each["nodes"] == [] for each in (await machine.ask(_MACHINES)).values())
    for who, told in ((cashier, case.id), (machine, None)):
        behind = (await who.ask(_BEHIND, id=book.id))["homesInArrears"]
        assert behind["homes"][0] == {"homeId": homes[0].id, "caseId": told}

    # They live there as before.
    await host.did("visitorPassIssue", "visitorPass { id }", homeId=homes[0].id)
    await host.did("ticketOpen", "ticket { id }", compoundId=compound.id, kind="REPAIR", title="No light on the stairs")
    await _late_fees_and_losses(book, manager, oldest)
    await stack.stop()


async def _heard_and_helped(book: Book, manager: Somebody, cashier: Somebody, host: Somebody, wrong: Bill, home: Home) -> None:
    """A dispute that is right, and a plan that is given up."""
    dispute = "billDispute { id state answer credited }"
    assert (await host.refused("billDisputeOpen", billId=wrong.id, reason="AMOUNT", text=""))["field"] == ["text"]
    opened = await host.did("billDisputeOpen", dispute, billId=wrong.id, reason="AMOUNT", text="面积有误")
    assert (await host.refused("billDisputeUphold", id=opened["id"], text="对"))["code"] == "FORBIDDEN"
    assert (await cashier.did("billDisputeAnswer", dispute, id=opened["id"], text="正在核实"))["state"] == "ANSWERED"
    settled = await manager.did("billDisputeUphold", dispute, id=opened["id"], text="面积确有误")
    assert (settled["state"], settled["credited"]) == ("UPHELD", "88.00")
    assert (await host.refused("billDisputeWithdraw", id=opened["id"]))["code"] == "ILLEGAL_MOVE"
    given: dict[str, Any] = {"bookId": book.id, "homeId": home.id}
    assert (await cashier.refused("instalmentPlanAgree", count=1, **given))["field"] == ["count"]
    parts = [{"dueOn": today().isoformat(), "amount": "999.99"}, {"dueOn": morning(30).date().isoformat(), "amount": "0.02"}]
    assert (await cashier.refused("instalmentPlanAgree", instalments=parts, **given))["field"] == ["instalments"]
    what = "instalmentPlan { id total instalments { nodes { amount } } }"
    plan = await cashier.did("instalmentPlanAgree", what, count=3, **given)
    assert [each["amount"] for each in plan["instalments"]["nodes"]] == ["333.34", "333.33", "333.33"]
    assert (await cashier.did("instalmentPlanCancel", "instalmentPlan { state }", id=plan["id"]))["state"] == "CANCELLED"


async def _late_fees_and_losses(book: Book, manager: Somebody, oldest: Bill) -> None:
    """Late fees by a contract, billed by the workers; and what is lost."""
    assert (await manager.refused("lateFeesCharge", bookId=book.id))["code"] == "ILLEGAL_MOVE"
    terms: dict[str, Any] = {"bookId": book.id, "contractNumber": "WY-2024-7", "cap": "0.05", "startsOn": "2020-01-01"}
    assert (await manager.refused("lateFeeTermsSet", perDay="0.01", **terms))["field"] == ["perDay"]
    await manager.did("lateFeeTermsSet", "lateFeeTerms { id }", perDay="0.0003", **terms)
    await manager.did("lateFeesCharge", "book { id }", bookId=book.id)

    async def three() -> list[str]:
        found = (await manager.ask("{ bills(filter: {kind: {in: [LATE_FEE]}}) { nodes { total } } }"))["bills"]["nodes"]
        return sorted((each["total"] for each in found), key=Decimal) if len(found) == 3 else []

    assert (await until(three, what="late fees"))[-1] == "50.00"
    async with in_transaction():
        assert await charge_bills(Actor("system:test"), book.id, [oldest.id], today() - timedelta(days=1)) == 0
    assert (await manager.refused("billWriteOff", id=oldest.id, reason=""))["field"] == ["reason"]
    assert (await manager.did("billWriteOff", "bill { state open }", id=oldest.id, reason="法院终结执行"))["open"] == "0.00"
