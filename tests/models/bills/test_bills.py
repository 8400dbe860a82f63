"""Bills: issued many at once and posted, never changed, taken back by credit notes; the database keeps every sum."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from domain.bills import BillDraft, BillState, CreditKind, LineDraft
from domain.ledger import AccountCode
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import Bill, BillLine, CreditNote, CreditNoteLine, JournalEntry, JournalLine
from models.bills import credit, issue
from models.bills.withdrawing import withdraw
from models.calendar import now, today
from models.connection import query
from models.facts import Actor
from models.retention import expire
from settings import Settings
from tests.builders import a_home
from tests.models.ledger.world import BookWorld, a_book_world

SYSTEM = Actor("system:test")
D = Decimal
_COPIED = "account, description, period_from, period_to, quantity, unit, unit_price, factor, amount"
_OF_THE_BILL = "bill_id, home_id, compound_id, organisation_id, street_id"
_ONE_MORE = f"""
INSERT INTO bill_line (id, number, {_COPIED}, {_OF_THE_BILL}) SELECT 'bln_x', 9, {_COPIED}, {_OF_THE_BILL} FROM bill_line LIMIT 1
"""


def a_line(amount: str, account: AccountCode = AccountCode.SERVICE_INCOME, **how: date) -> LineDraft:
    given = {"period_from": date(2026, 10, 1), "period_to": date(2026, 10, 31)} | how
    return LineDraft(account, Text("Fee", "物业费"), D(amount), given["period_from"], given["period_to"])


def a_draft(home_id: str, *lines: LineDraft) -> BillDraft:
    return BillDraft(
        home_id, lines or (a_line("100.00"), a_line("20.50", AccountCode.PARKING_INCOME)), today() + timedelta(days=15)
    )


async def issued(world: BookWorld, *drafts: BillDraft) -> list[Bill]:
    async with in_transaction():
        ids = await issue(SYSTEM, world.book, drafts)
    return [await Bill.get(id=id_) for id_ in ids]


async def balances(world: BookWorld) -> dict[str, Decimal]:
    rows = await query(
        "SELECT code, sum(debit - credit) AS balance FROM journal_line WHERE book_id = $1 GROUP BY code", world.book.id
    )
    return {row["code"]: row["balance"] for row in rows}


async def test_bills_are_numbered_posted_in_one_entry_and_what_is_open_follows(database: None) -> None:
    world = await a_book_world()
    one, two = await issued(world, *(a_draft(home.id) for home in world.homes[:2]))
    assert [(bill.number, bill.total, bill.open, bill.state) for bill in (one, two)] == [
        (1, D("120.50"), D("120.50"), BillState.OPEN),
        (2, D("120.50"), D("120.50"), BillState.OPEN),
    ]
    (entry,) = await JournalEntry.all()
    owed = await JournalLine.filter(entry_id=entry.id, code=AccountCode.RECEIVABLE).order_by("bill_id")
    assert [(line.home_id, line.bill_id, line.debit) for line in owed] == [
        (bill.home_id, bill.id, D("120.50")) for bill in sorted((one, two), key=lambda bill: bill.id)
    ]
    assert await balances(world) == {"RECEIVABLE": D(241), "SERVICE_INCOME": D(-200), "PARKING_INCOME": D(-41)}
    await query("UPDATE bill SET paid = 20 WHERE id = $1", one.id)
    assert (await Bill.get(id=one.id)).state is BillState.PART_PAID
    await query("UPDATE bill SET paid = 120.50 WHERE id = $1", one.id)
    assert (await Bill.get(id=one.id)).state is BillState.PAID
    assert (await issued(world, a_draft(world.homes[2].id)))[0].number == 3


async def test_a_credit_note_takes_back_lines_or_a_share_of_what_stands(database: None) -> None:
    world = await a_book_world()
    (bill,) = await issued(world, a_draft(world.homes[0].id, a_line("10.00"), a_line("10.00"), a_line("10.00")))
    first, *_ = await BillLine.filter(bill_id=bill.id).order_by("number")
    async with in_transaction():
        note = await credit(SYSTEM, bill, CreditKind.WAIVER, "It was cold", lines={first.id: D(4)})
    async with in_transaction():
        bill = await Bill.select_for_update().get(id=bill.id)
        await credit(SYSTEM, bill, CreditKind.WAIVER, "And long", amount=D("0.10"))
    assert [line.amount for line in await CreditNoteLine.filter(credit_note_id=note.id)] == [D(4)]
    assert sum(line.credited for line in await BillLine.all()) == D("4.10") == (await Bill.get(id=bill.id)).credited
    async with in_transaction():
        bill = await Bill.select_for_update().get(id=bill.id)
        await credit(SYSTEM, bill, CreditKind.REVERSAL, "All wrong")
    kept = await Bill.get(id=bill.id)
    assert (kept.state, kept.open) == (BillState.CREDITED, D(0))
    assert [note.number for note in await CreditNote.all().order_by("number")] == [1, 2, 3]
    assert all(line.withdrawn for line in await BillLine.all())
    assert set((await balances(world)).values()) == {D(0)}


async def test_what_is_lost_goes_to_bad_debt_and_its_period_is_not_billed_again(database: None) -> None:
    world = await a_book_world()
    (bill,) = await issued(world, a_draft(world.homes[0].id))
    async with in_transaction():
        await credit(SYSTEM, bill, CreditKind.WRITE_OFF, "Gone abroad", amount=D("100"))
    assert (await balances(world))["BAD_DEBT"] == D(100)
    assert (await Bill.get(id=bill.id)).open == D("20.50")
    assert not await BillLine.filter(credited__gt=0).exists()


async def test_many_bills_are_taken_back_at_once(database: None) -> None:
    world = await a_book_world()
    bills = await issued(world, *(a_draft(home.id) for home in world.homes))
    async with in_transaction():
        await withdraw(SYSTEM, sorted(bills, key=lambda bill: bill.id), "The wrong month")
    assert {bill.state for bill in await Bill.all()} == {BillState.CREDITED}
    assert {note.number for note in await CreditNote.all()} == {1, 2, 3}
    assert set((await balances(world)).values()) == {D(0)}
    assert await JournalEntry.all().count() == 2


async def test_bills_that_cannot_be_are_refused(database: None) -> None:
    world = await a_book_world()
    elsewhere, (home, *_) = await a_home(), world.homes
    late = today() + timedelta(days=400)
    for draft, field in (
        (BillDraft(home.id, (), today()), "lines"),
        (a_draft(home.id, a_line("0.00")), "amount"),
        (a_draft(home.id, a_line("1.005")), "amount"),
        (a_draft(home.id, a_line("1.00", period_to=date(2026, 9, 30))), "period_to"),
        (BillDraft(home.id, (a_line("1.00"),), late), "due_on"),
        (BillDraft(home.id, (a_line("1.00"),), today() - timedelta(days=1)), "due_on"),
        (a_draft(elsewhere.id), "home_id"),
    ):
        with pytest.raises(Refused) as refused:
            await issued(world, draft)
        assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))
    (bill,) = await issued(world, a_draft(home.id))
    line = await BillLine.filter(bill_id=bill.id).order_by("number").first()
    assert line
    in_vain: list[tuple[dict[str, Any], RefusalCode, str]] = [
        ({"amount": D("120.51")}, RefusalCode.INVALID, "amount"),
        ({"amount": D(0)}, RefusalCode.INVALID, "amount"),
        ({"lines": {line.id: D("100.01")}}, RefusalCode.INVALID, "lines"),
        ({"lines": {"bln_other": D(1)}}, RefusalCode.INVALID, "lines"),
        ({"lines": {}}, RefusalCode.INVALID, "amount"),
    ]
    for how, code, field in in_vain:
        with pytest.raises(Refused) as refused:
            async with in_transaction():
                await credit(SYSTEM, bill, CreditKind.WAIVER, "Why", **how)
        assert (refused.value.code, refused.value.path) == (code, (field,))
    await query("UPDATE bill SET paid = 100 WHERE id = $1", bill.id)
    with pytest.raises(Refused) as refused:
        async with in_transaction():
            await credit(SYSTEM, await Bill.get(id=bill.id), CreditKind.WAIVER, "Why", amount=D("20.51"))
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    assert await JournalEntry.all().count() == 1


async def test_the_database_lets_no_bill_be_changed_overpaid_or_lost(database: None) -> None:
    world = await a_book_world()
    (bill,) = await issued(world, a_draft(world.homes[0].id))
    async with in_transaction():
        await credit(SYSTEM, bill, CreditKind.WAIVER, "Some", amount=D(10))
    for statement in (
        "UPDATE bill SET total = 200",
        "UPDATE bill SET due_on = due_on + 1",
        "UPDATE bill SET paid = 110.51",
        "UPDATE bill SET paid = -1",
        "UPDATE bill SET credited = 0",
        "DELETE FROM bill",
        "UPDATE bill_line SET amount = 1",
        "UPDATE bill_line SET credited = 0",
        "UPDATE bill_line SET withdrawn = true",
        "DELETE FROM bill_line",
        "UPDATE credit_note SET amount = 1",
        "DELETE FROM credit_note",
        "DELETE FROM credit_note_line",
        _ONE_MORE,
    ):
        with pytest.raises(BaseORMException):
            await query(statement)


async def test_two_tills_at_once_give_every_bill_a_number_of_its_own(database: None) -> None:
    world = await a_book_world()
    await asyncio.gather(*(issued(world, a_draft(home.id)) for home in world.homes * 3))
    assert sorted(bill.number for bill in await Bill.all()) == list(range(1, 10))
    assert (await balances(world))["RECEIVABLE"] == sum(bill.open for bill in await Bill.all())


async def test_a_bill_goes_with_all_of_it_when_it_was_kept_long_enough(database: None, settings: Settings) -> None:
    world = await a_book_world()
    (bill,) = await issued(world, a_draft(world.homes[0].id))
    async with in_transaction():
        await credit(SYSTEM, bill, CreditKind.WAIVER, "Some", amount=D(10))
    await query("ALTER TABLE bill DISABLE TRIGGER bill_frozen")
    await query("UPDATE bill SET issued_on = issued_on - 4022, due_on = due_on - 4022")
    connection = await asyncpg.connect(settings.database_url)
    try:
        gone = await expire(connection, now(), settings)
    finally:
        await connection.close()
    assert gone["bill"] == 1
    assert not any([await model.exists() for model in (Bill, BillLine, CreditNote, CreditNoteLine)])
