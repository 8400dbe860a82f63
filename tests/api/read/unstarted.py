"""Engines that were never started: what their limits let pass is UNAVAILABLE, and no database is needed."""

from typing import Any

import orjson
from graphql import get_introspection_query

from api.read import Engine, Request
from api.schema import SCHEMA
from domain.access import Reach, Role, Viewer
from settings import Settings
from tests.api.read.conftest import Asker

INTROSPECTION = get_introspection_query()


def a_viewer(*roles: Role, street: str = "plc_1") -> Viewer:
    return Viewer("acc_1", "", {role: {Reach.STREET: (street,)} for role in roles})


OFFICER = a_viewer(Role.STREET_OFFICER)


def an_engine(**changes: Any) -> Engine:
    """An engine without a database: what its limits let pass is UNAVAILABLE."""
    return Engine(SCHEMA, Settings().model_copy(update=changes))


async def error(engine: Engine, query: str, viewer: Viewer = OFFICER, **variables: Any) -> dict[str, Any]:
    """The first error of the answer."""
    response = await engine.execute(Request(query, variables), Asker(viewer))
    return orjson.loads(response.body)["errors"][0]


async def code(engine: Engine, query: str, viewer: Viewer = OFFICER, **variables: Any) -> str:
    return (await error(engine, query, viewer, **variables))["extensions"]["code"]
