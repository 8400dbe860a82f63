"""Who stands behind keys at this moment, looked up together for all who ask at the same time.

What was looked up is remembered, for queries: the statement that reads for a remembered viewer finds nothing unless it is
still so at its own moment (STILL_SQL in models/viewers.py). So a query asks the database once, and never trusts the past.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import orjson
from graphql import GraphQLError
from tortoise.exceptions import BaseORMException

from api.gathering import Gathering
from api.problems import unavailable
from api.read import Engine, Proof
from domain.access import Viewer
from models.viewers import PROOF, VIEWERS_SQL, note_use, viewers_from_rows
from settings import Settings

_MOST = 10_000
#: What comes of a connection that broke, and of a database that cannot work now.
_AWAY = (OSError, GraphQLError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, BaseORMException)
_SQL = f"SELECT coalesce(json_agg(viewers), '[]')::text FROM ({VIEWERS_SQL}) viewers"


@dataclass(frozen=True, slots=True)
class Remembered:
    """Who stood behind a key, and what proves that they still do."""

    viewer: Viewer
    proof: Proof


class Viewers:
    """The viewers of one process."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._asked: Gathering[str, Viewer | None] = Gathering(self._look_up, _MOST)
        self._remembered: OrderedDict[str, Remembered] = OrderedDict()

    def remembered(self, key: str) -> Remembered | None:
        """Who stood behind the key when it was last looked up: to be believed by who proves it, and nobody else."""
        found = self._remembered.get(key)
        if found is None or found.proof.losses != self._engine.losses:
            return None
        self._remembered.move_to_end(key)
        return found

    async def of(self, key: str) -> Viewer | None:
        """Who stands behind the key (see models/viewers.py) now; None: nobody. Refuses (503) when the database cannot say.

        Nothing is remembered here: the answer was looked up after it was asked for.
        """
        return await self._asked.get(key)

    async def _look_up(self, keys: Sequence[str]) -> dict[str, Viewer | None]:
        losses = self._engine.losses
        try:
            async with asyncio.timeout(self._settings.database_wait_seconds):
                rows = orjson.loads(
                    await self._engine.ask(_SQL, list(keys), self._settings.timezone, self._settings.handover_days)
                )
                await note_use(rows)
        except _AWAY:
            raise unavailable() from None
        found = viewers_from_rows(rows)
        proofs = {row["key"]: Proof({name: row[name] for name in PROOF}, losses) for row in rows}
        for key in keys:
            self._remembered.pop(key, None)
            if key in found:
                self._remembered[key] = Remembered(found[key], proofs[key])
        while len(self._remembered) > _MOST:
            self._remembered.popitem(last=False)
        return {key: found.get(key) for key in keys}
