"""The clock of a ticket: what it tells when, once, and how it starts anew when what it goes by changes."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.deadlines import DeadlineLevel, DeadlineState, Goal, Measure, Policy, TicketPauseReason
from domain.duty import DutyLevel
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.working_time import WorkingDays
from models import (
    CalendarDay,
    DutyRoster,
    DutyShift,
    Fact,
    Notice,
    Organisation,
    Ticket,
    TicketDeadline,
    TicketPause,
    Work,
    calendar,
    deadlines,
    tickets,
)
from models.deadlines.clock import wind
from settings import Settings
from tests.builders import a_channel, a_ticket, an_account, an_organisation
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=calendar.zone())


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the hour of acts and of clocks."""

    def set_hour(moment: datetime) -> None:
        for module in ("models.deadlines.acts.now", "models.deadlines.clock.this_moment", "models.tickets.acts.now"):
            monkeypatch.setattr(module, lambda: moment)

    return set_hour


async def opened(world: World, **columns: Any) -> Ticket:
    """A ticket that the company handles, opened on Monday at 10, its clock wound."""
    given = {"opened_at": MONDAY, "organisation_id": world.company.id, "priority": TicketPriority.EMERGENCY}
    ticket = await a_ticket(world.compound, **(given | columns))
    await wound(ticket, ticket.opened_at)
    return ticket


async def wound(ticket: Ticket, moment: datetime, *, aloud: bool = False) -> dict[Goal, TicketDeadline]:
    """The ticket's deadlines after its clock was wound at a moment."""
    async with in_transaction():
        stored = await Ticket.select_for_update().get(id=ticket.id)
        await wind(stored, moment=moment, aloud=aloud)
    return {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}


async def told(ticket: Ticket) -> list[str]:
    return [fact.action for fact in await Fact.filter(subject_id=ticket.id).order_by("at", "id")]


async def test_a_new_ticket_has_the_deadlines_of_its_kind_and_the_first_of_them_counts(world: World):
    ticket = await tickets.open_ticket(world.manager, world.compound.id, kind=TicketKind.COMPLAINT, title="Noise")
    rows = {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}
    assert set(rows) == {Goal.ACCEPT, Goal.FIRST_REPLY, Goal.CLOSE}
    assert {row.state for row in rows.values()} == {DeadlineState.RUNNING}
    assert [row.goal for row in rows.values() if row.next_of_id == ticket.id] == [Goal.ACCEPT]
    assert rows[Goal.CLOSE].due == ticket.due_at == (await Ticket.get(id=ticket.id)).due_at
    assert rows[Goal.CLOSE].policy == {"en": "7 working days (default)", "zh-CN": "7 个工作日（默认规定）"}
    assert "Counted from the day after" in rows[Goal.CLOSE].why["en"]


async def test_it_warns_then_breaks_then_climbs_to_the_street_each_once_and_to_whom_it_concerns(world: World):
    office = await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE, place_id=world.street.id)
    channels = {(await a_channel(each)).id: name for name, each in (("company", world.company), ("community", world.office))}
    channels[(await a_channel(office)).id] = "street"
    ticket = await opened(world)

    async def notices() -> set[tuple[str, str]]:
        return {(channels[notice.channel_id], notice.type.split(".")[2]) for notice in await Notice.all()}

    assert await told(ticket) == []
    for minutes, actions, heard, level in (
        (7, [], set[tuple[str, str]](), DeadlineLevel.COMPANY),
        (8, ["ticketWarn"], {("company", "warned")}, DeadlineLevel.COMPANY),
        (10, ["ticketBreach", "ticketEscalate"], {("company", "breached"), ("community", "escalated")}, DeadlineLevel.COMMUNITY),
        (39, ["ticketWarn", "ticketBreach", "ticketEscalate"], set[tuple[str, str]](), DeadlineLevel.COMMUNITY),
        (40, ["ticketEscalate"], {("street", "escalated")}, DeadlineLevel.STREET),
    ):
        before, known = await told(ticket), await notices()
        for _ in range(2):
            rows = await wound(ticket, MONDAY + timedelta(minutes=minutes))
        new = (await told(ticket))[len(before) :]
        if minutes == 39:  # nobody came within 30 minutes either
            assert new == ["ticketBreach", "ticketEscalate"]
        else:
            assert new == actions
            assert await notices() - known == heard
        assert rows[Goal.ACCEPT].level is level
    assert rows[Goal.ACCEPT].next_at is None
    assert {notice.severity for notice in await Notice.filter(type__contains="breached")} == {"CRITICAL"}


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


