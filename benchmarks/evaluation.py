"""Evaluation of readings, kept up with and flat out: ``python -m benchmarks.evaluation``. Writes results/evaluation.md.

A street of 60,000 devices reports: smoke and gas detectors, hydrants, residual current, three values a reading. Most report in
order; a tenth of the readings are of devices that are watched closely, of which three in ten come up to a minute late; one
device in a hundred is not well, so that its alert is repeated by each reading. One process stores the readings as the intake
does (without HTTP); one worker and one clock, as ``steward worker`` and ``steward clock`` start them, evaluate them; PostgreSQL
writes to disk before it commits. *Lag* is the age of the oldest reading that is stored and not evaluated, looked at ten times
a second. *Flat out*: readings stored beforehand, while no worker ran.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import psutil

import settings
from domain.facilities import DeviceKind
from models import database
from models.events import INTAKE_SESSION, Incoming, ring, store
from models.ids import new_id
from models.keys import create_intake_key
from steward.embedded import Servers
from steward.folder import DataFolder, Running
from tasks import worker_command
from tests.builders import a_community, a_company_serving, a_compound, a_device

RESULTS = Path(__file__).parent / "results" / "evaluation.md"
DEVICES, COMPOUNDS = 60_000, 60
#: What the kinds report when all is well, and when it is not; how many of a hundred devices are of the kind.
KINDS: dict[DeviceKind, tuple[int, dict[str, Any], dict[str, Any]]] = {
    DeviceKind.SMOKE: (60, {"smoke_alarm": False, "tamper": False}, {"battery_percent": 12}),
    DeviceKind.HYDRANT_PRESSURE: (15, {"pressure_kpa": 300.0, "tilt_degrees": 1.0}, {"pressure_kpa": 60.0}),
    DeviceKind.GAS: (10, {"gas_lel_percent": 0.5, "tamper": False}, {"battery_percent": 12}),
    DeviceKind.RESIDUAL_CURRENT: (15, {"residual_current_ma": 80.0, "cable_temperature_c": 30.0}, {"cable_temperature_c": 75.0}),
}
#: Events that one transaction of the intake stores.
FLUSH = 25

_COPIES = """
INSERT INTO device SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', 'dev_' || lpad(to_hex($2::int + n), 26, '0'), 'code', 'B' || $2::int + n, 'last_seen_at', $4::timestamptz))).*
FROM device d, generate_series(1, $3::int) AS n WHERE d.id = $1
"""
_HISTORY = """
INSERT INTO reading (device_id, metric, time, value)
SELECT d.id, metric, $1::timestamptz - n * interval '10 minutes', 50
FROM device d, unnest(ARRAY['battery_percent', 'tamper']) AS metric, generate_series(1, $2::int) AS n WHERE d.code ~ '^B'
"""
_BACKLOG = """
SELECT coalesce(sum(jsonb_array_length(payload -> 'events')), 0)::int AS left,
    coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS lag
FROM work WHERE kind = 'events'
"""
_REMEMBERED = """
SELECT count(*) AS devices, coalesce(max(bytes), 0)::int AS bytes, (SELECT count(*) FROM alert) AS alerts,
    (SELECT count(*) FROM alert WHERE state = 'OPEN') AS open
