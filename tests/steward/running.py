"""A real ``steward up`` in a process of its own, as it is seen from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil

from steward.embedded import sweep
from steward.folder import DataFolder, Running
from steward.processes import lives, marked, working_in

#: The command as installation makes it.
PROGRAM = Path(sys.executable).with_name("steward")


def until(ask: Callable[[], object], *, why: str, within: float = 30) -> None:
    """Return when ``ask`` gives something true. Fails after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not ask():
        assert time.monotonic() < deadline, f"not within {within} s: {why}"
        time.sleep(0.02)


def value(database_url: str, statement: str, *values: object) -> object:
    """The one value that a statement gives."""

    async def ask() -> object:
        connection = await asyncpg.connect(database_url)
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    return asyncio.run(ask())


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def steward(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment
    )


class Up:
    """One data folder, and the ``steward up`` on it."""

    def __init__(self, folder: Path) -> None:
        self.data = DataFolder(folder)
        self._process: subprocess.Popen[str] | None = None

    def start(self, *, demo: str = "none") -> Up:
        """Start, and return when it says that it is ready."""
        self._process = self.begin(demo=demo)
        last = ""
        assert self._process.stdout
        for line in self._process.stdout:
            last = line
            if line.startswith("ready "):
                break
        assert last == f"ready {self.running.url}/graphql\n", f"ended instead, exit code {self._process.wait()}"
        return self

    def begin(self, *, demo: str = "none") -> subprocess.Popen[str]:
        command = [PROGRAM, "up", "--port", "0", "--demo", demo, "--data", str(self.data.path)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process
        return self._process

    @property
    def running(self) -> Running:
        running = self.data.running()
        assert running
        return running

    def ready(self) -> bool:
        """Whether the API says so."""
        return answers(f"{self.running.url}/readyz")

    def part(self, words: str) -> psutil.Process:
        """The eldest process of the start that has ``words`` in its command line."""
        return min(self._called(words), key=lambda process: process.create_time())

    def has_part(self, words: str, *, other_than: psutil.Process) -> bool:
        """Whether such a process runs, and the other one no longer does."""
        return not lives(other_than) and bool(self._called(words))

    def _called(self, words: str) -> list[psutil.Process]:
        found: list[psutil.Process] = []
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                if words in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def processes(self) -> list[psutil.Process]:
        """Every process of the start: the supervisor, all below it, and servers on its folder whoever is above them."""
        found: set[psutil.Process] = {*working_in(self.data.postgres, "postgres"), *working_in(self.data.valkey, "valkey-server")}
        if running := self.data.running():
            found |= set(marked(running.token))
        if self._process and psutil.pid_exists(self._process.pid) and self._process.poll() is None:
            supervisor = psutil.Process(self._process.pid)
            found |= {supervisor, *supervisor.children(recursive=True)}
        return [process for process in found if lives(process)]

    def stop(self) -> float:
        """SIGTERM; gives the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(15) == 0
        self.close()
        return time.monotonic() - began

    def kill(self) -> None:
        """Kill -9 the supervisor alone."""
        self.process.kill()
        self.process.wait()
        self.close()

    def close(self) -> None:
        if self.process.stdout:
            self.process.stdout.close()

    def clean(self) -> None:
        """End whatever a failed test left."""
        if self._process and self._process.poll() is None:
            self.kill()
        sweep(self.data)
