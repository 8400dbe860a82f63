"""Database connections for statements that leave nothing behind: taken and given back in a microsecond.

asyncpg's own pool spends as long on that as a short statement takes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import asyncpg

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[Any]"

_CLOSE_SECONDS = 1.0


class Pool:
    """At most ``size`` connections, opened when they are wanted; who waits is served in turn, for ``seconds`` at most."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], size: int, seconds: float) -> None:
        self._connect, self._size, self._seconds = connect, size, seconds
        self._free: list[Connection] = []
        self._busy: set[Connection] = set()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._opened = 0
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """What ``work`` makes of a connection. Raises TimeoutError when none is free in time, and what connecting raises."""
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

    def _drop(self, connection: Connection) -> None:
        self._busy.discard(connection)
        connection.terminate()
        self._pass_on(None)

    async def _end(self, connection: Connection) -> None:
        """Close a connection in order: its statement is told to stop, and its place is free when it has."""
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
                return await self._connect()
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