FROM (SELECT sum(octet_length(state::text)) AS bytes FROM rule_state GROUP BY subject_id) AS of_device
"""


@dataclass
class Feed:
    """Readings as devices would report them: ``watched`` are a few that report often, and sometimes late."""

    key_id: str
    kinds: list[DeviceKind]
    chance: Random = field(default_factory=lambda: Random(1))
    sent: int = 0
    run: str = field(default_factory=lambda: new_id("run")[-8:])

    def events(self, count: int) -> list[Incoming]:
        now = datetime.now(UTC)
        return [self._event(now) for _ in range(count)]

    def _event(self, now: datetime) -> Incoming:
        self.sent += 1
        watched = self.sent % 10 == 0
        number = self.chance.randrange(600) if watched else self.sent * 7_919 % DEVICES
        late = watched and self.chance.random() < 0.3
        moment = now - timedelta(seconds=60 * self.chance.random()) if late else now + timedelta(microseconds=self.sent % 1_000)
        _, well, ill = KINDS[self.kinds[number]]
        readings = {"battery_percent": 90, **well, **(ill if number % 97 == 0 else {})}
        return Incoming(
            new_id("evt"),
            self.key_id,
            "//iot.example/gateway-7",
            f"{self.run}-{self.sent}",
            "steward.device.reading.v1",
            of_device=True,
            subject=f"B{number + 1}",
            time=moment,
            data=json.dumps({"readings": readings}),
            stale=False,
        )


@dataclass(frozen=True)
class Outcome:
    """``rate``: readings a second; ``lags``: in seconds; ``busy``: of one core, by who took it."""

    rate: float
    lags: list[float]
    busy: dict[str, float]

    def lag(self, share: float) -> float:
        return sorted(self.lags)[int(share * (len(self.lags) - 1))]


async def a_world(url: str, history: int) -> Feed:
    """A street whose devices have reported before."""
    chosen = settings.Settings.model_validate({"database_url": url})
    await database.migrate(chosen)
    await database.connect(chosen)
    community = await a_community()
    compounds = [await a_compound(community) for _ in range(COMPOUNDS)]
    company = await a_company_serving(*compounds)
    key, _ = await create_intake_key(company)
    connection = await asyncpg.connect(url)
    kinds: list[DeviceKind] = []
    before = datetime.now(UTC) - timedelta(minutes=2)
    for compound in compounds:
        for kind, (share, _, _) in KINDS.items():
            first = await a_device(compound, kind=kind)
            count = DEVICES // COMPOUNDS * share // 100
            await connection.execute(_COPIES, first.id, len(kinds), count, before)
            kinds += [kind] * count
    await connection.execute(_HISTORY, before, history)
    await connection.execute("ANALYZE")
    await connection.close()
    await database.disconnect()
    return Feed(key.id, kinds)


@contextmanager
def running(*commands: list[str], env: dict[str, str]) -> Generator[None]:
    processes = [subprocess.Popen(command, env={**os.environ, **env}) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def spent() -> dict[str, float]:
    """Seconds of processor time so far, by who took them."""
    names = {"postgres": "PostgreSQL", "tasks.worker": "worker", "steward": "clock", "valkey": "Valkey"}
    mine = psutil.Process()
    taken = {"feed": sum(mine.cpu_times()[:2])}
    for process in mine.children(recursive=True):
        try:
            line, times = " ".join(process.cmdline()), process.cpu_times()
        except psutil.Error:
            continue
        name = next((name for part, name in names.items() if part in line), "other")
        taken[name] = taken.get(name, 0.0) + times.user + times.system
    return taken


async def backlog(connection: asyncpg.Connection[Any]) -> tuple[int, float]:
    """Readings that are stored and not evaluated, and the age of the oldest in seconds."""
    row = await connection.fetchrow(_BACKLOG)
    assert row is not None
    return row["left"], row["lag"]


async def watch(connection: asyncpg.Connection[Any], lags: list[float]) -> None:
    while True:
        _, lag = await backlog(connection)
        lags.append(lag)
        await asyncio.sleep(0.1)


async def sustained(url: str, feed: Feed, rate: int, seconds: float) -> Outcome:
    """Store so many readings a second for so long."""
    connection, looking = await asyncpg.connect(url, server_settings=INTAKE_SESSION), await asyncpg.connect(url)
    today = datetime.now(UTC).date()
    lags: list[float] = []
    watching = asyncio.create_task(watch(looking, lags))
    before, began, sent = spent(), time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        if sent > passed * rate:
            await asyncio.sleep(sent / rate - passed)
        await store(connection, feed.events(FLUSH), today)
        await ring(connection)
        sent += FLUSH
    took = time.perf_counter() - began
    watching.cancel()
    after = spent()
    await asyncio.wait([watching])
    await drained(looking)
    await connection.close()
    await looking.close()
    return Outcome(sent / took, lags, {name: (after[name] - before.get(name, 0.0)) / took for name in after})


async def drained(connection: asyncpg.Connection[Any], until: int = 0, within: float = 300) -> int:
    """Wait until no more than so many are left; answers how many are."""
    deadline = time.monotonic() + within
    left, _ = await backlog(connection)
    while left > until:
        if time.monotonic() > deadline:
            raise SystemExit(f"{left} readings are still not evaluated")
        await asyncio.sleep(0.02)
        left, _ = await backlog(connection)
    return left


async def stored(url: str, feed: Feed, count: int) -> None:
    connection = await asyncpg.connect(url, server_settings=INTAKE_SESSION)
    for _ in range(count // FLUSH):
        await store(connection, feed.events(FLUSH), datetime.now(UTC).date())
    await connection.close()


async def emptied(url: str, count: int) -> float:
    """Readings a second, from the first that is evaluated to the last."""
    connection = await asyncpg.connect(url)
    left = await drained(connection, count - 1)
    began = time.perf_counter()
    await drained(connection)
    took = time.perf_counter() - began
    await connection.close()
    return left / took


async def remembered(url: str) -> dict[str, int]:
    """``devices`` of which something is remembered, the most ``bytes`` of one, ``alerts``, and those that are ``open``."""
    connection = await asyncpg.connect(url)
    row = await connection.fetchrow(_REMEMBERED)
    await connection.close()
    assert row is not None
    return dict(row)


def report(held: Outcome, flat_out: float, kept: dict[str, int], seconds: float) -> str:
    """The figures as a page."""
    busy = ", ".join(f"{name} {share:.0%}" for name, share in sorted(held.busy.items(), key=lambda each: -each[1]))
    lags = " | ".join(f"{lag * 1_000:,.0f}" for lag in (held.lag(0.5), held.lag(0.99), held.lag(1)))
    lines = [
        "# Evaluation of readings",
        "",
        f"{DEVICES:,} devices; {os.cpu_count()} cores shared by PostgreSQL, Valkey, one worker, one clock and the feed;",
        f"Python {platform.python_version()}; `fsync` and `synchronous_commit` on. A reading has three values.",
        "Run `make bench-evaluation` to make this page again.",
        "",
        "| | readings/s | lag p50 ms | p99 ms | most ms |",
        "|---|---|---|---|---|",
        f"| kept up with for {seconds:g} s | {held.rate:,.0f} | {lags} |",
        f"| flat out | {flat_out:,.0f} | | | |",
        "",
        f"Processor while keeping up, of one core: {busy}.",
        f"Remembered between readings: {kept['bytes']:,} bytes of a device at most, something of {kept['devices']:,} devices.",
        f"Alerts: {kept['alerts']:,}, of which {kept['open']:,} open.",
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--backlog", type=int, default=30_000)
    parser.add_argument("--history", type=int, default=10, help="readings of each device that are stored beforehand")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-"))) / "data")
        folder.prepare()
        stack.enter_context(folder.held("up"))
        servers = Servers(folder, Running())
        stack.callback(servers.stop)
        servers.start()
        asyncio.run(servers.make_database())
        url = servers.postgres.url("steward")
        feed = asyncio.run(a_world(url, chosen.history))
        env = {"DATABASE_URL": url, "REDIS_URL": servers.valkey.url, "STEWARD_SECRET_KEY": "5a" * 32}
        here = settings.Settings.model_validate({"database_url": url})
        clock, worker = [sys.executable, "-m", "steward", "clock"], worker_command(here)
        with running(clock, env=env):
            asyncio.run(stored(url, feed, chosen.backlog))
            with running(worker, env=env):
                flat_out = asyncio.run(emptied(url, chosen.backlog))
        with running(clock, worker, env=env):
            asyncio.run(sustained(url, feed, chosen.rate, 3))
            held = asyncio.run(sustained(url, feed, chosen.rate, chosen.seconds))
        kept = asyncio.run(remembered(url))
    page = report(held, flat_out, kept, chosen.seconds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
