"""Lets the demo street's devices speak: events over HTTP to a running server, as a property company's gateway sends them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
from tortoise import connections

from domain.facilities import DeviceKind
from domain.words import Text
from models import Organisation
from models.calendar import today
from models.database import connect, disconnect
from models.facts import Actor
from models.keys import IntakeKey, create_intake_key, revoke_intake_key
from settings import Settings
from steward.folder import Unusable

from .crowds import SOURCE, Crowd, Voice

#: Called with the events sent so far and those to be sent in all.
Progress = Callable[[int, int], None]

_ACTOR = Actor("system:demo")
_ORGANISATIONS = 4
_DEVICES_EACH = 60
_BATCH = 200
_IN_FLIGHT = 8
_TICK_SECONDS = 0.1
_INCIDENT_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
_LONGEST_WAIT_SECONDS = 10.0

#: $1: today, $2: how many organisations, $3: how many devices of each. Who handles a compound speaks for its devices.
_SPEAKERS = """
WITH handling AS (
    SELECT DISTINCT ON (m.compound_id) m.compound_id, m.organisation_id, m.role = 'SERVES' AS serves FROM mandate m
    WHERE (m.service = 'FULL' OR m.role = 'SUPERVISES') AND m.starts_on <= $1 AND (m.ends_on IS NULL OR m.ends_on >= $1)
    ORDER BY m.compound_id, m.role = 'SERVES' DESC, m.starts_on DESC
), chosen AS (
    SELECT h.organisation_id, bool_or(c.code IN ('KQ', 'SR')) AS named FROM handling h JOIN compound c ON c.id = h.compound_id
    WHERE EXISTS (SELECT FROM device d WHERE d.compound_id = h.compound_id AND d.retired_at IS NULL)
    GROUP BY h.organisation_id ORDER BY named DESC, bool_or(h.serves) DESC, count(*) DESC, h.organisation_id LIMIT $2
)
SELECT s.organisation_id, d.code, d.kind FROM chosen s CROSS JOIN LATERAL (
    SELECT d.code, d.kind FROM handling h JOIN compound c ON c.id = h.compound_id JOIN device d ON d.compound_id = c.id
    WHERE h.organisation_id = s.organisation_id AND d.retired_at IS NULL
    ORDER BY c.code IN ('KQ', 'SR') DESC, md5(d.code) LIMIT $3
) d
"""


@dataclass(frozen=True)
class Speaker:
    """An organisation's gateway: its intake key and the devices that it speaks for."""

    key: str
    voices: Sequence[Voice]


