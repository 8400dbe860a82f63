"""The intake beside a plain ORM insert per request: ``python -m benchmarks.intake``. Writes results/intake.md.

Three servers, each one granian worker over the same PostgreSQL, which writes to disk before it commits. *intake* is this
product's. *plain* makes the same promises the way one would write them first: for each event it asks the ORM for the
device and the mandate, then writes receipt, event and work in one transaction. *bare* is no intake: it parses the JSON
and calls `Event.create`, without a key, a check, a receipt or work. Rounds alternate between the three, so that what
disturbs the machine disturbs all.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import asyncpg
import orjson
import uvloop
from rich.progress import Progress
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

import settings
from api.events import Intake
from api.events.judge import Window, judge
from models import Device, Event, Mandate, Work, database
from models.events import Incoming
from models.ids import new_id
from models.keys import IntakePass, create_intake_key, find_intake_key
from steward.embedded import Servers
from steward.folder import DataFolder, Running
from tests.builders import a_community, a_company_serving, a_compound, a_device

RESULTS = Path(__file__).parent / "results" / "intake.md"
DEVICES = 1_000
SERVERS = ("bare", "plain", "intake")


@dataclass(frozen=True)
class Shape:
    name: str
    connections: int
    batch: int


SHAPES = (Shape("1 connection", 1, 1), Shape("32 connections", 32, 1), Shape("100 a POST × 8 connections", 8, 100))


def intake() -> Starlette:
    """This product's intake."""
    served_here = Intake(settings.load())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await served_here.start()
        yield
        await served_here.stop()

    return Starlette(routes=served_here.routes(), lifespan=lifespan)


@asynccontextmanager
async def orm(_: Starlette) -> AsyncIterator[None]:
    await database.connect(settings.load())
    yield
    await database.disconnect()


def bare() -> Starlette:
    """One insert by the ORM for each event, and nothing else."""

    async def post(request: Request) -> JSONResponse:
        body = orjson.loads(await request.body())
        for event in body if isinstance(body, list) else [body]:
            await Event.create(
                source=event["source"],
                event_id=event["id"],
                type=event["type"],
                subject=event["subject"],
                time=datetime.fromisoformat(event["time"]),
                received_at=datetime.now(UTC),
                data=event["data"],
                organisation_id="org",
                street_id="plc",
                compound_id="cmp",
                device_id="dev",
            )
        return JSONResponse({"accepted": True}, 202)

    return Starlette(routes=[Route("/events", post, methods=["POST"])], lifespan=orm)


def plain() -> Starlette:
    """What the intake promises, by the ORM and event by event."""
    chosen = settings.load()

    async def post(request: Request) -> JSONResponse:
        key = await find_intake_key(request.headers["authorization"].removeprefix("Bearer "))
        if key is None:
            return JSONResponse({"accepted": False}, 401)
        known = IntakePass(key.id, key.digest, key.source_prefix)
        window, today = Window.of(chosen), datetime.now(chosen.zone).date()
        body = orjson.loads(await request.body())
        for raw in body if isinstance(body, list) else [body]:
            event = judge(raw, known, window)
            assert isinstance(event, Incoming)
            device = await Device.get(code=event.subject, retired_at=None)
            current = Q(ends_on=None) | Q(ends_on__gte=today)
            mandates = Mandate.filter(current, organisation_id=key.organisation_id, compound_id=device.compound_id)
            assert await mandates.filter(starts_on__lte=today).exists()
            async with in_transaction() as connection:
                new, _ = await connection.execute_query(
                    "INSERT INTO event_receipt (organisation_id, source, event_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    [key.organisation_id, event.source, event.event_id],
                )
                if new:
                    await Event.create(
                        id=event.id,
                        source=event.source,
                        event_id=event.event_id,
                        type=event.type,
                        subject=event.subject,
                        time=event.time,
                        received_at=window.now,
                        data=orjson.loads(event.data),
                        organisation_id=key.organisation_id,
                        street_id=device.street_id,
                        compound_id=device.compound_id,
                        device_id=device.id,
                        facility_id=device.facility_id,
                    )
                    await Work.create(kind="events", payload={"events": [event.id]})
        return JSONResponse({"accepted": True}, 202)

    return Starlette(routes=[Route("/events", post, methods=["POST"])], lifespan=orm)


class Connection(asyncio.Protocol):
    """One keep-alive connection that posts, waits for the answer, and posts again until told to stop."""

    def __init__(self, requests: Callable[[], bytes], latencies: list[float]) -> None:
        self.requests, self.latencies = requests, latencies
        self.running, self.buffer, self.since = True, b"", 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.post()

    def post(self) -> None:
        request = self.requests()
        self.since = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 202") or b"rejected" in body:
            self.done.set_exception(RuntimeError(self.buffer[:500].decode()))
            return
        self.latencies.append(time.perf_counter() - self.since)
        self.buffer = b""
        if self.running:
            self.post()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError("the server closed the connection"))


