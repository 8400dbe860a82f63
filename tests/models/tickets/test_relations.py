"""How tickets hang together."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.deadlines import Goal
from domain.refusals import RefusalCode
from domain.tickets import TicketPriority, TicketState
from domain.tickets.relations import LinkKind
from models import (
    Fact,
    Ticket,
    TicketDeadline,
    TicketLink,
    deadlines,
    tickets,
)
from models.calendar import now
from tests.builders import a_compound, a_ticket
from tests.models.ticket_world import World, a_world, refusal, somebody

from .desk import opened

pytestmark = pytest.mark.usefixtures("database")


async def test_links_of_all_kinds_together_make_no_circle_and_some_are_had_once(world: World):
    one, two, three = [await a_ticket(world.compound) for _ in range(3)]
    elsewhere = await a_ticket(await a_compound((await a_world()).community))
    link = tickets.link
    made = await link(world.manager, one.id, two.id, LinkKind.PART_OF)
    assert (await link(world.manager, one.id, two.id, LinkKind.PART_OF)).id == made.id
    await link(world.manager, two.id, three.id, LinkKind.CAUSED_BY)
    for args in (
        (three.id, one.id, LinkKind.DUPLICATE_OF),
        (two.id, one.id, LinkKind.CAUSED_BY),
        (one.id, one.id, LinkKind.CAUSED_BY),
        (one.id, three.id, LinkKind.PART_OF),
    ):
        refused = await refusal(link(world.manager, *args))
        assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("other_id",)), args
    assert (await refusal(link(world.manager, one.id, elsewhere.id, LinkKind.CAUSED_BY))).code is RefusalCode.NOT_FOUND
    await tickets.unlink(world.manager, one.id, two.id, LinkKind.PART_OF)
    assert (await refusal(tickets.unlink(world.manager, one.id, two.id, LinkKind.PART_OF))).code is RefusalCode.CONFLICT
    assert await link(world.manager, three.id, one.id, LinkKind.CAUSED_BY)


async def test_a_duplicate_goes_the_way_of_what_it_duplicates_until_its_reporter_disagrees(world: World):
    resident = await somebody(Role.RESIDENT, home=world.home)
    original = await a_ticket(world.compound, state=TicketState.IN_PROGRESS)
    duplicate = await opened(resident, world)
    of_it = await opened(world.manager, world)
    await tickets.link(world.manager, duplicate.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.link(world.manager, of_it.id, duplicate.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(tickets.accept(world.manager, duplicate.id))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.resolve(world.manager, original.id)

    async def states() -> list[TicketState]:
        return [(await Ticket.get(id=each.id)).state for each in (original, duplicate, of_it)]

    assert await states() == [TicketState.RESOLVED] * 3
    followed = await Fact.filter(subject_id=duplicate.id, action="ticketFollow")
    assert {(fact.actor, fact.audience_id) for fact in followed} == {("system:tickets", resident.account_id)}
    await tickets.confirm(world.manager, of_it.id)
    await tickets.reopen(world.manager, original.id)
    assert await states() == [TicketState.ACCEPTED, TicketState.ACCEPTED, TicketState.CLOSED]
    await tickets.start(world.manager, original.id)
    await tickets.resolve(world.manager, original.id)
    await tickets.reopen(resident, duplicate.id)
    assert await states() == [TicketState.RESOLVED, TicketState.ACCEPTED, TicketState.CLOSED]
    assert not await TicketLink.exists(ticket_id=duplicate.id)
    assert (await tickets.start(world.manager, duplicate.id)).state is TicketState.IN_PROGRESS


async def test_a_duplicate_is_accepted_with_what_it_duplicates_and_nobody_is_told_that_it_is_late(world: World):
    original, before, after, of_it = [await a_ticket(world.compound, priority=TicketPriority.EMERGENCY) for _ in range(4)]
    await tickets.link(world.manager, before.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.link(world.manager, of_it.id, before.id, LinkKind.DUPLICATE_OF)
    await tickets.accept(world.manager, original.id)
    await deadlines.arrive(world.manager, original.id)
    await tickets.link(world.manager, after.id, original.id, LinkKind.DUPLICATE_OF)
    for each in (before, after, of_it):
        stored = await Ticket.get(id=each.id)
        assert (stored.state, stored.accepted_at is None, stored.arrived_at is None) == (TicketState.ACCEPTED, False, False)
        met = await TicketDeadline.filter(ticket_id=each.id, met_at__isnull=False).values_list("goal", flat=True)
        assert set(met) == {Goal.ACCEPT, Goal.ON_SITE}
        assert stored.reopened_count == 0


async def test_what_duplicates_a_withdrawn_ticket_stands_for_itself_and_what_is_done_is_no_duplicate(world: World):
    own = {"opened_by_id": world.manager.account_id}
    original, duplicate, late = [await a_ticket(world.compound, **own) for _ in range(3)]
    done = await a_ticket(world.compound, state=TicketState.RESOLVED)
    await tickets.link(world.manager, duplicate.id, original.id, LinkKind.DUPLICATE_OF)
    await tickets.cancel(world.manager, original.id)
    assert not await TicketLink.exists(ticket_id=duplicate.id)
    assert (await tickets.accept(world.manager, duplicate.id)).state is TicketState.ACCEPTED
    link = tickets.link(world.manager, late.id, original.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(link)).code is RefusalCode.CONFLICT
    link = tickets.link(world.manager, done.id, late.id, LinkKind.DUPLICATE_OF)
    assert (await refusal(link)).code is RefusalCode.ILLEGAL_MOVE
    await tickets.link(world.manager, late.id, done.id, LinkKind.DUPLICATE_OF)
    assert (await Ticket.get(id=late.id)).state is TicketState.RESOLVED


async def test_what_was_reported_after_the_other_was_done_is_no_duplicate_and_stops_no_clock(world: World):
    done = await a_ticket(world.compound, state=TicketState.CLOSED, opened_at=now() - timedelta(days=3))
    again = await a_ticket(world.compound)
    refused = await refusal(tickets.link(world.manager, again.id, done.id, LinkKind.DUPLICATE_OF))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("other_id",))
    assert (await Ticket.get(id=again.id)).state is TicketState.OPEN
    assert await tickets.link(world.manager, again.id, done.id, LinkKind.CAUSED_BY)
