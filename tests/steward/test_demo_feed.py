"""The demo feed: devices that speak, a server that takes it, and one that is busy or will not."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Any

import asyncpg
import httpx2
import orjson
import pytest
from starlette.applications import Starlette

from api.events import Intake
from api.rates import Rates
from domain.events import DEVICE_READING, reading_faults
from domain.facilities import DeviceKind
from settings import Settings
from steward.demo.crowds import SOURCE, Crowd, Voice
from steward.demo.feed import Speaker, Summary, feed, run_feed
from steward.demo.load import load
from steward.folder import Unusable

VOICES = [Voice(f"X-{kind}-{n}", kind) for kind in DeviceKind for n in range(3)]
SPEAKERS = [Speaker("ink_first", VOICES[:18]), Speaker("ink_second", VOICES[18:])]


def server(answer: Callable[[list[dict[str, Any]]], httpx2.Response]) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda request: answer(orjson.loads(request.content)))


def taken(events: list[dict[str, Any]], status: str = "accepted") -> httpx2.Response:
    results = [{"index": n, "id": event["id"], "status": status} for n, event in enumerate(events)]
    return httpx2.Response(202, json={"results": results})


async def test_as_many_events_as_asked_for_are_sent_once_each_and_counted() -> None:
    seen: list[dict[str, Any]] = []

    def take(events: list[dict[str, Any]]) -> httpx2.Response:
        seen.extend(events)
        return taken(events)

    told: list[tuple[int, int]] = []
    summary = await feed("http://x", SPEAKERS, 500, 0.4, lambda *now: told.append(now), transport=server(take))
    assert summary.accepted == len(seen) >= 200
    assert (summary.duplicates, summary.rejected, summary.waits) == (0, 0, 0)
    assert len({event["id"] for event in seen}) == len(seen)
    assert summary.incidents >= 1
    assert told[-1] == (len(seen), len(seen))
    assert summary.per_second > 0
    assert summary.p95_ms >= 0


async def test_every_event_is_a_plausible_reading_of_a_device_of_its_speaker() -> None:
    sent: dict[str, list[dict[str, Any]]] = {}

    def take(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["content-type"] == "application/cloudevents-batch+json"
        events = orjson.loads(request.content)
        sent.setdefault(request.headers["authorization"], []).extend(events)
        return taken(events)

    await feed("http://x", SPEAKERS, 500, 0.4, transport=httpx2.MockTransport(take))
    for speaker in SPEAKERS:
        codes = {voice.code for voice in speaker.voices}
        for event in sent[f"Bearer {speaker.key}"]:
            assert event["subject"] in codes
            assert (event["specversion"], event["source"], event["type"]) == ("1.0", SOURCE, DEVICE_READING)
            assert datetime.fromisoformat(event["time"]).tzinfo is not None
            assert reading_faults(event["data"]["readings"]) == []


async def test_a_busy_server_is_sent_the_same_events_again_after_the_time_it_names() -> None:
    bodies: list[str] = []

    def busy_once(events: list[dict[str, Any]]) -> httpx2.Response:
        bodies.append(events[0]["id"])
        if len(bodies) == 1:
            return httpx2.Response(429, headers={"retry-after": "0"}, json={"errors": []})
        return taken(events)

    summary = await feed("http://x", SPEAKERS, 100, 0.2, transport=server(busy_once))
    assert summary.waits == 1
    assert Counter(bodies)[bodies[0]] == 2
    assert summary.answered == summary.accepted >= 20


async def test_duplicates_and_rejections_are_counted() -> None:
    statuses = iter(["duplicate", "rejected"])

    def take(events: list[dict[str, Any]]) -> httpx2.Response:
        return taken(events, next(statuses, "accepted"))

    summary = await feed("http://x", SPEAKERS, 100, 0.4, transport=server(take))
    assert summary.duplicates > 0
    assert summary.rejected > 0
    assert summary.accepted > 0


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_server_that_will_not_take_events_ends_the_feed_with_a_sentence(status: int) -> None:
    refuse = server(lambda _events: httpx2.Response(status))
    with pytest.raises(Unusable, match=f"HTTP {status}"):
        await feed("http://x", SPEAKERS, 100, 5, transport=refuse)


async def test_where_nothing_listens_the_feed_says_so() -> None:
    def refuse(_events: list[dict[str, Any]]) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(Unusable, match="Nothing answers at http://x"):
        await feed("http://x", SPEAKERS, 100, 5, transport=server(refuse))


def test_the_summary_speaks_two_languages() -> None:
    summary = Summary(accepted=90, duplicates=6, rejected=4, seconds=2.0, latencies=[0.01] * 19 + [0.5])
    assert "90 accepted, 6 duplicates, 4 rejected in 2.0 s: 50 events/s, p95 10 ms" in summary.say().en
    assert "每秒 50 条" in summary.say().zh


def test_a_device_keeps_still_until_its_incident_and_tells_all_of_it_in_order() -> None:
    crowd = Crowd([Voice(f"H-{n}", DeviceKind.HYDRANT_PRESSURE) for n in range(6)])
    spoken = {crowd.speak()["subject"] for _ in range(20)}
    events = crowd.trouble()
    assert len({event["subject"] for event in events}) == 1
    assert events[0]["subject"] not in spoken
    times = [event["time"] for event in events]
    assert times == sorted(set(times))
    assert crowd.incidents == 1


def test_when_no_device_is_left_for_an_incident_there_is_none() -> None:
    crowd = Crowd([Voice("C-1", DeviceKind.CAMERA_STATE), Voice("S-1", DeviceKind.SMOKE)])
    assert crowd.trouble() == []
    assert {crowd.speak()["subject"] for _ in range(4)} == {"C-1", "S-1"}


@pytest.fixture
async def intake(settings: Settings) -> AsyncGenerator[httpx2.ASGITransport]:
    """The intake, as a server would run it."""
    intake = Intake(settings, Rates(settings))
    await intake.start()
    yield httpx2.ASGITransport(app=Starlette(routes=intake.routes()))
    await intake.stop()


async def test_the_small_street_feeds_a_real_intake_and_its_keys_are_closed_afterwards(
    settings: Settings, intake: httpx2.ASGITransport
) -> None:
    await load(settings, "small")
    summary = await run_feed(settings, "http://steward.test", 200, 1, transport=intake)
    assert (summary.duplicates, summary.rejected) == (0, 0)
    connection = await asyncpg.connect(settings.database_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM event") == summary.accepted >= 200
        codes = await connection.fetchval(
            "SELECT array_agg(DISTINCT c.code) FROM event e JOIN compound c ON c.id = e.compound_id"
        )
        assert {"KQ", "SR"} <= set(codes)
        assert await connection.fetchval("SELECT count(*) > 0 AND bool_and(revoked_at IS NOT NULL) FROM intake_key")
    finally:
        await connection.close()


async def test_without_a_street_there_is_nobody_to_speak_for(settings: Settings) -> None:
    with pytest.raises(Unusable, match="demo load"):
        await run_feed(settings, "http://steward.test", 10, 1)
