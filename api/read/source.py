"""The engine's own database connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
from graphql import GraphQLError

from .errors import Unproven, refuse
from .limits import response_too_large
from .pool import Connection, Pool
from .verify import verify

if TYPE_CHECKING:
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


#: Connections for what every request needs to know first.
_ASIDE = 2


class Source:
    """Read-only connections that give text as bytes, so that a response is never decoded here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._aside: Pool | None = None

    @property
    def losses(self) -> int:
        """How often a connection broke."""
        return sum(pool.losses for pool in (self._pool, self._aside) if pool is not None)

    async def open(self) -> None:
        """Open the connections to a database that can serve what is declared.

        Raises DeclarationError, and what asyncpg raises when the database does not answer.
        """
        connection = await asyncpg.connect(self._settings.database_url, timeout=10)
        try:
            await verify(connection)
        finally:
            await connection.close()
        seconds = self._settings.database_wait_seconds
        self._pool = Pool(self._connect, self._settings.read_connections, seconds)
        self._aside = Pool(self._connect, _ASIDE, seconds)

    async def _connect(self) -> Connection:
        connection = await asyncpg.connect(
            self._settings.database_url,
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
        await connection.set_type_codec("text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")
        return connection

    async def close(self) -> None:
        for pool in (self._pool, self._aside):
            if pool is not None:
                await pool.close()
        self._pool = self._aside = None

    async def ask(self, sql: str, values: list[Any]) -> bytes:
        """The text of the one row that ``sql`` yields, on connections that reading never takes. Raises UNAVAILABLE."""
        return (await self._on_a_connection(lambda connection: connection.fetch(sql, *values), pool=self._aside))[0][0]

    async def fetch(self, sql: str, values: list[Any], *, holder: str = "", losses: int | None = None) -> bytes:
        """The text of the one row that ``sql`` yields for ``holder``, as long as no more than ``losses`` connections broke.

        Raises UNAVAILABLE, BAD_USER_INPUT or, where the text is null, RESPONSE_TOO_LARGE; Unproven where there is no row.
        """

        async def read(connection: Connection) -> Any:
            # One row: asked so, PostgreSQL puts no parallel workers to it, which cost more of many requests than they give one.
            return await connection.fetchrow(sql, *values) if losses is None or losses == self.losses else None

        row = await self._on_a_connection(read, holder)
        if row is None:
            raise Unproven
        if row[0] is None:
            raise response_too_large(self._settings)
        return row[0]

    async def fetch_each(self, sql: str, rows: Sequence[Sequence[str | None]]) -> list[bytes | GraphQLError]:
        """The text that ``sql`` yields, or why not, with the number (from 1) of each of ``rows``. Raises as ``fetch``."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        found = dict(await self._on_a_connection(lambda connection: connection.fetch(sql, *columns)))
        return [found[number] or response_too_large(self._settings) for number in range(1, len(rows) + 1)]

    async def _on_a_connection(
        self, run: Callable[[Connection], Awaitable[T]], holder: str = "", *, pool: Pool | None = None
    ) -> T:
        pool = pool or self._pool
        if pool is None:
            raise refuse("UNAVAILABLE", "The service is starting or stopping; try again.")

        try:
            try:
                return await pool.run(run, holder)
            except (TimeoutError, ValueError):
                raise
            except _LOST:
                # The database went away and may be back: all kept connections are as dead as this one.
                pool.expire()
                return await pool.run(run, holder)
        except asyncpg.QueryCanceledError as error:
            raise refuse("UNAVAILABLE", "The database was too slow; ask for less, or try again.") from error
        except (asyncpg.DataError, ValueError) as error:
            raise refuse("BAD_USER_INPUT", "A value has a form that cannot be compared; check cursors and filters.") from error
        except (*_LOST, *_BUSY) as error:
            raise refuse("UNAVAILABLE", "The database is busy or away; try again.") from error


def bounded(sql: str, limit: int) -> str:
    """``sql``, yielding NULL in place of a text of more than ``limit`` bytes, which then never leaves the database."""
    return f"SELECT CASE WHEN octet_length(r.json) <= {limit} THEN r.json END FROM ({sql} OFFSET 0) AS r(json)"
