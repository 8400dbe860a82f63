"""What whoever handles a ticket might try to get round: limits, signatures."""

import pytest

from domain.access import Role
from domain.refusals import RefusalCode
from domain.tickets import TicketPriority
from models import Ticket, deadlines
from settings import Settings
from tests.builders import a_ticket
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def test_a_company_makes_a_ticket_more_urgent_and_leaves_it_to_others_to_make_it_less(world: World):
    ticket = await a_ticket(world.compound, priority=TicketPriority.URGENT, organisation_id=world.company.id)
    await deadlines.set_priority(world.manager, ticket.id, TicketPriority.EMERGENCY)
    due = (await Ticket.get(id=ticket.id)).due_at
    refused = await refusal(deadlines.set_priority(world.manager, ticket.id, TicketPriority.ORDINARY))
    assert (refused.code, refused.path) == (RefusalCode.FORBIDDEN, ("priority",))
    assert (await Ticket.get(id=ticket.id)).due_at == due
    clerk = await somebody(Role.GRID_WORKER, place=world.community)
    assert (await deadlines.set_priority(clerk, ticket.id, TicketPriority.ORDINARY)).due_at > due
