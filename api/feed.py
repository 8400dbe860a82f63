"""The live feed: facts told by PostgreSQL, handed to whoever in this process waits for them.

One connection listens to the channel ``fact``, whose messages carry ids only: of the fact's subject, and of what it belongs to.
Changes of one row that a subscriber has not taken yet are one: it reads the row as it is then anyway.
A subscriber that cannot be told of every changed row is told so instead: its iteration ends with ``Missed`` when it fell
behind, and when the connection was lost for a while, as soon as it is back. The client then reads anew and subscribes again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

import asyncpg
import structlog

from api.metrics import FEED_CHANGES, FEED_CONNECTED, FEED_MISSED
from domain.access import Reach, Viewer
from domain.permits import sees
from domain.words import Text
from settings import Settings

CHANNEL = "fact"
#: Notices that come into an inbox and jobs that get on are no facts, and told like them, to whoever sees the row.
_TOLD_AS = {"ntc": "Notice", "job": "Job"}
_BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_PROBE_SECONDS = 10.0
_AT_ONCE = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Change:
    """That something was done to a row. The ids say what the fact of it belongs to; "" where it does not."""

    subject_id: str
    action: str
    compound_id: str
    street_id: str
    outside_compound_id: str
    audience_id: str
    organisation_id: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it has in common with changes of the same row that the same people may know of."""
        return self.subject_id, self.outside_compound_id, self.audience_id

    def told_to(self, viewer: Viewer) -> bool:
        """Whether the viewer may know that it was done: whoever sees the fact may; of a notice or a job, whoever sees it."""
        belongs = {
            Reach.STREET: self.street_id,
            Reach.COMPOUND: self.compound_id,
            Reach.OUTSIDE: self.outside_compound_id,
            Reach.ACCOUNT: self.audience_id,
            Reach.ORGANISATION: self.organisation_id,
        }
        return sees(viewer, _TOLD_AS.get(self.subject_id.partition("_")[0], "Fact"), belongs)


#: What a message has: what is of no organisation says nothing of one.
_PARTS = (len(fields(Change)) - 1, len(fields(Change)))


class Missed(Exception):
    """Changes may have been missed: read anew, then subscribe again."""

    code = "CHANGES_MISSED"

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_BEHIND = Text(
    "This subscription fell behind and was ended: read anew, then subscribe again.",
    "该订阅处理过慢，已被结束：请重新读取数据后再订阅。",
)
_GAP = Text(
    "The live feed was interrupted and changes may have been missed: read anew, then subscribe again.",
    "实时推送曾中断，可能遗漏变更：请重新读取数据后再订阅。",
)


class Subscription(AsyncIterator[list[Change]]):
    """The changes for one subscriber, from the moment it was made. Iterate once; ``close`` when done.

    Each step gives those that wait, a few dozen at most.
    """

    def __init__(self, feed: "Feed", prefix: str, compounds: frozenset[str] | None, backlog: int) -> None:
        self.prefix = prefix
        self._feed = feed
        self._compounds = compounds
        self._backlog = backlog
        self._waiting: dict[tuple[str, str, str], Change] = {}
        self._woken = asyncio.Event()
        self._missed: Text | None = None

    def offer(self, change: Change) -> None:
        """Queue a change if it is one of ours, in the place of an earlier one of the same row."""
        if self._compounds is not None and change.compound_id not in self._compounds:
            return
        if change.key not in self._waiting and len(self._waiting) >= self._backlog:
            self.end(_BEHIND)
            return
        self._waiting[change.key] = change
        self._woken.set()

    def end(self, why: Text) -> None:
        """End the iteration with Missed; what still waits is dropped, since the client must read anew anyway."""
        self.close()
        self._waiting.clear()
        self._missed = why
        self._woken.set()
        FEED_MISSED.inc()

    def close(self) -> None:
        """Leave the feed."""
        self._feed.forget(self)

    async def __anext__(self) -> list[Change]:
        while not self._waiting:
            if self._missed is not None:
                raise Missed(self._missed)
            self._woken.clear()
            await self._woken.wait()
        return [self._waiting.pop(key) for key in list(islice(self._waiting, _AT_ONCE))]


