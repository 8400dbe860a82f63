"""Which organisations may speak through the broker: asked of the database, remembered for a few seconds.

That opens the gate only as far as the checks: whether the key still holds is asked again by the statement that stores.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeVar

import asyncpg

from api.events.lines import BROKEN, Line, Unavailable
from models.events import ring
from models.keys import IntakePass, find_admitted, touch_keys
from settings import Settings

_REMEMBER_SECONDS = 5.0
_TOUCH_SECONDS = 60.0
_MOST_REMEMBERED = 10_000

T = TypeVar("T")


async def _ring(connection: asyncpg.Connection[Any], _: Collection[str]) -> None:
    await ring(connection)


class Gate:
    """Finds keys, notes their use, and rings for work, on one connection. For one task."""

    def __init__(self, settings: Settings) -> None:
        self._line = Line(settings)
        self._known: dict[str, tuple[IntakePass, float]] = {}
        self._touched: dict[str, float] = {}

    async def passes(self, codes: Collection[str]) -> dict[str, IntakePass]:
        """The keys of those organisations that may speak, by code. Raises Unavailable."""
        now = get_running_loop().time()
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        asked = [code for code in codes if self._known.get(code, (None, 0.0))[1] <= now]
        if asked:
            found = await self._do(find_admitted, asked)
            for code in asked:
                self._known.pop(code, None)
            self._known |= {code: (key, now + _REMEMBER_SECONDS) for code, key in found.items()}
        return {code: self._known[code][0] for code in codes if code in self._known}

    def forget(self, code: str) -> None:
        """The key of this organisation does not hold any more."""
        self._known.pop(code, None)

    async def stored(self, key_ids: Collection[str]) -> None:
        """Events were stored with these keys: note their use, and tell the relays. A failure is made good by others."""
        now = get_running_loop().time()
        used = [key for key in key_ids if now - self._touched.get(key, -_TOUCH_SECONDS) >= _TOUCH_SECONDS]
        try:
            await self._do(_ring, ())
            if used:
                await self._do(touch_keys, used)
        except Unavailable:
            return
        if len(self._touched) > _MOST_REMEMBERED:
            self._touched.clear()
        self._touched |= dict.fromkeys(used, now)

    async def close(self) -> None:
        """End the connection."""
        await self._line.close()

    async def _do(self, act: Callable[[asyncpg.Connection[Any], Collection[str]], Awaitable[T]], given: Collection[str]) -> T:
        try:
            return await act(await self._line.connection(), given)
        except (asyncpg.PostgresError, *BROKEN) as error:
            self._line.drop()
            raise Unavailable from error
