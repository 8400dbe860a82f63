"""One connection to the broker: who we are, what we subscribe to, what comes, what is acknowledged.

A session outlives connections, packet numbers do not. So each connection is an object of its own, which can acknowledge
nothing but what came on it: an answer that is late for its connection is lost with it, and the broker delivers again.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from domain.mqtt import Route
from settings import Settings

from .messages import Message

log = structlog.stdlib.get_logger(__name__)

_KEEPALIVE_SECONDS = 30
#: Seconds that the network gets to say farewell.
_FAREWELL_SECONDS = 3.0
#: What a packet holds besides its payload: topic and properties.
_AROUND_BYTES = 131_072
#: Refusals that may wait for the broker to take them.
_MOST_TO_PUBLISH = 1_000
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Misconfigured(Exception):
    """The settings cannot be used; a sentence that says what to do."""


def secured(settings: Settings) -> ssl.SSLContext | None:
    """How the connection is made secret, and by what the broker and we prove who we are; None: not at all.

    Raises Misconfigured for files that cannot be used, and for what would give a password or a certificate away.
    """
    where = urlsplit(settings.mqtt_url)
    if not where.hostname:
        raise Misconfigured("Set STEWARD_MQTT_URL to the broker, such as mqtts://broker.example.com:8883.")
    if (settings.mqtt_certificate_file is None) != (settings.mqtt_key_file is None):
        raise Misconfigured("Set STEWARD_MQTT_CERTIFICATE_FILE and STEWARD_MQTT_KEY_FILE, or neither.")
    if where.scheme == "mqtt":
        if settings.mqtt_password and where.hostname not in _LOCAL:
            raise Misconfigured("A password is sent over TLS only: let STEWARD_MQTT_URL begin with mqtts://.")
        if settings.mqtt_ca_file or settings.mqtt_certificate_file:
            raise Misconfigured("Certificates are for TLS: let STEWARD_MQTT_URL begin with mqtts://.")
        return None
    try:
        context = ssl.create_default_context(cafile=_text(settings.mqtt_ca_file))
    except OSError as error:
        raise Misconfigured(f"STEWARD_MQTT_CA_FILE cannot be read ({error.strerror or 'no certificate'}).") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Socket
    if settings.mqtt_certificate_file is not None and settings.mqtt_key_file is not None:
        try:
            # Without a password: a key that wants one is refused here, and does not wait for somebody at a keyboard.
            context.load_cert_chain(settings.mqtt_certificate_file, settings.mqtt_key_file, password=b"")
        except OSError as error:
            told = error.strerror or "they are no such pair"
            raise Misconfigured(f"STEWARD_MQTT_CERTIFICATE_FILE and STEWARD_MQTT_KEY_FILE cannot be used ({told}).") from error
    return context


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


class _Socket(ssl.SSLSocket):
    """Closes itself when the other side is not whom we want to speak to: the library would leave that to chance."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except Exception:
            self.close()
            raise


class _Client(Client):
    """The library's client, which connects once and tells when it has ended, whatever ended it."""

    ended: Callable[[Exception | None], None]

    def loop_forever(self, timeout: float = 1.0, retry_first_connection: bool = False) -> MQTTErrorCode:  # noqa: ARG002
        problem: Exception | None = None
        try:
            return super().loop_forever(timeout)
        except Exception as error:  # noqa: BLE001 (it goes to whoever waits for the connection)
            problem = error
            return MQTTErrorCode.MQTT_ERR_UNKNOWN
        finally:
            self.ended(problem)


