"""A client of the mutations, as their tests use it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from api.context import Context
from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Viewer
from settings import Settings

_ERRORS = "errors { code field message hint }"


class Client:
    """Sends mutations as a viewer; ``viewer`` and ``language`` may be changed between two."""

    def __init__(self, engine: Engine, settings: Settings, viewer: Viewer) -> None:
        self.engine, self.settings, self.viewer, self.language = engine, settings, viewer, "en"

    async def post(self, query: str, **variables: Any) -> dict[str, Any]:
        context = Context(self.viewer, self.language, self.settings, self.engine, "192.0.2.1")
        response = await self.engine.execute(Request(query, variables), context)
        return orjson.loads(response.body)

    async def act(self, field: str, selection: str, **given: Any) -> dict[str, Any]:
        """The payload of one mutation."""
        input_type = field[0].upper() + field[1:] + "Input"
        query = f"mutation ($input: {input_type}!) {{ {field}(input: $input) {{ {selection} {_ERRORS} }} }}"
        answer = await self.post(query, input=given)
        assert "errors" not in answer, answer
        return answer["data"][field]


@asynccontextmanager
async def a_client(settings: Settings, viewer: Viewer) -> AsyncGenerator[Client]:
    engine = Engine(SCHEMA, settings)
    await engine.start()
    try:
        yield Client(engine, settings, viewer)
    finally:
        await engine.stop()
