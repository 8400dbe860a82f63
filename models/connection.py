"""The ORM's connection: how it is asked by hand, and what it raises where the database is away."""

from typing import Any

import asyncpg
from tortoise import connections
from tortoise.exceptions import BaseORMException

#: What is raised where the database does not answer, or not in time.
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, BaseORMException)


async def query(sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of one statement: in the transaction that is open, if one is."""
    return await connections.get("default").execute_query_dict(sql, list(values))
