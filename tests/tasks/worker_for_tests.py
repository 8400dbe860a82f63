"""A worker with a handler for tests: it writes into the table ``effect`` and can be held up by the table ``gate``."""

import asyncio
from typing import Any

from tortoise import connections

from tasks.work import handles
from tasks.worker import broker, perform

__all__ = ["broker", "perform"]


@handles("write")
@handles("later", background=True)
async def write(payload: dict[str, Any]) -> None:
    """Write the name; then, if the payload names a gate, wait until it is open."""
    database = connections.get("default")
    await database.execute_query("INSERT INTO effect VALUES ($1)", [payload["name"]])
    closed = "gate" in payload
    while closed:
        closed = not await database.execute_query_dict("SELECT FROM gate WHERE name = $1", [payload["gate"]])
        await asyncio.sleep(0.01)
