"""A database that is busy, slow, away or back: a clear answer at once, and recovery without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx2
import orjson
import pytest
from starlette.applications import Starlette

from api.read import Request
from domain.access import ANONYMOUS
from models import Place, Ticket
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import a_client, a_wire, an_officer, ask, bearer, code, listening, opened
from tests.api.read.conftest import Asker
from tests.api.read.proxy import a_proxy
from tests.builders import a_ticket, an_alert
from tests.waiting import until

#: What comes at once comes within so many seconds, however busy the machine that tests is.
AT_ONCE = 4.0
TICKETS = "{ tickets { nodes { id } } }"


@dataclass
class World:
    """The application, an officer's client of it, and a ticket that the officer sees."""

    app: Starlette
    client: httpx2.AsyncClient
    authorization: str
    ticket: Ticket

    async def ask(self, query: str = TICKETS, *, known: bool = True, **variables: Any) -> httpx2.Response:
        headers = {"authorization": self.authorization} if known else {}
        return await ask(self.client, {"query": query, "variables": variables}, **headers)

    async def of_another(self, settings: Settings) -> World:
        """The same for another officer of the street."""
        officer = await an_officer(await Place.get(id=self.ticket.street_id))
        return World(self.app, self.client, await bearer(officer, settings), self.ticket)

    async def sees_the_ticket(self) -> bool:
        answer = await self.ask()
        assert answer.status_code in {200, 503}
        return answer.status_code == 200 and answer.json() == {"data": {"tickets": {"nodes": [{"id": self.ticket.id}]}}}

    async def is_refused_at_once(self, query: str = TICKETS, *, known: bool = True) -> None:
        began = time.monotonic()
        answer = await self.ask(query, known=known)
        assert (answer.status_code, code(answer)) == (503, "UNAVAILABLE")
        assert answer.headers["retry-after"]
        assert "data" not in answer.json()
        assert time.monotonic() - began < AT_ONCE


@asynccontextmanager
async def a_world(database: Settings, **changes: Any) -> AsyncGenerator[World]:
    ticket = await a_ticket()
    officer = await an_officer(await Place.get(id=ticket.street_id))
    async with (
        opened(database, **{"database_wait_seconds": 0.3, "statement_timeout_ms": 60_000, **changes}) as app,
        a_client(app) as client,
    ):
        yield World(app, client, await bearer(officer, database), ticket)


