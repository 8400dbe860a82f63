"""A mandate ends: the very next request of the same token obeys, and so does a subscription that is open."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from domain.access import Role
from models import Account, Compound, Mandate, Place, Ticket
from models.calendar import today
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import a_client, a_wire, ask, bearer, listening, opened
from tests.builders import a_company_serving, a_compound, a_mandate, a_ticket, an_account

READ = "query ($id: ID!) { node(id: $id) { id } }"
OPEN = """
mutation ($compound: ID!) {
  ticketOpen(input: {compoundId: $compound, kind: REPAIR, title: "Lamp"}) { ticket { state } errors { code message } }
}
"""
DAY = timedelta(days=1)


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def ticket(database: Settings) -> Ticket:
    return await a_ticket(await a_compound())


@pytest.fixture
async def mandate(ticket: Ticket) -> Mandate:
    """A company's mandate for the compound of the ticket."""
    company = await a_company_serving(await Compound.get(id=ticket.compound_id))
    return await Mandate.get(organisation_id=company.id)


@pytest.fixture
async def manager(mandate: Mandate) -> Account:
    return await an_account(Role.COMPANY_MANAGER, organisation=await mandate.organisation)


async def ended(mandate: Mandate, days: int) -> None:
    """Let the mandate have ended so many days ago."""
    mandate.ends_on = today() - days * DAY
    await mandate.save()


async def test_the_next_request_reads_but_does_not_act_and_then_does_not_read(
    app: Starlette, database: Settings, ticket: Ticket, mandate: Mandate, manager: Account
) -> None:
    authorization = await bearer(manager, database)
    async with a_client(app) as client:

        async def said(query: str) -> Any:
            variables = {"id": ticket.id} if query is READ else {"compound": ticket.compound_id}
            body = {"query": query, "variables": variables}
            return (await ask(client, body, authorization=authorization, accept_language="en")).json()["data"]

        assert await said(READ) == {"node": {"id": ticket.id}}
        assert await said(OPEN) == {"ticketOpen": {"ticket": {"state": "OPEN"}, "errors": []}}
        await ended(mandate, 1)
        assert await said(READ) == {"node": {"id": ticket.id}}
        (error,) = (await said(OPEN))["ticketOpen"]["errors"]
        assert error["code"] == "FORBIDDEN"
        assert error["message"].startswith("The mandate for this compound has ended")
        await ended(mandate, database.handover_days + 1)
        assert await said(READ) == {"node": None}
        assert (await said(OPEN))["ticketOpen"]["errors"][0]["code"] == "NOT_FOUND"


async def test_an_open_subscription_falls_silent_when_the_handover_is_over(
    app: Starlette, database: Settings, ticket: Ticket, mandate: Mandate, manager: Account
) -> None:
    kept = await a_ticket(await a_compound(await Place.get(id=(await Compound.get(id=ticket.compound_id)).community_id)))
    await a_mandate(await mandate.organisation, await Compound.get(id=kept.compound_id))
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(manager, database))
        wire.subscribe("1", "subscription { ticketChanged { id } }")
        await listening(app)

        async def heard_of(*changed: Ticket) -> str:
            """The first ticket that is told of, after changes of these."""
            for one in changed:
                await record(Actor("system:test"), "ticketAccept", one)
            return (await wire.hear())["payload"]["data"]["ticketChanged"]["id"]

        assert await heard_of(ticket) == ticket.id
        await ended(mandate, 1)
        assert await heard_of(ticket) == ticket.id
        await ended(mandate, database.handover_days + 1)
        assert await heard_of(ticket, kept) == kept.id
