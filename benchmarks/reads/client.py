"""The load: a process that posts as told, one line of JSON in, one out: ``python -m benchmarks.reads.client``.

It speaks HTTP/1.1 by hand over uvloop and looks at no more of an answer than its status and length, so that the servers
are the slow part: some 40,000 requests a second on the core it shares with PostgreSQL.
"""

from __future__ import annotations

import asyncio
import sys
import time
from base64 import b64decode
from dataclasses import dataclass, field
from typing import cast

import orjson
import uvloop


@dataclass
class Drive:
    """What a round of one server and query is told, and what came of it."""

    port: int
    request: bytes
    seconds: float
    until: float = 0.0
    running: bool = True
    latencies: list[float] = field(default_factory=list[float])


class Connection(asyncio.Protocol):
    """One keep-alive connection that posts, waits for the answer, and posts again until the drive is over."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive
        self.head, self.missing, self.since = b"", 0, 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.post()

    def post(self) -> None:
        self.since = time.perf_counter()
        self.transport.write(self.drive.request)

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            self.head += data
            head, found, body = self.head.partition(b"\r\n\r\n")
            if not found:
                return
            length = head.lower().partition(b"content-length:")[2].partition(b"\r")[0]
            if not head.startswith(b"HTTP/1.1 200") or not length:
                self.done.set_exception(RuntimeError(self.head[:500].decode("utf-8", "replace")))
                self.transport.abort()
                return
            self.head, self.missing = b"", int(length) - len(body)
        if not self.missing:
            self.answered()

    def answered(self) -> None:
        now = time.perf_counter()
        self.drive.latencies.append(now - self.since)
        if self.drive.running:
            self.post()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError("the server closed the connection"))


async def drive(told: Drive, connections: int) -> dict[str, object]:
    """Post on so many connections for so long, and until every one of them had an answer."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [(await loop.create_connection(lambda: Connection(told), "127.0.0.1", told.port))[1] for _ in range(connections)]
    await asyncio.sleep(told.seconds)
    told.running = False
    async with asyncio.timeout(60):
        await asyncio.gather(*(each.done for each in made))
    # All connections end with an answer: the time until the last of them belongs to the round.
    return {"seconds": time.perf_counter() - began, "latencies": told.latencies}


def main() -> None:
    for line in sys.stdin.buffer:
        told = orjson.loads(line)
        request = b64decode(told["request"])
        answer = uvloop.run(drive(Drive(told["port"], request, told["seconds"]), told["connections"]))
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
