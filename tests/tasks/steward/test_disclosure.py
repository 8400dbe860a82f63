"""What is looked for of statements to the owners on the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.alerts import AlertState
from models import Alert, Statement, Threshold
from models.statements import approve, draft, publish, submit
from tasks.steward.disclosure import find_undisclosed
from tests.models.statements.world import a_statement_world, closed

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)


async def _open() -> set[str]:
    return {alert.rule.partition(".")[2] for alert in await Alert.filter(state=AlertState.OPEN)}


async def test_a_book_of_which_owners_are_not_told_is_found_until_they_are() -> None:
    world = await a_statement_world()
    await find_undisclosed(NOW)
    assert await _open() == {"statement_overdue", "common_income_undisclosed"}
    (late,) = await Alert.filter(rule="revenue.statement_overdue")
    assert (late.subject_id, late.compound_id) == (world.book.id, world.book.compound_id)
    assert await find_undisclosed(NOW) == {"raised": 0, "over": 0}
    made = await draft(world.manager, world.book.id)
    await closed(world)
    await submit(world.manager, made.id)
    await approve(world.member, made.id)
    await publish(world.manager, made.id)
    soon = datetime.combine(world.last, NOW.time(), UTC) + timedelta(days=20)
    await find_undisclosed(soon)
    assert await _open() == {"common_income_undisclosed"}  # of the quarter before
    await Statement.create(
        **{name: getattr(made, name) for name in ("book_id", "compound_id", "organisation_id", "street_id", "content", "sha256")},
        **{name: getattr(await Statement.get(id=made.id), name) for name in ("submitted_at", "submitted_by_id", "review_by")},
        state="PUBLISHED",
        period_from=world.book.opened_on,
        period_to=world.first - timedelta(days=1),
        title={},
        drafted_at=NOW,
        review="NOT_IN_TIME",
        published_at=NOW,
        published_by_id=made.submitted_by_id or world.manager.account_id,
        **dict.fromkeys(("reviewing_compound_id", "public_compound_id"), made.compound_id),
    )
    await find_undisclosed(soon)
    assert await _open() == set()


async def test_a_street_whose_statements_are_yearly_is_told_later() -> None:
    world = await a_statement_world()
    january = datetime(world.book.opened_on.year + 1, 1, 20, tzinfo=UTC)
    await find_undisclosed(january)
    assert "statement_overdue" in await _open()
    place = {"street_id": world.book.street_id, "compound_id": world.book.compound_id}
    await Threshold.create(rule="revenue.statement_overdue", values={"months": 12}, **place)
    await find_undisclosed(january)
    assert "statement_overdue" not in await _open()
