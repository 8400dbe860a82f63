"""The doors behind the real server, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import orjson
import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from models import Account, Alert, Compound, Device, File, Ticket
from models.facts import Actor, record
from models.files import Folder
from settings import Settings
from steward.parts import command
from tests.api.doors import PATIENCE, a_watcher, bearer
from tests.builders import a_ticket, an_alert
from tests.models.pictures import a_picture, opened
from tests.waiting import a_free_port, until

WATCH = "subscription { alertChanged { id } }"


@dataclass
class Server:
    """A running API process."""

    process: Process
    port: int
    officer: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    @asynccontextmanager
    async def wire(self) -> AsyncGenerator[ClientConnection]:
        """A WebSocket of the officer, acknowledged."""
        subprotocol = Subprotocol("graphql-transport-ws")
        async with connect(f"ws://127.0.0.1:{self.port}/graphql", subprotocols=[subprotocol], proxy=None) as wire:
            await wire.send(orjson.dumps({"type": "connection_init", "payload": {"Authorization": self.officer}}).decode())
            assert orjson.loads(await wire.recv()) == {"type": "connection_ack"}
            yield wire


@pytest.fixture
async def alert(database: Settings) -> Alert:
    return await an_alert()


@pytest.fixture
async def officer(alert: Alert) -> Account:
    return await a_watcher(alert)


@pytest.fixture
async def server(database: Settings, officer: Account, tmp_path: Path) -> AsyncGenerator[Server]:
    settings = database.model_copy(update={"port": a_free_port()})
    assert settings.secret_key is not None
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STEWARD_DATA": str(tmp_path),
        "STEWARD_SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    process = await asyncio.create_subprocess_exec(*command("api", settings), env=environment)
    server = Server(process, settings.port, await bearer(officer, settings))
    try:
        async with asyncio.timeout(3 * PATIENCE), httpx2.AsyncClient() as client:
            while not await _ready(client, server):
                assert process.returncode is None
                await asyncio.sleep(0.05)
        yield server
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(client: httpx2.AsyncClient, server: Server) -> bool:
    try:
        return (await client.get(f"{server.url}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


def subscribe(operation: str, query: str) -> str:
    return orjson.dumps({"id": operation, "type": "subscribe", "payload": {"query": query}}).decode()


async def shown(server: Server, name: str, value: float) -> bool:
    """Whether the process's metrics of that name add up to the value."""
    async with httpx2.AsyncClient() as client:
        lines = (await client.get(f"{server.url}/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name)) == value


async def subscribed(server: Server, count: int) -> None:
    """Wait until as many subscriptions are open in the process."""
    await until(lambda: shown(server, "steward_subscriptions_open", count))


async def test_queries_subscriptions_and_streams_run_and_a_stop_ends_them_at_once(server: Server, alert: Alert) -> None:
    headers = {"accept": "text/event-stream", "authorization": server.officer}
    async with (
        server.wire() as wire,
        httpx2.AsyncClient(base_url=server.url) as client,
        client.stream("POST", "/graphql", json={"query": WATCH}, headers=headers, timeout=PATIENCE) as stream,
    ):
        assert (await client.post("/graphql", json={"query": "{ __typename }"})).json() == {"data": {"__typename": "Query"}}
        await wire.send(subscribe("1", WATCH))
        await subscribed(server, 2)
        await record(Actor("system:test"), "alertAcknowledge", alert)
        expected = {"data": {"alertChanged": {"id": alert.id}}}
        assert orjson.loads(await wire.recv()) == {"id": "1", "type": "next", "payload": expected}
        lines = stream.aiter_lines()
        assert [await anext(lines), await anext(lines)] == ["event: next", f"data: {orjson.dumps(expected).decode()}"]

        started = asyncio.get_running_loop().time()
        server.stop()
        with pytest.raises(ConnectionClosed):
            await wire.recv()
        assert [line async for line in lines] == [""]
        async with asyncio.timeout(PATIENCE):
            assert await server.process.wait() == 0
        assert asyncio.get_running_loop().time() - started < 2.5


async def test_a_close_code_reaches_the_client(server: Server) -> None:
    async with server.wire() as wire:
        await wire.send("[1]")
        with pytest.raises(ConnectionClosed):
            await wire.recv()
        assert wire.close_code == 4400


async def test_a_page_of_another_site_opens_no_socket_and_a_huge_message_closes_its_own(server: Server) -> None:
    subprotocol = Subprotocol("graphql-transport-ws")
    address = f"ws://127.0.0.1:{server.port}/graphql"
    async with connect(address, subprotocols=[subprotocol], origin=Origin(server.url), proxy=None):
        pass
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, subprotocols=[subprotocol], origin=Origin("https://evil.example.net"), proxy=None):
            pass
    assert refused.value.response.status_code == 403
    async with server.wire() as wire:
        await wire.send("x" * 300_000)
        with pytest.raises(ConnectionClosed):
            await wire.recv()
        assert wire.close_code == 1009
    async with server.wire() as wire:
        with suppress(ConnectionClosed):
            await wire.send("x" * 20_000_000)
        with pytest.raises(ConnectionClosed):
            await wire.recv()
    async with server.wire():
        pass


async def test_a_client_that_does_not_read_ends_with_a_bounded_backlog(server: Server, alert: Alert) -> None:
    """The alerts' texts are long, so that the operating system's buffers fill before the backlog of 256 does.

    Changes of one row that wait together are told as one, so many rows must change.
    """
    device = await Device.get(id=alert.device_id)
    long = {"zh-CN": "长" * 50_000, "en": "long"}
    alerts = [await an_alert(device, rule=f"fire_safety.rule_{number}", message=long) for number in range(400)]
    async with server.wire() as wire:
        await wire.send(subscribe("1", "subscription { alertChanged { id message } }"))
        await subscribed(server, 1)
        wire.transport.pause_reading()
        for each in alerts:
            await record(Actor("system:test"), "alertAcknowledge", each)
        await until(lambda: shown(server, "steward_feed_missed_total", 1))
        wire.transport.resume_reading()
        last = orjson.loads(await wire.recv())
        while last["type"] == "next":
            last = orjson.loads(await wire.recv())
        assert last["type"] == "error"
        assert last["payload"][0]["extensions"]["code"] == "CHANGES_MISSED"


async def answer_to(server: Server, piece: bytes) -> bytes:
    """What comes back for the bytes and nothing after them; empty when the connection is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(piece)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except OSError:
        return b""
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


#: Headers, and the status that they get.
BEYOND_MEASURE = {
    b"x: " + b"y" * 100_000: b"431",
    b"authorization: Bearer " + b"y" * 100_000: b"431",
    b"\r\n".join(b"x%d: y" % number for number in range(1_000)): b"431",
    b"x: a\0b": b"400",
    b"x: a\r\n b": b"400",
    b"content-length: 1\r\ncontent-length: 2": b"400",
    b"x: " + b"y" * 30_000: b"200",
}


async def test_a_slow_broken_or_enormous_request_is_cut_and_the_server_goes_on(server: Server) -> None:
    for piece in (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
        b"nonsense\r\n\r\n",
    ):
        assert (await answer_to(server, piece))[:10] != b"HTTP/1.1 5"
    for headers, status in BEYOND_MEASURE.items():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + headers + b"\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read(2_000)
        await hang_up(writer)
        assert answer.split(b" ", 2)[1] == status
        assert (answer.partition(b"\r\n\r\n")[2] == b"") is (status != b"200")
    async with httpx2.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/healthz")).status_code == 200


async def half_a_file(server: Server, ticket: Ticket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a file has begun to come."""
    head = f"POST /files?subject={ticket.id}&name=x HTTP/1.1\r\nhost: x\r\nauthorization: {server.officer}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{head}content-length: 5000000\r\n\r\n".encode() + a_picture() + b"x" * 2_000_000)
    return reader, writer


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def test_a_file_comes_and_goes_and_of_one_that_is_cut_or_a_server_that_is_killed_nothing_is_seen(
    server: Server, alert: Alert, tmp_path: Path
) -> None:
    ticket = await a_ticket(await Compound.get(id=alert.compound_id))
    store, spool = Folder(Settings(data=tmp_path)), tmp_path / "files" / "incoming"
    async with httpx2.AsyncClient(base_url=server.url, headers={"authorization": server.officer}) as client:
        large = a_picture("PNG", size=(3_000, 1_000), compress_level=0)
        sent = await client.post("/files", params={"subject": ticket.id, "name": "x.png"}, content=large, timeout=PATIENCE)
        assert sent.status_code == 201
        links = {"query": "query ($i: [ID!]!) { fileLinks(ids: $i) { url } }", "variables": {"i": [sent.json()["id"]]}}
        link = (await client.post("/graphql", json=links)).json()["data"]["fileLinks"][0]["url"]
    async with httpx2.AsyncClient(base_url=server.url) as client:
        assert opened((await client.get(link)).content).size == (3_000, 1_000)

    def coming() -> bool:
        return any(path.stat().st_size for path in spool.glob("*"))

    _, writer = await half_a_file(server, ticket)
    await until(coming)
    await hang_up(writer)
    await until(lambda: not list(spool.glob("*")))

    reader, writer = await half_a_file(server, ticket)
    await until(coming)
    parent = psutil.Process(server.process.pid)
    for process in (parent, *parent.children(recursive=True)):
        process.kill()
    await server.process.wait()
    with suppress(OSError):
        assert await reader.read() == b""
    await hang_up(writer)
    later = datetime.now(UTC) + timedelta(hours=2)
    assert await store.kept_before(later) == [sent.json()["id"]]
    assert await File.all().count() == 1
    assert await store.sweep_spool(later) == 1