class Administrator:
    """Somebody at the database itself."""

    def __init__(self, connection: asyncpg.Connection[Any], url: str) -> None:
        self._connection = connection
        self._url = url

    @asynccontextmanager
    async def locked(self, table: str) -> AsyncGenerator[None]:
        """Nobody else can read the table."""
        connection = await asyncpg.connect(self._url)
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()

    async def waiting(self, count: int) -> None:
        """Wait until as many statements wait for a lock."""
        others = "datname = current_database() AND wait_event_type = 'Lock'"
        await until(lambda: self._connection.fetchval(f"SELECT count(*) = $1 FROM pg_stat_activity WHERE {others}", count))

    async def do(self, function: str, which: str = "true") -> None:
        """``pg_cancel_backend`` or ``pg_terminate_backend`` on others' connections to this database."""
        others = f"datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        await self._connection.execute(f"SELECT {function}(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture
async def administrator(settings: Settings) -> AsyncGenerator[Administrator]:
    connection = await asyncpg.connect(settings.database_url)
    yield Administrator(connection, settings.database_url)
    await connection.close()


async def test_who_finds_all_connections_busy_is_refused_at_once(database: Settings, administrator: Administrator) -> None:
    async with a_world(database, read_connections=2) as world:
        other = await world.of_another(database)
        async with administrator.locked("ticket"):
            early = [asyncio.create_task(each.ask()) for each in (world, other)]
            await administrator.waiting(2)
            await world.is_refused_at_once()
            await world.is_refused_at_once("{ compounds { totalCount } viewer { id } }")
        assert [(await task).status_code for task in early] == [200, 200]
        assert await world.sees_the_ticket()


async def test_what_one_asks_for_leaves_room_for_others(database: Settings, administrator: Administrator) -> None:
    async with a_world(database, read_connections=4) as world:
        other = await world.of_another(database)
        async with administrator.locked("ticket"):
            early = [asyncio.create_task(world.ask()) for _ in range(2)]
            await administrator.waiting(2)
            await world.is_refused_at_once()
            assert (await other.ask("{ compounds { totalCount } viewer { id } }")).status_code == 200
        assert [(await task).status_code for task in early] == [200, 200]
        assert await world.sees_the_ticket()


async def test_whose_turn_comes_is_answered(database: Settings, administrator: Administrator) -> None:
    async with a_world(database, read_connections=2, database_wait_seconds=30.0) as world:
        async with administrator.locked("ticket"):
            early = [asyncio.create_task(world.ask()) for _ in range(5)]
            await administrator.waiting(1)
            early[3].cancel()
        answers = await asyncio.gather(*early, return_exceptions=True)
        assert [getattr(each, "status_code", None) for each in answers] == [200, 200, 200, None, 200]
        assert await world.sees_the_ticket()


async def test_who_cannot_be_told_apart_from_others_is_refused_at_once(database: Settings, administrator: Administrator) -> None:
    async with a_world(database) as world:
        async with administrator.locked("account"):
            await asyncio.gather(*(world.is_refused_at_once() for _ in range(5)))
            assert (await world.ask(known=False)).status_code == 200
        await until(world.sees_the_ticket)


async def test_a_statement_that_takes_too_long_is_given_up(database: Settings, administrator: Administrator) -> None:
    async with a_world(database, statement_timeout_ms=200) as world:
        async with administrator.locked("ticket"):
            await world.is_refused_at_once()
            both = await world.ask(
                "query ($t: ID!, $c: ID!) { ticket: node(id: $t) { id } compound: node(id: $c) { id } }",
                t=world.ticket.id,
                c=world.ticket.compound_id,
            )
            assert both.status_code == 200
            assert both.json()["data"] == {"ticket": None, "compound": {"id": world.ticket.compound_id}}
            assert [(e["path"], e["extensions"]["code"]) for e in both.json()["errors"]] == [(["ticket"], "UNAVAILABLE")]
        assert await world.sees_the_ticket()


async def test_a_statement_that_an_administrator_cancels_is_refused(database: Settings, administrator: Administrator) -> None:
    async with a_world(database) as world:
        async with administrator.locked("ticket"):
            asked = asyncio.create_task(world.is_refused_at_once())
            await administrator.waiting(1)
            await administrator.do("pg_cancel_backend", "wait_event_type = 'Lock'")
            await asked
        assert await world.sees_the_ticket()


async def test_a_read_whose_connection_breaks_is_read_again(database: Settings, administrator: Administrator) -> None:
    async with a_world(database) as world:
        async with administrator.locked("ticket"):
            asked = asyncio.create_task(world.sees_the_ticket())
            await administrator.waiting(1)
            await administrator.do("pg_terminate_backend", "wait_event_type = 'Lock'")
            await administrator.waiting(1)
        assert await asked


async def test_nobody_notices_more_than_a_moment_of_a_database_that_starts_again(
    database: Settings, administrator: Administrator
) -> None:
    async with a_world(database) as world:
        for _ in range(3):
            assert await world.sees_the_ticket()
            await administrator.do("pg_terminate_backend")
            await until(world.sees_the_ticket)


async def test_a_database_that_is_away_is_said_so_until_it_is_back(database: Settings) -> None:
    async with a_proxy(database) as proxy, a_world(database, database_url=proxy.url) as world:
        for _ in range(2):
            assert await world.sees_the_ticket()
            await proxy.cut()
            await asyncio.gather(*(world.is_refused_at_once(known=known) for known in (True, False) * 5))
            await proxy.open()
            await until(world.sees_the_ticket)


async def test_a_database_that_does_not_speak_is_waited_for_no_longer_than_allowed(database: Settings) -> None:
    async with (
        a_proxy(database) as proxy,
        a_world(database, database_url=proxy.url, statement_timeout_ms=200) as world,
    ):
        assert await world.sees_the_ticket()
        proxy.block()
        await asyncio.gather(*(world.is_refused_at_once(known=known) for known in (True, False) * 5))
        proxy.unblock()
        await until(world.sees_the_ticket)


async def test_a_subscription_tells_what_it_could_not_read_and_goes_on(database: Settings, administrator: Administrator) -> None:
    async with a_world(database, statement_timeout_ms=200) as world, a_wire(world.app) as wire:
        alert = await an_alert()
        officer = await an_officer(await Place.get(id=alert.street_id))
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", "subscription { alertChanged { id } }")
        await listening(world.app)
        async with administrator.locked("alert"):
            await record(Actor("system:test"), "alertAcknowledge", alert)
            failed = await wire.hear()
            assert (failed["type"], failed["payload"]["errors"][0]["extensions"]["code"]) == ("next", "UNAVAILABLE")
            wire.subscribe("2", "{ alerts { totalCount } }")
            refused = await wire.hear()
            assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "UNAVAILABLE")
        await record(Actor("system:test"), "alertAcknowledge", alert)
        told = await wire.hear()
        assert told["payload"] == {"data": {"alertChanged": {"id": alert.id}}}


