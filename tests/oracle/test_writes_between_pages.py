"""Whoever pages while others write sees no row twice and misses none that stays."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Reach, Role, Viewer
from models import Compound, Device
from settings import Settings
from tests.builders import LONG_AGO, a_compound, a_device

from . import SEED
from .house import Asker

#: Few keys and null, so that most rows are tied.
_KEYS = [None, *[LONG_AGO + timedelta(microseconds=n) for n in range(3)]]


@pytest.fixture
async def engine(database: Settings) -> AsyncGenerator[Engine]:
    engine = Engine(SCHEMA, database)
    await engine.start()
    yield engine
    await engine.stop()


async def a_page(engine: Engine, compound: Compound, order: str, size: str, cursor: str | None) -> dict[str, Any]:
    """Three devices, counted from the start (``first``) or the end (``last``) of what lies beyond the cursor."""
    end, side = ("endCursor", "after") if size == "first" else ("startCursor", "before")
    query = f"""query ($c: String) {{ devices(sort: {order}, {size}: 3, {side}: $c) {{
      nodes {{ id }} pageInfo {{ end: {end} hasNextPage hasPreviousPage }} totalCount }} }}"""
    viewer = Viewer("acc_1", "", {Role.STREET_OFFICER: {Reach.STREET: (compound.street_id,)}})
    response = await engine.execute(Request(query, {"c": cursor}), Asker(viewer))
    return orjson.loads(response.body)["data"]["devices"]


@pytest.mark.parametrize("size", ["first", "last"])
@pytest.mark.parametrize("order", ["LAST_SEEN_ASC", "LAST_SEEN_DESC", "CODE_DESC"])
async def test_each_page_follows_the_last_in_the_rows_as_they_are_now(engine: Engine, order: str, size: str) -> None:
    choose = random.Random(SEED)
    compound = await a_compound()
    rows = [await a_device(compound, last_seen_at=choose.choice(_KEYS)) for _ in range(20)]
    falling = order.endswith("DESC") != (size == "last")
    seen: list[str] = []
    place: tuple[Any, ...] | None = None
    cursor, more = None, True
    while more:
        page = await a_page(engine, compound, order, size, cursor)
        ordered = sorted(rows, key=lambda row: _place(row, order), reverse=falling)
        rest = [r for r in ordered if place is None or (_place(r, order) < place if falling else _place(r, order) > place)]
        ids = [node["id"] for node in page["nodes"]]
        assert (ids if size == "first" else ids[::-1]) == [row.id for row in rest[:3]]
        more = page["pageInfo"]["hasNextPage" if size == "first" else "hasPreviousPage"]
        assert (more, page["totalCount"]) == (len(rest) > 3, len(rows))
        assert not set(ids) & set(seen)
        seen += ids
        cursor, place = page["pageInfo"]["end"], _place(rest[min(3, len(rest)) - 1], order)
        # Before the next page: the row of the cursor goes, another goes, and new ones come while the walk is young.
        for gone in (rest[min(3, len(rest)) - 1], choose.choice(rows)):
            if gone in rows and len(rest) > 3:
                rows.remove(gone)
                await gone.delete()
        if len(seen) < 20:
            rows += [await a_device(compound, last_seen_at=choose.choice(_KEYS)) for _ in range(choose.choice([0, 1, 3]))]


def _place(row: Device, order: str) -> tuple[Any, ...]:
    if order.startswith("CODE"):
        return (row.code, row.id)
    return (row.last_seen_at is None, row.last_seen_at or datetime.min.replace(tzinfo=UTC), row.id)


@pytest.mark.parametrize("size", ["first", "last"])
async def test_rows_that_stay_are_seen_once_while_others_come_and_go(engine: Engine, size: str) -> None:
    compound = await a_compound()
    choose = random.Random(SEED)
    stable = {(await a_device(compound, last_seen_at=choose.choice(_KEYS))).id for _ in range(30)}
    walked = asyncio.Event()

    async def write() -> None:
        while not walked.is_set():
            passing = [await a_device(compound, last_seen_at=choose.choice(_KEYS)) for _ in range(2)]
            for row in passing:
                await row.delete()

    async def walk() -> list[str]:
        seen: list[str] = []
        cursor, more = None, True
        while more:
            page = await a_page(engine, compound, "LAST_SEEN_DESC", size, cursor)
            seen += [node["id"] for node in page["nodes"]]
            cursor, more = page["pageInfo"]["end"], page["pageInfo"]["hasNextPage" if size == "first" else "hasPreviousPage"]
            more = more and cursor is not None
        return seen

    writing = asyncio.create_task(write())
    try:
        for _ in range(3):
            seen = await walk()
            assert len(seen) == len(set(seen))
            assert stable <= set(seen)
    finally:
        walked.set()
        await writing
