"""graphql-transport-ws: agreeing, introducing oneself, and messages that are none."""

from collections.abc import AsyncGenerator

import pytest
from starlette.applications import Starlette

from models import Account, Alert
from settings import Settings
from tests.api.doors import a_watcher, a_wire, bearer, opened
from tests.builders import an_alert


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
    token = await bearer(officer, database)
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
