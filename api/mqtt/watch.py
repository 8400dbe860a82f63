"""What a bridge counts, and the small listener at which its health and its metrics are read.

Labels come from closed sets: no topic, no organisation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
_REQUEST_SECONDS = 5.0

CONNECTED = Gauge("steward_mqtt_connected", "1 while the bridge is connected to the broker and subscribed.")
IN_HAND = Gauge("steward_mqtt_in_hand", "Messages of the batch that is being stored.")
MESSAGES = Counter(
    "steward_mqtt_messages", "Messages taken whole, rejected in part or whole, or of QoS 0 and dropped.", ["outcome"]
)
RECONNECTS = Counter("steward_mqtt_reconnects", "Connections to the broker that ended, or did not come to be.")
SECONDS = Histogram("steward_mqtt_seconds", "Time from a message's arrival to its acknowledgement.", buckets=_SECONDS)
for _outcome in ("taken", "rejected", "dropped"):
    MESSAGES.labels(_outcome)

#: Asks for the state of each part: "ok", or a word on what is wrong.
Ask = Callable[[], Awaitable[Mapping[str, str]]]


class Listener:
    """Answers ``GET /healthz``, ``/readyz`` and ``/metrics`` and nothing else, one request a connection."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError when somebody else does."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=8_192)

    async def stop(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                status, kind, body = await self._answer(head.split(b"\r\n", 1)[0])
                lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body)}", "connection: close"]
                writer.write("\r\n".join([*lines, "cache-control: no-store", "", ""]).encode() + body)
                await writer.drain()
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _answer(self, request: bytes) -> tuple[str, str, bytes]:
        match request.split(b" "):
            case [b"GET", b"/healthz", _]:
                return "200 OK", "application/json", b'{"alive":true}'
            case [b"GET", b"/readyz", _]:
                parts = await self._ask()
                ready = all(state == "ok" for state in parts.values())
                status = "200 OK" if ready else "503 Service Unavailable"
                return status, "application/json", orjson.dumps({"ready": ready, **parts})
            case [b"GET", b"/metrics", _]:
                return "200 OK", CONTENT_TYPE_LATEST, generate_latest()
            case _:
                return "404 Not Found", "text/plain", b"/healthz, /readyz, /metrics\n"
