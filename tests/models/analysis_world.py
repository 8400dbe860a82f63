"""A book with what nearly two years brought in and cost, the last month but one of them with a dear lift."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.analysis import first_day, month_of
from domain.ledger import AccountCode, EntryKind, Line
from models import Book
from models.calendar import today
from models.facts import Actor
from models.ledger import post

ACTOR = Actor("system:test")
A = AccountCode
#: What the lift costs in a usual month, and in the last that is over.
USUAL, DEAR = Decimal(10_000), Decimal(41_000)


def last_month() -> date:
    """The first day of the last month that is over."""
    return first_day(month_of(today()) - 1)


def months_before() -> Sequence[date]:
    """The first days of the months since the book was opened, the last that is over the last of them."""
    return [first_day(month) for month in range((today().year - 1) * 12, month_of(today()))]


async def live(book: Book, *, income: int = 60_000, rent: int = 3_000, lift: Decimal = DEAR) -> None:
    """Post what came in and was spent in every month that is over; ``lift``: in the last of them."""
    for month in months_before():
        now = lift if month == last_month() else USUAL + month.month * 10
        await _moved(book, month, EntryKind.PAYMENT, A.BANK, A.SERVICE_INCOME, Decimal(income))
        await _moved(book, month, EntryKind.EXPENSE_PAYMENT, A.STAFF, A.BANK, Decimal(40_000 + month.month * 25))
        await _moved(book, month, EntryKind.EXPENSE_PAYMENT, A.LIFT, A.BANK, now)
        if rent:
            await _moved(book, month, EntryKind.MANUAL, A.COMMON_BANK, A.COMMON_RENT, Decimal(rent))
            await _moved(book, month, EntryKind.MANUAL, A.COMMON_USE, A.COMMON_BANK, Decimal(rent) / 3)


async def _moved(book: Book, day: date, kind: EntryKind, debit: AccountCode, credit: AccountCode, amount: Decimal) -> None:
    async with in_transaction():
        lines = [Line(debit, debit=amount), Line(credit, credit=amount)]
        await post(ACTOR, book.id, kind, lines, booked_on=day, key=f"{debit} {credit} {day}")
