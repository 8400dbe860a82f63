"""The engine's own database connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg

from .errors import refuse
from .verify import verify

if TYPE_CHECKING:
    from settings import Settings

#: What asyncpg raises on a connection that the server has closed.
_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class Source:
    """Read-only connections that give text as bytes, so that a response is never decoded here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Open the connections to a database that can serve what is declared.

        Raises DeclarationError, and what asyncpg raises when the database does not answer.
        """
        connection = await asyncpg.connect(self._settings.database_url)
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
            statement_cache_size=1_000,
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
        """The one text that ``sql`` yields. Raises UNAVAILABLE or BAD_USER_INPUT."""
        if self._pool is None:
            raise refuse("UNAVAILABLE", "The service is starting or stopping; try again.")
        try:
            try:
                return await self._fetch(self._pool, sql, values)
            except TimeoutError:
                raise
            except _LOST:
                # The database went away and may be back: all kept connections are as dead as this one.
                await self._pool.expire_connections()
                return await self._fetch(self._pool, sql, values)
        except asyncpg.QueryCanceledError as error:
            raise refuse("UNAVAILABLE", "The database was too slow; ask for less, or try again.") from error
        except (*_LOST, asyncpg.TooManyConnectionsError, asyncpg.CannotConnectNowError) as error:
            raise refuse("UNAVAILABLE", "The database is busy or away; try again.") from error
        except (asyncpg.DataError, UnicodeError) as error:
            raise refuse("BAD_USER_INPUT", "A value has a form that cannot be compared; check cursors and filters.") from error

    async def _fetch(self, pool: asyncpg.Pool[Any], sql: str, values: list[Any]) -> bytes:
        async with pool.acquire(timeout=self._settings.statement_timeout_ms / 1000) as connection:
            return await connection.fetchval(sql, *values)


async def _text_as_bytes(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")


async def _no_reset(_: asyncpg.Connection[Any]) -> None:
    """Read-only statements leave nothing behind: asyncpg's reset would cost a round trip each time."""
