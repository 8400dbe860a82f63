"""Tickets that several handle together, and who watches them."""

import pytest

from domain.access import Role
from domain.refusals import RefusalCode
from domain.tickets import TicketState
from models import (
    Fact,
    Notice,
    TicketParty,
    tickets,
)
from tests.builders import a_ticket, an_organisation
from tests.models.ticket_world import World, refusal, somebody

from .desk import a_committee

pytestmark = pytest.mark.usefixtures("database")


async def test_a_joint_ticket_is_done_when_all_have_signed_and_signed_anew_after_it_was_opened_again(world: World):
    committee = await a_committee(world)
    member = await somebody(Role.COMMITTEE_MEMBER, organisation=committee)
    ticket = await a_ticket(world.compound, state=TicketState.IN_PROGRESS, organisation_id=world.company.id)
    await tickets.add_party(world.manager, ticket.id, committee.id)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await tickets.add_party(officer, ticket.id, world.office.id, sign_off=False)
    refused = await refusal(tickets.resolve(world.manager, ticket.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert committee.name in refused.message.en
    outsider = await refusal(tickets.sign_off(world.manager, ticket.id))
    assert (outsider.code, outsider.path) == (RefusalCode.INVALID, ("id",))
    await tickets.sign_off(member, ticket.id, note="The owners are content.")
    await tickets.sign_off(member, ticket.id)
    assert await Fact.filter(subject_id=ticket.id, action="ticketSignOff").count() == 1
    assert (await tickets.resolve(world.manager, ticket.id)).state is TicketState.RESOLVED
    assert (await refusal(tickets.add_party(world.manager, ticket.id, committee.id))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.reopen(member, ticket.id)
    party = await TicketParty.get(ticket_id=ticket.id, organisation_id=committee.id)
    assert party.signed_off_at is None
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.remove_party(clerk, ticket.id, committee.id)
    assert (await refusal(tickets.remove_party(clerk, ticket.id, committee.id))).code is RefusalCode.INVALID


async def test_only_who_has_to_do_with_the_compound_takes_part(world: World):
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    stranger = await an_organisation(world.street)
    ticket = await a_ticket(world.compound)
    refused = await refusal(tickets.add_party(officer, ticket.id, stranger.id))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("organisation_id",))


async def test_whoever_watches_hears_of_every_move_as_long_as_they_see_the_ticket(world: World):
    ticket = await a_ticket(world.compound, organisation_id=world.company.id)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    await tickets.watch(clerk, ticket.id)
    await tickets.watch(clerk, ticket.id)
    await tickets.accept(world.manager, ticket.id)
    heard = Notice.filter(ticket_id=ticket.id, account_id=clerk.account_id)
    assert await heard.values_list("type", flat=True) == ["steward.ticket.news.v1"]
    await tickets.unwatch(clerk, ticket.id)
    await tickets.start(world.manager, ticket.id)
    assert await heard.count() == 1


async def test_nobody_signs_off_work_that_has_not_begun(world: World):
    committee = await a_committee(world)
    member = await somebody(Role.COMMITTEE_MEMBER, organisation=committee)
    for state in (TicketState.OPEN, TicketState.ACCEPTED, TicketState.ASSIGNED):
        ticket = await a_ticket(world.compound, state=state, organisation_id=world.company.id)
        await tickets.add_party(world.manager, ticket.id, committee.id)
        assert (await refusal(tickets.sign_off(member, ticket.id))).code is RefusalCode.ILLEGAL_MOVE
        assert not await TicketParty.exists(ticket_id=ticket.id, signed_off_at__isnull=False)
