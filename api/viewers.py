"""Who accounts are at this moment, looked up together for all who ask at the same time."""

import asyncio
from collections.abc import Sequence

from api.gathering import Gathering
from domain.access import Viewer
from models.viewers import viewers_of
from settings import Settings

_MOST = 10_000


class Viewers:
    """The viewers of one process. Nothing is kept: every answer was looked up after it was asked for."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.database_wait_seconds
        self._asked: Gathering[str, Viewer | None] = Gathering(self._look_up, _MOST)

    async def of(self, account_id: str) -> Viewer | None:
        """Who the account is now; None: no such account, or it is disabled.

        Raises TimeoutError when the database does not answer in time, and what the ORM raises when it is away.
        """
        return await self._asked.get(account_id)

    async def _look_up(self, account_ids: Sequence[str]) -> dict[str, Viewer | None]:
        async with asyncio.timeout(self._seconds):
            found = await viewers_of(account_ids)
        return {account_id: found.get(account_id) for account_id in account_ids}
