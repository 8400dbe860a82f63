"""GraphQL over server-sent events: one stream an operation."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest
from starlette.applications import Starlette

from api.sse import event
from models import Account, Alert
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import Exchange, a_watcher, an_exchange, bearer, listening, metric, opened
from tests.builders import an_alert

STREAM = "text/event-stream"
WATCH = "subscription { alertChanged { id } }"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database, streams_per_viewer=2) as app:
        yield app


@pytest.fixture
async def alert(database: Settings) -> Alert:
    return await an_alert()


@pytest.fixture
async def officer(alert: Alert) -> Account:
    return await a_watcher(alert)


def ask(exchange: Exchange, query: str) -> None:
    exchange.body(orjson.dumps({"query": query}))


async def ended(exchange: Exchange) -> None:
    """The stream ends, after nothing more but the end."""
    while await exchange.piece():
        pass
    await exchange.ended()


def told(alert: Alert) -> tuple[str, Any]:
    return "next", {"data": {"alertChanged": {"id": alert.id}}}


async def test_a_query_is_one_event_and_the_end(app: Starlette) -> None:
    async with an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, "{ __typename }")
        assert await exchange.status() == 200
        assert exchange.headers["content-type"] == f"{STREAM}; charset=utf-8"
        assert exchange.headers["cache-control"] == "no-store"
        assert await exchange.event() == ("next", {"data": {"__typename": "Query"}})
        assert await exchange.event() == ("complete", None)
        await exchange.ended()


@pytest.mark.parametrize("query", ["{", "{ nothing }", "subscription { nothing }"])
async def test_a_request_error_is_an_event_too(app: Starlette, query: str) -> None:
    async with an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, query)
        assert await exchange.status() == 200
        name, data = await exchange.event()
        assert name == "next"
        assert "data" not in data
        assert data["errors"][0]["extensions"]["code"]
        assert await exchange.event() == ("complete", None)


async def test_a_mutation_by_get_is_refused_in_a_stream_too(app: Starlette) -> None:
    async with an_exchange(app, "GET", {"accept": STREAM}, query=b"query=mutation{__typename}") as exchange:
        assert await exchange.status() == 200
        _, data = await exchange.event()
        assert "data" not in data


@pytest.mark.parametrize("accept", [STREAM, f"application/json, {STREAM}", f"application/json;q=0.1, {STREAM}"])
async def test_a_subscription_tells_of_changes_until_the_client_leaves(
    app: Starlette, officer: Account, alert: Alert, database: Settings, accept: str
) -> None:
    async with an_exchange(app, headers={"accept": accept, "authorization": await bearer(officer, database)}) as exchange:
        ask(exchange, WATCH)
        assert await exchange.status() == 200
        await listening(app)
        assert metric("steward_subscriptions_open", transport="sse") == 1
        for _ in range(2):
            await record(Actor("system:test"), "alertAcknowledge", alert)
            assert await exchange.event() == told(alert)
        exchange.leave()
        await exchange.ended()
    await listening(app, 0)
    assert app.state.door.streams == {}
    assert metric("steward_subscriptions_open", transport="sse") == 0


async def test_an_event_source_may_subscribe_by_get(app: Starlette) -> None:
    async with an_exchange(app, "GET", {"accept": STREAM}, query=b"query=subscription{alertChanged{id}}") as exchange:
        assert await exchange.status() == 200
        await listening(app)


async def test_a_wrong_token_is_401_and_no_stream(app: Starlette) -> None:
    async with an_exchange(app, headers={"accept": STREAM, "authorization": "Bearer nonsense"}) as exchange:
        ask(exchange, WATCH)
        assert await exchange.status() == 401


async def test_too_many_streams_of_one_viewer_are_429(app: Starlette, officer: Account, database: Settings) -> None:
    headers = {"accept": STREAM, "authorization": await bearer(officer, database)}
    async with an_exchange(app, headers=headers) as first, an_exchange(app, headers=headers) as second:
        for exchange in (first, second):
            ask(exchange, WATCH)
            assert await exchange.status() == 200
        async with an_exchange(app, headers=headers) as third:
            ask(third, WATCH)
            assert await third.status() == 429
            assert third.headers["retry-after"]
    async with an_exchange(app, headers=headers) as fourth:
        ask(fourth, WATCH)
        assert await fourth.status() == 200


async def test_the_stream_ends_with_an_error_when_the_token_expires(app: Starlette, officer: Account, database: Settings) -> None:
    almost = datetime.now(UTC) - timedelta(minutes=database.token_minutes) + timedelta(seconds=2)
    token = await bearer(officer, database, now=almost)
    async with an_exchange(app, headers={"accept": STREAM, "authorization": token}) as exchange:
        ask(exchange, WATCH)
        assert await exchange.status() == 200
        _, data = await exchange.event()
        assert data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await exchange.event() == ("complete", None)
        await exchange.ended()


async def test_a_viewer_disabled_meanwhile_hears_nothing_more(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with an_exchange(app, headers={"accept": STREAM, "authorization": await bearer(officer, database)}) as exchange:
        ask(exchange, WATCH)
        await exchange.status()
        await listening(app)
        officer.disabled_at = datetime.now(UTC)
        await officer.save()
        await record(Actor("system:test"), "alertAcknowledge", alert)
        _, data = await exchange.event()
        assert data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await exchange.event() == ("complete", None)


async def test_a_gap_in_the_feed_ends_the_stream_with_an_error(app: Starlette, database: Settings) -> None:
    async with an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, WATCH)
        await exchange.status()
        await listening(app)
        connection = await asyncpg.connect(database.database_url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        await connection.close()
        _, data = await exchange.event()
        assert data["errors"][0]["extensions"]["code"] == "CHANGES_MISSED"
        assert await exchange.event() == ("complete", None)
        await exchange.ended()


async def test_a_quiet_stream_is_kept_alive_by_comments(database: Settings) -> None:
    async with opened(database, socket_idle_seconds=0.02) as app, an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, WATCH)
        await exchange.status()
        for _ in range(3):
            assert await exchange.piece() == b":\n\n"


async def test_a_client_that_never_reads_is_left_in_the_end(database: Settings) -> None:
    async with opened(database, socket_idle_seconds=0.02) as app, an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, WATCH)
        await exchange.status()
        await listening(app)
        exchange.flowing.clear()
        await exchange.ended()
        await listening(app, 0)


async def test_a_stopping_server_just_ends_the_stream(app: Starlette) -> None:
    async with an_exchange(app, headers={"accept": STREAM}) as exchange:
        ask(exchange, WATCH)
        await exchange.status()
        await listening(app)
        app.state.door.closing.set()
        assert await exchange.piece() == b""
        await exchange.ended()


async def test_head_never_streams(app: Starlette) -> None:
    async with an_exchange(app, "HEAD", {"accept": STREAM}, query=b"query={__typename}") as exchange:
        assert await exchange.status() == 406


def test_a_line_break_in_a_response_stays_inside_its_event() -> None:
    assert event(b'{"a":\r\n1}') == b'event: next\ndata: {"a":\ndata: 1}\n\n'
