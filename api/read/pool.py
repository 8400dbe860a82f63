"""Database connections for statements that leave nothing behind: taken and given back in a microsecond.

asyncpg's own pool spends as long on that as a short statement takes.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import asyncpg

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[Any]"

_CLOSE_SECONDS = 1.0


class Pool:
    """At most ``size`` connections, opened when they are wanted; who waits is served in turn, for ``seconds`` at most.

    One holder has half of them at most: what one asks for leaves room for others. ``losses``: how often a connection broke.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], size: int, seconds: float) -> None:
        self.losses = 0
        self._share = max(1, size // 2)
        self._held: Counter[str] = Counter()
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}
        self._connect, self._size, self._seconds = connect, size, seconds
        self._free: list[Connection] = []
        self._busy: set[Connection] = set()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._opened = 0
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[Connection], Awaitable[T]], holder: str = "") -> T:
        """What ``work`` makes of a connection, for ``holder`` (empty: for nobody in particular).

        Raises TimeoutError when none is free in time, and what connecting raises.
        """
        if not holder:
            return await self._run(work)
        if self._held[holder] < self._share:
            self._held[holder] += 1
        else:
            await self._turn(holder)
        try:
            return await self._run(work)
        finally:
            self._leave(holder)

    async def _turn(self, holder: str) -> None:
        """Wait until another of the holder's runs is over, and take its place."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(holder, deque()).append(turn)
        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._leave(holder)
            raise

    def _leave(self, holder: str) -> None:
        queue = self._queues.get(holder, ())
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._queues.pop(holder, None)
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]

    async def _run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        connection = self._free.pop() if self._free else await self._take()
        self._busy.add(connection)
        try:
            result = await work(connection)
        except (asyncpg.PostgresError, ValueError):
            self._give(connection)
            raise
        except asyncio.CancelledError:
            self._busy.discard(connection)
            self._ending.add(task := asyncio.create_task(self._end(connection)))
            task.add_done_callback(self._ending.discard)
            raise
        except BaseException as error:
            self.losses += 1
            self._drop(connection)
            if isinstance(error, TimeoutError):
                # The server's own limit is shorter: nobody is there any more, nor at the other connections' ends.
                self.expire()
            raise
        self._give(connection)
        return result

    def expire(self) -> None:
        """Use no connection again that was opened until now."""
        while self._free:
            self._drop(self._free.pop())
        self._busy.clear()

    async def close(self) -> None:
        """Close all connections; those that are busy when they are given back."""
        ending = [self._end(connection) for connection in self._free]
        self._free.clear()
        self._busy.clear()
        await asyncio.gather(*ending, *self._ending)

    def _give(self, connection: Connection) -> None:
        if connection not in self._busy or connection.is_closed():
            self._drop(connection)
            return
        self._busy.discard(connection)
        self._pass_on(connection)

    async def _opened_connection(self) -> Connection:
        connection = await self._connect()
        connection.add_termination_listener(self._broke)
        return connection

    def _broke(self, _: object) -> None:
        self.losses += 1

    def _drop(self, connection: Connection) -> None:
        connection.remove_termination_listener(self._broke)
        self._busy.discard(connection)
        connection.terminate()
        self._pass_on(None)

    async def _end(self, connection: Connection) -> None:
        """Close a connection in order: its statement is told to stop, and its place is free when it has."""
        connection.remove_termination_listener(self._broke)
        try:
            await connection.close(timeout=_CLOSE_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            connection.terminate()
        finally:
            self._pass_on(None)

    def _hand_over(self, connection: Connection | None) -> bool:
        """Give the connection, or the right to open one, to whoever has waited longest."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    async def _take(self) -> Connection:
        async with asyncio.timeout(self._seconds):
            if self._opened >= self._size:
                waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
                self._waiting.append(waiter)
                try:
                    connection = await waiter
                except BaseException:
                    if waiter.done() and not waiter.cancelled():
                        self._pass_on(waiter.result())
                    raise
                if connection is not None:
                    return connection
            else:
                self._opened += 1
            try:
                return await self._opened_connection()
            except BaseException:
                self._pass_on(None)
                raise

    def _pass_on(self, connection: Connection | None) -> None:
        """To whoever waits; or to those that are free."""
        if not self._hand_over(connection):
            if connection is None:
                self._opened -= 1
            else:
                self._free.append(connection)
