"""Entering expenses, and submitting them: what needs nobody's approval is approved at once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.expenses import (
    ALIKE,
    BASIS_MAX,
    NUMBER_MAX,
    WHAT_MAX,
    ExpenseCategory,
    ExpenseMove,
    approved_lines,
    check_basis,
    check_days,
    invalid,
    moved,
    needs_another,
)
from domain.ledger import EntryKind, Fund
from domain.money import fen
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.connection import constrained, query
from models.facts import record
from models.ledger import Book, kept, post
from models.permits import actor_of, found, permitted, unchanged
from models.tickets import Ticket
from models.upkeep import WorkOrder

from .rows import Expense, Supplier
from .suppliers import check_going_on


@dataclass(frozen=True)
class ExpenseDraft:
    """What is said of an expense. ``spent_on``: the day of the books, default: today. ``basis``: of the owners' money."""

    category: ExpenseCategory
    amount: Decimal
    what: str
    fund: Fund = Fund.COMPANY
    spent_on: date | None = None
    supplier_id: str | None = None
    invoice_number: str = ""
    invoice_on: date | None = None
    basis: str = ""
    ticket_id: str | None = None
    work_order_id: str | None = None


#: $1: organisation, $2: the expense itself, $3: supplier, $4: amount, $5: day, $6: days.
_ALIKE = """
SELECT id FROM expense WHERE organisation_id = $1 AND id <> $2 AND supplier_id = $3 AND amount = $4
    AND state IN ('SUBMITTED', 'APPROVED', 'PAID') AND spent_on BETWEEN $5::date - $6::int AND $5::date + $6::int
ORDER BY spent_on DESC, id DESC LIMIT 1
"""


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("This invoice is entered already.", "该发票已录入。"),
        path=("invoice_number",),
        hint=Text("Look for it among the expenses of your organisation.", "请在本单位支出中查找该发票。"),
    )


async def draft(viewer: Viewer, book_id: str, said: ExpenseDraft) -> Expense:
    """An expense that is entered and not yet submitted.

    Refuses NOT_FOUND (also of supplier, ticket, work order), FORBIDDEN, INVALID (amount, text, days; the owners' money without a
    basis; what is of another compound or organisation), ILLEGAL_MOVE (the supplier ended) and CONFLICT (the invoice is there).
    """
    async with in_transaction():
        book = await kept(viewer, book_id, "expenseDraft")
        expense = Expense(
            drafted_at=now(),
            drafted_by_id=viewer.account_id or "",
            book_id=book.id,
            compound_id=book.compound_id,
            organisation_id=book.organisation_id,
            street_id=book.street_id,
        )
        await _write(viewer, expense, said)
        async with constrained(_taken()):
            await expense.save(force_create=True)
        await record(actor_of(viewer), "expenseDraft", expense, after={"category": expense.category})
        return expense


async def amend(viewer: Viewer, expense_id: str, said: ExpenseDraft, *, expected_version: int | None = None) -> Expense:
    """The expense with other contents, a draft again. Refuses as ``draft`` does, and STALE_VERSION and ILLEGAL_MOVE."""
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseAmend")
        unchanged(expense.version, expected_version)
        expense.state = moved(expense.state, ExpenseMove.AMEND)
        await _write(viewer, expense, said)
        expense.drafted_by_id, expense.version = viewer.account_id or "", expense.version + 1
        async with constrained(_taken()):
            await expense.save()
        await record(actor_of(viewer), "expenseAmend", expense, after={"state": expense.state})
        return expense


