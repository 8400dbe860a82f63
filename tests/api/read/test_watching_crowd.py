"""A thousand subscribers: each is told exactly what it may see, and the database is asked a few times only."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field

import orjson
import pytest
from starlette.applications import Starlette
from tortoise.transactions import in_transaction

from api.authentication import Identity, Session
from api.operations import changes
from api.problems import Problem
from api.read import Request, Response
from domain.access import Role
from models import Account, Compound, Mandate, RoleBinding, Ticket
from models.calendar import now
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import PATIENCE, a_wire, bearer, listening, opened
from tests.builders import LONG_AGO, a_community, a_company_serving, a_compound, a_street, a_ticket
from tests.waiting import until

COMPANIES, STAFF, OFFICERS = 40, 20, 200
WATCH = "subscription Watch { ticketChanged { id title compound { id name } } }"
FINISH = "the end"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@dataclass
class Crowd:
    """Everybody who watches, with what each has been told: titles by ticket, in order."""

    compounds: list[Compound]
    accounts: list[Account]
    told: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def sees(self, number: int) -> set[str]:
        """The compounds that the account of this number sees."""
        if number >= COMPANIES * STAFF:
            return {compound.id for compound in self.compounds}
        return {self.compounds[number // STAFF].id}

    async def watch(self, app: Starlette, account: Account, query: str = WATCH) -> None:
        session = Session(app.state.door, Identity(account.id), "en", "")
        told = self.told[account.id] = []
        try:
            stream = await changes(session, Request(query), "ws")
            assert not isinstance(stream, Response)
            async with aclosing(stream):
                async for body in stream:
                    ticket = orjson.loads(body)["data"]["ticketChanged"]
                    if ticket["title"] == FINISH:
                        return
                    told.append((ticket["id"], ticket["title"]))
        except Problem as problem:
            self.ended[account.id] = problem.code

    async def come(self, app: Starlette) -> None:
        self.tasks = [asyncio.create_task(self.watch(app, account)) for account in self.accounts]
        await listening(app, len(self.accounts))

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def crowd(app: Starlette) -> AsyncGenerator[Crowd]:
    """The staff of forty companies that serve one compound each, and street officers."""
    street = await a_street()
    community = await a_community(street)
    compounds = [await a_compound(community) for _ in range(COMPANIES)]
    companies = [await a_company_serving(compound) for compound in compounds]
    places = [{"organisation_id": company.id} for company in companies for _ in range(STAFF)]
    places += [{"place_id": street.id} for _ in range(OFFICERS)]
    accounts = [Account(login=f"crowd-{n}", name="Somebody", street_id=street.id) for n in range(len(places))]
    await Account.bulk_create(accounts)
    await RoleBinding.bulk_create(
        RoleBinding(
            account_id=account.id,
            role=Role.STREET_OFFICER if "place_id" in place else Role.COMPANY_STAFF,
            starts_on=LONG_AGO.date(),
            street_id=street.id,
            **place,
        )
        for account, place in zip(accounts, places, strict=True)
    )
    crowd = Crowd(compounds, accounts)
    await crowd.come(app)
    yield crowd
    await crowd.leave()


async def change(tickets: list[Ticket], *titles: str) -> None:
    """All of them in one transaction, so that they are told in one burst."""
    async with in_transaction():
        for title, ticket in itertools.product(titles, tickets):
            ticket.title = title
            await ticket.save(update_fields=["title"])
            await record(Actor("system:test"), "ticketOpen", ticket)


def readings(statements: list[str]) -> list[str]:
    """The statements that subscribers caused: about viewers, and about rows."""
    return [text for text in statements if not text.startswith(("INSERT", "UPDATE"))]


async def test_a_thousand_are_told_what_each_may_see_by_a_few_statements(
    app: Starlette, crowd: Crowd, statements: list[str], database: Settings
) -> None:
    tickets = [await a_ticket(compound) for compound in crowd.compounds]
    wanted: dict[str, list[tuple[str, str]]] = {account.id: [] for account in crowd.accounts}

    async def changed(some: list[Ticket], *titles: str, unseen_by: Collection[str] = ()) -> None:
        statements.clear()
        await change(some, *titles)
        for number, account in enumerate(crowd.accounts):
            if account.id not in unseen_by:
                wanted[account.id] += [(t.id, titles[-1]) for t in some if t.compound_id in crowd.sees(number)]
        await until(lambda: all(len(crowd.told[id_]) >= len(rows) for id_, rows in wanted.items()))

    assert app.state.door.engine.statements.misses == 2, "one statement for staff, one for officers"
    await changed(tickets[:25], "first", "second")
    assert len(readings(statements)) < 50, "of 2 × 50 × 1,000"
    await changed(tickets[-1:], "third")
    assert len(readings(statements)) < 10, "of 2 × 1,000"

    async with a_wire(app) as wire:
        officer, staff, *_ = gone = [crowd.accounts[-1], crowd.accounts[0]]
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app, len(crowd.accounts) + 1)
        await Account.filter(id__in=[account.id for account in gone]).update(disabled_at=now())
        await Mandate.filter(compound_id=crowd.compounds[1].id).update(ends_on=LONG_AGO.date())
        dismissed = [account.id for account in crowd.accounts[STAFF : 2 * STAFF]]
        await changed(tickets[:3], "fourth", unseen_by=[officer.id, staff.id, *dismissed])
        assert await wire.closing() == 4403
    await until(lambda: crowd.ended == {account.id: "UNAUTHENTICATED" for account in gone})

    await Mandate.filter(compound_id=crowd.compounds[1].id).update(ends_on=None)
    await change(tickets, FINISH)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*crowd.tasks)
    assert crowd.told == wanted
