"""graphql-transport-ws, spoken by clients good and bad."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from starlette.applications import Starlette

from api.tokens import issue
from domain.access import Role
from models import Account, Alert, Compound
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import ADDRESS, a_wire, bearer, listening, metric, opened
from tests.builders import a_community, a_compound, a_device, a_street, an_account, an_alert

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
    """Somebody who sees the alert."""
    return await an_account(Role.COMMITTEE_MEMBER, compound=await Compound.get(id=alert.compound_id))


async def change(alert: Alert) -> None:
    await record(Actor("system:test"), "alertAcknowledge", alert)


def next_of(operation: str, alert: Alert) -> dict[str, Any]:
    return {"id": operation, "type": "next", "payload": {"data": {"alertChanged": {"id": alert.id, "state": "OPEN"}}}}


# before the acknowledgement


async def test_the_subprotocol_is_agreed_on(app: Starlette) -> None:
    async with a_wire(app, subprotocols=("graphql-ws", "graphql-transport-ws")) as wire:
        assert wire.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("subprotocols", [(), ("graphql-ws",), ("Graphql-Transport-WS",)])
async def test_another_subprotocol_closes_with_4406(app: Starlette, subprotocols: tuple[str, ...]) -> None:
    async with a_wire(app, subprotocols=subprotocols) as wire:
        assert await wire.closing() == 4406


async def test_silence_closes_with_4408(database: Settings) -> None:
    async with opened(database, socket_init_seconds=0.02) as app, a_wire(app) as wire:
        assert await wire.closing() == 4408


async def test_an_operation_before_the_acknowledgement_closes_with_4401(app: Starlette) -> None:
    async with a_wire(app) as wire:
        wire.subscribe("1", "{ __typename }")
        assert await wire.closing() == 4401


async def test_a_second_initialisation_closes_with_4429(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.say({"type": "connection_init"})
        assert await wire.closing() == 4429


@pytest.mark.parametrize("authorization", ["nonsense", "Bearer nonsense", "Basic eDp5"])
async def test_a_wrong_token_closes_with_4403(app: Starlette, authorization: str) -> None:
    async with a_wire(app) as wire:
        wire.say({"type": "connection_init", "payload": {"Authorization": authorization}})
        assert await wire.closing() == 4403


@pytest.mark.parametrize("way", ["payload", "payload in small letters", "header"])
async def test_a_token_may_come_in_the_payload_or_the_header(
    app: Starlette, officer: Account, database: Settings, way: str
) -> None:
    token = bearer(officer, database)
    async with a_wire(app, {"authorization": token} if way == "header" else {}) as wire:
        payload = {} if way == "header" else {"authorization" if "small" in way else "Authorization": token}
        wire.say({"type": "connection_init", "payload": payload})
        assert await wire.hear() == {"type": "connection_ack"}
        wire.subscribe("1", "{ viewer { id } }")
        assert (await wire.hear())["payload"] == {"data": {"viewer": {"id": officer.id}}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "[1]",
        "null",
        "7",
        '"connection_init"',
        "{}",
        '{"type": null}',
        '{"type": 7}',
        '{"type": ["ping"]}',
        '{"type": "start"}',
        '{"type": "connection_ack"}',
        '{"type": "connection_init", "payload": []}',
        '{"type": "connection_init", "payload": "x"}',
        '{"type": "connection_init", "payload": {"Authorization": 7}}',
        '{"type": "ping", "payload": 7}',
        '{"type": "pong", "payload": []}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": null, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": null}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": "{}"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "operationName": 7}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "extensions": 7}}',
        '{"type": "subscribe", "id": "' + "x" * 200 + '", "payload": {"query": "{ a }"}}',
        '{"type": "complete"}',
        '{"type": "complete", "id": 7}',
        "[" * 2_000,
        '{"type": "ping", "payload": ' + '{"a":' * 500 + "1" + "}" * 500 + "}",
        '{"type": "ping", "payload": ' + '{"a":' * 90 + "1" + "}" * 90 + "}",
        '{"type": "ping", "payload": {"a": NaN}}',
    ],
)
async def test_what_is_no_message_closes_with_4400(app: Starlette, text: str) -> None:
    async with a_wire(app) as wire:
        wire.say_text(text)
        assert await wire.closing() == 4400


async def test_bytes_close_with_4400(app: Starlette) -> None:
    async with a_wire(app) as wire:
        wire.say_bytes(b'{"type": "connection_init"}')
        assert await wire.closing() == 4400


async def test_a_message_beyond_the_limit_closes_with_1009(app: Starlette) -> None:
    async with a_wire(app) as wire:
        wire.say({"type": "ping", "payload": {"a": "x" * 5_000}})
        assert await wire.closing() == 1009


# operations


async def test_a_query_is_answered_and_completed(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for operation in ("1", "1", 'two "quotes" 引号'):
            wire.subscribe(operation, "{ __typename }")
            assert await wire.hear() == {"id": operation, "type": "next", "payload": {"data": {"__typename": "Query"}}}
            assert await wire.hear() == {"id": operation, "type": "complete"}


@pytest.mark.parametrize(
    "query",
    ["{", "{ nothing }", "subscription { nothing }", "subscription { alertChanged { id } ticketChanged { id } }", "{ a" * 500],
)
async def test_a_request_error_ends_that_operation_only(app: Starlette, query: str) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.subscribe("1", query)
        error = await wire.hear()
        assert (error["id"], error["type"]) == ("1", "error")
        assert error["payload"][0]["extensions"]["code"]
        wire.subscribe("1", "{ __typename }")
        assert (await wire.hear())["type"] == "next"


async def test_a_subscription_tells_of_changes_until_it_is_completed(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        assert metric("steward_subscriptions_open", transport="ws") == 1
        for _ in range(2):
            await change(alert)
            assert await wire.hear() == next_of("1", alert)
        wire.say({"type": "complete", "id": "1"})
        await listening(app, 0)
        await change(alert)
        wire.say({"type": "ping"})
        assert await wire.hear() == {"type": "pong"}
        assert metric("steward_subscriptions_open", transport="ws") == 0


async def test_a_subscription_hears_only_of_what_its_viewer_sees(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    elsewhere = await an_alert(await a_device(await a_compound(await a_community(await a_street()))))
    async with a_wire(app) as wire, a_wire(app) as anonymous:
        await anonymous.introduce()
        anonymous.subscribe("1", WATCH)
        await wire.introduce(bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app, 2)
        await change(elsewhere)
        await change(alert)
        assert await wire.hear() == next_of("1", alert)
        anonymous.say({"type": "ping"})
        assert await anonymous.hear() == {"type": "pong"}


async def test_an_id_in_use_closes_with_4409(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for _ in range(2):
            wire.subscribe("编号" * 60, WATCH)
        assert await wire.closing() == 4409


async def test_an_id_is_free_again_after_the_client_completes_it(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(bearer(officer, database))
        wire.subscribe("1", WATCH)
        wire.say({"type": "complete", "id": "1"})
        wire.subscribe("1", "{ __typename }")
        assert (await wire.hear())["type"] == "next"


async def test_completing_what_does_not_run_is_no_matter(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.say({"type": "complete", "id": "nobody"})
        wire.say({"type": "ping", "payload": {"at": 7}})
        assert await wire.hear() == {"type": "pong", "payload": {"at": 7}}


async def test_too_many_operations_are_refused_one_by_one(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for number in range(4):
            wire.subscribe(str(number), WATCH)
        refused = await wire.hear()
        assert (refused["id"], refused["type"]) == ("3", "error")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await listening(app, 3)


async def test_too_many_sockets_of_one_viewer_close_with_4429(app: Starlette, officer: Account, database: Settings) -> None:
    token = bearer(officer, database)
    async with a_wire(app) as first, a_wire(app) as second, a_wire(app) as third, a_wire(app) as stranger:
        await first.introduce(token)
        await second.introduce(token)
        third.say({"type": "connection_init", "payload": {"Authorization": token}})
        assert await third.closing() == 4429
        await stranger.introduce()
        first.leave()
        await first.ended()
        async with a_wire(app) as fourth:
            await fourth.introduce(token)


async def test_strangers_are_counted_by_address(app: Starlette) -> None:
    async with a_wire(app) as first, a_wire(app) as second:
        await first.introduce()
        await second.introduce()
        assert app.state.door.streams == {ADDRESS: 2}
    assert app.state.door.streams == {}


async def test_a_crash_ends_the_operation_and_tells_its_number_only(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret")

    async with a_wire(app) as wire:
        await wire.introduce()
        monkeypatch.setattr(app.state.door.engine, "execute", crash)
        wire.subscribe("1", "{ __typename }")
        error = await wire.hear()
        assert error["type"] == "error"
        assert error["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert "secret" not in str(error)


# time and endings


async def test_the_socket_closes_with_4403_when_the_token_expires(app: Starlette, officer: Account, database: Settings) -> None:
    almost = datetime.now(UTC) - timedelta(minutes=database.token_minutes) + timedelta(seconds=2)
    token, _ = issue(officer.id, database, now=almost)
    async with a_wire(app) as wire:
        await wire.introduce(f"Bearer {token}")
        wire.subscribe("1", WATCH)
        assert await wire.closing() == 4403


async def test_a_viewer_disabled_meanwhile_hears_nothing_more(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(bearer(officer, database))
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
        await wire.introduce(bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        wire.flowing.clear()
        for _ in range(8):
            await change(alert)
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
        await wire.introduce(bearer(officer, database))
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
        await wire.introduce(bearer(officer, database))
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
        await asyncio.gather(wire.introduce(bearer(officer, database)), other.introduce(bearer(officer, database)))
        wire.subscribe("1", WATCH)
        other.subscribe("1", WATCH)
        await listening(app, 2)
        other.say_text("nonsense")
        assert await other.closing() == 4400
        await change(alert)
        assert await wire.hear() == next_of("1", alert)