class Feed:
    """One process's ear on the database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._watched: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self._connection: asyncpg.Connection[Any] | None = None

    async def start(self) -> None:
        """Begin to listen. Raises what asyncpg raises when the database does not answer."""
        await self._listen()
        self._task = asyncio.create_task(self._keep(), name="feed")

    async def stop(self) -> None:
        """Stop listening and close the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if self._connection is not None:
            FEED_CONNECTED.set(0)
            self._connection.terminate()
            self._connection = None

    @property
    def subscribers(self) -> int:
        return sum(map(len, self._subscriptions.values()))

    def subscribe(self, prefix: str, compounds: frozenset[str] | None = None) -> Subscription:
        """The changes of rows whose ids begin with ``prefix``, in ``compounds`` (None: in all), from now on.

        Iterating raises Missed once changes may have been missed.
        """
        subscription = Subscription(self, prefix, compounds, self._settings.subscription_backlog)
        self._subscriptions.setdefault(prefix, set()).add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Tell the subscription nothing any more."""
        self._subscriptions.get(subscription.prefix, set()).discard(subscription)

    @contextlib.contextmanager
    def watching(self, id_: str) -> Generator[asyncio.Event]:
        """An event that is set whenever something was done to the row of that id, or may have been."""
        touched = asyncio.Event()
        self._watched.setdefault(id_, set()).add(touched)
        try:
            yield touched
        finally:
            self._watched[id_].discard(touched)
            if not self._watched[id_]:
                del self._watched[id_]

    def tell(self, payload: str) -> None:
        """Hand one message of the channel to the subscribers it concerns; what is malformed is ignored."""
        parts = payload.split(" ")
        if len(parts) not in _PARTS:
            return
        change = Change(*parts)
        subscriptions = self._subscriptions.get(change.subject_id.partition("_")[0])
        FEED_CHANGES.inc()
        for touched in self._watched.get(change.subject_id, ()):
            touched.set()
        if subscriptions:
            for subscription in tuple(subscriptions):
                subscription.offer(change)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._settings.database_url, timeout=10, command_timeout=_PROBE_SECONDS)
        self._connection = connection
        await connection.add_listener(CHANNEL, lambda _connection, _pid, _channel, payload: self.tell(str(payload)))
        FEED_CONNECTED.set(1)

    async def _keep(self) -> None:
        """Hold the connection; when it breaks, make a new one and tell every subscriber of the gap."""
        while self._connection is not None:
            await self._until_lost(self._connection)
            FEED_CONNECTED.set(0)
            log.warning("live feed lost its connection")
            self._connection.terminate()
            await self._reconnect()
            log.info("live feed listens again")
            for subscription in [s for group in self._subscriptions.values() for s in group]:
                subscription.end(_GAP)
            for touched in [event for group in self._watched.values() for event in group]:
                touched.set()

    async def _until_lost(self, connection: "asyncpg.Connection[Any]") -> None:
        """Returns when the connection is closed, or does not answer a probe."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        while not connection.is_closed():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PROBE_SECONDS):
                    await lost.wait()
                return
            try:
                await connection.execute("SELECT 1")
            except Exception:  # noqa: BLE001 (whatever is wrong with the connection, another is made)
                return

    async def _reconnect(self) -> None:
        attempt = 0
        while True:
            await asyncio.sleep(_BACK_OFF[min(attempt, len(_BACK_OFF) - 1)])
            attempt += 1
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 (the feed must outlive any trouble of the database)
                log.warning("live feed cannot connect", error=type(error).__name__, attempt=attempt)
                if self._connection is not None:
                    self._connection.terminate()
            else:
                return
