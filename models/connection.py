"""The ORM's connection: how it is asked by hand, and what it raises where the database is away."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from tortoise import connections
from tortoise.exceptions import BaseORMException, IntegrityError
from tortoise.transactions import in_transaction

from domain.refusals import Refused

#: What is raised where the database does not answer, or not in time.
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, BaseORMException)


async def query(sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of one statement: in the transaction that is open, if one is."""
    return await connections.get("default").execute_query_dict(sql, list(values))


@asynccontextmanager
async def constrained(otherwise: Refused) -> AsyncGenerator[None]:
    """Around what is saved: refused with ``otherwise`` where a constraint of the database forbids it; the transaction goes on."""
    try:
        async with in_transaction():
            yield
    except IntegrityError as error:
        raise otherwise from error
