"""Rounds of every server and query, one after the other, and what came of them."""

from __future__ import annotations

import statistics
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson
from rich.progress import Progress

from steward.parts import ROOT

from .queries import Query
from .servers import OTHER_CORE, PLAIN, Server, pin

CONNECTIONS = 32


@dataclass(frozen=True)
class Plan:
    """How long a run is. ``plain``: in how many rounds the plain server takes part, slow as it is."""

    rounds: int
    seconds: float
    alone_rounds: int
    alone_seconds: float
    plain: int


DEFAULT = Plan(rounds=5, seconds=1.0, alone_rounds=3, alone_seconds=0.6, plain=2)
QUICK = Plan(rounds=2, seconds=0.5, alone_rounds=1, alone_seconds=0.5, plain=1)


@dataclass
class Measured:
    """Of one server and query. Rates and processor seconds are per round at 32 connections, latencies are of one alone."""

    rates: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    latencies: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        """Requests a second."""
        return statistics.median(self.rates)

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server per request."""
        return statistics.median(self.cpu) * 1_000

    def percentile(self, share: float) -> float:
        """Of the latencies at one connection, in milliseconds."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1_000


Results = dict[tuple[str, str], Measured]


class Client:
    """The process that makes the load."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def drive(self, server: Server, request: bytes, connections: int, seconds: float) -> tuple[float, list[float]]:
        """Requests a second, and the latency of each in seconds."""
        assert self._process.stdin
        assert self._process.stdout
        told = {"port": server.port, "request": b64encode(request).decode(), "connections": connections, "seconds": seconds}
        self._process.stdin.write(orjson.dumps(told) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{server.name} gave a wrong answer; see above")
        answer = orjson.loads(line)
        return len(answer["latencies"]) / answer["seconds"], answer["latencies"]


@contextmanager
def client() -> Iterator[Client]:
    """The client while it runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.reads.client"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: pin(OTHER_CORE),  # noqa: PLW1509  nothing else runs in us yet
    )
    try:
        yield Client(process)
    finally:
        process.terminate()
        process.wait()


def measure(client: Client, servers: Sequence[Server], queries: Sequence[Query], plan: Plan) -> Results:
    """Every query on every server: a warm-up, rounds at 32 connections, rounds at one."""
    results: Results = {(query.name, server.name): Measured() for query in queries for server in servers}
    turns = 1 + plan.rounds + plan.alone_rounds
    with Progress(transient=True) as progress:
        bar = progress.add_task("measuring", total=turns * len(queries) * len(servers))
        for turn in range(turns):
            for query in queries:
                for server in servers:
                    _round(client, server, query, plan, turn, results[query.name, server.name])
                    progress.advance(bar)
    return results


def _round(client: Client, server: Server, query: Query, plan: Plan, turn: int, into: Measured) -> None:
    request = server.request(query)
    if turn > plan.rounds:
        into.latencies += client.drive(server, request, 1, plan.alone_seconds)[1]
    elif server.name != PLAIN or turn <= plan.plain:
        before = server.cpu_seconds()
        rate, latencies = client.drive(server, request, CONNECTIONS, plan.seconds)
        if turn:
            into.rates.append(rate)
            into.cpu.append((server.cpu_seconds() - before) / len(latencies))
