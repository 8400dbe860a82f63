"""A book with homes that owe something: bills of any age, and payments of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.bills import BillDraft, BillKind, LineDraft
from domain.ledger import AccountCode, EntryKind, Line
from domain.words import Text
from models import Bill, Home
from models.arrears import set_ladder
from models.bills import issue
from models.calendar import is_working_day, today, zone
from models.connection import query
from models.facts import Actor
from models.ledger import post
from tests.models.ledger.world import BookWorld, a_book_world
from tests.models.ticket_world import somebody

SYSTEM = Actor("system:test")


async def a_world(*, ladder: bool = True) -> BookWorld:
    """A book whose homes are reminded by the product's ladder."""
    world = await a_book_world()
    if ladder:
        await set_ladder(world.manager, world.book.id)
    return world


async def a_bill(world: BookWorld, home: Home, amount: str = "100.00", *, days: int = 0, kind: BillKind = BillKind.FEES) -> Bill:
    """A bill of the home, ``days`` past due today, that was issued ten days before."""
    due = today() - timedelta(days=days)
    account = AccountCode.SERVICE_INCOME if kind is BillKind.FEES else AccountCode.LATE_FEE_INCOME
    begun = due - timedelta(days=10)
    line = LineDraft(account, Text("Service", "物业费"), Decimal(amount), begun, due)
    async with in_transaction():
        (bill_id,) = await issue(SYSTEM, world.book, [BillDraft(home.id, [line], due, kind)], issued_on=begun)
    return await Bill.get(id=bill_id)


async def pay(world: BookWorld, bill: Bill, amount: str, on: date | None = None) -> None:
    """Money for the bill came on a day."""
    day, sum_ = on or today(), Decimal(amount)
    async with in_transaction():
        await query("UPDATE bill SET paid = paid + $2 WHERE id = $1", bill.id, sum_)
        await prepay(world, bill.home_id, amount, day)
        lines = [
            Line(AccountCode.PREPAID, debit=sum_, home_id=bill.home_id),
            Line(AccountCode.RECEIVABLE, credit=sum_, home_id=bill.home_id, bill_id=bill.id),
        ]
        await post(SYSTEM, world.book.id, EntryKind.ALLOCATION, lines, booked_on=day)


async def prepay(world: BookWorld, home_id: str, amount: str, on: date | None = None) -> None:
    """Money of the home came, and waits."""
    lines = [
        Line(AccountCode.CASH, debit=Decimal(amount)),
        Line(AccountCode.PREPAID, credit=Decimal(amount), home_id=home_id),
    ]
    async with in_transaction():
        await post(SYSTEM, world.book.id, EntryKind.PAYMENT, lines, booked_on=on)


def morning(days: int) -> datetime:
    """Ten o'clock in the street, on the first working day from so many days after today on."""
    day = today() + timedelta(days=days)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 10, tzinfo=zone())


async def living_in(home: Home) -> Viewer:
    """Somebody who lives there."""
    return await somebody(Role.RESIDENT, home=home)
