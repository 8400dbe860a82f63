"""The SQL that Steward sends for each query, with its values, as it stands at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.read import Engine, Request
from api.read.source import Source
from api.schema import SCHEMA
from domain.access import Viewer
from models import database
from models.viewers import viewer_of
from settings import Settings

from .queries import Query
from .world import World


class Recording(Source):
    """The engine's source, which writes down what it is asked."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: list[tuple[str, list[Any]]] = []

    async def fetch(self, sql: str, values: list[Any], *, holder: str = "", losses: int | None = None) -> bytes:
        self.asked.append((sql, values))
        return await super().fetch(sql, values, holder=holder, losses=losses)


@dataclass
class Asker:
    viewer: Viewer
    language: str = "zh-CN"


async def statements(settings: Settings, found: World, queries: Sequence[Query]) -> dict[str, list[tuple[str, str, list[Any]]]]:
    """Query → response key, SQL and values of each root field."""
    await database.connect(settings)
    viewers = {"street": await viewer_of(found.officer), "company": await viewer_of(found.company)}
    await database.disconnect()
    engine = Engine(SCHEMA, settings)
    source = Recording(settings)
    engine._source = source  # pyright: ignore[reportPrivateUsage]
    await engine.start()
    written: dict[str, list[tuple[str, str, list[Any]]]] = {}
    for query in queries:
        source.asked.clear()
        viewer = viewers[query.login]
        assert viewer
        response = await engine.execute(Request(query.document, query.variables), Asker(viewer))
        keys = list(orjson.loads(response.body)["data"])
        written[query.name] = [(key, *asked) for key, asked in zip(keys, source.asked, strict=True)]
    await engine.stop()
    return written
