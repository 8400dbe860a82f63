"""Search at the street's scale: 635 compounds, 150,000 homes; one person after another.

    .venv/bin/python -m benchmarks.search [--small] [--rounds N]

Loads the demo street into an embedded PostgreSQL of its own and asks `search` through the engine as the API does, as a street
officer and as a company's manager. Prints milliseconds per text and writes them to benchmarks/results/search.md (not when
`--small` or with other rounds).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson

from api.context import Context
from api.read import Engine, Request
from api.schema import SCHEMA
from models import Account, Home, database
from models.viewers import viewer_of
from settings import Settings
from steward.demo.load import load
from steward.demo.size import Scale
from steward.embedded import Servers
from steward.folder import DataFolder, Running

TEXTS = ("kqsh", "康桥", "24栋", "康桥24栋", "kq24幢1单元3-1", "24-1-3-1", "k", "社区", "有限公司", "中山路街道", "没有这个")
LIMIT_MS, ROUNDS = 20.0, 200
RESULT = Path(__file__).with_name("results") / "search.md"
QUERY = "query ($text: String!) { search(text: $text) { kind subjectId name compoundName address } }"


async def measured(settings: Settings, login: str, rounds: int) -> dict[str, tuple[float, float, int]]:
    """Per text: median and 99th percentile in milliseconds, and how much was found."""
    account = await Account.get(login=login)
    viewer = await viewer_of(account.id)
    assert viewer is not None
    engine = Engine(SCHEMA, settings)
    await engine.start()
    found: dict[str, tuple[float, float, int]] = {}
    try:
        context = Context(viewer, "zh-CN", settings, engine, "192.0.2.1")
        for text in TEXTS:
            took: list[float] = []
            for _ in range(rounds):
                began = time.perf_counter()
                body = (await engine.execute(Request(QUERY, {"text": text}), context)).body
                took.append((time.perf_counter() - began) * 1_000)
            hits = orjson.loads(body)["data"]["search"]
            found[text] = statistics.median(took), statistics.quantiles(took, n=100)[98], len(hits)
    finally:
        await engine.stop()
    return found


async def asked(url: str, scale: Scale, rounds: int) -> tuple[int, list[dict[str, tuple[float, float, int]]]]:
    """How many homes there are, and what an officer and a company's manager waited for."""
    settings = Settings.model_validate({"database_url": url, "secret_key": "5a" * 32})
    await database.migrate(settings)
    await load(settings, scale)
    await database.connect(settings)
    try:
        return await Home.all().count(), [await measured(settings, who, rounds) for who in ("street", "company")]
    finally:
        await database.disconnect()


def report(homes: int, rounds: int, officer: dict[str, Any], manager: dict[str, Any]) -> str:
    """The page."""
    rows = [
        f"| {text} | {officer[text][0]:.1f} | {officer[text][1]:.1f} | {officer[text][2]} "
        f"| {manager[text][0]:.1f} | {manager[text][1]:.1f} | {manager[text][2]} |"
        for text in TEXTS
    ]
    worst = max(p99 for found in (officer, manager) for _, p99, _ in found.values())
    return "\n".join(
        [
            "# Search",
            "",
            f"{homes:,} homes, {rounds} rounds a text, through the engine; milliseconds. The aim is {LIMIT_MS:.0f}.",
            "",
            "| text | officer p50 | p99 | found | manager p50 | p99 | found |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"The slowest 99th percentile is {worst:.1f} ms.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Search at the street's scale.")
    parser.add_argument("--small", action="store_true", help="the small demo street")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-search-"))) / "data")
        folder.prepare()
        stack.enter_context(folder.held("up"))
        servers = Servers(folder, Running())
        stack.callback(servers.stop)
        servers.start()
        asyncio.run(servers.make_database())
        homes, people = asyncio.run(asked(servers.postgres.url("steward"), "small" if given.small else "street", given.rounds))
    page = report(homes, given.rounds, *people)
    print(page)
    if not given.small and given.rounds == ROUNDS:
        RESULT.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
