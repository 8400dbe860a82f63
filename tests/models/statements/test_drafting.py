"""Statements as they are drafted from the books."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tortoise.functions import Sum

from domain.ledger import BookRegime
from domain.refusals import RefusalCode
from domain.statements import StatementLineKind, StatementState, digest_of, read_content
from domain.steward.revenue.disclosing import STATEMENT_OVERDUE
from models import Book, Statement, StatementEntry, StatementLine, Threshold, Work
from models.calendar import today
from models.statements import DRAFT, draft, draft_due, leave_drafts, redraft
from tests.models.ticket_world import refusal

from .world import A, a_statement_world, booked

pytestmark = pytest.mark.usefixtures("database")


async def test_a_statement_tells_of_each_part_what_was_there_came_in_and_went_out() -> None:
    world = await a_statement_world()
    made = await draft(world.manager, world.book.id)
    assert (made.state, made.edition, made.period_from, made.period_to) == (StatementState.DRAFT, 1, world.first, world.last)
    lines = await StatementLine.filter(statement_id=made.id).order_by("position")
    assert [(line.part, line.kind, line.code, str(line.amount), str(line.previous)) for line in lines] == [
        ("COMPANY", "INCOME", "SERVICE_INCOME", "90000.00", "0.00"),
        ("COMPANY", "COST", "STAFF", "70000.50", "0.00"),
        ("COMPANY", "RESULT", "", "19999.50", "0.00"),
        ("COMMON_AREA", "OPENING", "", "1000.00", "0.00"),
        ("COMMON_AREA", "INCOME", "COMMON_RENT", "600.10", "1000.00"),
        ("COMMON_AREA", "USE", "COMMON_USE", "400.00", "0.00"),
        ("COMMON_AREA", "CLOSING", "", "1200.10", "1000.00"),
    ]
    assert made.sha256 == digest_of(made.content)
    head, told = read_content(made.content)
    assert (head.through, [line.amount for line in told]) == (5, [line.amount for line in lines])


async def test_every_number_is_the_sum_of_its_entries() -> None:
    world = await a_statement_world(BookRegime.COMMISSION)
    await booked(world, world.first, A.SERVICE_INCOME, A.RECEIVABLE, "0.30")
    made = await draft(world.manager, world.book.id)
    for line in await StatementLine.filter(statement_id=made.id):
        entries = await StatementEntry.filter(line_id=line.id).annotate(total=Sum("amount")).group_by("line_id").values("total")
        reckoned = line.kind in {StatementLineKind.CLOSING, StatementLineKind.RESULT}
        assert reckoned or sum(Decimal(each["total"]) for each in entries) == line.amount
        assert line.entry_count == (0 if reckoned else await StatementEntry.filter(line_id=line.id).count())
    owners = Counter(await StatementEntry.all().values_list("owners_compound_id", flat=True))
    assert owners == {world.book.compound_id: 6}


async def test_a_period_has_one_statement_however_many_draft_it_at_once() -> None:
    world = await a_statement_world()
    made = await asyncio.gather(
        *(draft(each, world.book.id) for each in (world.manager, world.other_manager) * 2), return_exceptions=True
    )
    assert sum(isinstance(each, Statement) for each in made) == 1
    assert await Statement.all().count() == 1
    assert (await refusal(draft(world.manager, world.book.id, day=world.last))).code is RefusalCode.CONFLICT
    assert (await refusal(draft(world.manager, world.book.id, day=today()))).path == ("period",)
    assert (await refusal(draft(world.manager, world.book.id, day=world.book.opened_on - timedelta(days=200)))).path == ("day",)
    assert (await refusal(draft(world.cashier, world.book.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(draft(world.member, world.book.id))).code is RefusalCode.NOT_FOUND


async def test_a_draft_is_drawn_anew_from_what_was_posted_since() -> None:
    world = await a_statement_world()
    made = await draft(world.manager, world.book.id)
    await booked(world, world.last, A.FUND_USE, A.FUND_BANK, "12.00")
    again = await redraft(world.other_manager, made.id, expected_version=1)
    assert (again.version, again.sha256 != made.sha256) == (2, True)
    assert await StatementLine.filter(statement_id=made.id, part="MAINTENANCE_FUND").count() == 3
    assert (await refusal(redraft(world.manager, made.id, expected_version=1))).code is RefusalCode.STALE_VERSION
    assert (await refusal(redraft(world.clerk, made.id))).code is RefusalCode.NOT_FOUND


async def test_the_clock_drafts_what_is_missing_once_by_the_cadence_of_the_place() -> None:
    world = await a_statement_world()
    moment = datetime.now(UTC)
    assert await leave_drafts(moment) == 1
    assert (await Work.get(kind=DRAFT)).payload == {"books": [world.book.id]}
    made = await draft_due(world.book.id, today())
    assert made is not None
    assert await draft_due(world.book.id, today()) is None
    assert await leave_drafts(moment) == 0
    await made.delete()
    await Threshold.create(
        rule=STATEMENT_OVERDUE.key, values={"months": 12}, street_id=world.book.street_id, compound_id=world.book.compound_id
    )
    yearly = await draft_due(world.book.id, today())
    assert yearly is not None
    assert (yearly.period_from.month, yearly.period_to.month) == (1, 12)
    await Book.filter(id=world.book.id).update(closed_on=today())
    assert await leave_drafts(moment) == 0
