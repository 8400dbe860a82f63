"""Who stands behind keys at this moment, looked up together for all who ask at the same time."""

import asyncio
from collections.abc import Sequence

import asyncpg
from tortoise.exceptions import BaseORMException

from api.gathering import Gathering
from api.problems import unavailable
from domain.access import Viewer
from models.viewers import viewers_of
from settings import Settings

_MOST = 10_000

#: What comes of a connection that broke, and of a database that cannot work now.
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, BaseORMException)


class Viewers:
    """The viewers of one process. Nothing is kept: every answer was looked up after it was asked for."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.database_wait_seconds
        self._asked: Gathering[str, Viewer | None] = Gathering(self._look_up, _MOST)
        self._given_up: set[asyncio.Task[dict[str, Viewer]]] = set()

    async def of(self, key: str) -> Viewer | None:
        """Who stands behind the key (see models/viewers.py) now; None: nobody. Refuses (503) when the database cannot say."""
        return await self._asked.get(key)

    async def _look_up(self, keys: Sequence[str]) -> dict[str, Viewer | None]:
        try:
            try:
                found = await self._in_time(keys)
            except TimeoutError:
                raise
            except _AWAY:
                found = await self._in_time(keys)  # the connection had died unnoticed; the next one may live
        except _AWAY:
            raise unavailable() from None
        return {key: found.get(key) for key in keys}

    async def _in_time(self, keys: Sequence[str]) -> dict[str, Viewer]:
        """The viewers. Raises TimeoutError in time, even where the connection takes longer to be given up."""
        looking = asyncio.create_task(viewers_of(keys))
        done, _ = await asyncio.wait({looking}, timeout=self._seconds)
        if not done:
            looking.cancel()
            self._given_up.add(looking)
            looking.add_done_callback(self._forget)
            raise TimeoutError
        return looking.result()

    def _forget(self, looking: asyncio.Task[dict[str, Viewer]]) -> None:
        self._given_up.discard(looking)
        if not looking.cancelled():
            looking.exception()
