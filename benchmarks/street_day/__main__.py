"""A whole day of a street, told as fast as it is taken: ``python -m benchmarks.street_day``. Writes results/day.md.

635 compounds with 60,000 devices of every kind tell two million readings of one day: routine, noise, some late by up to an
hour, some twice. 200 things go wrong, of all eight modules: what devices show is made of the rules' own declarations, what
happens at desks and on rounds is done by the acts that people's screens call. One process stores the readings as the intake
does (without HTTP) and rings for the worker, which is the one that ``steward worker`` starts; PostgreSQL writes to disk
before it commits. The feed waits while more than two seconds of readings are not evaluated: so the rate is what evaluation
keeps up with. At the day's end every check of the modules runs twice. *Lag* is the age of the oldest reading that is stored
and not evaluated, looked at ten times a second. *Found* are alerts that had to be: an incident may raise several. What was
missed or invented ends the run with an error.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import asyncpg
import psutil

import settings as settings_module
import tasks.registry  # noqa: F401
from benchmarks.evaluation import Outcome, drained, running, spent, watch
from domain.notices import ChannelKind
from models import Notice, database
from models.calendar import today
from models.events import INTAKE_SESSION, ring, store
from steward.embedded import Servers
from steward.folder import DataFolder, Running
from tasks import worker_command
from tasks.relay import relay
from tests.builders import a_channel

from .devices import Day, every_rule_is_well
from .found import Verdict, a_street, look, verdict
from .people import trouble

RESULTS = Path(__file__).parents[1] / "results" / "day.md"
#: Events that one transaction of the intake stores; readings that may be stored and not evaluated.
FLUSH, AHEAD = 100, 4_000
#: Of all incidents so many happen at desks and on rounds.
AT_DESKS = 0.15


@dataclass(frozen=True)
class Told:
    """How the day went. ``memory``: the most megabytes at once, by whose they are."""

    events: int
    held: Outcome
    memory: dict[str, float]
    looked_seconds: float
    verdict: Verdict
    incidents: int
    notices: int


def resident() -> dict[str, float]:
    """Megabytes that each of our processes has for itself, summed by whose it is."""
    names = {"postgres": "PostgreSQL", "tasks.worker": "worker"}
    found: dict[str, float] = {}
    for process in psutil.Process().children(recursive=True):
        try:
            line = " ".join(process.cmdline()) or process.name()
            name = next((name for part, name in names.items() if part in line), None)
            if name:
                found[name] = found.get(name, 0.0) + process.memory_full_info().uss / 1e6
        except psutil.Error:
            continue
    return found


async def tell(url: str, day: Day) -> tuple[int, Outcome, dict[str, float]]:
    """Store the day's readings as fast as they are evaluated."""
    storing, looking = await asyncpg.connect(url, server_settings=INTAKE_SESSION), await asyncpg.connect(url)
    watching_line = await asyncpg.connect(url)
    lags: list[float] = []
    readings = day.readings()
    warm = list(islice(readings, FLUSH))  # until the worker has come up
    await store(storing, warm, today())
    await drained(looking)
    watching = asyncio.create_task(watch(watching_line, lags))
    memory: dict[str, float] = {}
    before, began, sent = spent(), time.perf_counter(), 0
    while batch := list(islice(readings, FLUSH)):
        await store(storing, batch, today())
        await ring(storing)
        sent += len(batch)
        if sent % (10 * FLUSH) < FLUSH:
            await drained(looking, AHEAD)
        if sent % (500 * FLUSH) < FLUSH:
            memory = {name: max(most, memory.get(name, 0.0)) for name, most in resident().items()}
    await drained(looking)
    took, after = time.perf_counter() - began, spent()
    memory = {name: max(most, memory.get(name, 0.0)) for name, most in resident().items()}
    watching.cancel()
    await asyncio.wait([watching])
    for line in (storing, looking, watching_line):
        await line.close()
    busy = {name: (after[name] - before.get(name, 0.0)) / took for name in after}
    return sent + len(warm), Outcome(sent / took, lags, busy), memory


