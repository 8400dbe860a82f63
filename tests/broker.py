"""A real mosquitto in a folder of its own, and machines that publish to it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.waiting import PATIENCE, a_free_port

#: Where system packages put it, and users' PATH may not look.
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin"])
#: Keeps all that waits, and on disk as soon as it can.
PLAIN = """
allow_anonymous true
persistence true
autosave_on_changes true
autosave_interval 1
max_inflight_messages 0
max_queued_messages 0
"""


def program(name: str) -> str:
    """A program of mosquitto's. Skips the test where there is none, but fails it where REQUIRE_MOSQUITTO wants one."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        said = "mosquitto is not installed: tests of the MQTT bridge need it (apt-get install mosquitto)"
        if os.environ.get("REQUIRE_MOSQUITTO"):
            pytest.fail(said)
        pytest.skip(said)
    return found


class Broker:
    """One broker on one port, which it keeps when it is started again."""

    def __init__(self, folder: Path, configuration: str = PLAIN) -> None:
        self.port = a_free_port()
        self.saved = folder / "mosquitto.db"
        self._program = program("mosquitto")
        self._configuration = folder / "mosquitto.conf"
        self._log = folder / "mosquitto.log"
        # Started by root it would become somebody who may not read the folder.
        user = "user root\n" if os.geteuid() == 0 else ""
        own = f"{user}persistence_location {folder}/\nlistener {self.port} 127.0.0.1\n"
        self._configuration.write_text(own + configuration)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Broker:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([self._program, "-c", str(self._configuration)], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self._process.poll() is None, self._log.read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline, self._log.read_text()
                time.sleep(0.01)
            else:
                return self

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"


class Machine:
    """A device or gateway: publishes, and hears what it subscribed to."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.heard: list[tuple[str, Any]] = []
        self._refused: list[Any] = []
        client.on_publish = lambda *told: self._refused.append(told[3]) if told[3].is_failure else None
        client.on_disconnect = lambda *told: self._refused.append(told[3]) if told[3].is_failure else None

    def publish(self, topic: str, payload: object, *, qos: int = 1, **more: Any) -> None:
        """Return when the broker has taken it; with QoS 0, when it is on its way."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._client.publish(topic, body, qos=qos, **more).wait_for_publish(PATIENCE)

    def send(self, topic: str, payload: object) -> Any:
        """Publish without waiting; the answer knows when the broker has taken it."""
        return self._client.publish(topic, json.dumps(payload).encode(), qos=1)

    def try_to_publish(self, topic: str, payload: object) -> None:
        """Publish what the broker does not let us; return when it has said so, or has cut us off for it."""
        self.send(topic, payload)
        deadline = time.monotonic() + PATIENCE
        while not self._refused:
            assert time.monotonic() < deadline, "it was taken"
            time.sleep(0.005)

    def listen(self, topic: str) -> None:
        """Hear what comes on a topic, from when this returns."""
        told: list[int] = []
        self._client.on_subscribe = lambda *_: told.append(1)
        self._client.on_message = self._hear
        self._client.subscribe(topic, qos=1)
        deadline = time.monotonic() + PATIENCE
        while not told:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def _hear(self, _: Client, __: Any, message: MQTTMessage) -> None:
        self.heard.append((message.topic, json.loads(message.payload)))


@contextmanager
def a_machine(port: int, **tls: Any) -> Generator[Machine]:
    """One that is connected. ``user``, ``password`` and ``security`` (an SSL context) as the broker asks for."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    if "user" in tls:
        client.username_pw_set(tls["user"], tls["password"])
    if "security" in tls:
        client.tls_set_context(tls["security"])
    known: list[Any] = []
    client.on_connect = lambda *told: known.append(told[3])
    client.connect("127.0.0.1", port)
    client.loop_start()
    deadline = time.monotonic() + PATIENCE
    while not known:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert not known[0].is_failure, known[0]
    try:
        yield Machine(client)
    finally:
        client.disconnect()
        client.loop_stop()
        client.on_connect = client.on_subscribe = client.on_message = client.on_publish = client.on_disconnect = None


def content_type(value: str) -> Properties:
    """The properties of a message with this content type."""
    told = Properties(PacketTypes.PUBLISH)
    told.ContentType = value
    return told
