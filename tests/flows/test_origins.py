"""Every fact says by which door an act came in, from which network, and under which roles."""

from __future__ import annotations

import asyncio

import pytest

from domain.access import Role
from domain.audit import Door
from domain.tickets import TicketKind
from models import Fact, Work, tickets
from models.facts import Actor, acting, record
from models.viewers import viewer_of
from models.work import add
from settings import Settings
from tasks import registry
from tasks.work import perform
from tests.api.doors import a_client, ask, bearer, opened
from tests.builders import a_facility, a_role, a_ticket, an_account
from tests.models.ticket_world import a_world
from tests.steward.running import steward
from tests.tasks.feeding import a_status

pytestmark = pytest.mark.usefixtures("database")
_ACCEPT = "mutation ($id: ID!) { ticketAccept(input: {id: $id}) { ticket { id } errors { code } } }"


async def test_an_act_over_http_is_known_by_its_door_and_the_client_s_network(database: Settings) -> None:
    world = await a_world()
    ticket = await a_ticket(world.compound)
    account = await an_account(Role.COMPANY_MANAGER, organisation=world.company)
    async with opened(database) as app, a_client(app) as client:
        response = await ask(
            client, {"query": _ACCEPT, "variables": {"id": ticket.id}}, authorization=await bearer(account, database)
        )
        fact = await Fact.get(action="ticketAccept")

    assert response.json() == {"data": {"ticketAccept": {"ticket": {"id": ticket.id}, "errors": []}}}
    assert (fact.actor, fact.roles, fact.role) == (account.id, "COMPANY_MANAGER", Role.COMPANY_MANAGER)
    assert fact.door is Door.GRAPHQL
    assert fact.address is not None
    assert fact.address.endswith(".0/24")


async def test_what_follows_from_an_event_is_known_by_that_door() -> None:
    facility = await a_facility()
    event_id = await a_status(facility, 1, "OUT_OF_SERVICE")
    await add("events", {"events": [event_id]})
    await perform((await Work.get()).id)

    assert registry.events
    fact = await Fact.get(subject_id=facility.id)
    assert (fact.actor, fact.door, fact.address, fact.roles) == ("system:events", Door.EVENTS, None, "")


async def test_a_command_on_the_server_is_known_by_that_door(database: Settings) -> None:
    world = await a_world()
    assert database.secret_key is not None
    made = steward("intake-key", "create", world.company.code, DATABASE_URL=database.database_url)

    assert made.returncode == 0, made.stderr
    fact = await Fact.get(subject_id=world.company.id)
    assert (fact.door, fact.address, fact.words["en"]) == (Door.CLI, None, "The operator made an intake key.")


async def test_all_roles_that_allow_an_act_are_told_and_none_that_does_not() -> None:
    world = await a_world()
    account = await an_account(Role.GRID_WORKER, place=world.community)
    await a_role(account, Role.COMMITTEE_MEMBER, compound=world.compound)
    await a_role(account, Role.COMPANY_STAFF, organisation=world.office)
    viewer = await viewer_of(account.id)
    assert viewer is not None
    opened_ticket = await tickets.open_ticket(viewer, world.compound.id, kind=TicketKind.REPAIR, title="Lamp")
    await tickets.accept(viewer, opened_ticket.id)
    await tickets.comment(viewer, opened_ticket.id, "Inside.", internal=True)
    roles = {fact.action: fact.roles for fact in await Fact.filter(subject_id=opened_ticket.id)}

    assert roles == {
        "ticketOpen": "GRID_WORKER,COMMITTEE_MEMBER",
        "ticketAccept": "GRID_WORKER",
        "ticketComment": "GRID_WORKER",
    }


async def test_requests_at_the_same_time_do_not_share_their_origin() -> None:
    ticket = await a_ticket()

    async def act(address: str) -> Fact:
        with acting(Door.GRAPHQL, address):
            await asyncio.sleep(0)
            return await record(Actor("system:test"), "ticketAccept", ticket)

    first, second = await asyncio.gather(act("198.51.100.7"), act("203.0.113.7"))
    after = await record(Actor("system:test"), "ticketAccept", ticket)

    assert (first.address, second.address) == ("198.51.100.0/24", "203.0.113.0/24")
    assert (after.door, after.address) == (Door.SYSTEM, None)