async def _recalculated(ticket: Ticket, moment: datetime) -> dict[Goal, TicketDeadline]:
    """The work that a change of rules left, done."""
    for work in await Work.filter(kind=deadlines.KIND_ALL):
        await deadlines.leave_all(work.payload["street"], work.payload["organisation"])
        await work.delete()
    async with in_transaction():
        for work in await Work.filter(kind=deadlines.KIND):
            await deadlines.wind_all(work.payload["tickets"], moment)
            await work.delete()
    return {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}


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
    rows = await _recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 30, 18, tzinfo=zone)
    assert rows[Goal.CLOSE].policy["en"] == "5 working days (set for the street)"

    await deadlines.set_policy(officer, world.company.id, *kind, Policy(2, Measure.WORKING_DAYS))
    rows = await _recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 25, 18, tzinfo=zone)

    await deadlines.set_day(officer, world.street.id, datetime(2026, 11, 24).date(), False, "Typhoon")  # noqa: DTZ001
    rows = await _recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 26, 18, tzinfo=zone)
    assert "1 day off in between" in rows[Goal.CLOSE].why["en"]

    await deadlines.set_hours(officer, world.company.id, ["08:00-20:00"], WorkingDays.EVERY_DAY)
    rows = await _recalculated(ticket, moment)
    assert rows[Goal.CLOSE].due == datetime(2026, 11, 25, 20, tzinfo=zone)
    assert rows[Goal.ACCEPT].due == MONDAY + 4 * HOUR

    for reset in (
        deadlines.set_policy(officer, world.company.id, *kind, None, reset=True),
        deadlines.set_policy(officer, world.street.id, *kind, None, reset=True),
        deadlines.set_hours(officer, world.company.id, None, WorkingDays.OFFICIAL, reset=True),
        deadlines.set_day(officer, world.street.id, datetime(2026, 11, 24).date(), None, reset=True),  # noqa: DTZ001
    ):
        assert await reset is None
    rows = await _recalculated(ticket, moment)
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
    await _recalculated(ticket, moment)
    assert (await TicketDeadline.get(ticket_id=ticket.id, goal=Goal.ACCEPT)).next_at == MONDAY + timedelta(minutes=10)


async def test_where_the_community_itself_handles_a_ticket_it_climbs_to_the_street_at_once(world: World):
    ticket = await opened(world, organisation_id=world.office.id)
    rows = await wound(ticket, MONDAY + timedelta(minutes=10))
    assert rows[Goal.ACCEPT].level is DeadlineLevel.STREET


async def _called(office: Organisation, *account_ids: str) -> None:
    """Somebody is on duty there."""
    at = calendar.now()
    for account_id in account_ids:
        desk = {"organisation_id": office.id, "street_id": office.street_id}
        roster = await DutyRoster.create(name="Desk", level=DutyLevel.DUTY, compound_ids=[], created_at=at, **desk)
        span = {"starts_at": at - HOUR, "ends_at": at + HOUR}
        await DutyShift.create(roster_id=roster.id, account_id=account_id, **span, **desk)


async def test_people_hear_of_it_too_the_assignee_or_whoever_is_on_duty_where_it_now_is(world: World):
    clerk = await an_account(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    await _called(world.company, world.worker.id)
    await _called(world.office, clerk.id)

    async def heard(ticket: Ticket) -> set[tuple[str | None, str]]:
        return {(notice.account_id, notice.type.split(".")[2]) for notice in await Notice.filter(ticket_id=ticket.id)}

    nobodys = await opened(world)
    await wound(nobodys, MONDAY + timedelta(minutes=8))
    assert await heard(nobodys) == {(world.worker.id, "warned")}
    await wound(nobodys, MONDAY + timedelta(minutes=10))
    assert await heard(nobodys) == {(world.worker.id, "warned"), (world.worker.id, "breached"), (clerk.id, "escalated")}
    fitter = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    somebodys = await opened(world, assignee_id=fitter.id)
    await wound(somebodys, MONDAY + timedelta(minutes=8))
    assert await heard(somebodys) == {(fitter.id, "warned")}


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
