"""Deciding on expenses, paying them, and taking them back."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.expenses import WHAT_MAX, ExpenseMove, ExpenseState, check_other, invalid, moved, paid_from, paid_lines
from domain.ledger import AccountCode, EntryKind
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import record
from models.ledger import JournalEntry, post, reverse
from models.permits import actor_of, permitted, unchanged

from .drafting import post_approved
from .rows import Expense


async def approve(
    viewer: Viewer, expense_id: str, *, booked_on: date | None = None, expected_version: int | None = None
) -> Expense:
    """The expense, approved by another person than those who entered and submitted it, and posted.

    ``booked_on``: the day of the books, default: the day it was spent on. Refuses NOT_FOUND, FORBIDDEN (one's own),
    STALE_VERSION and ILLEGAL_MOVE (its state; a day in a closed month).
    """
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseApprove")
        unchanged(expense.version, expected_version)
        after = moved(expense.state, ExpenseMove.APPROVE)
        check_other(viewer.account_id, expense.drafted_by_id, expense.submitted_by_id)
        expense.state, expense.approved_at, expense.approved_by_id = after, now(), viewer.account_id
        expense.spent_on, expense.version = booked_on or expense.spent_on, expense.version + 1
        await expense.save()
        await record(actor_of(viewer), "expenseApprove", expense, after={"state": expense.state})
        await post_approved(viewer, expense, expense.spent_on)
        return expense


async def reject(viewer: Viewer, expense_id: str, why: str, *, expected_version: int | None = None) -> Expense:
    """The expense, sent back with a reason. Refuses as ``approve`` does, and INVALID (no reason)."""
    reason = written(why, "why", WHAT_MAX, least=2)
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseReject")
        unchanged(expense.version, expected_version)
        after = moved(expense.state, ExpenseMove.REJECT)
        check_other(viewer.account_id, expense.drafted_by_id, expense.submitted_by_id)
        expense.state, expense.said, expense.version = after, reason, expense.version + 1
        await expense.save()
        await record(actor_of(viewer), "expenseReject", expense, after={"state": expense.state})
        return expense


async def pay(
    viewer: Viewer,
    expense_id: str,
    *,
    paid_on: date | None = None,
    source: AccountCode | None = None,
    expected_version: int | None = None,
) -> Expense:
    """The expense, paid on ``paid_on`` (default: today) from ``source`` (default: its fund's bank account), and posted.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID (a day to come or before it was spent; another fund's account) and
    ILLEGAL_MOVE (its state; a closed month).
    """
    day = paid_on or today()
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expensePay")
        unchanged(expense.version, expected_version)
        after = moved(expense.state, ExpenseMove.PAY)
        if not expense.spent_on <= day <= today():
            raise invalid(
                "paid_on",
                Text(f"It cannot have been paid on {day}.", f"付款日期 {day} 无效。"),
                Text(f"Give a day from {expense.spent_on} to today.", f"请填写 {expense.spent_on} 至今天的日期。"),
            )
        account = paid_from(expense.fund, source)
        expense.state, expense.paid_on, expense.paid_from, expense.version = after, day, account, expense.version + 1
        await expense.save()
        await record(actor_of(viewer), "expensePay", expense, after={"state": expense.state})
        lines = paid_lines(account, expense.amount)
        await post(actor_of(viewer), expense.book_id, EntryKind.EXPENSE_PAYMENT, lines, source_id=expense.id, booked_on=day)
        return expense


async def reverse_expense(
    viewer: Viewer, expense_id: str, why: str, *, booked_on: date | None = None, expected_version: int | None = None
) -> Expense:
    """The expense, taken back with a reason: what was posted of it is posted the other way round, the payment included.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID (no reason) and ILLEGAL_MOVE (its state; a closed month).
    """
    reason = written(why, "why", WHAT_MAX, least=2)
    async with in_transaction():
        expense = await permitted(Expense, expense_id, viewer, "expenseReverse")
        unchanged(expense.version, expected_version)
        expense.state = moved(expense.state, ExpenseMove.REVERSE)
        expense.said, expense.version = reason, expense.version + 1
        await expense.save()
        await record(actor_of(viewer), "expenseReverse", expense, after={"state": ExpenseState.REVERSED})
        kinds = [EntryKind.EXPENSE_PAYMENT, EntryKind.EXPENSE]
        for entry in await JournalEntry.filter(source_id=expense.id, kind__in=kinds).order_by("-number"):
            await reverse(actor_of(viewer), entry.id, booked_on=booked_on)
        return expense
