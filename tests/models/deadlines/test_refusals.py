"""What may not be done to a ticket's clock, or to what it goes by, is refused with the field and the remedy."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.deadlines import Goal, Measure, Policy, TicketPauseReason
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.working_time import WorkingDays
from models import Fact, SlaPolicy, Ticket, TicketPause, Work, calendar, deadlines
from tests.builders import a_ticket, an_organisation
from tests.models.ticket_world import World, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)
PARTS, OTHER = TicketPauseReason.PARTS, TicketPauseReason.OTHER
REPAIR = (TicketKind.REPAIR, TicketPriority.ORDINARY)
GOOD = Policy(3, Measure.WORKING_DAYS)
PAUSED = Policy(1, Measure.MINUTES, pause_minutes=5)


@pytest.fixture
async def officer(world: World) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=world.street)


@pytest.mark.parametrize(
    ("pause", "code", "field"),
    [
        (lambda v, t: deadlines.pause(v, t.id, OTHER), RefusalCode.INVALID, "note"),
        (lambda v, t: deadlines.pause(v, t.id, OTHER, note="  "), RefusalCode.INVALID, "note"),
        (lambda v, t: deadlines.pause(v, t.id, PARTS, note="x" * 501), RefusalCode.INVALID, "note"),
        (lambda v, t: deadlines.pause(v, t.id, PARTS, until=calendar.now() - HOUR), RefusalCode.INVALID, "until"),
        (lambda v, t: deadlines.pause(v, t.id, PARTS, until=calendar.now() + 5 * HOUR), RefusalCode.INVALID, "until"),
        (lambda v, t: deadlines.pause(v, t.id, PARTS, expected_version=7), RefusalCode.STALE_VERSION, "expected_version"),
        (lambda v, t: deadlines.resume(v, t.id), RefusalCode.ILLEGAL_MOVE, "id"),
    ],
)
async def test_a_pause_that_cannot_be_is_refused_and_leaves_nothing(
    world: World, pause: Callable[[Viewer, Ticket], Awaitable[Any]], code: RefusalCode, field: str
):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED, priority=TicketPriority.EMERGENCY)
    refused = await refusal(pause(world.manager, ticket))
    assert (refused.code, refused.path) == (code, (field,))
    assert not await TicketPause.exists()
    assert not await Fact.exists(subject_id=ticket.id)


async def test_a_ticket_is_paused_once_at_a_time_and_not_beyond_its_bound(world: World):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED, priority=TicketPriority.EMERGENCY)
    await deadlines.pause(world.manager, ticket.id, PARTS)
    assert (await refusal(deadlines.pause(world.manager, ticket.id, PARTS))).code is RefusalCode.CONFLICT
    await deadlines.resume(world.manager, ticket.id)
    await TicketPause.all().update(started_at=calendar.now() - 6 * HOUR, ends_at=calendar.now() - 2 * HOUR)
    await TicketPause.all().update(ended_at=calendar.now() - 2 * HOUR)
    refused = await refusal(deadlines.pause(world.manager, ticket.id, PARTS))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("id",))
    assert "no pauses left" in refused.message.en


@pytest.mark.parametrize("state", [state for state in TicketState if state not in {"ACCEPTED", "ASSIGNED", "IN_PROGRESS"}])
async def test_only_what_is_in_hand_is_paused_or_arrived_at(world: World, state: TicketState):
    ticket = await a_ticket(world.compound, state=state)
    for act in (deadlines.pause(world.manager, ticket.id, PARTS), deadlines.arrive(world.manager, ticket.id)):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE


async def test_the_first_arrival_counts(world: World):
    ticket = await a_ticket(world.compound, state=TicketState.ACCEPTED)
    await deadlines.arrive(world.manager, ticket.id)
    assert (await refusal(deadlines.arrive(world.manager, ticket.id))).code is RefusalCode.CONFLICT


async def test_what_has_ended_has_no_other_priority_and_the_same_one_changes_nothing(world: World):
    ticket = await a_ticket(world.compound)
    same = await deadlines.set_priority(world.manager, ticket.id, TicketPriority.ORDINARY)
    assert (same.version, await Fact.exists(subject_id=ticket.id)) == (1, False)
    closed = await a_ticket(world.compound, state=TicketState.CLOSED)
    act = deadlines.set_priority(world.manager, closed.id, TicketPriority.URGENT)
    assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE


@pytest.mark.parametrize(
    ("set_it", "field"),
    [
        (lambda v, o: deadlines.set_policy(v, o, *REPAIR, Goal.CLOSE, Policy(3, Measure.WORKING_DAYS, 100)), "warn_percent"),
        (lambda v, o: deadlines.set_policy(v, o, *REPAIR, Goal.CLOSE, Policy(0, Measure.WORKING_DAYS)), "amount"),
        (lambda v, o: deadlines.set_policy(v, o, *REPAIR, Goal.CLOSE, None), "amount"),
        (
            lambda v, o: deadlines.set_policy(v, o, *REPAIR, Goal.ACCEPT, PAUSED),
            "pause_minutes",
        ),
        (lambda v, o: deadlines.set_hours(v, o, None, WorkingDays.OFFICIAL), "hours"),
        (lambda v, o: deadlines.set_hours(v, o, [], WorkingDays.OFFICIAL), "hours"),
        (lambda v, o: deadlines.set_hours(v, o, ["09:00-12:00", "11:00-13:00"], WorkingDays.OFFICIAL), "hours"),
        (lambda v, o: deadlines.set_day(v, o, date(2020, 1, 1), True, "Long ago"), "day"),
        (lambda v, o: deadlines.set_day(v, o, calendar.today(), True, " "), "note"),
        (lambda v, o: deadlines.set_day(v, o, calendar.today(), None, "No word"), "works"),
    ],
)
async def test_rules_that_cannot_be_kept_are_refused_and_nothing_is_worked_out_anew(
    world: World, officer: Viewer, set_it: Callable[[Viewer, str], Awaitable[Any]], field: str
):
    refused = await refusal(set_it(officer, world.street.id))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,))
    assert not await Work.exists()
    assert not await SlaPolicy.exists()
    assert not await Fact.exists()


async def test_rules_are_set_by_the_street_for_itself_and_for_its_organisations(world: World, officer: Viewer):
    def policy(viewer: Viewer, owner: str) -> Awaitable[Any]:
        return deadlines.set_policy(viewer, owner, *REPAIR, Goal.CLOSE, GOOD)

    assert (await refusal(policy(world.manager, world.company.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(policy(officer, world.community.id))).path == ("owner_id",)
    elsewhere = await an_organisation()
    assert (await refusal(policy(officer, elsewhere.id))).code is RefusalCode.NOT_FOUND
    assert (await refusal(policy(officer, world.compound.id))).code is RefusalCode.NOT_FOUND
    assert (
        await refusal(deadlines.set_day(officer, world.company.id, calendar.today(), True, "x"))
    ).code is RefusalCode.NOT_FOUND
    first, second = await policy(officer, world.company.id), await policy(officer, world.company.id)
    assert first.id == second.id
    assert await SlaPolicy.all().count() == 1
