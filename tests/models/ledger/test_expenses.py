"""What is spent: entered, approved by another where it must be, paid, taken back; and an invoice once."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger import AccountCode, EntryKind, Fund, Line
from domain.refusals import RefusalCode, Refused
from models import Book, Expense, JournalLine, Supplier
from models.calendar import today
from models.connection import query
from models.expenses import (
    ExpenseDraft,
    add_supplier,
    amend,
    amend_supplier,
    approve,
    draft,
    end_supplier,
    pay,
    reject,
    reverse_expense,
    submit,
    withdraw,
)
from models.facts import Actor
from models.ledger import post, set_limit, trial_balance
from models.retention import expire
from settings import Settings
from tests.builders import a_compound, a_ticket
from tests.models.ledger.world import BookWorld, a_book_world
from tests.models.ticket_world import refusal

pytestmark = pytest.mark.usefixtures("database")

_CODE = "91500000MA5U000010"
DAY = timedelta(days=1)


async def _supplier(world: BookWorld, **given: Any) -> Supplier:
    return await add_supplier(world.cashier, world.company.id, "Lift Works Ltd", **given)


def _said(amount: str = "800.00", **given: Any) -> ExpenseDraft:
    values: dict[str, Any] = {"category": ExpenseCategory.LIFT_REPAIR, "what": "New door sensor"}
    return ExpenseDraft(amount=Decimal(amount), **(values | given))


async def _balances(world: BookWorld) -> dict[AccountCode, Decimal]:
    return {each.code: each.balance for each in await trial_balance(world.book.id, today())}


async def test_what_is_small_needs_nobody_and_is_posted_paid_and_taken_back() -> None:
    world = await a_book_world()
    made = await draft(world.cashier, world.book.id, _said())
    assert (made.state, await JournalLine.all().count()) == (ExpenseState.DRAFT, 0)
    made = await submit(world.cashier, made.id, expected_version=1)
    assert (made.state, made.approved_by_id) == (ExpenseState.APPROVED, None)
    assert await _balances(world) == {AccountCode.LIFT: Decimal("800.00"), AccountCode.PAYABLE: Decimal("800.00")}
    assert (await refusal(pay(world.cashier, made.id, paid_on=today() - DAY))).path == ("paid_on",)
    assert (await refusal(pay(world.cashier, made.id, source=AccountCode.COMMON_BANK))).path == ("paid_from",)
    made = await pay(world.cashier, made.id, source=AccountCode.CASH)
    assert (made.state, made.paid_on, made.paid_from) == (ExpenseState.PAID, today(), AccountCode.CASH)
    assert {line.category for line in await JournalLine.filter(code=AccountCode.LIFT)} == {"LIFT_REPAIR"}
    assert (await refusal(reverse_expense(world.cashier, made.id, "Wrong"))).code is RefusalCode.FORBIDDEN
    made = await reverse_expense(world.manager, made.id, "Charged twice")
    assert (made.state, set((await _balances(world)).values())) == (ExpenseState.REVERSED, {Decimal(0)})
    assert (await refusal(reverse_expense(world.manager, made.id, "Again"))).code is RefusalCode.ILLEGAL_MOVE


async def test_what_is_large_waits_for_another_person() -> None:
    world = await a_book_world()
    made = await draft(world.manager, world.book.id, _said("1000.01"))
    made = await submit(world.manager, made.id)
    assert (made.state, await JournalLine.all().count()) == (ExpenseState.SUBMITTED, 0)
    for viewer in (world.manager, world.cashier):
        assert (await refusal(approve(viewer, made.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(pay(world.cashier, made.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await withdraw(world.manager, made.id)).state is ExpenseState.DRAFT
    await submit(world.cashier, made.id)
    assert (await refusal(approve(world.manager, made.id))).code is RefusalCode.FORBIDDEN  # it is theirs
    assert (await reject(world.other_manager, made.id, "Which lift?")).said == "Which lift?"
    made = await amend(world.manager, made.id, _said("1000.01", what="Door sensor of lift 2"))
    await submit(world.manager, made.id)
    at_once = await asyncio.gather(*(approve(world.other_manager, made.id) for _ in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in at_once) == ["Expense", "Refused", "Refused"]
    assert await JournalLine.all().count() == 2
    with pytest.raises(IntegrityError):
        await Expense.filter(id=made.id).update(amount=Decimal("1.00"))
    await set_limit(world.manager, world.book.id, Decimal("0.00"))
    small = await draft(world.cashier, world.book.id, _said("0.01"))
    assert (await submit(world.cashier, small.id)).state is ExpenseState.SUBMITTED


async def test_the_owners_money_is_spent_by_a_vote_or_resolution_and_another_s_approval() -> None:
    world = await a_book_world()
    for fund in (Fund.COMMON_AREA, Fund.MAINTENANCE_FUND):
        assert (await refusal(draft(world.cashier, world.book.id, _said(fund=fund)))).path == ("basis",)
    made = await draft(world.cashier, world.book.id, _said("9.00", fund=Fund.MAINTENANCE_FUND, basis="Vote 2026-3"))
    assert (await submit(world.cashier, made.id)).state is ExpenseState.SUBMITTED
    await approve(world.manager, made.id)
    await pay(world.cashier, made.id)
    assert await _balances(world) == {
        AccountCode.FUND_BANK: Decimal("-9.00"),
        AccountCode.FUND_USE: Decimal("9.00"),
        AccountCode.PAYABLE: Decimal(0),
    }
    assert await JournalLine.filter(owners_compound_id=world.compound.id).count() == 2


async def test_an_invoice_is_entered_once_and_what_looks_the_same_is_looked_at() -> None:
    world = await a_book_world()
    supplier = await _supplier(world, credit_code=_CODE)
    invoice = _said(supplier_id=supplier.id, invoice_number=" e-77 ", invoice_on=today())
    drafts = await asyncio.gather(*(draft(world.cashier, world.book.id, invoice) for _ in range(4)), return_exceptions=True)
    (made,) = [each for each in drafts if isinstance(each, Expense)]
    assert {each.path for each in drafts if isinstance(each, Refused)} == {("invoice_number",)}
    assert made.invoice_number == "E-77"
    await submit(world.cashier, made.id)
    again = await draft(world.cashier, world.book.id, _said(supplier_id=supplier.id))
    again = await submit(world.cashier, again.id)
    assert (again.state, again.alike_id) == (ExpenseState.SUBMITTED, made.id)
    await reverse_expense(world.manager, made.id, "Wrong book")
    assert (await draft(world.cashier, world.book.id, invoice)).state is ExpenseState.DRAFT


async def test_what_cannot_be_is_refused_with_its_field() -> None:
    world = await a_book_world()
    supplier, book = await _supplier(world), world.book.id
    for said, field in (
        (_said("0.00"), "amount"),
        (_said("0.001"), "amount"),
        (_said(what="x"), "what"),
        (_said(spent_on=today() + DAY), "spent_on"),
        (_said(invoice_on=today() + DAY), "invoice_on"),
        (_said(supplier_id="sup_none"), "supplier_id"),
        (_said(ticket_id="tkt_none"), "ticket_id"),
        (_said(work_order_id="wor_none"), "work_order_id"),
    ):
        assert (await refusal(draft(world.cashier, book, said))).path == (field,)
    elsewhere = await a_ticket(await a_compound(world.community))
    here = await a_ticket(world.compound)
    assert (await refusal(draft(world.cashier, book, _said(ticket_id=elsewhere.id)))).path == ("ticket_id",)
    assert (await draft(world.cashier, book, _said(ticket_id=here.id))).ticket_id == here.id
    assert (await refusal(draft(world.member, book, _said()))).code is RefusalCode.NOT_FOUND
    assert (await refusal(draft(world.officer, book, _said()))).code is RefusalCode.FORBIDDEN
    assert (await refusal(_supplier(world))).code is RefusalCode.CONFLICT
    assert (await refusal(_supplier(world, credit_code="91"))).path == ("credit_code",)
    assert (await amend_supplier(world.cashier, supplier.id, "Lift Works", credit_code=_CODE)).version == 2
    late = await draft(world.cashier, book, _said(spent_on=world.book.opened_on - DAY))
    assert (await refusal(submit(world.cashier, late.id))).path == ("booked_on",)
    await end_supplier(world.cashier, supplier.id)
    assert (await refusal(draft(world.cashier, book, _said(supplier_id=supplier.id)))).path == ("supplier_id",)
    assert (await refusal(amend_supplier(world.cashier, supplier.id, "Lifts"))).code is RefusalCode.ILLEGAL_MOVE
    assert await query("SELECT 1 FROM journal_entry") == []


async def test_what_is_eleven_years_old_goes_and_of_the_journal_only_the_homes(database: Settings) -> None:
    world = await a_book_world()
    old = today() - timedelta(days=4_100)
    await Book.filter(id=world.book.id).update(opened_on=old)
    for day in (old, today() - 3_000 * DAY):
        made = await draft(world.cashier, world.book.id, _said(spent_on=day))
        await submit(world.cashier, made.id)
        lines = [Line(AccountCode.CASH, Decimal(5)), Line(AccountCode.PREPAID, credit=Decimal(5), home_id=world.homes[0].id)]
        async with in_transaction():
            await post(Actor("system:test"), world.book.id, EntryKind.PAYMENT, lines, booked_on=day)
    connection = await asyncpg.connect(database.database_url)
    try:
        gone = await expire(connection, datetime.now(UTC), database)
    finally:
        await connection.close()
    assert (gone["expense"], gone["journal_line"]) == (1, 1)
    assert (await Expense.all().count(), await JournalLine.filter(home_id=world.homes[0].id).count()) == (1, 1)
    assert (await JournalLine.all().count(), (await _balances(world))[AccountCode.PREPAID]) == (8, Decimal("10.00"))