class Link:
    """A connection from its beginning to its end. ``run`` it as a task; all else is called on the same loop meanwhile."""

    def __init__(self, settings: Settings, routes: Sequence[Route], security: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._filters = [f"$share/{settings.mqtt_group}/{route.filter}" for route in routes]
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[Exception | None] = self._loop.create_future()
        self._inbox: deque[Message] = deque()
        self._came = asyncio.Event()
        self._closing = False
        #: Set once messages come; whether the broker had kept the session; messages of QoS 0 for which there was no room.
        self.ready = asyncio.Event()
        self.session_kept = False
        self.dropped = 0
        #: Publications that the broker has not answered.
        self.unanswered = 0
        #: What went wrong, in words; "" for nothing yet.
        self.problem = ""
        self._client = self._a_client(security)

    def _a_client(self, security: ssl.SSLContext | None) -> _Client:
        settings = self._settings
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.mqtt_client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.max_queued_messages_set(_MOST_TO_PUBLISH)
        if settings.mqtt_user:
            client.username_pw_set(
                settings.mqtt_user, settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
            )
        if security:
            client.tls_set_context(security)
        client.on_connect, client.on_subscribe, client.on_message = self._connected, self._subscribed, self._arrived
        client.on_disconnect, client.on_publish = self._disconnected, self._published
        client.ended = lambda problem: self._tell(self._end, problem)
        return client

    async def run(self) -> None:
        """Connect, and return when the connection has ended; ``problem`` says why."""
        where = urlsplit(self._settings.mqtt_url)
        asked = Properties(PacketTypes.CONNECT)
        asked.SessionExpiryInterval = self._settings.mqtt_session_hours * 3_600
        asked.ReceiveMaximum = self._settings.mqtt_receive_maximum
        asked.MaximumPacketSize = self._settings.event_max_bytes + _AROUND_BYTES
        port = where.port or (8883 if where.scheme == "mqtts" else 1883)
        self._client.connect_async(where.hostname or "", port, _KEEPALIVE_SECONDS, clean_start=False, properties=asked)
        self._client.loop_start()
        try:
            error = await asyncio.shield(self._ended)
            if error is not None:
                self.problem = f"{type(error).__name__}: {error}"
        finally:
            self.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._ended), _FAREWELL_SECONDS)
                self._client.loop_stop()
            self._client.on_connect = self._client.on_subscribe = self._client.on_message = None
            self._client.on_disconnect = self._client.on_publish = None
            self._client.ended = lambda _: None

    async def take(self) -> list[Message]:
        """What has come, at least one message; nothing once the connection is being closed or has ended."""
        while not self._inbox and not self._closing:
            self._came.clear()
            await self._came.wait()
        if self._closing:
            return []
        taken = list(self._inbox)
        self._inbox.clear()
        return taken

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the broker that these are done, in the order in which they came. Lost if the connection is."""
        for message in messages:
            if message.mid:
                self._client.ack(message.mid, 1)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Publish with QoS 1; False when too much waits already. Goes out before what is acknowledged afterwards."""
        self.unanswered += 1
        return self._client.publish(topic, payload, qos=1).rc in {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN}

    def stop_taking(self) -> None:
        """Let ``take`` give nothing more."""
        self._closing = True
        self._came.set()

    def close(self) -> None:
        """Say farewell to the broker, which keeps the session."""
        self.stop_taking()
        self._client.disconnect()

    # On the loop, told by the network's thread.

    def _tell(self, act: Callable[..., None], *given: Any) -> None:
        self._loop.call_soon_threadsafe(act, *given)

    def _end(self, problem: Exception | None) -> None:
        self.stop_taking()
        if not self._ended.done():
            self._ended.set_result(problem)

    def _take_in(self, message: Message) -> None:
        if not message.mid and len(self._inbox) >= 2 * self._settings.mqtt_receive_maximum:
            self.dropped += 1
            return
        self._inbox.append(message)
        self._came.set()

    def _answer(self) -> None:
        self.unanswered -= 1

    def _become_ready(self) -> None:
        if not self._ended.done():
            self.ready.set()

    # In the network's thread.

    def _connected(self, _: Client, __: Any, flags: ConnectFlags, code: ReasonCode, told: Properties | None) -> None:
        if code.is_failure:
            self.problem = f"the broker refuses us: {code}"
            return
        if self._closing:  # we were asked to end while we connected
            self._client.disconnect()
            return
        self.session_kept = flags.session_present
        offered = cast("dict[str, int]", told.json()) if told is not None else {}
        if offered.get("SharedSubscriptionAvailable") == 0 or offered.get("MaximumQoS") == 0:
            self._give_up("the broker has no shared subscriptions, or no QoS 1")
            return
        if offered.get("SessionExpiryInterval", self._wanted_seconds) < self._wanted_seconds:
            log.warning("the broker keeps sessions for a shorter time", seconds=offered["SessionExpiryInterval"])
        self._client.subscribe([(name, SubscribeOptions(qos=1)) for name in self._filters])

    @property
    def _wanted_seconds(self) -> int:
        return self._settings.mqtt_session_hours * 3_600

    def _subscribed(self, _: Client, __: Any, ___: int, codes: Sequence[ReasonCode], ____: Properties | None) -> None:
        refused = [f"{name} ({code})" for name, code in zip(self._filters, codes, strict=True) if code.value != 1]
        if refused:
            self._give_up(f"the broker does not let us subscribe to {', '.join(refused)}")
        else:
            self._tell(self._become_ready)

    def _arrived(self, _: Client, __: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # no route has it: refused like any other that is not known
        mid = message.mid if message.qos else 0
        self._tell(self._take_in, Message(topic, bytes(message.payload), mid, self._loop.time()))

    def _disconnected(self, _: Client, __: Any, ___: DisconnectFlags, code: ReasonCode, ____: Properties | None) -> None:
        if code.is_failure and not self.problem:
            self.problem = f"the connection ended: {code}"

    def _published(self, _: Client, __: Any, ___: int, code: ReasonCode, ____: Properties) -> None:
        self._tell(self._answer)
        if code.is_failure:
            log.warning("the broker does not let us publish what was rejected", why=str(code))

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        self._client.disconnect()
