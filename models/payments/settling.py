"""What of a payment goes to which bill: the one place where bills become paid, and cease to be.

All of it happens in the caller's transaction, with the payment's row held; bills are held in the order of their ids. What is to
be posted is answered, for posting comes last.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.ledger import AccountCode, EntryKind
from domain.payments import NOTHING, OpenBill, PaymentMethod, allocate
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.facts import Actor
from models.ids import new_id
from models.ledger import Book, Line, post

from .rows import Allocation, Payment

#: Where money lies that came in this way.
MONEY_ON = {
    PaymentMethod.CASH: AccountCode.CASH,
    PaymentMethod.TRANSFER: AccountCode.BANK,
    PaymentMethod.BANK_FILE: AccountCode.BANK,
    PaymentMethod.ONLINE: AccountCode.ONLINE,
}

_CHOSEN = "SELECT id, number, due_on, open, book_id, home_id FROM bill WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE"
_OPEN = """
SELECT id, number, due_on, open, book_id, home_id FROM bill WHERE book_id = $1 AND home_id = $2 AND open > 0
ORDER BY id FOR NO KEY UPDATE
"""
#: $1: bills, $2: what is added to what they have been paid.
_PAID = """
UPDATE bill b SET paid = b.paid + given.amount FROM unnest($1::text[], $2::numeric[]) AS given (id, amount) WHERE b.id = given.id
"""
_ALLOCATE = """
INSERT INTO payment_allocation
    (id, amount, bill_id, payment_id, made_at, book_id, home_id, compound_id, organisation_id, street_id)
SELECT made.id, made.amount, made.bill_id, $4, $5, $6, $7, $8, $9, $10
FROM unnest($1::text[], $2::numeric[], $3::text[]) AS made (id, amount, bill_id)
"""
_LEFT = "UPDATE payment SET allocated = allocated + $2, version = version + 1 WHERE id = $1"
_CLOSED = """
SELECT b.opened_on > $2::date OR coalesce(b.closed_on < $2::date, false)
    OR EXISTS (
        SELECT FROM ledger_period p
        WHERE p.book_id = b.id AND p.reopened_at IS NULL AND p.month >= date_trunc('month', $2::date)
    ) AS closed
FROM book b WHERE b.id = $1
"""


async def booking_day(book_id: str, day: date) -> date:
    """On which day something of ``day`` is booked: on that one, or today where the book takes nothing of it any more."""
    return today() if (await query(_CLOSED, book_id, day))[0]["closed"] else day


def owed_to(payment: Payment, *, debit: Decimal = NOTHING, credit: Decimal = NOTHING) -> Line:
    """The line for money that is the home's and went to no bill, or that is in suspense."""
    if payment.home_id is None:
        return Line(AccountCode.SUSPENSE, debit, credit)
    return Line(AccountCode.PREPAID, debit, credit, home_id=payment.home_id)


async def settle(payment: Payment, bill_ids: Sequence[str] | None, *, strict: bool = True) -> list[Line]:
    """Let what is left of the payment go to bills of its home: the chosen ones in their order, or (None) those due first.

    ``strict``: refuses CONFLICT where a chosen bill has nothing open; else it is passed over. Refuses INVALID what is no bill
    of the home in this book. What is left over stays a prepayment.
    """
    home_id = payment.home_id
    if home_id is None:
        return []
    if bill_ids is None:
        rows = await query(_OPEN, payment.book_id, home_id)
    else:
        rows = await query(_CHOSEN, list(bill_ids))
        _check_chosen(payment, bill_ids, rows, strict=strict)
        rows.sort(key=lambda row: list(bill_ids).index(row["id"]))
    bills = [OpenBill(row["id"], row["due_on"], row["number"], row["open"]) for row in rows]
    parts = allocate(payment.unallocated, bills, chosen=bill_ids is not None)
    if not parts:
        return []
    ids, amounts = [bill for bill, _ in parts], [amount for _, amount in parts]
    place = (payment.book_id, home_id, payment.compound_id, payment.organisation_id, payment.street_id)
    await query(_PAID, ids, amounts)
    await query(_ALLOCATE, [new_id(Allocation.prefix) for _ in parts], amounts, ids, payment.id, now(), *place)
    await _moved(payment, sum(amounts, NOTHING))
    return [
        Line(AccountCode.PREPAID, debit=sum(amounts, NOTHING), home_id=home_id),
        *(Line(AccountCode.RECEIVABLE, credit=part, home_id=home_id, bill_id=bill) for bill, part in parts),
    ]


async def unsettle(payment: Payment, allocations: Sequence[Allocation], why: str) -> list[Line]:
    """Undo allocations of the payment, whose bills are open again. The allocations stand, and are the payment's."""
    if not allocations:
        return []
    by_bill: dict[str, Decimal] = {}
    for each in allocations:
        by_bill[each.bill_id] = by_bill.get(each.bill_id, NOTHING) + each.amount
    await query(_CHOSEN, sorted(by_bill))
    await query(_PAID, list(by_bill), [-amount for amount in by_bill.values()])
    await Allocation.filter(id__in=[each.id for each in allocations]).update(undone_at=now(), undone_why=why)
    whole = sum(by_bill.values(), NOTHING)
    await _moved(payment, -whole)
    return [
        Line(AccountCode.PREPAID, credit=whole, home_id=payment.home_id),
        *(
            Line(AccountCode.RECEIVABLE, debit=part, home_id=payment.home_id, bill_id=bill)
            for bill, part in sorted(by_bill.items())
        ),
    ]


async def standing(payment: Payment) -> list[Allocation]:
    """The payment's allocations that were not undone, the newest first."""
    return await Allocation.filter(payment_id=payment.id, undone_at=None).order_by("-made_at", "-id")


async def post_allocation(actor: Actor, payment: Payment, lines: Sequence[Line], day: date) -> None:
    """Post what ``settle`` or ``unsettle`` answered, if anything."""
    if lines:
        key = new_id(Allocation.prefix)
        await post(actor, payment.book_id, EntryKind.ALLOCATION, lines, source_id=payment.id, key=key, booked_on=day)


async def _moved(payment: Payment, amount: Decimal) -> None:
    await query(_LEFT, payment.id, amount)
    await payment.refresh_from_db()


def _check_chosen(payment: Payment, bill_ids: Sequence[str], rows: Sequence[dict[str, Any]], *, strict: bool) -> None:
    theirs = {row["id"] for row in rows if (row["book_id"], row["home_id"]) == (payment.book_id, payment.home_id)}
    if theirs != set(bill_ids) or len(theirs) != len(bill_ids):
        raise Refused(
            RefusalCode.INVALID,
            Text("A bill is not of this home and book, or is named twice.", "账单不属于该住房和账套，或重复。"),
            path=("bill_ids",),
            hint=Text("Name bills of this home in this book, each once.", "请选择该住房在本账套的账单，每张一次。"),
        )
    if strict and any(row["open"] <= 0 for row in rows):
        raise Refused(
            RefusalCode.CONFLICT,
            Text("A bill has nothing open any more.", "有账单已结清。"),
            path=("bill_ids",),
            hint=Text("Read the bills again: somebody may have paid just now.", "请刷新账单：可能刚刚已有人支付。"),
        )


def of_book(book: Book) -> dict[str, Any]:
    """The columns by which what is of a book belongs."""
    return {
        "book_id": book.id,
        "compound_id": book.compound_id,
        "organisation_id": book.organisation_id,
        "street_id": book.street_id,
    }
