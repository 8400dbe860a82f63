"""Steward's reads beside plain strawberry, PostGraphile 5 and the same SQL by hand: ``python -m benchmarks.reads``.

Prints tables of ratios and writes them to ``benchmarks/results/reads.md``. See ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import pickle
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import psutil
from pydantic import SecretStr
from rich.console import Console

from settings import Settings
from steward.embedded import Servers
from steward.folder import DataFolder, Running

from . import world
from .measuring import DEFAULT, QUICK, client, measure
from .queries import Query, queries, shaped
from .report import report
from .servers import (
    BY_HAND,
    OTHER_CORE,
    PLAIN,
    POST,
    STEWARD,
    NotInstalled,
    Server,
    free_port,
    granian,
    install_postgraphile,
    pin,
    postgraphile_line,
    started,
)
from .statements import statements

RESULTS = Path(__file__).parents[1] / "results" / "reads.md"

_NO_END = str(10**15)


class Different(Exception):
    """Two servers do not answer the same."""


@contextmanager
def database(url: str | None) -> Iterator[str]:
    """The URL of a PostgreSQL: the given one, or an embedded one that lasts as long as the run."""
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as parent:
        folder = DataFolder(Path(parent) / "data")
        folder.prepare()
        with folder.held("up"):
            servers = Servers(folder, Running())
            try:
                servers.start()
                asyncio.run(servers.make_database())
                yield servers.postgres.url("steward")
            finally:
                servers.stop()


async def pin_database(url: str) -> None:
    """Keep PostgreSQL on its core: the server, and with it every connection that is still to come."""
    connection = await asyncpg.connect(url)
    parent = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()")).parent()
    await connection.close()
    for process in [parent, *parent.children()] if parent else []:
        pin(OTHER_CORE, process.pid)


def answer(server: Server, query: Query) -> Any:
    """The decoded, shaped answer of one request."""
    head, _, body = server.request(query).partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", line.split()[1], body, dict(header.split(": ", 1) for header in headers))
    decoded = orjson.loads(connection.getresponse().read())
    connection.close()
    if "errors" in decoded:
        raise Different(f"{server.name} cannot answer {query.name}: {decoded['errors'][0]}")
    return shaped(decoded["data"])


def compare(servers: Sequence[Server], asked: Sequence[Query]) -> None:
    """Raises Different unless all servers answer every query the same."""
    for query in asked:
        first, *others = ((server, answer(server, query)) for server in servers)
        for server, data in others:
            if data != first[1]:
                where = difference(first[1], data)
                raise Different(f"{query.name}: {server.name} does not answer as {first[0].name} does, at {where}")


def difference(one: Any, other: Any, path: str = "data") -> str:
    """The first place where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(difference(one[key], other[key], f"{path}.{key}") for key in one if one[key] != other[key])
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next(difference(a, b, f"{path}.{n}") for n, (a, b) in pairs if a != b)
    return f"{path}: {str(one)[:200]} and {str(other)[:200]}"


def start_all(stack: ExitStack, settings: Settings, found: world.World, postgraphile: Path, temporary: Path) -> list[Server]:
    """All servers that can be had here."""
    secret = settings.secret_key
    assert secret
    tokens = asyncio.run(world.tokens(settings, found))
    environment = {"DATABASE_URL": settings.database_url, "STEWARD_SECRET_KEY": secret.get_secret_value()}
    # One account asks for everybody: requests and rows are counted as ever, and never too many.
    environment |= {"STEWARD_RATE_REQUESTS": _NO_END, "STEWARD_RATE_ROWS": _NO_END}
    written = temporary / "statements.pickle"
    written.write_bytes(pickle.dumps(asyncio.run(statements(settings, found, queries(found)))))
    apps = (
        (STEWARD, "api.asgi:create_app"),
        (BY_HAND, f"{__package__}.byhand:create_app"),
        (PLAIN, f"{__package__}.plain:create_app"),
    )
    servers: list[Server] = []
    for name, app in apps:
        port = free_port()
        line = granian(app, settings, port)
        servers.append(
            stack.enter_context(
                started(name, line, port, {**environment, "STATEMENTS": str(written), "STREET": found.street_id}, tokens)
            )
        )
    try:
        install_postgraphile(postgraphile)
        port = free_port()
        line = postgraphile_line(postgraphile, settings, port)
        environment = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
        servers.append(stack.enter_context(started(POST, line, port, environment, {"street": found.street_id})))
    except NotInstalled as error:
        Console().print(str(error))
    return servers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reads", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a minute and a half")
    parser.add_argument("--database-url", help="measure on this PostgreSQL instead of an embedded one; filled if it is empty")
    parser.add_argument("--only", nargs="*", help="names of queries, such as Q2; nothing is written")
    parser.add_argument(
        "--postgraphile", type=Path, help="folder that has PostGraphile, or gets it (default: a new one for this run)"
    )
    chosen = parser.parse_args()
    console = Console()
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steward-bench-")))
        url = stack.enter_context(database(chosen.database_url))
        settings = Settings.model_validate({"database_url": url, "secret_key": SecretStr(secrets.token_hex(32))})
        with console.status("filling the database"):
            asyncio.run(world.fill(settings))
        found = asyncio.run(world.look(url))
        asyncio.run(pin_database(url))
        asked = [query for query in queries(found) if not chosen.only or query.name in chosen.only]
        with console.status("starting the servers"):
            servers = start_all(stack, settings, found, chosen.postgraphile or temporary / "postgraphile", temporary)
        compare(servers, asked)
        plan = QUICK if chosen.quick else DEFAULT
        loader = stack.enter_context(client())
        results = measure(loader, servers, asked, plan)
    page = report(results, asked, [server.name for server in servers], plan)
    if not chosen.only:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
