"""A thousand WebSocket subscribers of one API process: ``python -m benchmarks.fanout``. Writes results/fanout.md.

Twenty people of each of forty companies, which serve one compound each, and two hundred street officers watch
ticketChanged. Tickets of those compounds change: each is told to 220 of the 1,000, whose access is looked up anew for
every change. The delay runs from just before the change is committed to the arrival of the message at one client process.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import platform
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import asyncpg
import httpx2
import orjson
import psutil
import uvloop

from domain.access import Role
from models import Account, RoleBinding, Ticket, database
from settings import Settings
from steward.embedded import Servers
from steward.folder import DataFolder, Running
from steward.parts import ROOT, command
from tests.api.doors import bearer
from tests.builders import LONG_AGO, a_community, a_company_serving, a_compound, a_street, a_ticket

RESULTS = Path(__file__).parent / "results" / "fanout.md"
COMPANIES, STAFF, OFFICERS = 40, 20, 200
WATCH = "subscription { ticketChanged { id title state priority dueAt compound { id name } } }"
TOLD = re.compile(rb'"title":"(\d+)"')
SECONDS = 10.0


@dataclass(frozen=True)
class Pattern:
    """``burst`` changes at a time in one transaction, so many times a second."""

    name: str
    burst: int
    times: float


PATTERNS = (
    Pattern("5 changes a second", 1, 5),
    Pattern("20 changes a second", 1, 20),
    Pattern("50 changes at once, every 2 s", 50, 0.5),
)


@dataclass
class Heard:
    """What all clients were told: when each numbered change was made, and the delay of every message."""

    made: dict[int, float] = field(default_factory=dict[int, float])
    delays: list[float] = field(default_factory=list[float])


class Subscriber(asyncio.Protocol):
    """One WebSocket: shakes hands, subscribes, and takes the numbers out of what it is told."""

    def __init__(self, authorization: str, heard: Heard) -> None:
        self.authorization, self.heard = authorization, heard
        self.rest = b""
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            "GET /graphql HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            f"sec-websocket-key: {key}\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def say(self, message: object) -> None:
        text = orjson.dumps(message)
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        self.transport.write(b"\x81" + length + b"\0\0\0\0" + text)  # masked, with a mask that changes nothing

    def data_received(self, data: bytes) -> None:
        self.rest += data
        if not self.ready.done():
            if b"connection_ack" in self.rest:
                self.say({"type": "subscribe", "id": "1", "payload": {"query": WATCH}})
                self.ready.set_result(None)
                self.rest = b""
            elif b"\r\n\r\n" in self.rest:
                self.rest = b""
                self.say({"type": "connection_init", "payload": {"Authorization": self.authorization}})
            return
        now, end = time.perf_counter(), 0
        for told in TOLD.finditer(self.rest):
            self.heard.delays.append(now - self.heard.made[int(told[1])])
            end = told.end()
        self.rest = self.rest[end:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or RuntimeError("the server closed the connection"))


@dataclass
class Measured:
    changes: int
    seconds: float
    delays: list[float]
    cpu: float

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return self.delays[int(share * (len(self.delays) - 1))] * 1_000


async def change(connection: asyncpg.Connection, tickets: list[Ticket], first: int, heard: Heard) -> None:
    async with connection.transaction():
        rows = [(ticket.id, str(first + n), f"fct_{first + n:026}", ticket) for n, ticket in enumerate(tickets)]
        await connection.executemany("UPDATE ticket SET title = $2 WHERE id = $1", [row[:2] for row in rows])
        await connection.executemany(
            "INSERT INTO fact (id, at, actor, action, subject_id, compound_id, street_id)"
            " VALUES ($1, now(), 'system:bench', 'ticketOpen', $2, $3, $4)",
            [(fact, id_, ticket.compound_id, ticket.street_id) for id_, _, fact, ticket in rows],
        )
        moment = time.perf_counter()
        heard.made |= {first + n: moment for n in range(len(tickets))}


async def drive(
    pattern: Pattern, seconds: float, connection: asyncpg.Connection, tickets: list[Ticket], heard: Heard, server: psutil.Process
) -> Measured:
    heard.delays.clear()
    first, done, before, began = len(heard.made), 0, server.cpu_times(), time.perf_counter()
    while time.perf_counter() - began < seconds:
        some = [tickets[(done + n) % len(tickets)] for n in range(pattern.burst)]
        await change(connection, some, first + done, heard)
        done += pattern.burst
        await asyncio.sleep(max(0.0, began + done / pattern.burst / pattern.times - time.perf_counter()))
    heard_before = -1
    while heard_before != len(heard.delays):
        heard_before = len(heard.delays)
        await asyncio.sleep(1)
    after = server.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return Measured(done, time.perf_counter() - began, sorted(heard.delays), cpu)


async def a_world(settings: Settings) -> tuple[list[str], list[Ticket]]:
    """Who watches (their tokens), and the tickets that change."""
    await database.migrate(settings)
    await database.connect(settings)
    community = await a_community(street := await a_street())
    compounds = [await a_compound(community) for _ in range(COMPANIES)]
    places = [
        {"organisation_id": company.id, "role": Role.COMPANY_STAFF}
        for company in [await a_company_serving(compound) for compound in compounds]
        for _ in range(STAFF)
    ]
    places += [{"place_id": street.id, "role": Role.STREET_OFFICER} for _ in range(OFFICERS)]
    accounts = [Account(login=f"crowd-{n}", name="Somebody", street_id=street.id) for n in range(len(places))]
    await Account.bulk_create(accounts)
    await RoleBinding.bulk_create(
        RoleBinding(account_id=account.id, street_id=account.street_id, starts_on=LONG_AGO.date(), **place)
        for account, place in zip(accounts, places, strict=True)
    )
    tokens = [await bearer(account, settings) for account in accounts]
    tickets = [await a_ticket(compound) for compound in [*compounds, *compounds[:10]]]
    await database.disconnect()
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("ANALYZE")
    await connection.close()
    return tokens, tickets


@contextmanager
def served(settings: Settings) -> Iterator[psutil.Process]:
    assert settings.secret_key is not None
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STEWARD_SECRET_KEY": settings.secret_key.get_secret_value(),
        "STEWARD_SOCKET_IDLE_SECONDS": "600",
        "STEWARD_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(command("api", settings), env=environment, cwd=ROOT)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


async def until_subscribed(port: int, count: int) -> None:
    line = f'steward_subscriptions_open{{transport="ws"}} {float(count)}'
    async with httpx2.AsyncClient() as client, asyncio.timeout(60):
        while True:
            with suppress(httpx2.TransportError):
                if line in (await client.get(f"http://127.0.0.1:{port}/metrics")).text.splitlines():
                    return
            await asyncio.sleep(0.1)


async def until_up(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)


async def measure(
    settings: Settings, server: psutil.Process, tokens: list[str], tickets: list[Ticket], seconds: float
) -> list[Measured]:
    loop = asyncio.get_running_loop()
    await until_up(settings.port)
    heard = Heard()
    subscribers = [Subscriber(token, heard) for token in tokens]
    for subscriber in subscribers:
        await loop.create_connection(lambda made=subscriber: made, "127.0.0.1", settings.port)
    async with asyncio.timeout(60):
        await asyncio.gather(*(subscriber.ready for subscriber in subscribers))
    await until_subscribed(settings.port, len(tokens))
    worker = max([server, *server.children(recursive=True)], key=lambda one: one.cpu_times().user)
    connection = await asyncpg.connect(settings.database_url)
    await drive(PATTERNS[0], 2, connection, tickets, heard, worker)
    measured = [await drive(pattern, seconds, connection, tickets, heard, worker) for pattern in PATTERNS]
    await connection.close()
    for subscriber in subscribers:
        subscriber.transport.close()
    return measured


def report(measured: list[Measured], seconds: float) -> str:
    lines = [
        "# One change, a thousand subscribers",
        "",
        " ".join((__doc__ or "").split("\n\n")[1].split()),
        "",
        f"{seconds:g} s each; {os.cpu_count()} cores shared by PostgreSQL, one API process and the clients;",
        f"Python {platform.python_version()}. Changes of one row that wait together are told as one.",
        "Run `python -m benchmarks.fanout` to make this page again.",
        "",
        "| | changes/s | messages/s | messages a change | p50 ms | p95 ms | max ms | API's CPU ms a change |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for pattern, one in zip(PATTERNS, measured, strict=True):
        told = len(one.delays)
        lines.append(
            f"| {pattern.name} | {one.changes / seconds:,.0f} | {told / seconds:,.0f} | {told / one.changes:,.0f} "
            f"| {one.percentile(0.5):,.0f} | {one.percentile(0.95):,.0f} | {one.percentile(1):,.0f} "
            f"| {one.cpu / one.changes * 1_000:,.0f} |"
        )
    return "\n".join([*lines, ""])


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-"))) / "data")
        folder.prepare()
        stack.enter_context(folder.held("up"))
        servers = Servers(folder, Running())
        stack.callback(servers.stop)
        servers.start()
        asyncio.run(servers.make_database())
        settings = Settings.model_validate(
            {
                "database_url": servers.postgres.url("steward"),
                "redis_url": servers.valkey.url,
                "secret_key": os.urandom(32).hex(),
                "port": a_free_port(),
            }
        )
        tokens, tickets = asyncio.run(a_world(settings))
        server = stack.enter_context(served(settings))
        measured = uvloop.run(measure(settings, server, tokens, tickets, chosen.seconds))
    page = report(measured, chosen.seconds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
