"""``steward mqtt`` as a process: killed, stopped, asked how it is, and told what it cannot use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from domain.facilities import DeviceKind
from models import Event
from models.keys import admit
from settings import Settings
from steward.parts import parts
from tests.api.events.conftest import kept
from tests.api.mqtt.conftest import a_message
from tests.broker import Broker, a_machine
from tests.builders import a_company_serving, a_compound, a_device
from tests.waiting import a_free_port, until

from .running import steward


class Running:
    """Bridges on one broker and one database, one after the other."""

    def __init__(self, broker: Broker, settings: Settings) -> None:
        self.url = f"http://127.0.0.1:{(port := a_free_port())}"
        self._environment = {
            "DATABASE_URL": settings.database_url,
            "STEWARD_MQTT_URL": broker.url,
            "STEWARD_MQTT_METRICS_PORT": str(port),
            "STEWARD_MQTT_RECEIVE_MAXIMUM": "10",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "steward.mqtt"], env=os.environ | self._environment)

    async def ready(self) -> None:
        async def asked() -> bool:
            return (await self.get("/readyz")).status_code == 200

        await until(asked, what="a bridge that is ready")

    async def get(self, path: str) -> httpx2.Response:
        async with httpx2.AsyncClient() as client:
            try:
                return await client.get(self.url + path)
            except httpx2.TransportError:
                return httpx2.Response(0)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(10)


@pytest.fixture
def broker(tmp_path: Path) -> Generator[Broker]:
    started = Broker(tmp_path).start()
    yield started
    started.end()


@pytest.fixture
def running(broker: Broker, settings: Settings) -> Generator[Running]:
    begun = Running(broker, settings)
    yield begun
    begun.kill()


async def test_a_bridge_killed_again_and_again_loses_and_doubles_nothing(
    broker: Broker, running: Running, database: Settings
) -> None:
    compound = await a_compound()
    company, device = await a_company_serving(compound), await a_device(compound, kind=DeviceKind.HYDRANT_PRESSURE)
    await admit(company)
    topic, wanted = f"steward/v1/{company.code}/{device.code}", 400
    running.start()
    await running.ready()
    with a_machine(broker.port) as machine:
        sent = [machine.send(topic, a_message(id=str(number))) for number in range(wanted)]
        for share in (0.1, 0.5):
            await until(partial(_stored, wanted * share), what="some of the events")
            running.kill()
            running.start()
        for each in sent:
            each.wait_for_publish(60)
        await until(partial(_stored, wanted), what="all of the events")
    await running.ready()
    counted = (await running.get("/metrics")).text
    assert re.search(r'^steward_mqtt_messages_total\{outcome="taken"\} [1-9]', counted, re.MULTILINE)
    assert "steward_mqtt_connected 1.0" in counted
    assert (await running.get("/healthz")).json() == {"alive": True}
    assert (await running.get("/secrets")).status_code == 404
    broker.kill()

    async def alone() -> bool:
        return (await running.get("/readyz")).json() == {
            "ready": False,
            "broker": "not connected",
            "database": "ok",
            "migrations": "ok",
        }

    await until(alone, what="a bridge that knows itself alone")
    assert running.stop() == 0
    assert sorted(await kept(), key=int) == [str(number) for number in range(wanted)]


async def _stored(at_least: float) -> bool:
    return await Event.all().count() >= at_least


def test_a_bridge_is_part_of_the_whole_where_a_broker_is_set() -> None:
    assert "mqtt" not in parts(Settings())
    assert "mqtt" in parts(Settings(mqtt_url="mqtt://127.0.0.1"))


def test_what_it_cannot_use_is_told_in_a_sentence() -> None:
    ended = steward("mqtt", STEWARD_MQTT_URL="mqtt://broker.example", STEWARD_MQTT_PASSWORD="of the bridge")
    assert ended.returncode == 2
    assert ended.stderr == "steward: A password is sent over TLS only: let STEWARD_MQTT_URL begin with mqtts://.\n"