async def a_day(
    chosen: settings_module.Settings, env: dict[str, str], compounds: int, devices: int, readings: int, count: int
) -> Told:
    """Make the street, tell its day, and look at what came of it."""
    await database.migrate(chosen)
    await database.connect(chosen)
    street = await a_street(chosen.database_url, compounds, devices)
    await a_channel(street.company, ChannelKind.LIVE)
    desks = int(count * AT_DESKS)
    ends = datetime.now(UTC)
    each = max(round(readings / len(street.machines)), 1)
    day = Day(street.machines, ends - timedelta(days=1), ends, each=each, count=count - desks, key_id=street.key_id)
    people = await trouble(street.compounds, street.company, desks)
    ringing = asyncio.create_task(relay(chosen))
    with running(worker_command(chosen), env=env):
        sent, held, memory = await tell(chosen.database_url, day)
    ringing.cancel()
    await asyncio.wait([ringing])
    began = time.perf_counter()
    for _ in range(2):
        await look(datetime.now(UTC))
    looked = time.perf_counter() - began
    incidents = [*day.incidents, *people]
    told = Told(sent, held, memory, looked, await verdict(incidents), len(incidents), await Notice.all().count())
    await database.disconnect()
    return told


def report(told: Told, compounds: int, devices: int) -> str:
    """The figures as a page."""
    held = told.held
    busy = ", ".join(f"{name} {share:.0%}" for name, share in sorted(held.busy.items(), key=lambda each: -each[1]))
    memory = ", ".join(f"{name} {most:,.0f} MB" for name, most in sorted(told.memory.items()))
    lines = [
        "# A day in the street",
        "",
        f"{compounds:,} compounds, {devices:,} devices; {os.cpu_count()} cores shared by PostgreSQL, one worker and the feed;",
        f"Python {platform.python_version()}; `fsync` and `synchronous_commit` on.",
        "Run `make bench-day` to make this page again.",
        "",
        "| readings | readings/s | lag p50 ms | p99 ms | most ms |",
        "|---|---|---|---|---|",
        f"| {told.events:,} | {held.rate:,.0f} | "
        + " | ".join(f"{held.lag(share) * 1_000:,.0f}" for share in (0.5, 0.99, 1))
        + " |",
        "",
        f"Incidents: {told.incidents}. Alerts that had to be: {told.verdict.found} found, {told.verdict.missed.total()} missed,",
        f"{told.verdict.invented.total()} invented. Notices: {told.notices}.",
        f"The checks of all modules, twice: {told.looked_seconds:.1f} s.",
        "",
        f"Processor, of one core: {busy}. Memory at most: {memory}.",
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--compounds", type=int, default=635)
    parser.add_argument("--devices", type=int, default=60_000)
    parser.add_argument("--readings", type=int, default=2_000_000)
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--write", action=argparse.BooleanOptionalAction, default=True, help="write results/day.md")
    chosen = parser.parse_args()
    if wrong := every_rule_is_well():
        raise SystemExit(f"What is well must be mended for {', '.join(wrong)}")
    with ExitStack() as stack:
        folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-"))) / "data")
        folder.prepare()
        stack.enter_context(folder.held("up"))
        servers = Servers(folder, Running())
        stack.callback(servers.stop)
        servers.start()
        asyncio.run(servers.make_database())
        env = {"DATABASE_URL": servers.postgres.url("steward"), "REDIS_URL": servers.valkey.url, "STEWARD_SECRET_KEY": "5a" * 32}
        here = settings_module.Settings.model_validate(
            {"database_url": env["DATABASE_URL"], "redis_url": env["REDIS_URL"], "secret_key": env["STEWARD_SECRET_KEY"]}
        )
        told = asyncio.run(a_day(here, env, chosen.compounds, chosen.devices, chosen.readings, chosen.incidents))
    page = report(told, chosen.compounds, chosen.devices)
    if chosen.write:
        RESULTS.write_text(page, "utf-8")
    print(page)
    if told.verdict.missed or told.verdict.invented:
        sys.exit(f"missed: {dict(told.verdict.missed)}\ninvented: {dict(told.verdict.invented)}")


if __name__ == "__main__":
    main()
