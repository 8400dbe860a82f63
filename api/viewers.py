"""Who stands behind keys at this moment, looked up together for all who ask at the same time."""

import asyncio
from collections.abc import Sequence

import asyncpg
import orjson
from graphql import GraphQLError
from tortoise.exceptions import BaseORMException

from api.gathering import Gathering
from api.problems import unavailable
from api.read import Engine
from domain.access import Viewer
from models.viewers import VIEWERS_SQL, note_use, viewers_from_rows
from settings import Settings

_MOST = 10_000
#: What comes of a connection that broke, and of a database that cannot work now.
_AWAY = (OSError, GraphQLError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, BaseORMException)
_SQL = f"SELECT coalesce(json_agg(viewers), '[]')::text FROM ({VIEWERS_SQL}) viewers"


class Viewers:
    """The viewers of one process. Nothing is kept: every answer was looked up after it was asked for."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._asked: Gathering[str, Viewer | None] = Gathering(self._look_up, _MOST)

    async def of(self, key: str) -> Viewer | None:
        """Who stands behind the key (see models/viewers.py) now; None: nobody. Refuses (503) when the database cannot say."""
        return await self._asked.get(key)

    async def _look_up(self, keys: Sequence[str]) -> dict[str, Viewer | None]:
        try:
            async with asyncio.timeout(self._settings.database_wait_seconds):
                rows = orjson.loads(await self._engine.ask(_SQL, list(keys), self._settings.timezone))
                await note_use(rows)
        except _AWAY:
            raise unavailable() from None
        found = viewers_from_rows(rows)
        return {key: found.get(key) for key in keys}
