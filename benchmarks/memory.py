"""The memory of the API and of PostgreSQL over 100,000 documents, no two alike: ``python -m benchmarks.memory``.

Starts `steward up --demo small` on a folder of its own and asks its API, four requests at a time. Every document's aliases
are its own, so none is found ready: each is parsed, compiled and prepared anew. Prints a table and writes it to
benchmarks/results/memory.md, as far as it has come, every 5,000 documents.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import psutil

from .latency import a_server

DOCUMENTS, STEP, AT_ONCE = 100_000, 5_000, 4
RESULT = Path(__file__).with_name("results") / "memory.md"
#: From this many on, what is kept is full, and nothing may grow any more.
FULL = 20_000

#: What is asked for in turn; # becomes a number of the document's own.
SHAPES = (
    "{ a#: compounds(first: 3) { nodes { id b#: name mandates(first: 2) { nodes { role } } } } }",
    "{ a#: tickets(first: 5, sort: DUE_ASC) { totalCount edges { cursor node { b#: title compound { name } } } } }",
    "{ viewer { b#: name } a#: places(first: 2) { nodes { code } } }",
    "query ($n: Int = 3) { a#: alerts(first: $n) { nodes { b#: message device { code } ...F } } } fragment F on Alert { state }",
    "{ a#: compoundStats(groupBy: [KIND]) { kind b#: count homeCount { sum } } }",
    '{ a#: node(id: "tkt_#") { id } c#: compound(code: "KQ") { b#: homeCount openTicketCount } }',
)


def document(number: int) -> str:
    return SHAPES[number % len(SHAPES)].replace("#", str(number))


async def ask(port: int, token: str, numbers: Iterator[int]) -> None:
    """Send the documents of these numbers one after another over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    for number in numbers:
        body = orjson.dumps({"query": document(number)})
        data = b'"UNAVAILABLE"'
        while b'"UNAVAILABLE"' in data:  # on a busy machine
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r")[0])
            data = await reader.readexactly(length)
        if b'"errors"' in data:
            raise SystemExit(f"{document(number)}: {data[:300].decode()}")
    writer.close()


def private_mb(process: psutil.Process) -> float:
    """Memory that is the process's alone, in megabytes: PostgreSQL's buffers are everybody's."""
    return process.memory_full_info().uss / 1e6


def measured() -> tuple[float, float, int]:
    """Resident memory of the API, private memory of all PostgreSQL backends (MB), and how many backends there are."""
    titles = {process: " ".join(process.cmdline()) for process in psutil.Process().children(recursive=True)}
    api = [process for process, title in titles.items() if "api.asgi:create_app" in title]
    backends = [process for process, title in titles.items() if title.startswith("postgres: postgres steward")]
    return sum(process.memory_info().rss for process in api) / 1e6, sum(map(private_mb, backends)), len(backends)


async def main() -> None:
    # One account asks for everything, as fast as it can.
    os.environ |= {"STEWARD_RATE_REQUESTS": "0", "STEWARD_RATE_ROWS": "0"}
    lines: list[str] = [
        "| distinct documents | API, MB | PostgreSQL's backends, MB | backends | documents/s |",
        "|---|---|---|---|---|",
    ]
    api: list[float] = []
    async with a_server() as server:
        token = server.say("token", "street")
        port = int(server.url.split(":")[2].split("/")[0])
        for done in range(0, DOCUMENTS + 1, STEP):
            began = time.perf_counter()
            if done:
                numbers = iter(range(done - STEP, done))
                await asyncio.gather(*(ask(port, token, numbers) for _ in range(AT_ONCE)))
            rate = f"{STEP / (time.perf_counter() - began):,.0f}" if done else ""
            resident, private, backends = measured()
            api += [resident] if done >= FULL else []
            lines.append(f"| {done:,} | {resident:.0f} | {private:.0f} | {backends} | {rate} |")
            print(lines[-1], flush=True)
            RESULT.write_text("\n".join([*told(done, api), *lines]) + "\n")
        await server.http.aclose()


def told(done: int, api: list[float]) -> list[str]:
    """What stands above the table. ``api``: the API's memory since what is kept was full."""
    half = len(api) // 2
    parts = [sum(part) / len(part) for part in (api[:half], api[half:]) if part]
    flat = (
        f"From {FULL:,} documents on the API takes "
        + ", then ".join(f"{part:.0f} MB" for part in parts)
        + " (halves of the rest)."
    )
    return [
        f"# Memory over {done:,} documents",
        "",
        "Four requests at a time to one API process, no two documents alike; `steward up --demo small`, all on one machine.",
        *([flat] if parts else []),
        "",
        "API: resident memory. Backends: what is theirs alone, without the shared buffers.",
        "",
    ]


if __name__ == "__main__":
    asyncio.run(main())
