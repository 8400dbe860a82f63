"""``steward up``: everything on one machine, watched, and ended in order."""

from __future__ import annotations

import asyncio
import http.client
import os
import shlex
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Literal

from rich.console import Console

from models.database import DatabaseTooNew, migrate
from settings import Settings

from .children import BackOff, Child
from .demo.accounts import DEMO_LOGINS
from .demo.size import Scale
from .embedded import Servers, sweep
from .folder import DataFolder, Running, Unusable
from .parts import parts as parts_of
from .processes import MARK, end, marked
from .progress import load_demo
from .reach import local_url, url

_READY_SECONDS = 60.0
_END_SECONDS = 4.0
_TEND_SECONDS = 0.1


class Stopped(KeyboardInterrupt):
    """Somebody asked us to end (Ctrl-C, SIGTERM, SIGHUP)."""


def up(*, host: str, port: int, data: Path, scale: Scale | Literal["none"], console: Console) -> None:
    """Start everything on the data folder and keep it running until somebody ends it.

    ``port`` 0 picks a free one; ``scale``: the demo data to load into an empty database.
    Raises Unusable with a sentence when it cannot start or cannot go on.
    """
    folder = DataFolder(data)
    folder.prepare()
    with folder.held("up", wait=0.5), _signals_stop():
        try:
            _run(folder, host, port, scale, console)
        except Stopped:
            console.print("Stopped.")


def _run(folder: DataFolder, host: str, port: int, scale: Scale | Literal["none"], console: Console) -> None:
    sweep(folder)
    port = free_port(host, port)
    running = Running(url=url(host, port))
    secrets = {"secret_key": secret_key(folder), "secret_keys_before": older_secret_keys(folder)}
    settings = Settings.model_validate({"data": folder.path, "host": host, "port": port, **secrets})
    servers = Servers(folder, running)
    parts: list[Child] = []
    try:
        servers.start()
        settings = settings.model_copy(update={"database_url": running.database_url, "redis_url": running.redis_url})
        asyncio.run(_prepare_database(servers, settings, scale, console))
        parts += [Child(part, settings, folder, _environment(settings, running)) for part in parts_of(settings)]
        for part in parts:
            part.start()
        supervisor = _Supervisor(servers, parts)
        supervisor.until_ready(host, port)
        _print_where_to_go(folder, running, scale, console)
        supervisor.forever()
    finally:
        _ignore_signals()
        _end(servers, parts)


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises Unusable when it cannot be listened on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return probe.getsockname()[1]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unusable(f"Cannot listen on {host}, port {port} ({reason}): choose another with --port or --host.") from error


def secret_key(folder: DataFolder) -> str:
    """The key from the environment, or the one in the folder, made on first use."""
    return os.environ.get("STEWARD_SECRET_KEY") or folder.secret_key(make=True) or ""


def older_secret_keys(folder: DataFolder) -> str:
    """The older keys from the environment, or those in the folder, by commas."""
    return os.environ.get("STEWARD_SECRET_KEYS_BEFORE") or ",".join(folder.older_secret_keys())


async def _prepare_database(servers: Servers, settings: Settings, scale: Scale | Literal["none"], console: Console) -> None:
    await servers.make_database()
    try:
        await migrate(settings)
    except DatabaseTooNew as error:
        raise Unusable(f"The data folder {settings.data} cannot be used: {error}.") from error
    if scale != "none":
        await load_demo(settings, scale, console)


def _environment(settings: Settings, running: Running) -> dict[str, str]:
    """The environment of our parts: ours, with the settings of this start."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STEWARD_DATA": str(settings.data),
        "STEWARD_HOST": settings.host,
        "STEWARD_PORT": str(settings.port),
        "STEWARD_SECRET_KEY": secret,
        "STEWARD_SECRET_KEYS_BEFORE": ",".join(settings.older_secret_keys),
        MARK: running.token,
    }


class _Supervisor:
    """Starts again whatever dies."""

    def __init__(self, servers: Servers, parts: list[Child]) -> None:
        self._parts = parts
        self._servers = [(server, BackOff()) for server in (servers.valkey, servers.postgres)]

    def tend(self) -> None:
        for server, back_off in self._servers:
            if not server.alive():
                back_off.died()
                if back_off.hopeless:
                    raise Unusable(
                        f"The embedded {type(server).__name__} ends as soon as it starts: see its log in the data folder."
                    )
                server.start()
                server.wait()
                back_off.started()
        for part in self._parts:
            part.tend()

    def until_ready(self, host: str, port: int) -> None:
        """Return when the API says that all is ready. Raises Unusable when it does not within a minute."""
        deadline = time.monotonic() + _READY_SECONDS
        answer, ready = "nothing", f"{local_url(host, port)}/readyz"
        while time.monotonic() < deadline:
            self.tend()
            answer = _ask_ready(ready)
            if answer == "200":
                return
            time.sleep(0.03)
        raise Unusable(f"Steward did not become ready within {_READY_SECONDS:.0f} s: GET /readyz answers {answer}.")

    def forever(self) -> None:
        while True:
            time.sleep(_TEND_SECONDS)
            self.tend()


def _ask_ready(address: str) -> str:
    """The status that the API answers, or what went wrong."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5) as response:
            return str(response.status)
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def _end(servers: Servers, parts: list[Child]) -> None:
    """API, worker and clock; then Valkey; then PostgreSQL. Leaves no process."""
    for part in parts:
        part.terminate()
    deadline = time.monotonic() + _END_SECONDS
    for part in parts:
        part.end(deadline)
    end(marked(servers.running.token), signal.SIGKILL, 1)
    servers.stop()


@contextmanager
def _signals_stop() -> Generator[None]:
    """Ctrl-C, SIGTERM and SIGHUP raise Stopped in whatever we are doing."""

    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """We are ending already."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)


def _print_where_to_go(folder: DataFolder, running: Running, scale: Scale | Literal["none"], console: Console) -> None:
    """Addresses, log-ins and an example; last, alone on its line, that all is ready."""
    console.print()
    for what, where in {
        "GraphQL": f"{running.url}/graphql  (in a browser: GraphiQL)",
        "Events in": f"{running.url}/events",
        "Data": f"{folder.path}  (logs in logs/)",
    }.items():
        console.print(f"  {what:<12}{where}", highlight=False, markup=False, soft_wrap=True)
    if scale != "none":
        for number, log_in in enumerate(DEMO_LOGINS):
            words = f"{log_in.login} / {log_in.password}"
            line = f"  {'' if number else 'Log-ins':<12}{words:<36}{log_in.description.en}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        console.print(f"\n  Try it:\n\n{_example(folder, running)}", highlight=False, markup=False, soft_wrap=True)
    console.print()
    print(f"ready {running.url}/graphql", flush=True)


def _example(folder: DataFolder, running: Running) -> str:
    """A first query, to be pasted into a shell."""
    program = Path(sys.argv[0]).resolve()
    steward = str(program) if program.name == "steward" else f"{sys.executable} -m steward"
    query = "{ compounds(first: 3) { totalCount nodes { code name } } }"
    return " \\\n".join(
        [
            f"curl -s {running.url}/graphql -H 'Content-Type: application/json'",
            f'  -H "Authorization: Bearer $({steward} token street --data {shlex.quote(str(folder.path))})"',
            f"""  -d '{{"query": "{query}"}}'""",
        ]
    )
