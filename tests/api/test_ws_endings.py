"""graphql-transport-ws: expiry, silence, slow clients, gaps, and stopping."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from starlette.applications import Starlette

from models import Account, Alert, Device
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import a_watcher, a_wire, bearer, listening, metric, opened
from tests.builders import an_alert

WATCH = "subscription { alertChanged { id state } }"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database, socket_message_bytes=5_000, socket_operations=3, streams_per_viewer=2) as app:
        yield app


@pytest.fixture
async def alert(database: Settings) -> Alert:
    return await an_alert()


@pytest.fixture
async def officer(alert: Alert) -> Account:
    return await a_watcher(alert)


async def change(alert: Alert) -> None:
    await record(Actor("system:test"), "alertAcknowledge", alert)


def next_of(operation: str, alert: Alert) -> dict[str, Any]:
    return {"id": operation, "type": "next", "payload": {"data": {"alertChanged": {"id": alert.id, "state": "OPEN"}}}}


async def test_the_socket_closes_with_4403_when_the_token_expires(app: Starlette, officer: Account, database: Settings) -> None:
    almost = datetime.now(UTC) - timedelta(minutes=database.token_minutes) + timedelta(seconds=2)
    token = await bearer(officer, database, now=almost)
    async with a_wire(app) as wire:
        await wire.introduce(token)
        wire.subscribe("1", WATCH)
        assert await wire.closing() == 4403


async def test_a_viewer_disabled_meanwhile_hears_nothing_more(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        officer.disabled_at = datetime.now(UTC)
        await officer.save()
        await change(alert)
        assert await wire.closing() == 4403


async def test_a_silent_client_is_pinged_and_then_left(database: Settings) -> None:
    async with opened(database, socket_idle_seconds=0.05) as app, a_wire(app) as wire:
        await wire.introduce()
        assert await wire.hear() == {"type": "ping"}
        assert await wire.closing() == 1001


async def test_a_client_that_answers_pings_is_kept(database: Settings) -> None:
    async with opened(database, socket_idle_seconds=0.05) as app, a_wire(app) as wire:
        await wire.introduce()
        for _ in range(4):
            assert await wire.hear() == {"type": "ping"}
            wire.say({"type": "pong"})


async def test_a_client_that_does_not_read_costs_a_bounded_backlog_and_is_told(
    database: Settings, officer: Account, alert: Alert
) -> None:
    async with opened(database, subscription_backlog=3) as app, a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        wire.flowing.clear()
        device = await Device.get(id=alert.device_id)
        for number in range(8):
            await change(await an_alert(device, rule=f"fire_safety.{number}"))
        await listening(app, 0)
        wire.flowing.set()
        messages = [await wire.hear()]
        while messages[-1]["type"] == "next":
            messages.append(await wire.hear())
        assert messages[-1]["type"] == "error"
        assert messages[-1]["payload"][0]["extensions"]["code"] == "CHANGES_MISSED"
        assert len(messages) <= 3


async def test_a_client_that_never_reads_is_left_in_the_end(database: Settings, officer: Account, alert: Alert) -> None:
    async with opened(database, socket_idle_seconds=0.05) as app, a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        wire.flowing.clear()
        await change(alert)
        await wire.ended()
        await listening(app, 0)


async def test_a_gap_in_the_feed_ends_subscriptions_and_not_the_socket(
    app: Starlette, officer: Account, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        connection = await asyncpg.connect(database.database_url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        await connection.close()
        error = await wire.hear()
        assert (error["id"], error["type"]) == ("1", "error")
        assert error["payload"][0]["extensions"]["code"] == "CHANGES_MISSED"
        wire.subscribe("1", "{ __typename }")
        assert (await wire.hear())["type"] == "next"


async def test_a_stopping_server_closes_with_1001(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.subscribe("1", WATCH)
        await listening(app)
        app.state.door.closing.set()
        assert await wire.closing() == 1001
        await listening(app, 0)


async def test_a_client_that_leaves_leaves_nothing_behind(app: Starlette) -> None:
    open_before = metric("steward_sockets_open")
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.subscribe("1", WATCH)
        await listening(app)
        wire.leave()
        await wire.ended()
    assert app.state.door.feed.subscribers == 0
    assert metric("steward_sockets_open") == open_before


async def test_two_sockets_do_not_disturb_each_other(app: Starlette, officer: Account, alert: Alert, database: Settings) -> None:
    async with a_wire(app) as wire, a_wire(app) as other:
        await asyncio.gather(wire.introduce(await bearer(officer, database)), other.introduce(await bearer(officer, database)))
        wire.subscribe("1", WATCH)
        other.subscribe("1", WATCH)
        await listening(app, 2)
        other.say_text("nonsense")
        assert await other.closing() == 4400
        await change(alert)
        assert await wire.hear() == next_of("1", alert)
