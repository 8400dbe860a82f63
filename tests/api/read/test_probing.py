"""Nobody learns of what they do not see by asking for what belongs to it."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain.access import Role, Viewer
from models import Ticket
from settings import Settings
from tests.api.mutating import Client, a_client
from tests.builders import a_facility, a_ticket, an_organisation
from tests.models.ticket_world import World, a_world, somebody

COUNTED = """
query ($filter: TicketFilter) { tickets(filter: $filter) { totalCount } ticketStats(groupBy: [], filter: $filter) { count } }
"""


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def client(database: Settings, world: World) -> AsyncGenerator[Client]:
    async with a_client(database, world.manager) as made:
        yield made


@pytest.fixture
async def ticket(world: World) -> Ticket:
    facility = await a_facility(world.compound)
    about = {"assignee_id": world.worker.id, "organisation_id": world.company.id, "facility_id": facility.id}
    return await a_ticket(world.compound, **about)


async def counted(client: Client, viewer: Viewer, **filter_: Any) -> int:
    client.viewer = viewer
    answer = await client.post(COUNTED, filter=filter_)
    (stats,) = answer["data"]["ticketStats"]
    assert stats["count"] == answer["data"]["tickets"]["totalCount"]
    return stats["count"]


@pytest.mark.parametrize("operator", ["eq", "in"])
async def test_a_filter_by_a_person_finds_only_for_those_who_see_the_person(
    client: Client, world: World, ticket: Ticket, operator: str
) -> None:
    member = await somebody(Role.COMMITTEE_MEMBER, compound=world.compound)
    by = {operator: world.worker.id if operator == "eq" else [world.worker.id, "acc_nobody"]}
    assert await counted(client, member) == 1
    assert await counted(client, member, assignee=by) == 0
    assert await counted(client, world.manager, assignee=by) == 1
    assert await counted(client, await somebody(Role.STREET_OFFICER, place=world.street), assignee=by) == 1


async def test_a_filter_by_a_thing_that_is_seen_finds_what_it_found(client: Client, world: World, ticket: Ticket) -> None:
    member = await somebody(Role.COMMITTEE_MEMBER, compound=world.compound)
    for viewer in (member, world.manager, await somebody(Role.AUDITOR, place=world.street)):
        assert await counted(client, viewer, compound={"eq": world.compound.id}) == 1
        assert await counted(client, viewer, organisation={"in": [world.company.id]}, facility={"eq": ticket.facility_id}) == 1
        assert await counted(client, viewer, organisation={}) == 1


async def test_a_filter_by_an_organisation_without_a_mandate_finds_nothing_for_its_neighbours(
    client: Client, world: World, ticket: Ticket
) -> None:
    stranger = await an_organisation(street_id=world.street.id)
    await Ticket.filter(id=ticket.id).update(organisation_id=stranger.id)
    assert await counted(client, world.manager, organisation={"eq": stranger.id}) == 0
    assert await counted(client, await somebody(Role.STREET_OFFICER, place=world.street), organisation={"eq": stranger.id}) == 1


async def test_colleagues_are_found_and_oneself(client: Client, world: World, ticket: Ticket) -> None:
    assert await counted(client, world.manager, assignee={"eq": world.manager.account_id}) == 0
    await Ticket.filter(id=ticket.id).update(assignee_id=world.manager.account_id)
    assert await counted(client, world.manager, assignee={"eq": world.manager.account_id}) == 1
