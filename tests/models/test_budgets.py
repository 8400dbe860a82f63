"""Budgets: set, replaced, drawn from the year before, taken back."""

from decimal import Decimal

import pytest

from domain.budgets import planned
from domain.ledger import AccountCode
from domain.refusals import RefusalCode
from models import BudgetLine
from models.budgets import draw_budget, remove_budget, set_budget
from models.calendar import today
from tests.models.analysis_world import USUAL, live
from tests.models.ledger.world import a_book_world
from tests.models.ticket_world import refusal

pytestmark = pytest.mark.usefixtures("database")

LIFT, D = AccountCode.LIFT, Decimal


async def test_a_budget_is_set_replaced_and_taken_back_and_adds_up_to_the_fen() -> None:
    world = await a_book_world()
    year = today().year
    for amount in (D("100.00"), D("1000.01")):
        await set_budget(world.manager, world.book.id, year, LIFT, amount=amount, resolution=" Resolution 3 ")
        lines = await BudgetLine.filter(book_id=world.book.id).order_by("month")
        assert (len(lines), sum(line.amount for line in lines)) == (12, amount)
        assert {(line.resolution, line.owners_compound_id) for line in lines} == {("Resolution 3", None)}
    months = [D(month) for month in range(12)]
    await set_budget(world.manager, world.book.id, year, AccountCode.COMMON_RENT, months=months)
    rent = await BudgetLine.filter(code=AccountCode.COMMON_RENT).order_by("month")
    assert [line.amount for line in rent] == months
    assert {line.owners_compound_id for line in rent} == {world.compound.id}
    await remove_budget(world.manager, world.book.id, year, LIFT)
    await remove_budget(world.manager, world.book.id, year, LIFT)
    assert await BudgetLine.filter(code=LIFT).count() == 0


async def test_what_cannot_be_planned_is_refused() -> None:
    world = await a_book_world()
    year, book = today().year, world.book.id
    for account, given, path in (
        (LIFT, {}, "amount"),
        (LIFT, {"amount": D(1), "months": [D(1)] * 12}, "amount"),
        (LIFT, {"amount": D(-1)}, "amount"),
        (LIFT, {"amount": D("0.001")}, "amount"),
        (LIFT, {"months": [D(1)] * 11}, "months"),
        (LIFT, {"months": [D(1)] * 11 + [D("1E20")]}, "months"),
        (LIFT, {"amount": D(1), "resolution": "x" * 121}, "resolution"),
        (AccountCode.BANK, {"amount": D(1)}, "account"),
    ):
        refused = await refusal(set_budget(world.manager, book, year, account, **given))  # pyright: ignore[reportArgumentType]
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (path,)), (account, given)
    for wrong in (1999, year + 2):
        assert (await refusal(set_budget(world.manager, book, wrong, LIFT, amount=D(1)))).path == ("year",)
    assert (await refusal(draw_budget(world.manager, book, year, D(101)))).path == ("percent",)
    assert (await refusal(set_budget(world.cashier, book, year, LIFT, amount=D(1)))).code is RefusalCode.FORBIDDEN
    assert (await refusal(set_budget(world.officer, book, year, LIFT, amount=D(1)))).code is RefusalCode.FORBIDDEN
    assert (await refusal(set_budget(world.member, book, year, LIFT, amount=D(1)))).code is RefusalCode.NOT_FOUND
    assert await BudgetLine.all().count() == 0


async def test_a_year_is_drawn_like_the_one_before_where_nothing_is_planned() -> None:
    world = await a_book_world()
    await live(world.book)
    year = today().year
    await set_budget(world.manager, world.book.id, year, AccountCode.STAFF, amount=D(12))
    drawn = [await draw_budget(world.manager, world.book.id, year, D("10")) for _ in range(2)]
    assert [accounts for _, accounts in drawn] == [4, 0]
    lift = await BudgetLine.filter(code=LIFT).order_by("month")
    assert [line.amount for line in lift] == [(USUAL + 10 * month) * D("1.1") for month in range(1, 13)]
    assert sum(line.amount for line in await BudgetLine.filter(code=AccountCode.STAFF)) == 12


def test_equal_months_never_lose_a_fen() -> None:
    for amount in (D("0.00"), D("0.01"), D("0.11"), D("99999.99")):
        assert sum(planned(amount, None)) == amount
