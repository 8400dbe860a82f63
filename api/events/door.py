"""Who may come in: intake keys. And the small talk with the database that no event waits for.

A key that was found valid is remembered for a few seconds, so that its holder's bodies are read without asking. That
opens the door only as far as the checks: whether the key still holds is asked again by the statement that stores
(see models/events.py), and by ``ask`` when there is nothing to store.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import asyncpg

from models.events import ring
from models.keys import SECRET, IntakePass, digest, find_passes, touch_keys
from settings import Settings

from .lines import Line, Unavailable, is_away

_REMEMBER_SECONDS = 5.0
_TOUCH_SECONDS = 60.0
_RING_SECONDS = 0.01
_STOP_SECONDS = 2
_MOST_REMEMBERED = 10_000
_MOST_KNOCKING = 1_000
_BEARER = re.compile(rb"bearer +(\S+)", re.IGNORECASE)

_T = TypeVar("_T")
_logger = logging.getLogger(__name__)


class Door:
    """Finds keys, notes their use, and rings for work, all on one connection of one task."""

    def __init__(self, settings: Settings) -> None:
        self._line = Line(settings)
        self._known: dict[bytes, tuple[IntakePass, float]] = {}
        self._touched: dict[str, float] = {}
        self._knocking: dict[bytes, asyncio.Future[IntakePass | None]] = {}
        self._to_touch: set[str] = set()
        self._to_ring = self._ringing = False
        self._rung = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the task; it connects when first needed."""
        self._task = asyncio.create_task(self._work(), name="intake door")

    async def stop(self) -> None:
        """Do what is left to do and end."""
        if self._task is None:
            return
        task, self._task = self._task, None
        self._wake.set()
        await asyncio.wait([task], timeout=_STOP_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def admit(self, authorization: list[bytes]) -> IntakePass | None:
        """The valid key in the ``Authorization`` headers of a request; None for anything else. Raises Unavailable."""
        match = _BEARER.fullmatch(authorization[0].strip()) if len(authorization) == 1 else None
        secret = match[1].decode("latin-1") if match else ""
        if not SECRET.fullmatch(secret):
            return None
        name = digest(secret)
        known = self._known.get(name)
        now = asyncio.get_running_loop().time()
        found = known[0] if known and known[1] > now else await self.ask(name)
        if found and now - self._touched.get(found.id, -_TOUCH_SECONDS) >= _TOUCH_SECONDS:
            self._touched[found.id] = now
            self._to_touch.add(found.id)
            self._wake.set()
        return found

    async def ask(self, name: bytes) -> IntakePass | None:
        """The valid key with this digest, as the database has it now. Raises Unavailable."""
        if self._task is None:
            raise Unavailable
        if len(self._knocking) >= _MOST_KNOCKING:
            raise Unavailable(retry_after=1, full=True)
        knock = self._knocking.setdefault(name, asyncio.get_running_loop().create_future())
        self._wake.set()
        return await asyncio.shield(knock)

    def forget(self, found: IntakePass) -> None:
        """The key does not hold any more."""
        self._known.pop(found.digest, None)

    def ring(self) -> None:
        """Tell the relays that there is work: at once, or when a moment has passed since they were told last."""
        if not self._to_ring:
            self._to_ring = True
            loop = asyncio.get_running_loop()
            loop.call_at(self._rung + _RING_SECONDS, self._ring_now)

    def _ring_now(self) -> None:
        self._ringing = True
        self._wake.set()

    async def _work(self) -> None:
        while self._task is not None or self._wake.is_set():
            await self._wake.wait()
            self._wake.clear()
            if self._knocking:
                await self._answer()
            if self._ringing or (self._to_ring and self._task is None):
                self._to_ring = self._ringing = False
                self._rung = asyncio.get_running_loop().time()
                await self._try(ring)
            if self._to_touch:
                ids, self._to_touch = self._to_touch, set()
                await self._try(partial(touch_keys, ids=ids))
        await self._line.close()

    async def _answer(self) -> None:
        knocking, self._knocking = self._knocking, {}
        found = await self._try(partial(find_passes, digests=knocking))
        now = asyncio.get_running_loop().time()
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
            self._touched.clear()
        for name, knock in knocking.items():
            if found is None:
                knock.set_exception(Unavailable())
                knock.exception()  # whoever knocked may have left: nobody else need hear of it
                continue
            key = found.get(name)
            if key:
                self._known[name] = (key, now + _REMEMBER_SECONDS)
            else:
                self._known.pop(name, None)
            knock.set_result(key)

    async def _try(self, act: Callable[[asyncpg.Connection[Any]], Awaitable[_T]]) -> _T | None:
        """Do ``act``, on a new connection if the old one broke; None when the database is away."""
        for again in (True, False):
            try:
                return await act(await self._line.connection())
            except Unavailable:
                return None
            except Exception as error:
                self._line.drop()
                if not (again and is_away(error)):
                    _logger.exception("the intake's door failed")
                    return None
        return None
