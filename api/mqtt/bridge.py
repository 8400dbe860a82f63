"""The bridge: connects, takes messages, stores their events, acknowledges; and again when the connection has ended.

One batch at a time: what has come meanwhile is the next. A message is acknowledged when each of its events is on disk,
was there already, or was refused for good and told about; never before, and in the order in which they came. While the
database is away nothing is acknowledged, and the broker keeps what it may not deliver yet.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from random import uniform

import structlog

from api.events.judge import Rejected, Window, judge
from api.events.lines import Unavailable
from api.events.results import refusals
from api.events.storing import Storing
from api.metrics import count_events
from domain.events import Fault
from domain.mqtt import Route, routes
from models.events import Incoming, Outcome
from models.keys import IntakePass
from settings import Settings

from .gate import Gate
from .link import Link, Misconfigured, secured
from .messages import Message, Reading, read, told_of
from .watch import CONNECTED, IN_HAND, MESSAGES, RECONNECTS, SECONDS

_Waiting = tuple[Reading, int, Incoming]

log = structlog.stdlib.get_logger(__name__)

#: Events that one transaction stores at most.
_CHUNK = 1_000
#: How often the database may fail at an event, while it works, until the event is given up.
_MOST_TRIES = 5
#: Seconds of the first wait before another try, and of the longest.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_DATABASE_WAIT = 5.0
#: Seconds that a connection has lasted when it counts as a good one.
_GOOD_SECONDS = 10.0
#: Seconds that the batch in hand gets when the bridge stops, and the farewell after it.
_STOP_SECONDS, _FAREWELL_SECONDS = 4.0, 3.0

_UNHEARD = Fault(
    "organisation",
    "There is no organisation of this code that may speak through the broker.",
    "Ask an administrator of the street to admit it (brokerAdmit), then publish again.",
)
_FAILED = Fault("event", "The database failed at this event again and again.", "Publish it again; tell whoever runs the bridge.")
_UNREADABLE = Fault("payload", "The message could not be read.", "Send what docs/mqtt.md says; tell whoever runs the bridge.")


class Bridge:
    """The bridge of one process. Raises Misconfigured for settings that cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._routes = routes(settings.mqtt_routes)
        for route in self._routes:
            if settings.mqtt_rejected_topic and route.overlaps(settings.mqtt_rejected_topic):
                raise Misconfigured(f"STEWARD_MQTT_REJECTED_TOPIC lies among the topics of {route.topic}: choose another.")
        self._security: ssl.SSLContext | None = secured(settings)
        self._storing = Storing(settings, lambda: None)
        self._gate = Gate(settings)
        #: Whether messages come.
        self.connected = False
        #: Whether what was rejected is published before it is acknowledged. A broker that does not let us may end the connection:
        #: after that it goes the other way round, or the message would come again for ever.
        self._publish_first = True

    async def run(self, stop: asyncio.Event) -> None:
        """Bridge until ``stop`` is set, whatever dies meanwhile."""
        self._storing.start()
        wait, had_session = _FIRST_WAIT, False
        try:
            while not stop.is_set():
                link = Link(self._settings, self._routes, self._security)
                began = asyncio.get_running_loop().time()
                await self._serve(link, stop, had_session=had_session)
                had_session = had_session or link.ready.is_set()
                if stop.is_set():
                    return
                lasted = asyncio.get_running_loop().time() - began
                wait = _FIRST_WAIT if link.ready.is_set() and lasted > _GOOD_SECONDS else min(wait * 2, _LONGEST_WAIT)
                why, name = link.problem or "it ended", self._settings.mqtt_client_id
                log.warning("no connection to the broker", why=why, client_id=name, again_in=round(wait, 1))
                RECONNECTS.inc()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait * uniform(0.5, 1))  # noqa: S311
        finally:
            await self._storing.stop()
            await self._gate.close()

    async def _serve(self, link: Link, stop: asyncio.Event, *, had_session: bool) -> None:
        """Serve one connection until it ends or ``stop`` is set."""
        running = asyncio.create_task(link.run(), name="mqtt connection")
        pumping = asyncio.create_task(self._pump(link), name="mqtt pump")
        stopping = asyncio.create_task(stop.wait())
        greeting = asyncio.create_task(self._greet(link, had_session=had_session))
        try:
            await asyncio.wait([running, pumping, stopping], return_when=asyncio.FIRST_COMPLETED)
            link.stop_taking()
            if stop.is_set() and not running.done():
                await asyncio.wait([pumping, running], timeout=_STOP_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.connected = False
            CONNECTED.set(0)
            for task in (pumping, stopping, greeting):
                task.cancel()
            ended = await asyncio.gather(pumping, stopping, greeting, return_exceptions=True)
            if isinstance(ended[0], Exception):
                log.error("the bridge failed", exc_info=ended[0])
            link.close()
            await asyncio.wait([running], timeout=_FAREWELL_SECONDS)
            self._publish_first = not link.unanswered
            MESSAGES.labels("dropped").inc(link.dropped)

    async def _greet(self, link: Link, *, had_session: bool) -> None:
        await link.ready.wait()
        self.connected = True
        CONNECTED.set(1)
        if had_session and not link.session_kept:
            log.warning("the broker has lost our session: what it held for us is gone", client_id=self._settings.mqtt_client_id)
        log.info("connected to the broker", session_kept=link.session_kept)

    async def _pump(self, link: Link) -> None:
        while messages := await link.take():
            IN_HAND.set(len(messages))
            readings = await self._settle(messages)
            refused = [self._refused(reading) for reading in readings if reading.rejected]
            if not self._publish_first:
                link.acknowledge(messages)
            if self._settings.mqtt_rejected_topic and sum(link.publish(*each) for each in refused) < len(refused):
                log.warning("too much was rejected to publish it all")
            if self._publish_first:
                link.acknowledge(messages)
            self._count(readings)

    async def _settle(self, messages: Sequence[Message]) -> list[Reading]:
        """Bring every event of the messages to an end: on disk, or refused. Tries for as long as the database is away."""
        readings = [_read(message, self._routes, self._settings) for message in messages]
        wait = _FIRST_WAIT
        tries = 0
        while True:
            try:
                tries += 1
                if await self._attempt(readings, last=tries >= _MOST_TRIES):
                    return readings
            except Unavailable:
                tries -= 1
            await asyncio.sleep(wait)
            wait = min(wait * 2, _DATABASE_WAIT)

    async def _attempt(self, readings: Sequence[Reading], *, last: bool) -> bool:
        """Judge and store what is still open; whether nothing is then. Raises Unavailable.

        ``last``: give up what the database fails at.
        """
        window = Window.of(self._settings)
        passes = await self._gate.passes({each.organisation for each in readings if each.open and each.organisation})
        waiting: list[_Waiting] = []
        for reading in readings:
            for index in tuple(reading.open):
                judged = _judged(reading.events[index], passes.get(reading.organisation), window)
                if isinstance(judged, Incoming):
                    waiting.append((reading, index, judged))
                else:
                    reading.settle(index, judged)
        for start in range(0, len(waiting), _CHUNK):
            await self._store(waiting[start : start + _CHUNK], window, last=last)
        return not any(reading.open for reading in readings)

    async def _store(self, waiting: Sequence[_Waiting], window: Window, *, last: bool) -> None:
        stored = await self._storing.store([event for _, _, event in waiting])
        for (reading, index, event), each in zip(waiting, stored, strict=True):
            outcome, faults = each.outcome, refusals(event, each, window)
            if outcome in {Outcome.ACCEPTED, Outcome.DUPLICATE}:
                count_events([outcome.name.lower()])
                reading.settle(index)
            elif faults:
                reading.settle(index, Rejected(faults, event.event_id))
            elif last:
                log.error("the database fails at an event", topic=reading.message.topic[:200], id=event.event_id)
                reading.settle(index, Rejected([_FAILED], event.event_id))
            elif outcome is Outcome.KEY_CLOSED:  # another may be in its place by now
                self._gate.forget(reading.organisation)
        if any(each.outcome is Outcome.ACCEPTED for each in stored):
            await self._gate.stored({event.key_id for _, _, event in waiting})

    def _refused(self, reading: Reading) -> tuple[str, bytes]:
        """Log what of a message was refused; topic and payload of what is published about it."""
        index, first = reading.rejected[0]
        log.warning(
            "rejected what came through the broker",
            topic=reading.message.topic[:200],
            events=len(reading.rejected),
            index=index,
            id=first.id,
            field=first.faults[0].field[:200],
            problem=first.faults[0].message,
        )
        return told_of(reading, self._settings.mqtt_rejected_topic)

    def _count(self, readings: Sequence[Reading]) -> None:
        now = asyncio.get_running_loop().time()
        IN_HAND.set(0)
        for reading in readings:
            rejected = len(reading.rejected)
            count_events(["rejected"] * rejected)
            MESSAGES.labels("rejected" if rejected else "taken").inc()
            SECONDS.observe(now - reading.message.came)


def _read(message: Message, taken: tuple[Route, ...], settings: Settings) -> Reading:
    try:
        return read(message, taken, settings)
    except Exception:  # whatever a message holds, it must not come again and again
        log.exception("a message could not be read", topic=message.topic[:200])
        return Reading(message, "", [_UNREADABLE])


def _judged(event: object, key: IntakePass | None, window: Window) -> Incoming | Rejected:
    if isinstance(event, Fault):
        return Rejected([event], None)
    if key is None:
        return Rejected([_UNHEARD], None)
    try:
        return judge(event, key, window)
    except Exception:
        log.exception("an event could not be judged", key=key.id)
        return Rejected([_UNREADABLE], None)
