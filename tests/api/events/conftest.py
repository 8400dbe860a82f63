"""An intake on a real database, a company with a key, and what it speaks of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson
import pytest
from starlette.applications import Starlette

from api.events import Intake
from api.rates import Rates
from domain.facilities import DeviceKind
from models import Compound, Device, Event, Facility, IntakeKey, Organisation, Work
from models.keys import create_intake_key
from settings import Settings
from tests.builders import a_company_serving, a_compound, a_device, a_facility

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def a_reading(code: str, event_id: str = "1", /, **changes: Any) -> dict[str, Any]:
    """A good reading event about a device; ``changes`` replace attributes, and one set to ``...`` is left out."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "//iot.example/hydrants",
        "type": "steward.device.reading.v1",
        "subject": code,
        "time": datetime.now(UTC).isoformat(),
        "data": {"readings": {"pressure_kpa": 140.5}},
    }
    return {name: value for name, value in (event | changes).items() if value is not ...}


@dataclass
class Sender:
    """A company's machine: posts with its key."""

    settings: Settings
    client: httpx2.AsyncClient
    secret: str
    key: IntakeKey
    company: Organisation
    compound: Compound
    device: Device
    facility: Facility

    def reading(self, event_id: str = "1", /, **changes: Any) -> dict[str, Any]:
        return a_reading(self.device.code, event_id, **changes)

    async def post(self, body: bytes | AsyncIterator[bytes], content_type: str = SINGLE, **headers: str) -> httpx2.Response:
        given = {"authorization": f"Bearer {self.secret}", "content-type": content_type}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/events", content=body, headers=given)

    async def send(self, event: Any) -> httpx2.Response:
        return await self.post(orjson.dumps(event))

    async def send_all(self, events: list[Any]) -> httpx2.Response:
        return await self.post(orjson.dumps(events), BATCH)


def statuses(response: httpx2.Response) -> list[str]:
    return [result["status"] for result in response.json()["results"]]


def fields(response: httpx2.Response) -> list[str]:
    """The fields at fault in an answer; every error must have an index, a message and a remedy."""
    errors = response.json()["errors"]
    assert all(set(error) == {"index", "field", "message", "remedy"} for error in errors)
    assert all(error["message"] and error["remedy"] for error in errors)
    return [error["field"] for error in errors]


async def kept() -> list[str]:
    """The ids (as the senders gave them) of the events that are stored, and that each is in exactly one work row."""
    events = await Event.all().order_by("id")
    worked = [event_id for work in await Work.filter(kind="events") for event_id in work.payload["events"]]
    assert sorted(worked) == [event.id for event in events]
    return [event.event_id for event in events]


@pytest.fixture
async def start(settings: Settings) -> AsyncGenerator[Callable[..., Any]]:
    """Starts an intake with changed settings and gives a client for it."""
    started: list[tuple[Intake, httpx2.AsyncClient]] = []

    async def begin(**changes: Any) -> httpx2.AsyncClient:
        changed = settings.model_copy(update=changes)
        intake = Intake(changed, Rates(changed))
        await intake.start()
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=Starlette(routes=intake.routes())), base_url="http://steward.test"
        )
        started.append((intake, client))
        return client

    yield begin
    for intake, client in started:
        await client.aclose()
        await intake.stop()


@pytest.fixture
async def sender(database: Settings, start: Callable[..., Any]) -> Sender:
    compound = await a_compound()
    company = await a_company_serving(compound)
    key, secret = await create_intake_key(company)
    facility = await a_facility(compound)
    device = await a_device(facility=facility, kind=DeviceKind.HYDRANT_PRESSURE)
    return Sender(database, await start(), secret, key, company, compound, device, facility)
