"""Posting: numbers without gaps, entries that balance, and nothing that is changed afterwards."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.ledger import CHART, AccountCode, BookRegime, EntryKind, Line
from domain.refusals import RefusalCode
from models import JournalEntry, JournalLine, LedgerAccount
from models.calendar import today
from models.connection import query
from models.facts import Actor
from models.ledger import book_of, open_book, post, reverse
from tests.models.ledger.world import BookWorld, a_book_world
from tests.models.ticket_world import refusal

pytestmark = pytest.mark.usefixtures("database")

CLOCK = Actor("system:test")
TEN = Decimal("10.00")
DAY = timedelta(days=1)


def _paid(amount: Decimal = TEN, home: str | None = None) -> list[Line]:
    return [Line(AccountCode.CASH, debit=amount), Line(AccountCode.PREPAID, credit=amount, home_id=home)]


async def _posted(world: BookWorld, key: str = "", **given: object) -> str:
    async with in_transaction():
        return await post(CLOCK, world.book.id, EntryKind.PAYMENT, _paid(), key=key, **given)  # pyright: ignore[reportArgumentType]


async def _posted_in_vain(world: BookWorld) -> None:
    async with in_transaction():
        await _posted(world)
        raise ZeroDivisionError


async def test_a_book_is_opened_once_with_every_account_of_the_chart_by_its_own_people() -> None:
    world = await a_book_world()
    assert await LedgerAccount.filter(book_id=world.book.id).count() == len(CHART)
    assert await book_of(world.compound.id, world.company.id) is not None
    again = await refusal(open_book(world.manager, world.compound.id, world.company.id, BookRegime.LUMP_SUM))
    assert (again.code, again.path) == (RefusalCode.CONFLICT, ("compound_id",))
    for viewer in (world.cashier, world.officer):
        no = await refusal(open_book(viewer, world.compound.id, world.company.id, BookRegime.LUMP_SUM))
        assert no.code is RefusalCode.FORBIDDEN
    late = await refusal(
        open_book(world.manager, world.compound.id, world.company.id, BookRegime.LUMP_SUM, opened_on=today() + DAY)
    )
    assert late.path == ("opened_on",)
    own = await open_book(world.member, world.compound.id, world.committee.id, BookRegime.SELF_MANAGED)
    assert own.id != world.book.id
    assert (await open_book(world.clerk, world.compound.id, world.office.id, BookRegime.SELF_MANAGED)).closed_on is None


async def test_the_same_is_posted_once_and_numbers_have_no_gaps_however_many_post_at_once() -> None:
    world = await a_book_world()
    ids = await asyncio.gather(*(_posted(world, key=f"{n % 4}") for n in range(12)))
    assert len(set(ids)) == 4
    with pytest.raises(ZeroDivisionError):
        await _posted_in_vain(world)
    await _posted(world)
    await _posted(world)
    numbers = await JournalEntry.filter(book_id=world.book.id).order_by("number").values_list("number", flat=True)
    assert numbers == list(range(1, 7))
    (sums,) = await query("SELECT sum(debit) AS debit, sum(credit) AS credit, count(*) AS lines FROM journal_line")
    assert sums == {"debit": 6 * TEN, "credit": 6 * TEN, "lines": 12}


async def test_what_is_the_owners_money_is_told_by_fund_and_regime() -> None:
    world = await a_book_world()
    rent = [Line(AccountCode.COMMON_BANK, debit=TEN), Line(AccountCode.COMMON_RENT, credit=TEN)]
    await _posted(world)
    async with in_transaction():
        await post(CLOCK, world.book.id, EntryKind.MANUAL, rent)
    owned = await JournalLine.exclude(owners_compound_id=None).values_list("code", flat=True)
    assert sorted(owned) == ["COMMON_BANK", "COMMON_RENT"]
    kept = await open_book(world.member, world.compound.id, world.committee.id, BookRegime.SELF_MANAGED)
    async with in_transaction():
        await post(CLOCK, kept.id, EntryKind.PAYMENT, _paid())
    assert await JournalLine.filter(owners_compound_id=world.compound.id).count() == 4


async def test_a_reversal_turns_an_entry_once() -> None:
    world = await a_book_world()
    entry = await _posted(world, key="x")
    async with in_transaction():
        back = await reverse(CLOCK, entry)
    async with in_transaction():
        assert await reverse(CLOCK, entry) == back
    assert (await JournalEntry.get(id=back)).reverses_id == entry
    sums = await query("SELECT code, sum(debit) - sum(credit) AS left_over FROM journal_line GROUP BY code")
    assert {row["left_over"] for row in sums} == {Decimal(0)}


async def test_the_database_keeps_what_a_journal_promises() -> None:
    world = await a_book_world()
    entry = await _posted(world)
    copy = (
        "INSERT INTO journal_line SELECT (jsonb_populate_record(l, $1::jsonb)).* FROM journal_line l WHERE entry_id = $2 LIMIT 1"
    )
    alone = (
        "INSERT INTO journal_entry (id, book_id, booked_on, kind, actor, posted_at, compound_id, organisation_id, street_id)"
        " SELECT 'jen_alone', book_id, booked_on, kind, actor, now(), compound_id, organisation_id, street_id"
        " FROM journal_entry WHERE id = $1"
    )
    for sql, *values in (
        (copy, '{"id": "jln_more"}', entry),
        (alone, entry),
        ("UPDATE journal_line SET debit = debit + 1 WHERE entry_id = $1", entry),
        ("UPDATE journal_line SET home_id = NULL WHERE entry_id = $1", entry),
        ("DELETE FROM journal_line WHERE entry_id = $1", entry),
        ("UPDATE journal_entry SET text = 'x' WHERE id = $1", entry),
        ("DELETE FROM journal_entry WHERE id = $1", entry),
        ("UPDATE journal_entry SET booked_on = booked_on - 9999 WHERE id = $1", entry),
    ):
        with pytest.raises(IntegrityError):
            await query(sql, *values)
    unbalanced = [Line(AccountCode.CASH, debit=TEN), Line(AccountCode.PREPAID, credit=TEN + 1)]
    assert (await refusal(post(CLOCK, world.book.id, EntryKind.MANUAL, unbalanced))).path == ("lines",)
    for day in (world.book.opened_on - DAY, world.book.opened_on - 400 * DAY):
        assert (await refusal(_posted(world, booked_on=day))).path == ("booked_on",)
    assert await JournalLine.all().count() == 2