@dataclass
class Summary:
    """What became of the events sent. ``latencies`` in seconds, one a request that was answered for good."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    waits: int = 0
    incidents: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list[float])

    @property
    def answered(self) -> int:
        return self.accepted + self.duplicates + self.rejected

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds if self.seconds else 0.0

    @property
    def p95_ms(self) -> float:
        """95 of 100 requests were answered within so many milliseconds."""
        ordered = sorted(self.latencies)
        return 1_000 * ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0.0

    def say(self) -> Text:
        """The figures in a sentence."""
        return Text(
            f"{self.accepted} accepted, {self.duplicates} duplicates, {self.rejected} rejected in {self.seconds:.1f} s: "
            f"{self.per_second:.0f} events/s, p95 {self.p95_ms:.0f} ms, {self.incidents} incidents, {self.waits} waits.",
            f"接收 {self.accepted} 条，重复 {self.duplicates} 条，拒绝 {self.rejected} 条，用时 {self.seconds:.1f} 秒："
            f"每秒 {self.per_second:.0f} 条，p95 {self.p95_ms:.0f} 毫秒，异常 {self.incidents} 起，等待 {self.waits} 次。",
        )


async def run_feed(
    settings: Settings,
    base_url: str,
    rate: float,
    seconds: float,
    progress: Progress | None = None,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Summary:
    """Feed the server at ``base_url`` as ``feed`` does: ``rate`` events a second for ``seconds``.

    Intake keys are made for this run and revoked at its end; they are made in, and the devices read from, the database
    that ``settings`` names, which must be the server's. Raises Unusable, with a sentence, when there is nobody to speak
    for or the server does not take events.
    """
    await connect(settings)
    keys: list[IntakeKey] = []
    try:
        speakers: list[Speaker] = []
        for organisation_id, voices in (await _voices()).items():
            organisation = await Organisation.get(id=organisation_id)
            expires_at = datetime.now(UTC) + timedelta(seconds=seconds, hours=1)
            key, secret = await create_intake_key(organisation, source_prefix=SOURCE, expires_at=expires_at, actor=_ACTOR)
            keys.append(key)
            speakers.append(Speaker(secret, voices))
        if not speakers:
            raise Unusable("There are no devices to speak for: load the demo street first (steward demo load).")
        return await feed(base_url, speakers, rate, seconds, progress, transport=transport)
    finally:
        for key in keys:
            await revoke_intake_key(key, actor=_ACTOR)
        await disconnect()


async def _voices() -> dict[str, list[Voice]]:
    """The devices to speak for, by the id of the organisation that may."""
    rows = await connections.get("default").execute_query_dict(_SPEAKERS, [today(), _ORGANISATIONS, _DEVICES_EACH])
    voices: dict[str, list[Voice]] = {}
    for row in rows:
        voices.setdefault(row["organisation_id"], []).append(Voice(row["code"], DeviceKind(row["kind"])))
    return voices


async def feed(
    base_url: str,
    speakers: Sequence[Speaker],
    rate: float,
    seconds: float,
    progress: Progress | None = None,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Summary:
    """Post the devices' events: mostly quiet readings, every few seconds an incident. Raises Unusable.

    A server that asks to wait (429, 503) is sent the same events again after the time that it names. ``transport``: another
    way to the server than the network.
    """
    async with httpx2.AsyncClient(base_url=base_url, timeout=_PATIENCE_SECONDS, transport=transport) as client:
        return await _Feed(client, speakers, rate, seconds, progress).run()


class _Feed:
    """One run of a feed."""

    def __init__(
        self, client: httpx2.AsyncClient, speakers: Sequence[Speaker], rate: float, seconds: float, progress: Progress | None
    ) -> None:
        self.client, self.rate, self.seconds, self.progress = client, rate, seconds, progress
        self.crowds = deque((speaker.key, Crowd(speaker.voices)) for speaker in speakers)
        self.total = round(rate * seconds)
        self.summary = Summary()
        self.room = asyncio.Semaphore(_IN_FLIGHT)

    async def run(self) -> Summary:
        began = time.monotonic()
        refused: Unusable | None = None
        try:
            async with asyncio.TaskGroup() as posting:
                await self._speak(began, posting)
        except* Unusable as group:
            refused = next(error for error in group.exceptions if isinstance(error, Unusable))
        if refused:
            raise refused
        self.summary.incidents = sum(crowd.incidents for _, crowd in self.crowds)
        self.summary.seconds = time.monotonic() - began
        return self.summary

    async def _speak(self, began: float, posting: asyncio.TaskGroup) -> None:
        """Hand every event to a task that posts it, at the rate asked for or as fast as the server takes them."""
        sent, incidents = 0, 0
        while sent < self.total:
            elapsed = time.monotonic() - began
            due = min(self.total, round(self.rate * (elapsed + _TICK_SECONDS))) - sent
            while due > 0:
                trouble = elapsed >= incidents * _INCIDENT_SECONDS
                incidents += trouble
                key, batch = self._batch(min(due, _BATCH), trouble=trouble)
                due, sent = due - len(batch), sent + len(batch)
                await self.room.acquire()
                posting.create_task(self._post(key, batch))
            await asyncio.sleep(_TICK_SECONDS)

    def _batch(self, size: int, *, trouble: bool) -> tuple[str, list[dict[str, Any]]]:
        """The next organisation's key and events; with ``trouble``, of one that has a device for an incident, if any has."""
        self.crowds.rotate(-1)
        key, crowd = next((one for one in self.crowds if trouble and one[1].still), self.crowds[0])
        events = crowd.trouble() if trouble else []
        while len(events) < size:
            events.append(crowd.speak())
        return key, events

    async def _post(self, key: str, batch: list[dict[str, Any]]) -> None:
        try:
            results = await self._answer(key, orjson.dumps(batch))
        finally:
            self.room.release()
        statuses = [result["status"] for result in results]
        self.summary.accepted += statuses.count("accepted")
        self.summary.duplicates += statuses.count("duplicate")
        self.summary.rejected += statuses.count("rejected")
        if self.progress:
            self.progress(self.summary.answered, max(self.total, self.summary.answered))

    async def _answer(self, key: str, body: bytes) -> list[dict[str, Any]]:
        """The results of one batch, sent until the server has decided."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents-batch+json"}
        patience = time.monotonic() + _PATIENCE_SECONDS
        while True:
            began = time.monotonic()
            try:
                response = await self.client.post("/events", content=body, headers=headers)
            except httpx2.TransportError as error:
                if began > patience or isinstance(error, httpx2.ConnectError):
                    raise Unusable(f"Nothing answers at {self.client.base_url}: is `steward up` running?") from error
                await self._wait(1)
                continue
            if response.status_code in {202, 422}:
                self.summary.latencies.append(time.monotonic() - began)
                return orjson.loads(response.content)["results"]
            if response.status_code not in {429, 503} or began > patience:
                raise Unusable(f"The server at {self.client.base_url} does not take events: HTTP {response.status_code}.")
            await self._wait(_retry_after(response))

    async def _wait(self, seconds: float) -> None:
        self.summary.waits += 1
        await asyncio.sleep(min(seconds, _LONGEST_WAIT_SECONDS))


def _retry_after(response: httpx2.Response) -> float:
    """The seconds that a busy server asks to wait; 1 where it does not say."""
    given = response.headers.get("retry-after", "")
    return float(given) if given.isdigit() else 1.0
