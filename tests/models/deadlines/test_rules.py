"""Deadlines go by rules that may change: what is in hand is worked out anew."""

import asyncio
from datetime import datetime, timedelta

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.deadlines import Goal, Measure, Policy
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.working_time import WorkingDays
from models import (
    CalendarDay,
    Fact,
    Ticket,
    TicketDeadline,
    Work,
    calendar,
    deadlines,
    tickets,
)
from models.connection import query
from tests.models.ticket_world import World, somebody

from .clockwork import HOUR, MINUTE, MONDAY, opened, recalculated, told, worked_off

pytestmark = pytest.mark.usefixtures("database")


async def test_policies_hours_and_days_move_what_is_in_hand_and_say_so_and_leave_what_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("models.deadlines.setting.today", MONDAY.date)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    ticket, done = await opened(world, priority=TicketPriority.ORDINARY), await opened(world, state=TicketState.RESOLVED)
    was = {row.id: dict(row) for row in await TicketDeadline.filter(ticket_id=done.id)}
    moment, zone = MONDAY + HOUR, calendar.zone()
    kind = (TicketKind.REPAIR, TicketPriority.ORDINARY, Goal.CLOSE)

    await deadlines.set_policy(officer, world.street.id, *kind, Policy(5, Measure.WORKING_DAYS, pause_minutes=60))
    rows = await recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 30, 18, tzinfo=zone)
    assert rows[Goal.CLOSE].policy["en"] == "5 working days (set for the street)"

    await deadlines.set_policy(officer, world.company.id, *kind, Policy(2, Measure.WORKING_DAYS))
    rows = await recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 25, 18, tzinfo=zone)

    await deadlines.set_day(officer, world.street.id, datetime(2026, 11, 24).date(), False, "Typhoon")  # noqa: DTZ001
    rows = await recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 26, 18, tzinfo=zone)
    assert "1 day off in between" in rows[Goal.CLOSE].why["en"]

    await deadlines.set_hours(officer, world.company.id, ["08:00-20:00"], WorkingDays.EVERY_DAY)
    rows = await recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 25, 20, tzinfo=zone)
    assert rows[Goal.ACCEPT].due == MONDAY + 4 * HOUR

    for reset in (
        deadlines.set_policy(officer, world.company.id, *kind, None, reset=True),
        deadlines.set_policy(officer, world.street.id, *kind, None, reset=True),
        deadlines.set_hours(officer, world.company.id, None, WorkingDays.OFFICIAL, reset=True),
        deadlines.set_day(officer, world.street.id, datetime(2026, 11, 24).date(), None, reset=True),  # noqa: DTZ001
    ):
        assert await reset is None
    rows = await recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 26, 18, tzinfo=zone) == (await Ticket.get(id=ticket.id)).due_at
    assert not await CalendarDay.exists()
    moves = [fact for fact in await Fact.filter(subject_id=ticket.id) if fact.action == "ticketReschedule"]
    assert len([fact for fact in moves if fact.after and fact.after["goal"] == Goal.CLOSE]) == 5
    assert {row.id: dict(row) for row in await TicketDeadline.filter(ticket_id=done.id)} == was


async def test_the_check_takes_what_is_due_once_and_looks_again_should_the_work_be_lost(world: World):
    ticket = await opened(world)
    assert await deadlines.due_tickets(MONDAY + timedelta(minutes=7)) == 0
    moment = MONDAY + timedelta(minutes=8)
    assert await deadlines.due_tickets(moment) == 1
    assert await deadlines.due_tickets(moment) == 0
    assert [work.payload for work in await Work.filter(kind=deadlines.KIND)] == [{"tickets": [ticket.id]}]
    assert await deadlines.due_tickets(moment + HOUR) == 1
    await recalculated(ticket, moment)
    assert (await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.ACCEPT)).next_at == MONDAY + timedelta(minutes=10)


async def test_the_clock_does_not_wait_for_whoever_has_a_ticket_in_hand_and_comes_again(world: World):
    busy, free = await opened(world), await opened(world)
    taken, done = asyncio.Event(), asyncio.Event()

    async def somebody_acts() -> None:
        async with in_transaction():
            await Ticket.select_for_update().get(id=busy.id)
            taken.set()
            await done.wait()

    acting = asyncio.create_task(somebody_acts())
    await taken.wait()
    try:
        async with asyncio.timeout(20), in_transaction():
            await deadlines.wind_all([busy.id, free.id, "tkt_none"], MONDAY + 11 * MINUTE)
    finally:
        done.set()
        await acting
    assert (await told(busy), (await told(free))[0]) == ([], "ticketBreach")
    assert [work.payload for work in await Work.filter(kind=deadlines.KIND)] == [{"tickets": [busy.id]}]


@pytest.mark.parametrize("comes", ["opened", "transferred"])
async def test_a_ticket_that_comes_while_rules_are_saved_goes_by_the_new_ones(
    world: World, monkeypatch: pytest.MonkeyPatch, comes: str
):
    """It comes and is not stored yet, while another connection saves the rules and the work of that is done."""
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    ticket = await opened(world, organisation_id=world.office.id) if comes == "transferred" else None
    come = asyncio.Event()

    async def save() -> None:
        await come.wait()
        figures = (TicketKind.REPAIR, TicketPriority.EMERGENCY, Goal.CLOSE, Policy(7, Measure.MINUTES))
        await deadlines.set_policy(officer, world.company.id, *figures)
        await worked_off()

    async def before_it_is_stored(*_: object) -> None:
        come.set()
        async with asyncio.timeout(20):
            while not saving.done() and not await query("SELECT pid FROM pg_locks WHERE NOT granted"):
                await asyncio.wait([saving], timeout=0.02)

    monkeypatch.setattr("models.tickets.opening.tell_of_opening", before_it_is_stored)
    monkeypatch.setattr("models.tickets.transferring.tell_of_transfer", before_it_is_stored)
    saving = asyncio.create_task(save())
    if ticket is None:
        kind = {"kind": TicketKind.REPAIR, "priority": TicketPriority.EMERGENCY, "title": "Water in the lift"}
        ticket = await tickets.open_ticket(clerk, world.compound.id, **kind)
    else:
        await tickets.transfer(clerk, ticket.id, "The company's own pump.", organisation_id=world.company.id)
    await saving
    row = await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.CLOSE)
    assert row.due == ticket.opened_at + 7 * MINUTE
    assert row.policy["en"] == "7 minutes (set for the organisation)"
