"""What statements tell of the owners' money, and what the analysis tells of it, is the same."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.ledger import AccountCode, Fund, Line
from domain.statements import StatementLineKind
from models.analysis import fund_moved
from models.analysis.books import seen_books
from models.ledger import open_balances, post_by_hand, reverse_by_hand
from models.statements.reckoning import shares
from tests.models.ledger.world import a_book_world

pytestmark = pytest.mark.usefixtures("database")
D = Decimal


async def test_what_was_there_when_a_book_was_opened_did_not_come_in_by_either() -> None:
    world = await a_book_world()
    book, first = world.book, world.book.opened_on
    last = first.replace(month=3, day=31)
    wrong = await open_balances(world.manager, book.id, {AccountCode.COMMON_AREA_FUND: D("700.00")})
    await reverse_by_hand(world.manager, wrong.id, "The wrong amount", booked_on=first + timedelta(days=3))
    await open_balances(world.manager, book.id, {AccountCode.COMMON_AREA_FUND: D("900.00")})
    earned = [Line(AccountCode.COMMON_BANK, debit=D("40.00")), Line(AccountCode.COMMON_RENT, credit=D("40.00"))]
    await post_by_hand(world.manager, book.id, earned, "Rent of a wall", booked_on=first + timedelta(days=9))
    told = {(each.part.value, each.kind): D(0) for each in await shares(book.id, book.regime, first, last)}
    for each in await shares(book.id, book.regime, first, last):
        told[each.part.value, each.kind] += each.amount
    common = Fund.COMMON_AREA.value
    moved = await fund_moved(await seen_books(world.manager, book.id), Fund.COMMON_AREA, first, last + timedelta(days=1))
    assert (moved.opening, moved.income, moved.closing) == (D("900.00"), D("40.00"), D("940.00"))
    assert told == {(common, StatementLineKind.OPENING): moved.opening, (common, StatementLineKind.INCOME): moved.income}