@dataclass
class Load:
    """Makes requests with events that were never sent before."""

    secret: str
    codes: list[str]
    sent: int = 0
    run: str = field(default_factory=lambda: new_id("run")[-8:])

    def event(self, now: str) -> bytes:
        self.sent += 1
        code = self.codes[self.sent % len(self.codes)]
        return (
            f'{{"specversion":"1.0","id":"{self.run}-{self.sent}","source":"//iot.example/gateway-7",'
            f'"type":"steward.device.reading.v1","subject":"{code}","time":"{now}",'
            f'"data":{{"readings":{{"pressure_kpa":140.5,"battery_percent":93}}}}}}'
        ).encode()

    def request(self, batch: int) -> bytes:
        now = datetime.now(UTC).isoformat()
        body = self.event(now) if batch == 1 else b"[" + b",".join(self.event(now) for _ in range(batch)) + b"]"
        kind = "cloudevents" if batch == 1 else "cloudevents-batch"
        head = (
            f"POST /events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {self.secret}\r\n"
            f"content-type: application/{kind}+json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass
class Measured:
    """Of one server and shape: events a second of each round, and all latencies in seconds."""

    rates: list[float] = field(default_factory=list[float])
    latencies: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1_000


async def drive(port: int, load: Load, shape: Shape, seconds: float, into: Measured | None) -> None:
    """Post for so long; the requests of batches are made beforehand, so that making them costs nothing meanwhile."""
    ready: Iterator[bytes] = iter([load.request(shape.batch) for _ in range(int(800 * seconds))] if shape.batch > 1 else [])
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    connections = [
        (
            await loop.create_connection(
                lambda: Connection(lambda: next(ready, None) or load.request(shape.batch), latencies), "127.0.0.1", port
            )
        )[1]
        for _ in range(shape.connections)
    ]
    await asyncio.sleep(seconds)
    for each in connections:
        each.running = False
    async with asyncio.timeout(30):
        await asyncio.gather(*(each.done for each in connections))
    if into is not None:
        into.rates.append(len(latencies) * shape.batch / (time.perf_counter() - start))
        into.latencies += latencies


@contextmanager
def served(name: str, url: str) -> Iterator[int]:
    """One granian worker with the app ``name``; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", f"benchmarks.intake:{name}", "--factory", "--interface", "asgi"]
    command += ["--port", str(port), "--loop", "uvloop", "--no-ws", "--http", "1", "--log-level", "warning"]
    server = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


async def a_world(url: str) -> Load:
    """A company with a key and a thousand devices in twenty compounds."""
    chosen = settings.Settings.model_validate({"database_url": url})
    await database.migrate(chosen)
    await database.connect(chosen)
    community = await a_community()
    compounds = [await a_compound(community) for _ in range(20)]
    company = await a_company_serving(*compounds)
    devices: list[Device] = [await a_device(compounds[n % 20]) for n in range(DEVICES)]
    _, secret = await create_intake_key(company)
    await database.disconnect()
    connection = await asyncpg.connect(url)
    await connection.execute("ANALYZE")
    await connection.close()
    return Load(secret, [device.code for device in devices])


async def measure(ports: dict[str, int], load: Load, rounds: int, seconds: float) -> dict[tuple[str, Shape], Measured]:
    """Rounds of every server and shape, one after the other; the first of each only warms up."""
    measured = {(name, shape): Measured() for shape in SHAPES for name in ports}
    with Progress() as progress:
        bar = progress.add_task("measuring", total=len(measured) * (rounds + 1))
        for turn in range(rounds + 1):
            for (name, shape), into in measured.items():
                await drive(ports[name], load, shape, seconds if turn else 1, into if turn else None)
                progress.advance(bar)
    return measured


def report(measured: dict[tuple[str, Shape], Measured], rounds: int, seconds: float) -> str:
    """The figures as a page."""
    lines = [
        "# Intake beside a plain ORM insert per request",
        "",
        f"{rounds} alternating rounds of {seconds:g} s; events/s: median of rounds; p50 and p99 of all answers, per request.",
        f"{os.cpu_count()} cores shared by PostgreSQL, one granian worker and the client; Python {platform.python_version()};",
        "`fsync` and `synchronous_commit` on. Run `python -m benchmarks.intake` to make this page again.",
        "",
        "| | server | events/s | p50 ms | p99 ms | intake is |",
        "|---|---|---|---|---|---|",
    ]
    for shape in SHAPES:
        ours = measured["intake", shape]
        for name in SERVERS:
            one = measured[name, shape]
            ratio = "" if one is ours else f"{ours.rate / one.rate:.1f}×"
            cells = f"{one.rate:,.0f} | {one.percentile(0.5):.1f} | {one.percentile(0.99):.1f}"
            lines.append(f"| {shape.name} | {name} | {cells} | {ratio} |")
    lines += ["", (__doc__ or "").split("\n\n", 1)[1]]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--database-url", help="measure on this empty database instead of an embedded one")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        url = chosen.database_url
        if not url:
            folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-"))) / "data")
            folder.prepare()
            stack.enter_context(folder.held("up"))
            servers = Servers(folder, Running())
            stack.callback(servers.stop)
            servers.start()
            asyncio.run(servers.make_database())
            url = servers.postgres.url("steward")
        load = asyncio.run(a_world(url))
        ports = {name: stack.enter_context(served(name, url)) for name in SERVERS}
        measured = uvloop.run(measure(ports, load, chosen.rounds, chosen.seconds))
    page = report(measured, chosen.rounds, chosen.seconds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
