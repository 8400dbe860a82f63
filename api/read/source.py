"""The engine's own database connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
from graphql import GraphQLError

from .errors import refuse
from .limits import response_too_large
from .verify import verify

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    from settings import Settings

T = TypeVar("T")

#: What asyncpg raises on a connection that the server has closed, or is closing.
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
#: What the server says when it cannot work now.
_BUSY = (asyncpg.InsufficientResourcesError, asyncpg.OperatorInterventionError, asyncpg.TransactionRollbackError)
#: How much longer than the server's own limit a statement may take: then the server is not there any more.
_GRACE_SECONDS = 1.0
#: Longest statement that is kept prepared, in bytes: PostgreSQL takes fifty to a hundred times as much memory for it.
_LONGEST_PREPARED = 16_384


class Source:
    """Read-only connections that give text as bytes, so that a response is never decoded here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Open the connections to a database that can serve what is declared.

        Raises DeclarationError, and what asyncpg raises when the database does not answer.
        """
        connection = await asyncpg.connect(self._settings.database_url, timeout=10)
        try:
            await verify(connection)
        finally:
            await connection.close()
        self._pool = await asyncpg.create_pool(
            self._settings.database_url,
            min_size=1,
            max_size=self._settings.read_connections,
            init=_text_as_bytes,
            reset=_no_reset,
            command_timeout=self._settings.statement_timeout_ms / 1000 + _GRACE_SECONDS,
            statement_cache_size=self._settings.prepared_statements,
            max_cacheable_statement_size=_LONGEST_PREPARED,
            max_cached_statement_lifetime=0,
            server_settings={
                "timezone": self._settings.timezone,
                "statement_timeout": str(self._settings.statement_timeout_ms),
                "default_transaction_read_only": "on",
                "jit": "off",
            },
        )

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def fetch(self, sql: str, values: list[Any]) -> bytes:
        """The one text that ``sql`` yields. Raises UNAVAILABLE, BAD_USER_INPUT or, where it yields none, RESPONSE_TOO_LARGE."""
        value = await self._on_a_connection(lambda connection: connection.fetchval(sql, *values))
        if value is None:
            raise response_too_large(self._settings)
        return value

    async def fetch_each(self, sql: str, rows: Sequence[Sequence[str | None]]) -> list[bytes | GraphQLError]:
        """The text that ``sql`` yields, or why not, with the number (from 1) of each of ``rows``. Raises as ``fetch``."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        found = dict(await self._on_a_connection(lambda connection: connection.fetch(sql, *columns)))
        return [found[number] or response_too_large(self._settings) for number in range(1, len(rows) + 1)]

    async def _on_a_connection(self, run: Callable[[PoolConnectionProxy[Any]], Awaitable[T]]) -> T:
        pool = self._pool
        if pool is None:
            raise refuse("UNAVAILABLE", "The service is starting or stopping; try again.")

        async def once() -> T:
            async with pool.acquire(timeout=self._settings.database_wait_seconds) as connection:
                try:
                    return await run(connection)
                except TimeoutError:
                    # The server's own limit is shorter: nobody is there any more, nor at the other connections' ends.
                    await pool.expire_connections()
                    raise

        try:
            try:
                return await once()
            except (TimeoutError, ValueError):
                raise
            except _LOST:
                # The database went away and may be back: all kept connections are as dead as this one.
                await pool.expire_connections()
                return await once()
        except asyncpg.QueryCanceledError as error:
            raise refuse("UNAVAILABLE", "The database was too slow; ask for less, or try again.") from error
        except (asyncpg.DataError, ValueError) as error:
            raise refuse("BAD_USER_INPUT", "A value has a form that cannot be compared; check cursors and filters.") from error
        except (*_LOST, *_BUSY) as error:
            raise refuse("UNAVAILABLE", "The database is busy or away; try again.") from error


def bounded(sql: str, limit: int) -> str:
    """``sql``, yielding NULL in place of a text of more than ``limit`` bytes, which then never leaves the database."""
    return f"SELECT CASE WHEN octet_length(r.json) <= {limit} THEN r.json END FROM ({sql} OFFSET 0) AS r(json)"


async def _text_as_bytes(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")


async def _no_reset(_: asyncpg.Connection[Any]) -> None:
    """Read-only statements leave nothing behind: asyncpg's reset would cost a round trip each time."""
