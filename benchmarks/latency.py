"""From POST /events to the subscription's message, idle and under 500 events a second.

    .venv/bin/python -m benchmarks.latency

Starts `steward up --demo small` on a folder of its own, watches alertChanged over a WebSocket, posts smoke alarms
(on, off, on …) one at a time and takes the time until their message arrives. Prints percentiles and writes them to
benchmarks/results/latency.md.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

SAMPLES, LOAD, BATCH = 150, 500, 50
RESULT = Path(__file__).with_name("results") / "latency.md"
DEVICES = '{ devices(first: 100, filter: {kind: {eq: SMOKE}, compound: {eq: "%s"}}) { nodes { code } } }'


class Server:
    """A running `steward up` and how to speak with it."""

    def __init__(self, url: str, data: str) -> None:
        self.url = url
        self._data = data
        self.http = httpx2.AsyncClient(timeout=30)

    def say(self, *words: str) -> str:
        command = [sys.executable, "-m", "steward", *words, "--data", self._data]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    async def ask(self, token: str, query: str) -> Any:
        answer = await self.http.post(self.url, json={"query": query}, headers={"authorization": f"Bearer {token}"})
        return answer.json()["data"]

    async def post(self, key: str, events: list[dict[str, Any]]) -> None:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents-batch+json"}
        answer = await self.http.post(self.url.replace("/graphql", "/events"), json=events, headers=headers)
        if answer.status_code != 202:
            raise SystemExit(f"the intake refused: {answer.text[:300]}")


@asynccontextmanager
async def a_server() -> AsyncGenerator[Server]:
    with tempfile.TemporaryDirectory(prefix="steward-latency-") as folder:
        data = str(Path(folder) / "data")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "steward", "up", "--demo", "small", "--port", "0", "--data", data),
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        try:
            async for line in process.stdout:
                if line.startswith(b"ready "):
                    yield Server(line.decode().split()[1], data)
                    break
            else:
                raise SystemExit("steward up ended before it was ready")
        finally:
            process.terminate()
            await process.wait()


def reading(number: int, device: str, **readings: float | bool) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"bench-{number}",
        "source": "urn:bench",
        "type": "steward.device.reading.v1",
        "subject": device,
        "time": datetime.now(UTC).isoformat(),
        "data": {"readings": readings},
    }


async def watch(server: Server, token: str) -> ClientConnection:
    socket = await connect(server.url.replace("http", "ws", 1), subprotocols=["graphql-transport-ws"])
    await socket.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}))
    await socket.recv()
    query = "subscription { alertChanged { state device { code } } }"
    await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
    await socket.send(json.dumps({"type": "ping"}))
    await socket.recv()
    return socket


async def measure(server: Server, key: str, socket: ClientConnection, codes: list[str], first: int) -> list[float]:
    """Milliseconds from POST to message, one alarm at a time."""
    taken: list[float] = []
    for number in range(first, first + SAMPLES):
        code, on = codes[(number // 2) % len(codes)], number % 2 == 0
        began = time.perf_counter()
        await server.post(key, [reading(number, code, smoke_alarm=on)])
        wanted = {"state": "OPEN" if on else "CLEARED", "device": {"code": code}}
        async with asyncio.timeout(30):
            while json.loads(await socket.recv()).get("payload", {}).get("data", {}).get("alertChanged") != wanted:
                pass
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


async def load(server: Server, key: str, codes: list[str], stop: asyncio.Event) -> float:
    """Ordinary readings at LOAD a second until told to stop; gives the rate reached."""
    sent, began = 0, time.perf_counter()
    while not stop.is_set():
        batch = [reading(10_000_000 + sent + n, codes[(sent + n) % len(codes)], battery_percent=90.0) for n in range(BATCH)]
        await server.post(key, batch)
        sent += BATCH
        await asyncio.sleep(max(0.0, began + sent / LOAD - time.perf_counter()))
    return sent / (time.perf_counter() - began)


def row(name: str, taken: list[float]) -> str:
    p50, p95, p99 = (taken[int(len(taken) * q)] for q in (0.5, 0.95, 0.99))
    return f"| {name} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {taken[-1]:.0f} |"


async def main() -> None:
    async with a_server() as server:
        token = server.say("token", "company")
        compound = (
            await server.ask(token, '{ compound(code: "KQ") { id mandates { nodes { role endsOn organisation { code } } } } }')
        )["compound"]
        serving = next(m for m in compound["mandates"]["nodes"] if m["role"] == "SERVES" and m["endsOn"] is None)
        key = server.say("intake-key", "create", serving["organisation"]["code"])
        codes = [d["code"] for d in (await server.ask(token, DEVICES % compound["id"]))["devices"]["nodes"]]
        socket = await watch(server, token)
        alarmed, busy = codes[: len(codes) // 2], codes[len(codes) // 2 :]
        idle = await measure(server, key, socket, alarmed, 0)
        stop = asyncio.Event()
        loading = asyncio.create_task(load(server, key, busy, stop))
        loaded = await measure(server, key, socket, alarmed, SAMPLES)
        stop.set()
        rate = await loading
        await socket.close()
        await server.http.aclose()
    lines = [
        "# From POST to the subscription's message",
        "",
        f"{SAMPLES} alarms each, milliseconds, everything on one machine of two cores.",
        "",
        "| | p50 | p95 | p99 | max |",
        "|---|---|---|---|---|",
        row("idle", idle),
        row(f"at {rate:.0f} events/s", loaded),
    ]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    asyncio.run(main())
