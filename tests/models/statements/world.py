"""A book with a quarter that is over and closed, the people who have to do with its statement, and those who live there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.ledger import AccountCode, BookRegime, EntryKind, Line
from domain.statements.periods import before, last_over
from models import Book, Home, LedgerPeriod
from models.calendar import today
from models.facts import Actor
from models.ledger import post
from tests.models.ledger.world import a_book_world
from tests.models.ticket_world import somebody

A = AccountCode


class StatementWorld:
    """``first`` and ``last``: the newest quarter that is over. ``neighbour`` lives there, ``stranger`` elsewhere."""

    book: Book
    homes: list[Home]
    manager: Viewer
    other_manager: Viewer
    cashier: Viewer
    member: Viewer
    clerk: Viewer
    officer: Viewer
    resident: Viewer
    neighbour: Viewer
    first: date
    last: date


async def a_statement_world(regime: BookRegime = BookRegime.LUMP_SUM) -> StatementWorld:
    """The quarter has income and cost of the service, rent of common ground, and a use of it; and a balance from before."""
    made, books = StatementWorld(), await a_book_world(regime)
    made.book, made.homes = books.book, books.homes
    made.manager, made.other_manager, made.cashier = books.manager, books.other_manager, books.cashier
    made.member, made.clerk, made.officer = books.member, books.clerk, books.officer
    made.resident, made.neighbour = [await somebody(Role.RESIDENT, home=home) for home in books.homes[:2]]
    made.first, made.last = last_over(today(), 3)
    earlier, _ = before(made.first, 3)
    await booked(made, earlier, A.COMMON_BANK, A.COMMON_RENT, "1000.00")
    await booked(made, made.first, A.RECEIVABLE, A.SERVICE_INCOME, "90000.00")
    await booked(made, made.first + timedelta(days=5), A.STAFF, A.PAYABLE, "70000.50")
    await booked(made, made.first, A.COMMON_BANK, A.COMMON_RENT, "600.10")
    await booked(made, made.last, A.COMMON_USE, A.COMMON_BANK, "400.00")
    return made


async def booked(world: StatementWorld, day: date, debit: AccountCode, credit: AccountCode, amount: str) -> str:
    """The id of the entry."""
    async with in_transaction():
        lines = [Line(debit, debit=Decimal(amount)), Line(credit, credit=Decimal(amount))]
        return await post(Actor("system:test"), world.book.id, EntryKind.MANUAL, lines, booked_on=day, text="Test.")


async def closed(world: StatementWorld) -> None:
    """Every month up to the end of the quarter is closed."""
    place = {name: getattr(world.book, name) for name in ("compound_id", "organisation_id", "street_id")}
    month = world.book.opened_on
    while month <= world.last:
        await LedgerPeriod.create(month=month, closed_by_id=world.manager.account_id, book_id=world.book.id, **place)
        month = (month + timedelta(days=31)).replace(day=1)


async def opened_again(world: StatementWorld) -> None:
    """No month is closed any more."""
    await LedgerPeriod.filter(book_id=world.book.id).delete()
