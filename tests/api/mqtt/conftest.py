"""A broker, a bridge from it to a real database, and a company that may speak through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.mqtt import Bridge
from domain.facilities import DeviceKind
from models import Compound, Device, Event, IntakeKey, Organisation
from models.keys import admit
from settings import Settings
from tests.api.events.conftest import kept
from tests.broker import Broker, Machine, a_machine
from tests.builders import a_company_serving, a_compound, a_device
from tests.waiting import until

REJECTED = "steward/rejected/v1/+"

#: Begins a bridge with changed settings; it runs until the block ends.
Begin = Callable[..., Any]


def a_message(**changes: Any) -> dict[str, Any]:
    """What a hydrant's device publishes; ``changes`` replace, and what is set to ``...`` is left out."""
    told = {"time": datetime.now(UTC).isoformat(), "data": {"readings": {"pressure_kpa": 140.5}}} | changes
    return {name: value for name, value in told.items() if value is not ...}


@pytest.fixture
def broker(tmp_path: Path) -> Generator[Broker]:
    started = Broker(tmp_path)
    started.start()
    yield started
    started.end()


@pytest.fixture
def machine(broker: Broker) -> Generator[Machine]:
    with a_machine(broker.port) as connected:
        yield connected


@pytest.fixture
def begin(settings: Settings, request: pytest.FixtureRequest) -> Begin:
    @asynccontextmanager
    async def begun(**changes: Any) -> AsyncGenerator[Bridge]:
        broker: Broker = request.getfixturevalue("broker")
        bridge = Bridge(settings.model_copy(update={"mqtt_url": broker.url, **changes}))
        stop = asyncio.Event()
        running = asyncio.create_task(bridge.run(stop))
        try:
            await until(lambda: bridge.connected or running.done(), what="the connection")
            yield bridge
        finally:
            stop.set()
            await running

    return begun


@dataclass
class World:
    """A company that serves a compound and may speak through the broker, and one that may not."""

    company: Organisation
    compound: Compound
    device: Device
    key: IntakeKey

    @property
    def topic(self) -> str:
        return f"steward/v1/{self.company.code}/{self.device.code}"


@pytest.fixture
async def world(database: Settings) -> World:
    compound = await a_compound()
    company = await a_company_serving(compound)
    return World(company, compound, await a_device(compound, kind=DeviceKind.HYDRANT_PRESSURE), await admit(company))


async def stored(count: int) -> list[str]:
    """The ids of the events that are stored, once there are so many."""

    async def enough() -> bool:
        return await Event.all().count() >= count

    await until(enough, what=f"{count} events")
    found = await kept()
    assert len(found) == count
    return found
