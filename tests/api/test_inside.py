"""What those on duty say among themselves, and what is recorded of it, is told to nobody else."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain.access import Role, Viewer
from models import Fact, Ticket, TicketComment, tickets
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_ticket
from tests.models.ticket_world import World, a_world, somebody

TOLD = """
query ($ids: [ID!]!, $ticket: ID!) {
  nodes(ids: $ids) { __typename }
  node(id: $ticket) { ... on Ticket { comments { totalCount nodes { body } } history { totalCount nodes { action } } } }
}
"""


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(database: Settings, world: World) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as made:
        yield made


async def a_talk(world: World) -> Ticket:
    """A ticket with one remark inside, one outside."""
    ticket = await a_ticket(world.compound)
    await tickets.comment(world.manager, ticket.id, "They never pay.", internal=True)
    await tickets.comment(world.manager, ticket.id, "We come tomorrow.")
    return ticket


async def told(client: Client, viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    ids = [row.id for model in (TicketComment, Fact) for row in await model.all().order_by("id")]
    client.viewer = viewer
    return (await client.post(TOLD, ids=ids, ticket=ticket.id))["data"]


@pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.INTEGRATION])
async def test_who_looks_after_a_compound_without_working_there_is_told_what_is_said_outside(
    client: Client, world: World, role: Role
) -> None:
    bound: dict[str, Any] = {"compound": world.compound} if role is Role.COMMITTEE_MEMBER else {"organisation": world.company}
    answer = await told(client, await somebody(role, **bound), await a_talk(world))

    assert answer["node"]["comments"] == {"totalCount": 1, "nodes": [{"body": "We come tomorrow."}]}
    assert answer["node"]["history"] == {"totalCount": 1, "nodes": [{"action": "ticketComment"}]}
    assert answer["nodes"] == [None, {"__typename": "TicketComment"}, None, {"__typename": "Fact"}]


@pytest.mark.parametrize("role", [Role.COMPANY_STAFF, Role.GRID_WORKER, Role.STREET_OFFICER, Role.AUDITOR])
async def test_those_on_duty_and_auditors_are_told_all(client: Client, world: World, role: Role) -> None:
    place = world.community if role is Role.GRID_WORKER else world.street
    bound: dict[str, Any] = {"organisation": world.company} if role is Role.COMPANY_STAFF else {"place": place}
    answer = await told(client, await somebody(role, **bound), await a_talk(world))

    assert answer["node"]["comments"]["totalCount"] == 2
    assert answer["node"]["history"]["totalCount"] == 2
    assert None not in answer["nodes"]
