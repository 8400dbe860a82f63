"""Repairs: what is late wakes nobody twice; what nobody does, what comes back and what fails again is told, once, and ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState
from domain.alerts.care import CareStanding
from domain.deadlines import DeadlineState, Goal
from domain.facilities import FacilityKind
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.tickets.relations import LinkKind
from models import Alert, AlertCare, Compound, Facility, Notice, Ticket, TicketDeadline, TicketLink, tickets
from models.alerts import set_threshold
from models.alerts.acts import clear
from models.alerts.caring import look
from models.calendar import zone
from models.connection import query
from models.deadlines import wind_all
from models.facts import Actor
from tasks.steward import finding, repairs
from tests.builders import a_channel, a_compound, a_device, a_facility, a_ticket, an_alert
from tests.models.ticket_world import World, a_world, somebody

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RESPONSE, FIX, THIRD = "repairs.response_late", "repairs.fix_late", "repairs.third_failure"
SYSTEM = Actor("system:test")


async def open_alerts(rule: str) -> set[str]:
    """What the open alerts of a rule are about."""
    return {alert.subject_id for alert in await Alert.filter(rule=rule, state=AlertState.OPEN)}


async def late(*goals: Goal, kind: TicketKind = TicketKind.REPAIR, hours: float = 1, **columns: Any) -> Ticket:
    """A ticket of which these goals were due some hours ago."""
    ticket = await a_ticket(kind=kind, **columns)
    for goal in goals:
        await a_deadline(ticket, goal, NOW - hours * HOUR)
    return ticket


async def a_deadline(ticket: Ticket, goal: Goal, due: datetime) -> TicketDeadline:
    words = {"en": "-", "zh-CN": "-"}
    place = {"compound_id": ticket.compound_id, "street_id": ticket.street_id}
    times = {"started_at": due - 4 * HOUR, "due": due, "warn_at": due - HOUR}
    state = DeadlineState.LATE if due < NOW else DeadlineState.RUNNING
    told = {"level": "COMPANY", "source": "DEFAULT", "policy": words, "why": words}
    return await TicketDeadline.create(goal=goal, state=state, ticket_id=ticket.id, **told, **times, **place)


async def test_what_is_late_is_an_alert_about_its_ticket_and_over_when_it_is_done() -> None:
    slow, stuck = await late(Goal.ACCEPT, Goal.ON_SITE), await late(Goal.CLOSE, hours=30)
    await late(Goal.FIRST_REPLY, Goal.CLOSE, kind=TicketKind.COMPLAINT)
    await a_deadline(await a_ticket(), Goal.CLOSE, NOW + HOUR)
    for _ in range(2):
        await repairs.find_late(NOW)
    assert (await open_alerts(RESPONSE), await open_alerts(FIX)) == ({slow.id}, {stuck.id})
    alert = await Alert.get(subject_id=stuck.id)
    assert (alert.count, alert.module, alert.reading["value"], alert.reading["goal"]) == (1, "repairs", 30, Goal.CLOSE)
    assert stuck.number in alert.message["zh-CN"]
    assert stuck.title not in str(alert.message) + str(alert.reading)
    await TicketDeadline.filter(ticket_id=stuck.id).update(state=DeadlineState.MET_LATE, met_at=NOW)
    await repairs.find_late(NOW)
    assert (await open_alerts(RESPONSE), await open_alerts(FIX)) == ({slow.id}, set())


async def test_a_street_says_how_late_it_must_be() -> None:
    ticket = await late(Goal.CLOSE, hours=5)
    compound = await a_compound()
    await Ticket.filter(id=ticket.id).update(compound_id=compound.id, street_id=compound.street_id)
    await set_threshold(SYSTEM, FIX, {"late_hours": 6}, compound)
    await repairs.find_late(NOW)
    assert await open_alerts(FIX) == set()
    await repairs.find_late(NOW + 2 * HOUR)
    assert await open_alerts(FIX) == {ticket.id}


async def test_who_was_told_by_the_deadline_is_not_told_by_the_alert() -> None:
    world = await a_world()
    await a_channel(world.company)
    given = {"organisation_id": world.company.id, "opened_at": NOW - 30 * DAY, "due_at": NOW - 20 * DAY}
    ticket = await a_ticket(world.compound, priority=TicketPriority.EMERGENCY, **given)
    await wind_all([ticket.id])
    told = {each.type for each in await Notice.all()}
    assert "steward.ticket.breached.v1" in told
    for minutes in (0, 10, 60, 600):
        await repairs.find_late(NOW)
        await look(NOW + timedelta(minutes=minutes))
    assert await open_alerts(FIX) == await open_alerts(RESPONSE) == {ticket.id}
    assert {care.standing for care in await AlertCare.all()} == {CareStanding.QUIET}
    await tickets.cancel(await somebody(Role.STREET_OFFICER, place=world.street), ticket.id, note="Twice")
    await repairs.find_late(NOW)
    await look(NOW + DAY)
    assert not await Alert.filter(state=AlertState.OPEN).exists()
    assert {each.type for each in await Notice.all() if "alert" in each.type} == set()


async def accepted(world: World, minutes: float, **columns: Any) -> Ticket:
    """An urgent repair that the company accepted so many minutes ago, and that could be accepted within four hours."""
    at = NOW - timedelta(minutes=minutes)
    given = {"opened_at": at - HOUR, "accepted_at": at, "organisation_id": world.company.id}
    given |= {"state": TicketState.ACCEPTED, "priority": TicketPriority.URGENT}
    ticket = await a_ticket(world.compound, **(given | columns))
    await a_deadline(ticket, Goal.ACCEPT, ticket.opened_at + 4 * HOUR)
    return ticket


async def test_what_was_accepted_and_is_nobodys_is_told_after_as_long_as_it_could_wait() -> None:
    world = await a_world()
    nobodys, fresh = await accepted(world, 241), await accepted(world, 230)
    assert fresh.id != nobodys.id
    await accepted(world, 999, assignee_id=world.worker.id)
    await accepted(world, 999, kind=TicketKind.ENQUIRY)
    twice = await accepted(world, 999)
    link = {"compound_id": twice.compound_id, "street_id": twice.street_id, "made_at": NOW}
    await TicketLink.create(ticket_id=twice.id, other_id=nobodys.id, kind=LinkKind.DUPLICATE_OF, **link)
    await repairs.find_at_the_desk(NOW)
    assert await open_alerts("repairs.unassigned") == {nobodys.id}
    await tickets.assign(world.manager, nobodys.id, world.worker.id)
    await repairs.find_at_the_desk(NOW)
    assert await open_alerts("repairs.unassigned") == set()


async def test_who_may_wait_for_working_hours_waits_no_longer_by_night() -> None:
    """It came on a Wednesday at nine, with four working hours to accept it, and was accepted at five."""
    world, morning = await a_world(), datetime(2025, 6, 11, 9, tzinfo=zone())
    times = {"opened_at": morning, "accepted_at": morning + 8 * HOUR}
    ticket = await accepted(world, 0, priority=TicketPriority.ORDINARY, **times)
    await TicketDeadline.filter(ticket_id=ticket.id).update(started_at=morning, due=morning + 6 * HOUR)
    for hours, told in [(23, False), (26, False), (27, True)]:
        await repairs.find_at_the_desk(morning + hours * HOUR)
        assert bool(await open_alerts("repairs.unassigned")) is told


async def test_a_repair_opened_again_twice_is_told_until_it_is_done() -> None:
    compound = await a_compound()
    twice, once = await a_ticket(reopened_count=2), await a_ticket(compound, reopened_count=1)
    await a_ticket(reopened_count=5, state=TicketState.CLOSED)
    await repairs.find_at_the_desk(NOW)
    assert await open_alerts("repairs.reopened") == {twice.id}
    await set_threshold(SYSTEM, "repairs.reopened", {"times": 1}, compound)
    await Ticket.filter(id=twice.id).update(state=TicketState.RESOLVED, resolved_at=NOW, accepted_at=NOW)
    await repairs.find_at_the_desk(NOW)
    assert await open_alerts("repairs.reopened") == {once.id}


async def a_failing_lift(*days: float, **columns: Any) -> Facility:
    """A lift of which repairs were reported so many days ago."""
    lift = await a_facility(kind=FacilityKind.LIFT)
    compound = await Compound.get(id=lift.compound_id)
    for ago in days:
        given = {"state": TicketState.CLOSED, "opened_at": NOW - ago * DAY, "facility_id": lift.id}
        await a_ticket(compound, **(given | columns))
    return lift


async def failing() -> set[str]:
    await repairs.find_failures(NOW)
    return await open_alerts(THIRD)


async def test_the_third_failure_of_a_facility_in_thirty_days_is_told_and_over_when_they_are_long_ago() -> None:
    third = await a_failing_lift(1, 10, 29)
    await a_failing_lift(1, 10, 31)
    await a_failing_lift(1, 10)
    await a_failing_lift(1, 2, 3, kind=TicketKind.COMPLAINT)
    await a_failing_lift(1, 2, 3, state=TicketState.CANCELLED)
    assert await failing() == {third.id}
    alert = await Alert.get(rule=THIRD)
    assert (alert.facility_id, alert.reading["value"]) == (third.id, 3)
    await set_threshold(SYSTEM, THIRD, {"window_days": 28}, third)
    assert await failing() == set()


async def test_a_duplicate_is_no_failure_of_its_own() -> None:
    lift = await a_failing_lift(1, 10, 20)
    newest = await Ticket.filter(facility_id=lift.id).order_by("-opened_at").first()
    assert newest is not None
    other = await Ticket.filter(facility_id=lift.id).order_by("opened_at").first()
    assert other is not None
    link = {"compound_id": newest.compound_id, "street_id": newest.street_id, "made_at": NOW}
    await TicketLink.create(ticket_id=newest.id, other_id=other.id, kind=LinkKind.DUPLICATE_OF, **link)
    assert await failing() == set()


async def test_what_devices_tell_counts_unless_it_is_told_already_or_was_none() -> None:
    lift = await a_failing_lift(1, 10)
    sensor = await a_device(facility=lift)

    async def fault(days: float, **columns: Any) -> Alert:
        at = NOW - days * DAY
        given = {"rule": "equipment.lift_fault", "module": "equipment", "first_seen_at": at, "state": AlertState.CLEARED}
        return await an_alert(sensor, **(given | {"cleared_at": at + HOUR, "outcome": None} | columns))

    await fault(1.5)  # the day before somebody reported it
    await fault(5, outcome=AlertOutcome.FALSE_ALARM)
    await fault(6, rule="fire_safety.smoke")
    await fault(7, rule="equipment.silent")  # it is the device that failed
    assert await failing() == set()
    true = await fault(15)
    assert await failing() == {lift.id}
    await a_ticket(await Compound.get(id=lift.compound_id), alert_id=true.id, state=TicketState.CANCELLED)
    assert await failing() == set(), "its ticket tells of it, and was withdrawn"


async def test_what_a_person_cleared_does_not_come_again_for_a_month() -> None:
    lift = await a_failing_lift(1, 10, 20)
    assert await failing() == {lift.id}
    worker = await somebody(Role.GRID_WORKER, compound=await Compound.get(id=lift.compound_id))
    await clear(worker, (await Alert.get()).id, outcome=AlertOutcome.REAL)
    assert await failing() == set()


async def test_a_flood_is_raised_five_hundred_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_AT_ONCE", 2)
    compound = await a_compound()
    for _ in range(5):
        await late(Goal.CLOSE, compound=compound)
    raised = [(await repairs.find_late(NOW))["raised"] for _ in range(4)]
    assert raised == [2, 2, 1, 0]
    assert len(await open_alerts(FIX)) == 5


#: 5,000 more tickets like $1, and their deadlines, which were due before.
_MORE = """
WITH ticket_like AS (
    INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object('id', 'tkt_' || n, 'number', n))).*
    FROM ticket t, generate_series(1, 5000) AS n WHERE t.id = $1 RETURNING id
)
INSERT INTO ticket_deadline SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', 'dln_' || k.id, 'ticket_id', k.id, 'due', d.due - interval '1 hour', 'warn_at', d.due - interval '2 hours'))).*
FROM ticket_deadline d, ticket_like k WHERE d.ticket_id = $1
"""


async def test_no_flood_ends_what_is_as_bad_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_AT_ONCE", 1)
    ticket = await late(Goal.CLOSE)
    await repairs.find_late(NOW)
    await query(_MORE, ticket.id)
    assert await repairs.find_late(NOW) == {"raised": 1, "over": 0}
    assert ticket.id in await open_alerts(FIX)


async def test_two_runs_at_once_raise_one_alert() -> None:
    ticket = await late(Goal.CLOSE)

    async def run() -> None:
        async with in_transaction():
            await repairs.find_late(NOW)

    await asyncio.gather(run(), run())
    assert await Alert.filter(rule=FIX).values_list("subject_id", flat=True) == [ticket.id]
