"""Group commit: requests that arrive together share one insert, and none waits for a timer.

Each of a few tasks owns a connection. Whoever is free takes what has gathered and stores it in one transaction; while
the database writes, the next group gathers by itself. A lone event goes at once, and a body that already is a large
batch is a group of its own. The tasks do not belong to any request: a client that goes away takes nothing with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from models.events import Incoming, Outcome, Stored, store
from settings import Settings

from .lines import BROKEN, Line, Unavailable, is_away

#: A group takes no further request once it holds this many events; a request is never divided.
_GROUP = 1_000
_STOP_SECONDS = 4
#: SQLSTATE classes that say a value cannot be stored, now or ever: data exception, program limit exceeded.
_POISON = frozenset({"22", "54"})

_logger = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    events: Sequence[Incoming]
    answer: asyncio.Future[list[Stored]]


class Storing:
    """Stores events for many requests at once. ``ring`` is called after each commit that may have left work."""

    def __init__(self, settings: Settings, ring: Callable[[], None]) -> None:
        self._settings = settings
        self._ring = ring
        self._gathered: deque[_Waiting] = deque()
        self._backlog = 0
        self._idle: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    def start(self) -> None:
        """Start the tasks; they connect when the first event comes."""
        self._closing = False
        self._tasks = [
            asyncio.create_task(self._work(), name=f"intake {n + 1}") for n in range(self._settings.intake_connections)
        ]

    async def stop(self) -> None:
        """Take nothing more, store what waits, and end; give up what cannot be stored in a few seconds."""
        self._closing = True
        for idle in self._idle:
            idle.set_result(None)
        self._idle.clear()
        if self._tasks:
            _, stuck = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
        self._tasks = []

    def check_room(self) -> None:
        """Raises Unavailable when too many events wait already."""
        if self._backlog >= self._settings.event_backlog:
            raise Unavailable(retry_after=1, full=True)

    async def store(self, events: Sequence[Incoming]) -> list[Stored]:
        """What became of each event, once all of them are on disk. Raises Unavailable."""
        self.check_room()
        if self._closing or not self._tasks:
            raise Unavailable
        waiting = _Waiting(events, asyncio.get_running_loop().create_future())
        self._gathered.append(waiting)
        self._backlog += len(events)
        if self._idle:
            self._idle.pop().set_result(None)
        return await waiting.answer

    async def _work(self) -> None:
        line = Line(self._settings)
        while True:
            while not self._gathered:
                if self._closing:
                    await line.close()
                    return
                idle = asyncio.get_running_loop().create_future()
                self._idle.append(idle)
                await idle
            group: list[_Waiting] = []
            size = 0
            while self._gathered and size < _GROUP and (not group or size + len(self._gathered[0].events) <= _GROUP):
                group.append(self._gathered.popleft())
                size += len(group[-1].events)
            await self._flush(line, group)
            self._backlog -= size

    async def _flush(self, line: Line, group: list[_Waiting]) -> None:
        stored: list[Stored] = []
        try:
            stored = await self._attempt(line, [event for waiting in group for event in waiting.events])
        except Unavailable:
            pass
        except Exception:  # a fault of ours must not leave the others waiting for ever
            _logger.exception("the intake failed")
        finally:
            start = 0
            for waiting in group:
                end = start + len(waiting.events)
                if waiting.answer.done():  # the client has left
                    pass
                elif stored:
                    waiting.answer.set_result(stored[start:end])
                else:
                    waiting.answer.set_exception(Unavailable())
                start = end

    async def _attempt(self, line: Line, events: Sequence[Incoming], *, again: bool = True) -> list[Stored]:
        """Store the events; one that the database cannot hold is found by halving and refused alone.

        A broken connection is tried once more on a new one: what was stored already is then a duplicate.
        """
        connection = await line.connection()
        try:
            stored = await store(connection, events, datetime.now(self._settings.zone).date())
        except (asyncpg.PostgresError, *BROKEN, ValueError) as error:
            _logger.warning("storing %d events failed: %s", len(events), type(error).__name__)
            if is_away(error):
                line.drop()
                if again:
                    return await self._attempt(line, events, again=False)
                raise Unavailable from error
            if len(events) > 1:
                middle = len(events) // 2
                return [*await self._attempt(line, events[:middle]), *await self._attempt(line, events[middle:])]
            code = error.sqlstate or "" if isinstance(error, asyncpg.PostgresError) else "22"
            return [Stored(Outcome.REFUSED if code[:2] in _POISON else Outcome.UNDECIDED)]
        if any(each.outcome is Outcome.ACCEPTED for each in stored):
            self._ring()
        return stored
