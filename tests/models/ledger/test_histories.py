"""Whatever is done to books, in whatever order and by however many at once: they balance, without gaps, and never change."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.expenses import ExpenseCategory, ExpenseState
from domain.ledger import CONTROLLED, AccountCode, AccountType, EntryKind, Fund, Line
from domain.refusals import Refused
from models import Expense, JournalEntry, JournalLine
from models.calendar import today
from models.connection import query
from models.expenses import ExpenseDraft, approve, draft, pay, reverse_expense, submit
from models.ledger import close_month, post_by_hand, reopen_month, reverse_by_hand, statement, trial_balance
from tests.models.ledger.world import BookWorld, a_book_world

pytestmark = pytest.mark.usefixtures("database")

_FREE = [code for code in AccountCode if code not in CONTROLLED]


class _History:
    """Acts drawn by lot on one book."""

    def __init__(self, world: BookWorld, seed: int) -> None:
        self.world, self.draw = world, Random(seed)

    def _amount(self) -> Decimal:
        return Decimal(self.draw.choice([1, 33, 99_999, 100_000, 100_001, 12_345_678])) / 100

    def _day(self) -> Any:
        return self.world.book.opened_on + timedelta(days=self.draw.randint(-3, 330))

    async def act(self) -> Awaitable[Any]:
        """One of them, ready to be done."""
        world, draw = self.world, self.draw
        entries = await JournalEntry.filter(book_id=world.book.id).values_list("id", flat=True)
        expenses = await Expense.filter(book_id=world.book.id).values_list("id", flat=True)
        entry: Any = draw.choice([*entries, "jen_none"])
        expense: Any = draw.choice([*expenses, "exp_none"])
        month = self._day()
        match draw.randint(0, 9):
            case 0 | 1 | 2:
                debit, credit, amount = draw.choice(_FREE), draw.choice(_FREE), self._amount()
                lines = [Line(debit, debit=amount), Line(credit, credit=amount)]
                return post_by_hand(world.cashier, world.book.id, lines, "By lot", booked_on=self._day())
            case 3:
                return reverse_by_hand(world.manager, entry, "By lot")
            case 4 | 5:
                said = ExpenseDraft(
                    draw.choice(list(ExpenseCategory)), self._amount(), "By lot", draw.choice(list(Fund)), basis="Vote 1"
                )
                return self._submitted(said)
            case 6:
                return approve(world.other_manager, expense)
            case 7:
                return pay(world.cashier, expense)
            case 8:
                return reverse_expense(world.manager, expense, "By lot")
            case _:
                shut = draw.random() < 0.6
                book = world.book.id
                return close_month(world.manager, book, month) if shut else reopen_month(world.manager, book, month, "By lot")

    async def _submitted(self, said: ExpenseDraft) -> Expense:
        made = await draft(self.world.cashier, self.world.book.id, said)
        return await submit(self.world.cashier, made.id)


async def _check(world: BookWorld) -> None:
    book = world.book.id
    told = await trial_balance(book, today())
    assert sum(each.debit for each in told) == sum(each.credit for each in told)
    numbers = await JournalEntry.filter(book_id=book).order_by("number").values_list("number", flat=True)
    assert numbers == list(range(1, len(numbers) + 1))
    uneven = "SELECT entry_id FROM journal_line GROUP BY entry_id HAVING sum(debit) <> sum(credit) OR count(*) < 2"
    assert await query(uneven) == []
    owed = sum((each.amount for each in await Expense.filter(state=ExpenseState.APPROVED)), Decimal("0.00"))
    by_hand = await JournalEntry.filter(kind=EntryKind.MANUAL).values_list("id", flat=True)
    taken_back = await JournalEntry.filter(reverses_id__in=by_hand).values_list("id", flat=True)
    payable = await JournalLine.filter(code=AccountCode.PAYABLE).exclude(entry_id__in=[*by_hand, *taken_back])
    assert sum((line.credit - line.debit for line in payable), Decimal("0.00")) == owed
    whole = await statement(book, world.book.opened_on, today())
    result = whole.total(AccountType.INCOME) - whole.total(AccountType.EXPENSE)
    assert sum((fund.income - fund.expense for fund in whole.funds), Decimal("0.00")) == result
    half = world.book.opened_on + timedelta(days=100)
    before, after = await statement(book, world.book.opened_on, half), await statement(book, half + timedelta(days=1), today())
    assert [each.closing for each in before.funds] == [each.opening for each in after.funds]
    assert [each.closing for each in after.funds] == [each.closing for each in whole.funds]


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_histories_keep_every_promise_of_the_books(seed: int) -> None:
    world = await a_book_world()
    history = _History(world, seed)
    done, kept = 0, dict[str, Any]()
    for _ in range(14):
        acts = [await history.act() for _ in range(5)]
        for answer in await asyncio.gather(*acts, return_exceptions=True):
            assert isinstance(answer, Refused) or not isinstance(answer, BaseException), repr(answer)
            done += not isinstance(answer, Refused)
        lines = {row["id"]: row for row in await query("SELECT * FROM journal_line")}
        assert kept.items() <= lines.items()
        kept = lines
    assert done > 20
    await _check(world)
