"""An engine on this test's database, and a short way to ask it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Viewer
from settings import Settings

Ask = Callable[..., Awaitable[dict[str, Any]]]


@dataclass
class Asker:
    viewer: Viewer
    language: str = "en"


@pytest.fixture
async def engine(database: Settings) -> AsyncGenerator[Engine]:
    engine = Engine(SCHEMA, database)
    await engine.start()
    yield engine
    await engine.stop()


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """Run a document as a viewer; gives the whole decoded response."""

    async def run(viewer: Viewer, query: str, *, language: str = "en", **variables: Any) -> dict[str, Any]:
        response = await engine.execute(Request(query, variables), Asker(viewer, language))
        return orjson.loads(response.body)

    return run
