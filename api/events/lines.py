"""Connections to the database that intake keeps for itself."""

from __future__ import annotations

import logging
from typing import Any

import asyncpg

from models.events import INTAKE_SESSION
from settings import Settings

_CONNECT_SECONDS, _COMMAND_SECONDS = 5, 10

_logger = logging.getLogger(__name__)

#: SQLSTATE classes that say the server, not what it is told, is at fault: connection, resources, shutdown, system; and access
#: or tables that are missing, as during an upgrade.
_AWAY = frozenset({"08", "25", "28", "3D", "3F", "42", "53", "55", "57", "58"})


#: What the driver raises when a connection breaks under a statement, or just before it (an internal error, then).
BROKEN = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Unavailable(Exception):
    """The events cannot be stored now; the sender may try again after ``retry_after`` seconds. ``full``: too many wait."""

    def __init__(self, *, retry_after: int = 5, full: bool = False) -> None:
        super().__init__("the backlog is full" if full else "the database is away")
        self.retry_after = retry_after
        self.full = full


def is_away(error: Exception) -> bool:
    """Whether an error of a statement means that the database cannot work now, whatever it is asked."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in _AWAY
    return isinstance(error, BROKEN) and not isinstance(error, ValueError)


class Line:
    """One connection, opened when first needed and again after it broke. For one task at a time."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url
        self._connection: asyncpg.Connection[Any] | None = None

    async def connection(self) -> asyncpg.Connection[Any]:
        """The open connection. Raises Unavailable when there is none to be had."""
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(
                    self._url,
                    timeout=_CONNECT_SECONDS,
                    command_timeout=_COMMAND_SECONDS,
                    server_settings={"application_name": "steward intake", **INTAKE_SESSION},
                )
            except (asyncpg.PostgresError, *BROKEN, ValueError) as error:
                _logger.warning("the database cannot be reached: %s", type(error).__name__)
                raise Unavailable from error
        return self._connection

    def drop(self) -> None:
        """Give the connection up without waiting; the next use opens another."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            await self._connection.close(timeout=_CONNECT_SECONDS)
            self._connection = None
