"""Wishes that come at the same time, answered together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Gathering(Generic[K, V]):
    """Asks ``answer`` once for all wishes that have gathered, ``most`` at a time; while it runs the next ones gather.

    No answer is older than its wish: a wish never joins a run that has begun. Equal wishes of one run share an answer.
    An exception in place of an answer is raised for that wish, an exception of the whole run for every wish in it.
    There is no timer: a lone wish is answered at once.
    """

    def __init__(self, answer: Callable[[list[K]], Awaitable[Mapping[K, V | Exception]]], most: int) -> None:
        self._answer = answer
        self._most = most
        self._wishes: dict[K, list[asyncio.Future[V]]] = {}
        self._running: asyncio.Task[None] | None = None

    def get(self, key: K) -> asyncio.Future[V]:
        """The answer to ``key``, to be found after this call."""
        wish: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._wishes.setdefault(key, []).append(wish)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return wish

    async def _run(self) -> None:
        try:
            while self._wishes:
                taken = {key: self._wishes.pop(key) for key in list(islice(self._wishes, self._most))}
                # Whoever no longer waits (a request that timed out, a socket that closed) is not asked for.
                open_ = {key: left for key, wishes in taken.items() if (left := [w for w in wishes if not w.done()])}
                if open_:
                    await self._settle(open_)
        finally:
            self._running = None

    async def _settle(self, wishes: dict[K, list[asyncio.Future[V]]]) -> None:
        try:
            found = await self._answer(list(wishes))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is for those who wait)
            found = dict.fromkeys(wishes, error)
        for key, waiting in wishes.items():
            answer = found[key]
            for wish in waiting:
                if wish.done():
                    continue
                if isinstance(answer, Exception):
                    wish.set_exception(answer)
                    wish.exception()  # whoever has gone meanwhile leaves nothing unheard
                else:
                    wish.set_result(answer)
