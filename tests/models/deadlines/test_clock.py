"""The clock of a ticket: what it tells when, once, and how it starts anew when what it goes by changes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.access import Role
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, TicketPauseReason
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from models import (
    Ticket,
    TicketDeadline,
    TicketPause,
    calendar,
    deadlines,
    tickets,
)
from tests.models.ticket_world import World, refusal, somebody

from .clockwork import HOUR, MONDAY, opened, told, wound

pytestmark = pytest.mark.usefixtures("database")


async def test_a_new_ticket_has_the_deadlines_of_its_kind_and_the_first_of_them_counts(world: World):
    ticket = await tickets.open_ticket(world.manager, world.compound.id, kind=TicketKind.COMPLAINT, title="Noise")
    rows = {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}
    assert set(rows) == {Goal.ACCEPT, Goal.FIRST_REPLY, Goal.CLOSE}
    assert {row.state for row in rows.values()} == {DeadlineState.RUNNING}
    assert [row.goal for row in rows.values() if row.next_of_id == ticket.id] == [Goal.ACCEPT]
    assert rows[Goal.CLOSE].due == ticket.due_at == (await Ticket.get(id=ticket.id)).due_at
    assert rows[Goal.CLOSE].policy == {"en": "7 working days (default)", "zh-CN": "7 个工作日（默认规定）"}
    assert "Counted from the day after" in rows[Goal.CLOSE].why["en"]


async def test_after_downtime_it_is_told_once_where_it_stands_and_no_step_in_between_twice(world: World):
    ticket = await opened(world)
    rows = await wound(ticket, MONDAY + 5 * HOUR)
    assert rows[Goal.ACCEPT].level is DeadlineLevel.STREET
    assert (await told(ticket)).count("ticketBreach") == 2
    assert (await told(ticket)).count("ticketEscalate") == 2
    assert "ticketWarn" not in await told(ticket)


async def test_what_is_done_in_time_is_met_and_what_is_done_late_is_told_and_no_longer_climbs(
    world: World, at: Callable[[datetime], None]
):
    ticket = await opened(world)
    at(MONDAY + timedelta(minutes=5))
    await tickets.accept(world.manager, ticket.id)
    at(MONDAY + timedelta(minutes=31))
    await deadlines.arrive(world.manager, ticket.id)
    rows = await wound(ticket, MONDAY + timedelta(minutes=32))
    assert rows[Goal.ACCEPT].state is DeadlineState.MET
    assert rows[Goal.ACCEPT].met_at == MONDAY + timedelta(minutes=5)
    assert rows[Goal.ON_SITE].state is DeadlineState.MET_LATE
    assert rows[Goal.ON_SITE].breached_at == MONDAY + timedelta(minutes=30)
    assert await told(ticket) == ["ticketAccept", "ticketArrive", "ticketBreach"]
    assert [row.goal for row in rows.values() if row.next_of_id] == [Goal.CLOSE]


async def test_a_first_answer_is_one_of_those_on_duty_that_is_not_inside(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    ticket = await tickets.open_ticket(resident, world.compound.id, kind=TicketKind.COMPLAINT, title="Noise")
    await tickets.comment(resident, ticket.id, "It goes on.")
    await tickets.comment(world.manager, ticket.id, "Look at this.", internal=True)
    assert (await Ticket.get(id=ticket.id)).replied_at is None
    remark = await tickets.comment(world.manager, ticket.id, "We are coming.")
    assert (await Ticket.get(id=ticket.id)).replied_at == remark.at
    row = await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.FIRST_REPLY)
    assert (row.state, row.met_at) == (DeadlineState.MET, remark.at)


async def test_a_pause_stops_the_clock_and_ends_by_itself_when_all_are_used_up(world: World, at: Callable[[datetime], None]):
    ticket = await opened(world, state=TicketState.ACCEPTED)
    at(MONDAY + HOUR)
    paused = await deadlines.pause(world.manager, ticket.id, TicketPauseReason.PARTS)
    rows = await wound(ticket, MONDAY + HOUR)
    # as late as the pause may last: four hours for an emergency
    assert (rows[Goal.CLOSE].state, rows[Goal.CLOSE].due) == (DeadlineState.PAUSED, MONDAY + 28 * HOUR)
    assert paused.due_at == MONDAY + 28 * HOUR
    assert rows[Goal.CLOSE].next_at == MONDAY + 5 * HOUR
    assert "Paused now, until 2026-11-23 15:00 at the latest." in rows[Goal.CLOSE].why["en"]
    at(MONDAY + 2 * HOUR)
    resumed = await deadlines.resume(world.manager, ticket.id)
    assert resumed.due_at == MONDAY + 25 * HOUR
    at(MONDAY + 3 * HOUR)
    await deadlines.pause(world.manager, ticket.id, TicketPauseReason.OTHER, note="The road is closed.")
    # the clock stood still for long: the pause ended when it was used up all the same
    rows = await wound(ticket, MONDAY + 20 * HOUR)
    assert (rows[Goal.CLOSE].state, rows[Goal.CLOSE].due) == (DeadlineState.RUNNING, MONDAY + 28 * HOUR)
    assert [row.ended_at for row in await TicketPause.all().order_by("started_at")] == [MONDAY + 2 * HOUR, MONDAY + 6 * HOUR]
    assert "ticketResume" in (await told(ticket))[-2:]


async def test_a_ticket_that_is_done_is_paused_no_longer_and_goes_on_when_it_is_reopened(
    world: World, at: Callable[[datetime], None]
):
    ticket = await opened(world, state=TicketState.IN_PROGRESS, priority=TicketPriority.URGENT)
    at(MONDAY + HOUR)
    await deadlines.pause(world.manager, ticket.id, TicketPauseReason.WEATHER)
    at(MONDAY + 3 * HOUR)
    await tickets.resolve(world.manager, ticket.id)
    rows = await wound(ticket, MONDAY + 4 * HOUR)
    assert {row.state for row in rows.values()} <= {DeadlineState.MET, DeadlineState.MET_LATE}
    assert not [row for row in rows.values() if row.next_of_id or row.next_at]
    assert (await TicketPause.get()).ended_at == MONDAY + 3 * HOUR
    at(MONDAY + 60 * HOUR)
    await tickets.reopen(world.manager, ticket.id)
    row = await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.CLOSE)
    assert (row.state, row.due, row.met_at) == (DeadlineState.RUNNING, MONDAY + (48 + 2 + 57) * HOUR, None)
    done = await TicketPause.get(reason=TicketPauseReason.DONE)
    assert (done.started_at, done.ended_at, done.started_by_id) == (MONDAY + 3 * HOUR, MONDAY + 60 * HOUR, None)
    await deadlines.pause(world.manager, ticket.id, TicketPauseReason.PARTS)
    assert (await TicketPause.get(ended_at=None)).ends_at == MONDAY + (60 + 24 - 2) * HOUR, (
        "what stood done is no pause that was taken"
    )


async def test_what_stood_done_is_noted_by_the_system_alone(world: World):
    ticket = await opened(world, state=TicketState.IN_PROGRESS)
    refused = await refusal(deadlines.pause(world.manager, ticket.id, TicketPauseReason.DONE))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("reason",))


async def test_what_is_withdrawn_counts_no_more(world: World, at: Callable[[datetime], None]):
    ticket = await opened(world, opened_by_id=world.manager.account_id)
    at(MONDAY + timedelta(minutes=1))
    await tickets.cancel(world.manager, ticket.id)
    rows = await wound(ticket, MONDAY + 90 * HOUR)
    assert {row.state for row in rows.values()} == {DeadlineState.DROPPED}
    assert await told(ticket) == ["ticketCancel"]


async def test_another_priority_works_every_deadline_out_anew_from_the_beginning(world: World, at: Callable[[datetime], None]):
    ticket = await opened(world, priority=TicketPriority.ORDINARY)
    at(MONDAY + HOUR)
    raised = await deadlines.set_priority(world.manager, ticket.id, TicketPriority.EMERGENCY)
    assert raised.due_at == MONDAY + 24 * HOUR
    assert (await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.ACCEPT)).state is DeadlineState.LATE
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    lowered = await deadlines.set_priority(clerk, ticket.id, TicketPriority.ORDINARY)
    assert lowered.due_at == datetime(2026, 11, 26, 18, tzinfo=calendar.zone())
    row = await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.ACCEPT)
    assert (row.state, row.breached_at, row.level) == (DeadlineState.RUNNING, None, DeadlineLevel.COMPANY)