async def _write(viewer: Viewer, expense: Expense, said: ExpenseDraft) -> None:
    day = said.spent_on or today()
    check_days(said.invoice_on, today())
    if day > today():
        raise invalid(
            "spent_on",
            Text(f"It cannot have been spent on {day}.", f"支出日期 {day} 无效。"),
            Text("Give a day of the books, today or before.", "请填写不晚于今天的记账日期。"),
        )
    expense.category, expense.fund, expense.spent_on = said.category, said.fund, day
    expense.amount = fen(said.amount)
    expense.what = written(said.what, "what", WHAT_MAX, least=2)
    expense.invoice_number = written(said.invoice_number, "invoice_number", NUMBER_MAX, least=0).upper()
    expense.invoice_on = said.invoice_on
    expense.basis = written(said.basis, "basis", BASIS_MAX, least=0)
    check_basis(expense.fund, expense.basis)
    expense.supplier_id, expense.alike_id = None, None
    if said.supplier_id is not None:
        supplier = await found(Supplier, said.supplier_id, viewer, path=("supplier_id",))
        check_going_on(supplier, "supplier_id")
        _check_own(supplier.organisation_id == expense.organisation_id, "supplier_id")
        expense.supplier_id = supplier.id
    expense.ticket_id = await _linked(viewer, Ticket, said.ticket_id, "ticket_id", expense)
    expense.work_order_id = await _linked(viewer, WorkOrder, said.work_order_id, "work_order_id", expense)


async def _linked(
    viewer: Viewer, model: type[Ticket] | type[WorkOrder], row_id: str | None, field: str, expense: Expense
) -> str | None:
    if row_id is None:
        return None
    row = await found(model, row_id, viewer, path=(field,))
    _check_own(row.compound_id == expense.compound_id, field)
    return row.id


def _check_own(own: bool, field: str) -> None:
    if not own:
        raise invalid(
            field,
            Text("It is of another compound or organisation.", "该对象属于其他小区或单位。"),
            Text("Name one of the book's own.", "请选择本账套小区、单位的对象。"),
        )


async def submit(viewer: Viewer, expense_id: str, *, expected_version: int | None = None) -> Expense:
    """The expense, approved and posted at once, or waiting for another person's approval: above the book's limit, out of the
    owners' funds, or where one of the same supplier and amount is near (``alike_id``).

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and ILLEGAL_MOVE (its state; a day in a closed month).
    """
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseSubmit")
        unchanged(expense.version, expected_version)
        book = await Book.get(id=expense.book_id)
        alike = await query(
            _ALIKE,
            expense.organisation_id,
            expense.id,
            expense.supplier_id,
            expense.amount,
            expense.spent_on,
            ALIKE.days,
        )
        expense.alike_id = alike[0]["id"] if alike else None
        waits = needs_another(expense.amount, book.approval_limit, expense.fund, alike=bool(alike))
        expense.state = moved(expense.state, ExpenseMove.SUBMIT if waits else ExpenseMove.PASS)
        expense.submitted_at, expense.submitted_by_id, expense.said = now(), viewer.account_id, ""
        expense.approved_at = None if waits else now()
        expense.version += 1
        await expense.save()
        await record(actor_of(viewer), "expenseSubmit", expense, after={"state": expense.state})
        if not waits:
            await post_approved(viewer, expense, expense.spent_on)
        return expense


async def post_approved(viewer: Viewer, expense: Expense, day: date) -> None:
    """Post what was approved, on ``day``: last in the transaction."""
    lines = approved_lines(expense.category, expense.fund, expense.amount)
    await post(actor_of(viewer), expense.book_id, EntryKind.EXPENSE, lines, source_id=expense.id, booked_on=day)


async def withdraw(viewer: Viewer, expense_id: str, *, expected_version: int | None = None) -> Expense:
    """The expense, a draft again before anybody approved it. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and ILLEGAL_MOVE."""
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseWithdraw")
        unchanged(expense.version, expected_version)
        expense.state = moved(expense.state, ExpenseMove.WITHDRAW)
        expense.submitted_at, expense.submitted_by_id = None, None
        expense.version += 1
        await expense.save()
        await record(actor_of(viewer), "expenseWithdraw", expense, after={"state": expense.state})
        return expense
