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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import asyncpg
import psutil
import uvloop
from rich.progress import Progress

import settings
from domain.facilities import DeviceKind
from models import Device, database
from models.ids import new_id
from models.keys import create_intake_key
from steward.embedded import Servers
from steward.folder import DataFolder, Running
from tests.builders import a_community, a_company_serving, a_compound, a_device

RESULTS = Path(__file__).parent / "results" / "intake.md"
DEVICES = 1_000
#: A round counts as undisturbed when other processes took no more than this share of the machine.
QUIET = 0.05
SERVERS = ("bare", "plain", "intake")


@dataclass(frozen=True)
class Shape:
    name: str
    connections: int
    batch: int


SHAPES = (Shape("1 connection", 1, 1), Shape("32 connections", 32, 1), Shape("100 a POST × 8 connections", 8, 100))


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


@dataclass(frozen=True)
class Round:
    """One round of one server.

    ``rate``: events a second. ``cost``: seconds of processor time per event, of server, database and client together.
    ``latencies``: in seconds. ``others``: the share of the machine that other processes took.
    """

    rate: float
    cost: float
    latencies: list[float]
    others: float


@dataclass
class Measured:
    """All rounds of one server and shape; counted are the ``wanted`` ones that others disturbed least."""

    wanted: int
    rounds: list[Round] = field(default_factory=list[Round])

    @property
    def counted(self) -> list[Round]:
        return sorted(self.rounds, key=lambda each: each.others)[: self.wanted]

    @property
    def complete(self) -> bool:
        return sum(each.others <= QUIET for each in self.rounds) >= self.wanted

    @property
    def rate(self) -> float:
        return statistics.median(each.rate for each in self.counted)

    @property
    def cost(self) -> float:
        """In microseconds."""
        return statistics.median(each.cost for each in self.counted) * 1_000_000

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        latencies = sorted(latency for each in self.counted for latency in each.latencies)
        return latencies[int(share * (len(latencies) - 1))] * 1_000


def spent() -> tuple[float, float]:
    """Seconds of processor time: of the whole machine, and of this benchmark with all that it started."""
    total = psutil.cpu_times()
    busy = total.user + total.nice + total.system + total.irq + total.softirq
    mine = psutil.Process()
    times = [each.cpu_times() for each in (mine, *mine.children(recursive=True))]
    return busy, sum(each.user + each.system for each in times)


async def drive(port: int, load: Load, shape: Shape, seconds: float) -> Round:
    """Post for so long; the requests of batches are made beforehand, so that making them costs nothing meanwhile."""
    ready: Iterator[bytes] = iter([load.request(shape.batch) for _ in range(int(600 * seconds))] if shape.batch > 1 else [])
    latencies: list[float] = []
    loop = asyncio.get_running_loop()

    def connection() -> Connection:
        return Connection(lambda: next(ready, None) or load.request(shape.batch), latencies)

    busy, mine = spent()
    start = time.perf_counter()
    connections = [(await loop.create_connection(connection, "127.0.0.1", port))[1] for _ in range(shape.connections)]
    await asyncio.sleep(seconds)
    for each in connections:
        each.running = False
    async with asyncio.timeout(30):
        await asyncio.gather(*(each.done for each in connections))
    took = time.perf_counter() - start
    busy_after, mine_after = spent()
    others = (busy_after - busy - (mine_after - mine)) / took / (os.cpu_count() or 1)
    events = len(latencies) * shape.batch
    return Round(events / took, (mine_after - mine) / events, latencies, max(0.0, others))


Results = dict[tuple[str, Shape], Measured]


@contextmanager
def served(name: str, url: str) -> Iterator[int]:
    """One granian worker with the app ``name``; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", f"benchmarks.intake_servers:{name}", "--factory", "--interface", "asgi"]
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
    devices: list[Device] = [await a_device(compounds[n % 20], kind=DeviceKind.HYDRANT_PRESSURE) for n in range(DEVICES)]
    _, secret = await create_intake_key(company)
    await database.disconnect()
    connection = await asyncpg.connect(url)
    await connection.execute("ANALYZE")
    await connection.close()
    return Load(secret, [device.code for device in devices])


async def measure(ports: dict[str, int], load: Load, wanted: int, seconds: float, patience: float) -> Results:
    """Rounds of every server and shape in turn, until enough of each were undisturbed or patience (in seconds) ends."""
    measured = {(name, shape): Measured(wanted) for shape in SHAPES for name in ports}
    for name, shape in measured:
        await drive(ports[name], load, shape, 1)
    deadline = time.monotonic() + patience
    with Progress() as progress:
        bar = progress.add_task("measuring", total=len(measured) * wanted)
        while not all(each.complete for each in measured.values()) and time.monotonic() < deadline:
            for (name, shape), into in measured.items():
                into.rounds.append(await drive(ports[name], load, shape, seconds))
            done = sum(min(wanted, sum(one.others <= QUIET for one in each.rounds)) for each in measured.values())
            progress.update(bar, completed=done)
    return measured


def report(measured: Results, wanted: int, seconds: float) -> str:
    """The figures as a page."""
    others = max(each.others for one in measured.values() for each in one.counted)
    lines = [
        "# Intake beside a plain ORM insert per request",
        "",
        f"{wanted} alternating rounds of {seconds:g} s; events/s: median of rounds; p50 and p99 of all answers, per request.",
        f"{os.cpu_count()} cores shared by PostgreSQL, one granian worker and the client; Python {platform.python_version()};",
        "`fsync` and `synchronous_commit` on. Counted are the rounds that other processes disturbed least: they took at most",
        f"{others:.0%} of the machine. Processor time (server, database and client) hardly depends on them.",
        "Run `python -m benchmarks.intake` to make this page again.",
        "",
        "| | server | events/s | p50 ms | p99 ms | processor µs/event | intake is | by processor time |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for shape in SHAPES:
        ours = measured["intake", shape]
        for name in SERVERS:
            one = measured[name, shape]
            ratios = " | " if one is ours else f"{ours.rate / one.rate:.1f}× | {one.cost / ours.cost:.1f}×"
            cells = f"{one.rate:,.0f} | {one.percentile(0.5):.1f} | {one.percentile(0.99):.1f} | {one.cost:,.0f}"
            lines.append(f"| {shape.name} | {name} | {cells} | {ratios} |")
    lines += ["", (__doc__ or "").split("\n\n", 1)[1]]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--patience", type=float, default=300, help="seconds to wait for undisturbed rounds")
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
        measured = uvloop.run(measure(ports, load, chosen.rounds, chosen.seconds, chosen.patience))
    page = report(measured, chosen.rounds, chosen.seconds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
