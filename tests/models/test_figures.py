"""Key figures: noted once for the day that is over, as it stood at its end; and told by month."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Reach, Role, Viewer
from domain.alerts import AlertState, Severity
from domain.bills import BillDraft, LineDraft
from domain.facilities import FacilityStatus
from domain.figures import KeyFigure
from domain.ledger import AccountCode
from domain.tickets import TicketState
from domain.words import Text
from models import Compound, CompoundFigures, FacilityStatusChange, Place, Ticket, TicketRating
from models.bills import issue
from models.calendar import zone
from models.connection import query
from models.facts import Actor
from models.figures import TrendPoint, take_figures, trend
from tests.builders import a_community, a_compound, a_device, a_facility, a_grid, a_street, a_ticket, an_alert

from .ledger.world import a_book_world

pytestmark = pytest.mark.usefixtures("database")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Five past midnight of the 16th of March: the 15th is over.
NIGHT = datetime(2026, 3, 16, 0, 5, tzinfo=zone())
NOON = NIGHT - 12 * HOUR


def an_officer(street: Place) -> Viewer:
    return Viewer("acc_officer", "", {Role.STREET_OFFICER: {Reach.STREET: (street.id,)}})


async def noted(compound: Compound, day: date, **figures: Any) -> CompoundFigures:
    """What was noted of a day: nothing, but what is given."""
    given: dict[str, Any] = {name: 0 for name in CompoundFigures._meta.fields_map if name.endswith(("tickets", "alerts", "out"))}
    given |= {name: False for name in CompoundFigures._meta.fields_map if name.startswith("has_")}
    given |= dict.fromkeys(("overdue_fees", "fees_due", "fees_paid"), Decimal(0))
    given |= {"ratings": 0, "score_sum": 0, "taken_at": NIGHT, "compound_id": compound.id, "street_id": compound.street_id}
    return await CompoundFigures.create(day=day, **(given | figures))


async def rated(ticket: Ticket, score: int, at: datetime) -> None:
    place = {"compound_id": ticket.compound_id, "street_id": ticket.street_id}
    await TicketRating.create(score=score, rated_at=at, ticket_id=ticket.id, **place)


async def test_a_day_is_noted_as_it_stood_at_its_end_however_late() -> None:
    compound = await a_compound()
    for opened, more in (
        (NOON, {}),
        (NOON - 9 * DAY, {}),  # late
        (NOON - 9 * DAY, {"state": TicketState.RESOLVED, "resolved_at": NOON}),
        (NOON - 9 * DAY, {"state": TicketState.RESOLVED, "resolved_at": NIGHT}),  # late still at the end of the day
        (NOON - 2 * DAY, {"state": TicketState.CLOSED, "resolved_at": NOON, "closed_at": NOON}),
        (NOON - 2 * DAY, {"state": TicketState.CLOSED, "resolved_at": NOON, "closed_at": NIGHT}),  # closed the day after
        (NOON - 2 * DAY, {"state": TicketState.CLOSED, "resolved_at": NOON - DAY, "closed_at": NOON - DAY}),
        (NOON - 2 * DAY, {"state": TicketState.CANCELLED}),
        (NIGHT, {}),  # opened the day after
    ):
        ticket = await a_ticket(compound, opened_at=opened, **more)
        if ticket.closed_at is not None:
            await rated(ticket, 5 if ticket.closed_at == NOON else 2, ticket.closed_at)
    device = await a_device(compound)
    for n, (seen, more) in enumerate(
        (
            (NOON, {"severity": Severity.CRITICAL}),
            (NOON, {"severity": Severity.MINOR, "state": AlertState.CLEARED, "cleared_at": NIGHT}),
            (NOON, {"severity": Severity.MINOR, "state": AlertState.CLEARED, "cleared_at": NOON + HOUR}),
            (NOON, {"severity": Severity.MAJOR, "state": AlertState.WITHDRAWN, "cleared_at": NIGHT}),
            (NIGHT, {"severity": Severity.WARNING}),
        )
    ):
        await an_alert(device, rule=f"fire_safety.{n}", first_seen_at=seen, **more)
    out, back = FacilityStatus.OUT_OF_SERVICE, FacilityStatus.IN_SERVICE
    place = {"compound_id": compound.id, "street_id": compound.street_id}
    for status, since, before in ((out, NOON, back), (out, NIGHT, back), (back, NIGHT, out)):
        lift = await a_facility(compound, status=status, status_since=since)
        await FacilityStatusChange.create(facility_id=lift.id, status=before, since=NOON - 9 * DAY, **place)
        await FacilityStatusChange.create(facility_id=lift.id, status=status, since=since, **place)

    assert await take_figures(NIGHT + 9 * HOUR) == 1
    row = await CompoundFigures.get()
    assert (row.day, row.compound_id) == (date(2026, 3, 15), compound.id)
    assert (row.open_tickets, row.overdue_tickets, row.closed_tickets) == (5, 2, 1)
    assert (row.ratings, row.score_sum) == (1, 5)
    assert (row.critical_alerts, row.major_alerts, row.minor_alerts, row.warning_alerts) == (1, 0, 1, 0)
    assert row.facilities_out == 2
    assert not row.has_company


async def test_fees_that_were_due_are_noted_of_a_year_and_what_is_open_of_them_from_all_years() -> None:
    world = await a_book_world()
    first, second, third = world.homes
    for home, due, paid in (
        (first, date(2025, 3, 15), "0.00"),  # a year and a day ago
        (first, date(2025, 3, 16), "100.00"),
        (second, date(2026, 3, 15), "40.50"),
        (third, date(2026, 3, 15), "0.00"),
        (third, date(2026, 3, 16), "0.00"),  # not due yet
    ):
        line = LineDraft(AccountCode.SERVICE_INCOME, Text("Fee", "物业费"), Decimal(100), due, due)
        async with in_transaction():
            (bill,) = await issue(Actor("system:test"), world.book, [BillDraft(home.id, [line], due)], issued_on=due - 9 * DAY)
        await query("UPDATE bill SET paid = $2::text::numeric WHERE id = $1", bill, paid)
    await take_figures(NIGHT)
    row = await CompoundFigures.get()
    # Two homes lack something of the year's fees: what was paid is told to a percent.
    assert (row.overdue_fees, row.fees_due, row.fees_paid) == (Decimal("259.50"), Decimal(300), Decimal("141.00"))
    await query("UPDATE bill SET paid = 100 WHERE home_id = $1", third.id)
    await take_figures(NIGHT + DAY)
    row = await CompoundFigures.get(day=date(2026, 3, 16))
    # Now two homes owe, and two were charged within a year: no figure says how much.
    assert (row.overdue_fees, row.fees_due, row.fees_paid) == (None, None, None)
    officer = an_officer(await Place.get(id=row.street_id))
    for figure in (KeyFigure.OVERDUE_FEES, KeyFigure.COLLECTION_RATE):
        assert await trend(officer, row.compound_id, figure, months=1, until=row.day) == []


async def test_arrears_add_up_over_compounds_and_a_collection_rate_is_of_all_of_them_together() -> None:
    community = await a_community()
    day, officer = date(2026, 3, 15), an_officer(await Place.get(id=community.street_id))
    for overdue, due, paid in (("10.50", 100, 80), ("0.25", 300, 300)):
        await noted(await a_compound(community), day, overdue_fees=Decimal(overdue), fees_due=due, fees_paid=paid)
    lone = await noted(await a_compound(community), day)

    async def told(of: str, figure: KeyFigure) -> list[Decimal | None]:
        return [point.value for point in await trend(officer, of, figure, months=2, until=day)]

    assert await told(community.id, KeyFigure.OVERDUE_FEES) == [Decimal("10.75")]
    assert await told(community.id, KeyFigure.COLLECTION_RATE) == [Decimal("95.0")]
    assert await told(lone.compound_id, KeyFigure.COLLECTION_RATE) == [None]


async def test_a_day_is_noted_once_and_what_was_missed_stays_unknown() -> None:
    compound = await a_compound()
    assert await take_figures(NIGHT) == 1
    await a_ticket(compound, opened_at=NOON)
    assert await take_figures(NIGHT + 20 * HOUR) == 0
    assert (await CompoundFigures.get()).open_tickets == 0
    # One that is new is noted beside it; of the days that nobody noted there is nothing.
    await a_compound()
    assert await take_figures(NIGHT + 21 * HOUR) == 1
    assert await take_figures(NIGHT + 5 * DAY) == 2
    assert sorted({row.day for row in await CompoundFigures.all()}) == [date(2026, 3, 15), date(2026, 3, 20)]


async def test_an_hour_before_midnight_the_day_before_is_the_one_that_is_over() -> None:
    await a_compound()
    await take_figures(NIGHT - HOUR)
    await take_figures(NIGHT)
    assert [row.day for row in await CompoundFigures.all().order_by("day")] == [date(2026, 3, 14), date(2026, 3, 15)]


async def test_a_month_is_its_last_day_of_each_compound_and_begins_with_the_first_that_was_noted() -> None:
    street = await a_street()
    community = await a_community(street)
    grid = await a_grid(community)
    old, new = await a_compound(community, grid_id=grid.id), await a_compound(community)
    elsewhere = await a_compound(await a_community(street))
    for compound, day, number in (
        (old, date(2026, 1, 30), 9),
        (old, date(2026, 1, 31), 4),
        (old, date(2026, 2, 27), 3),  # the last that was noted: the clock was down on the 28th
        (new, date(2026, 2, 15), 8),
        (new, date(2026, 2, 28), 2),
        (elsewhere, date(2026, 2, 28), 50),
        (old, date(2026, 3, 15), 1),
    ):
        ratings = {"ratings": 2, "score_sum": number if 2 <= number <= 10 else 6}
        await noted(compound, day, open_tickets=number, closed_tickets=number, **ratings, has_company=compound is not new)

    async def told(of: str, figure: KeyFigure, **how: Any) -> list[tuple[int, Decimal | None, int]]:
        given: dict[str, Any] = {"months": 6, "until": date(2026, 3, 31), **how}
        points: list[TrendPoint] = await trend(an_officer(street), of, figure, **given)
        return [(point.month.month, point.value, point.compounds) for point in points]

    assert await told(old.id, KeyFigure.OPEN_TICKETS) == [(1, 4, 1), (2, 3, 1), (3, 1, 1)]
    assert await told(new.id, KeyFigure.OPEN_TICKETS) == [(2, 2, 1)]
    assert await told(grid.id, KeyFigure.OPEN_TICKETS) == [(1, 4, 1), (2, 3, 1), (3, 1, 1)]
    assert await told(community.id, KeyFigure.OPEN_TICKETS) == [(1, 4, 1), (2, 5, 2), (3, 1, 1)]
    assert await told(street.id, KeyFigure.OPEN_TICKETS) == [(1, 4, 1), (2, 55, 3), (3, 1, 1)]
    assert await told(street.id, KeyFigure.COMPANY) == [(1, 1, 1), (2, 2, 3), (3, 1, 1)]
    assert await told(street.id, KeyFigure.OPEN_ALERTS) == [(1, 0, 1), (2, 0, 3), (3, 0, 1)]
    assert await told(community.id, KeyFigure.CLOSED_TICKETS) == [(1, 13, 1), (2, 13, 2), (3, 1, 1)]
    assert await told(old.id, KeyFigure.SATISFACTION) == [(1, Decimal("3.25"), 1), (2, Decimal("1.50"), 1), (3, 3, 1)]
    # As it was on a day in the month; only so many months; only what is seen; of nothing that is there: nothing.
    assert await told(new.id, KeyFigure.OPEN_TICKETS, until=date(2026, 2, 20)) == [(2, 8, 1)]
    assert await told(old.id, KeyFigure.OPEN_TICKETS, months=2) == [(2, 3, 1), (3, 1, 1)]
    company = Viewer("acc_x", "", {Role.COMPANY_STAFF: {Reach.COMPOUND: (new.id,), Reach.STREET: (street.id,)}})
    assert [p.value for p in await trend(company, street.id, KeyFigure.OPEN_TICKETS, months=6, until=date(2026, 3, 1))] == [2]
    resident = Viewer("acc_y", "", {Role.RESIDENT: {Reach.COMPOUND: (new.id,), Reach.STREET: (street.id,)}})
    assert await trend(resident, new.id, KeyFigure.OPEN_TICKETS, months=6, until=date(2026, 3, 1)) == []
    assert await told("plc_nothing", KeyFigure.OPEN_TICKETS) == []
