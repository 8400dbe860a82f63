"""What people do with books: entries by hand, opening balances, months, statements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tortoise.transactions import in_transaction

from domain.ledger import AccountCode, AccountType, BookRegime, EntryKind, Fund, Line
from domain.refusals import RefusalCode
from models import Fact, JournalEntry, LedgerAccount, LedgerPeriod
from models.calendar import today
from models.facts import Actor
from models.ledger import (
    account_statement,
    book_of,
    close_book,
    close_month,
    flows,
    open_balances,
    open_book,
    post,
    post_by_hand,
    reopen_month,
    reverse_by_hand,
    set_limit,
    statement,
    trial_balance,
)
from tests.models.ledger.world import a_book_world
from tests.models.ticket_world import refusal

pytestmark = pytest.mark.usefixtures("database")

_A = AccountCode
DAY = timedelta(days=1)


def _yuan(amount: str) -> Decimal:
    return Decimal(amount)


def _moved(debit: AccountCode, credit: AccountCode, amount: str) -> list[Line]:
    return [Line(debit, debit=_yuan(amount)), Line(credit, credit=_yuan(amount))]


async def test_the_journal_alone_tells_what_came_in_what_was_spent_and_what_there_is_of_each_fund() -> None:
    world = await a_book_world()
    book, first = world.book.id, world.book.opened_on
    await open_balances(world.manager, book, {_A.BANK: _yuan("900.00"), _A.COMMON_BANK: _yuan("200.00"), _A.DEPOSIT: _yuan("50")})
    for lines, day in (
        (_moved(_A.BANK, _A.SERVICE_INCOME, "300.10"), first),
        (_moved(_A.COMMON_BANK, _A.COMMON_RENT, "80.00"), first + 31 * DAY),
        (_moved(_A.BANK, _A.COMMON_ADVERTISING, "20.00"), first + 32 * DAY),
        (_moved(_A.COMMON_USE, _A.COMMON_BANK, "30.00"), first + 33 * DAY),
        (_moved(_A.LIFT, _A.BANK, "120.05"), first + 34 * DAY),
    ):
        await post_by_hand(world.cashier, book, lines, "By hand", booked_on=day)
    balance = {each.code: each.balance for each in await trial_balance(book, today())}
    assert (balance[_A.BANK], balance[_A.OPENING_EQUITY], balance[_A.COMMON_AREA_FUND]) == (
        _yuan("1100.05"),
        _yuan("850.00"),
        _yuan("200.00"),
    )
    assert sum(each.debit - each.credit for each in await trial_balance(book, first + 32 * DAY)) == 0
    told = await statement(book, first + 31 * DAY, today())
    assert told.total(AccountType.INCOME) == _yuan("100.00")
    assert told.total(AccountType.EXPENSE, Fund.COMPANY) == _yuan("120.05")
    common = next(each for each in told.funds if each.fund is Fund.COMMON_AREA)
    assert (common.opening, common.income, common.expense, common.closing) == (
        _yuan("200.00"),
        _yuan("100.00"),
        _yuan("30.00"),
        _yuan("270.00"),
    )
    assert common.closing - common.held == _yuan("20.00")  # what the keeper's own bank account owes it
    assert {(each.month, each.code) for each in await flows([book], first, first + 30 * DAY)} >= {(first, _A.SERVICE_INCOME)}
    account = await LedgerAccount.get(book_id=book, code=_A.BANK)
    page = await account_statement(account, first, today(), first=2)
    assert ([each.balance for each in page.lines], page.more) == ([_yuan("900.00"), _yuan("1200.10")], True)
    rest = await account_statement(account, first, today(), first=9, after=(page.lines[-1].booked_on, page.lines[-1].id))
    assert (rest.opening, [each.balance for each in rest.lines], rest.more) == (
        _yuan("1200.10"),
        [_yuan("1220.10"), _yuan("1100.05")],
        False,
    )
    empty = await account_statement(account, first - 9 * DAY, first - DAY, first=9)
    assert (empty.opening, empty.lines) == (0, [])


async def test_what_was_posted_by_hand_is_taken_back_by_hand_once_and_nothing_else_is() -> None:
    world = await a_book_world()
    entry = await post_by_hand(world.cashier, world.book.id, _moved(_A.OFFICE, _A.CASH, "9.99"), "Paper")
    assert (await refusal(reverse_by_hand(world.cashier, entry.id, "Wrong"))).code is RefusalCode.FORBIDDEN
    back = await reverse_by_hand(world.manager, entry.id, "Wrong account")
    assert (back.reverses_id, back.number) == (entry.id, 2)
    assert (await refusal(reverse_by_hand(world.manager, entry.id, "Again"))).code is RefusalCode.CONFLICT
    async with in_transaction():
        paid = _moved(_A.CASH, _A.PREPAID, "1.00")
        from_elsewhere = await post(Actor("system:test"), world.book.id, EntryKind.PAYMENT, paid)
    assert (await refusal(reverse_by_hand(world.manager, from_elsewhere, "No"))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(reverse_by_hand(world.manager, back.id, "No"))).code is RefusalCode.ILLEGAL_MOVE
    opening = await open_balances(world.manager, world.book.id, {_A.CASH: _yuan("5.00")})
    again = await refusal(open_balances(world.manager, world.book.id, {_A.CASH: _yuan("6.00")}))
    assert (again.code, again.path) == (RefusalCode.CONFLICT, ("balances",))
    await reverse_by_hand(world.manager, opening.id, "Miscounted")
    assert (await open_balances(world.manager, world.book.id, {_A.CASH: _yuan("6.00")})).booked_on == world.book.opened_on
    facts = await Fact.filter(action__in=["journalPost", "journalReverse", "balancesOpen"])
    assert {fact.compound_id for fact in facts} == {None}
    assert all(set(fact.after or {}) == {"kind", "number"} for fact in facts)


async def test_what_nobody_posts_by_hand_is_refused_with_its_field() -> None:
    world = await a_book_world()
    book = world.book.id
    for lines in (
        [],
        _moved(_A.CASH, _A.BANK, "1.00")[:1],
        _moved(_A.RECEIVABLE, _A.SERVICE_INCOME, "1.00"),
        _moved(_A.CASH, _A.PREPAID, "1.00"),
        _moved(_A.CASH, _A.BANK, "0.00"),
        _moved(_A.CASH, _A.BANK, "-1.00"),
        _moved(_A.CASH, _A.BANK, "0.005"),
        [Line(_A.CASH, debit=_yuan("1"), credit=_yuan("1")), *_moved(_A.CASH, _A.BANK, "1.00")],
        _moved(_A.CASH, _A.BANK, "1.00") * 101,
    ):
        assert (await refusal(post_by_hand(world.manager, book, lines, "Why"))).path == ("lines",)
    fine = _moved(_A.CASH, _A.BANK, "1.00")
    assert (await refusal(post_by_hand(world.manager, book, fine, "x"))).path == ("text",)
    assert (await refusal(post_by_hand(world.manager, book, fine, "Why", booked_on=date(2001, 1, 1)))).path == ("booked_on",)
    for balances in ({}, {_A.CASH: _yuan("0")}, {_A.RECEIVABLE: _yuan("1")}, {_A.CASH: _yuan("0.001")}):
        assert (await refusal(open_balances(world.manager, book, balances))).path == ("balances",)
    uneven = {_A.CASH: _yuan("1.00"), _A.OPENING_EQUITY: _yuan("2.00")}
    assert (await refusal(open_balances(world.manager, book, uneven))).code is RefusalCode.INVALID
    assert (await refusal(post_by_hand(world.member, book, fine, "Why"))).code is RefusalCode.NOT_FOUND
    assert (await refusal(post_by_hand(world.officer, book, fine, "Why"))).code is RefusalCode.FORBIDDEN
    assert await JournalEntry.all().count() == 0


async def test_months_close_in_order_and_only_the_last_opens_again() -> None:
    world = await a_book_world()
    book, first = world.book.id, world.book.opened_on
    third = (first + 70 * DAY).replace(day=1)
    assert (await close_month(world.manager, book, third)).month == third
    assert await LedgerPeriod.filter(book_id=book, reopened_at=None).count() == 3
    lines = _moved(_A.CASH, _A.OTHER_INCOME, "1.00")
    assert (await refusal(post_by_hand(world.cashier, book, lines, "Late", booked_on=third))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(close_month(world.manager, book, first))).code is RefusalCode.CONFLICT
    assert (await refusal(close_month(world.manager, book, today()))).path == ("month",)
    assert (await refusal(close_month(world.manager, book, first - DAY))).path == ("month",)
    assert (await refusal(close_month(world.cashier, book, today() - 32 * DAY))).code is RefusalCode.FORBIDDEN
    assert (await refusal(reopen_month(world.manager, book, first, "Forgotten"))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(reopen_month(world.manager, book, third, " "))).path == ("why",)
    await reopen_month(world.manager, book, third, "A bill came late")
    await post_by_hand(world.cashier, book, lines, "Late", booked_on=third)
    assert (await close_month(world.manager, book, third)).reopened_at is None
    assert await LedgerPeriod.filter(book_id=book, month=third).count() == 2


async def test_a_book_ends_with_its_last_entry_and_another_begins() -> None:
    world = await a_book_world()
    book = world.book.id
    await post_by_hand(world.cashier, book, _moved(_A.CASH, _A.OTHER_INCOME, "1.00"), "Rent of a room")
    assert (await set_limit(world.manager, book, _yuan("0.00"), expected_version=1)).version == 2
    assert (await refusal(set_limit(world.manager, book, _yuan("-1.00")))).path == ("limit",)
    assert (await refusal(close_book(world.manager, book, today() - DAY))).path == ("closed_on",)
    assert (await refusal(close_book(world.manager, book, today(), expected_version=1))).code is RefusalCode.STALE_VERSION
    assert (await close_book(world.manager, book, today())).closed_on == today()
    assert (await refusal(close_book(world.manager, book, today()))).code is RefusalCode.ILLEGAL_MOVE
    assert await book_of(world.compound.id, world.company.id) is None
    again = await open_book(world.manager, world.compound.id, world.company.id, BookRegime.COMMISSION)
    assert again.id != book