HOSTILE: dict[str, tuple[str, dict[str, Any]]] = {
    "a variable": ("query ($x: String!) { compound(code: $x) { id } }", {"x": "KQ\0"}),
    "an id in a list": ("query ($x: [ID!]!) { nodes(ids: $x) { id } }", {"x": ["tkt_1", "tkt_\0"]}),
    "a nested filter": ("query ($x: TicketFilter) { tickets(filter: $x) { totalCount } }", {"x": {"compound": {"in": ["\0"]}}}),
    "a cursor": ("query ($x: String) { tickets(after: $x) { totalCount } }", {"x": "\0"}),
    "an escape": (r'{ compound(code: "\u0000") { id } }', {}),
    "a longer escape": (r'{ compound(code: "\u{0}") { id } }', {}),
    "a literal": ('{ compound(code: "KQ\0") { id } }', {}),
    "a block": ('{ compound(code: """KQ\0""") { id } }', {}),
    "a mutation's input": (
        "mutation ($x: TicketOpenInput!) { ticketOpen(input: $x) { errors { code } } }",
        {"x": {"compoundId": "cmp_1", "kind": "REPAIR", "title": "\0", "description": ""}},
    ),
}


@pytest.mark.parametrize("where", HOSTILE)
async def test_a_string_that_the_database_cannot_hold_is_refused_wherever_it_comes(database: Settings, where: str) -> None:
    query, variables = HOSTILE[where]
    async with a_world(database) as world:
        answer = await ask(
            world.client,
            {"query": query, "variables": variables},
            authorization=world.authorization,
            accept="application/graphql-response+json",
        )
        assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
        assert "data" not in answer.json()
        assert await world.sees_the_ticket()


async def test_half_a_surrogate_pair_is_no_json_and_no_graphql(database: Settings) -> None:
    async with a_world(database) as world:
        query = b"query ($x: String!) { compound(code: $x) { id } }"
        answer = await ask(world.client, b'{"query": "' + query + b'", "variables": {"x": "\\ud83d"}}')
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
        answer = await world.ask(r'{ compound(code: "\ud83d") { id } }')
        assert code(answer) == "GRAPHQL_PARSE_FAILED"
        request = Request(query.decode(), {"x": "\ud83d"})
        response = await world.app.state.door.engine.execute(request, Asker(ANONYMOUS))
        assert orjson.loads(response.body)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_other_odd_strings_are_only_strings(database: Settings) -> None:
    odd = "\x01\x1e\x1f\x7f\u2028\ufeff\uffff😀\"'\\$1{}"
    async with a_world(database) as world:
        await Ticket.filter(id=world.ticket.id).update(title=odd)
        found = await world.ask("query ($id: ID!) { node(id: $id) { ... on Ticket { title } } }", id=world.ticket.id)
        assert found.json() == {"data": {"node": {"title": odd}}}
        missing = await world.ask("query ($x: String!) { compound(code: $x) { id } }", x=odd)
        assert missing.json() == {"data": {"compound": None}}
