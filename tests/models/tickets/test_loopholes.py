"""What whoever handles a ticket might try to get round: limits, signatures."""

import pytest

from domain.access import Role
from domain.organisations import MandateRole, OrganisationKind
from domain.refusals import RefusalCode
from domain.tickets import TicketPriority, TicketState
from models import Ticket, TicketParty, deadlines, tickets
from tests.builders import a_mandate, a_ticket, an_organisation
from tests.models.ticket_world import World, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")


async def test_a_company_makes_a_ticket_more_urgent_and_leaves_it_to_others_to_make_it_less(world: World):
    ticket = await a_ticket(world.compound, priority=TicketPriority.URGENT, organisation_id=world.company.id)
    await deadlines.set_priority(world.manager, ticket.id, TicketPriority.EMERGENCY)
    due = (await Ticket.get(id=ticket.id)).due_at
    refused = await refusal(deadlines.set_priority(world.manager, ticket.id, TicketPriority.ORDINARY))
    assert (refused.code, refused.path) == (RefusalCode.FORBIDDEN, ("priority",))
    assert (await Ticket.get(id=ticket.id)).due_at == due
    clerk = await somebody(Role.GRID_WORKER, place=world.community)
    assert (await deadlines.set_priority(clerk, ticket.id, TicketPriority.ORDINARY)).due_at > due


async def test_a_company_does_not_rid_itself_of_who_has_to_sign(world: World):
    ticket = await a_ticket(world.compound, state=TicketState.IN_PROGRESS, organisation_id=world.company.id)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    committee = await an_organisation(world.street, kind=OrganisationKind.OWNERS_COMMITTEE)
    await a_mandate(committee, world.compound, role=MandateRole.REPRESENTS)
    await tickets.add_party(officer, ticket.id, committee.id)
    for act in (
        tickets.remove_party(world.manager, ticket.id, committee.id),
        tickets.add_party(world.manager, ticket.id, committee.id, sign_off=False),
    ):
        assert (await refusal(act)).code is RefusalCode.FORBIDDEN
    assert (await TicketParty.get()).sign_off
    assert (await refusal(tickets.resolve(world.manager, ticket.id))).code is RefusalCode.ILLEGAL_MOVE
    await tickets.add_party(officer, ticket.id, committee.id, sign_off=False)
    assert (await tickets.resolve(world.manager, ticket.id)).state is TicketState.RESOLVED
