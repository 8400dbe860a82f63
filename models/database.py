"""Connections, migrations and the month partitions of the tables that have them."""

from __future__ import annotations

import itertools
import pkgutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.config_generator import expand_db_url  # pyright: ignore[reportUnknownVariableType]
from tortoise.migrations.api.migrate import migrate as tortoise_migrate
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

import models.migrations
from settings import Settings, load

#: Held while migrating: the ORM takes no lock of its own and two at once would collide.
_MIGRATION_LOCK = 7_305_219
_MONTHS_BACK, _MONTHS_AHEAD = 2, 2
PARTITIONED = {"event": "received_at", "reading": "time"}


class DatabaseTooNew(Exception):
    """The database holds migrations that this version does not know."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(
            f"the database is newer than this program (it has {', '.join(unknown)}): install the version that made it"
        )


def tortoise_config(settings: Settings, name: str = "steward") -> dict[str, Any]:
    """The ORM's configuration. ``name``: what PostgreSQL shows of its connections."""
    url = settings.database_url.replace("postgresql://", "asyncpg://", 1)
    database = cast("dict[str, Any]", expand_db_url(url))  # pyright: ignore[reportUnknownVariableType]
    database["credentials"] |= {"minsize": 1, "maxsize": settings.write_connections, "application_name": name}
    return {
        "connections": {"default": database},
        "apps": {"models": {"models": ["models"], "default_connection": "default", "migrations": "models.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def __getattr__(name: str) -> dict[str, Any]:
    """``TORTOISE_ORM``: where the ``tortoise`` command finds the configuration, read from the environment when it asks."""
    if name == "TORTOISE_ORM":
        return tortoise_config(load())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


async def connect(settings: Settings, name: str = "steward") -> None:
    """Open the ORM for this process, which is called ``name``, and check that the database answers.

    Raises whatever asyncpg raises when it does not.
    """
    await Tortoise.init(config=tortoise_config(settings, name), _enable_global_fallback=True)
    await connections.get("default").execute_query("SELECT 1")


async def disconnect() -> None:
    """Close the ORM of this process; ``connect`` may be called again."""
    await Tortoise.close_connections()


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's schema, with this and the coming months' partitions.

    Safe to run by several processes at once. Raises DatabaseTooNew.
    """
    lock = await asyncpg.connect(settings.database_url)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        unknown = await unknown_migrations(lock)
        if unknown:
            raise DatabaseTooNew(unknown)
        with _lean_states():
            await tortoise_migrate(config=tortoise_config(settings))
        await connections.close_all()
        await ensure_partitions(lock, datetime.now(UTC))
    finally:
        await lock.close()


class _Before(State):
    """The state before a step, whose models are made only where a step looks at them: few do."""

    def __init__(self, models: dict[tuple[str, str], ModelState], apps: StateApps) -> None:
        self.models, self._now = models, apps

    @cached_property
    def apps(self) -> StateApps:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._now.clone(model_states=self.models)


def _before(state: State) -> State:
    return _Before({key: model.clone() for key, model in state.models.items()}, state.apps)


def _no_queries(_: StateApps) -> None:
    pass


@contextmanager
def _lean_states() -> Generator[None]:
    """Let the ORM migrate without making every model anew at each step, nor the queries that no migration of ours asks.

    With hundreds of steps over tens of models that takes nine tenths of the time of a first start.
    """
    ours: Mapping[tuple[type, str], Any] = {(State, "clone"): _before, (StateApps, "_build_initial_querysets"): _no_queries}
    theirs = {(kind, name): getattr(kind, name) for kind, name in ours}
    try:
        for (kind, name), act in ours.items():
            setattr(kind, name, act)
        yield
    finally:
        for (kind, name), act in theirs.items():
            setattr(kind, name, act)


async def applied_migrations(connection: asyncpg.Connection[Any]) -> set[str]:
    """Names of the migrations that the database has."""
    if not await connection.fetchval("SELECT to_regclass('tortoise_migrations')"):
        return set()
    return {row["name"] for row in await connection.fetch("SELECT name FROM tortoise_migrations")}


def known_migrations() -> set[str]:
    """Names of the migrations that this version brings."""
    return {module.name for module in pkgutil.iter_modules(models.migrations.__path__) if module.name[:4].isdigit()}


async def unknown_migrations(connection: asyncpg.Connection[Any]) -> list[str]:
    """Migrations in the database that this version does not know: it was made by a newer one."""
    return sorted(await applied_migrations(connection) - known_migrations())


def _months(now: datetime) -> list[tuple[datetime, datetime]]:
    first = now.year * 12 + now.month - 1 - _MONTHS_BACK
    starts = [datetime(n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in range(first, first + _MONTHS_BACK + _MONTHS_AHEAD + 2)]
    return list(itertools.pairwise(starts))


async def ensure_partitions(connection: asyncpg.Connection[Any], now: datetime) -> list[str]:
    """Create the month partitions around ``now`` that are missing; returns the names of those made."""
    made: list[str] = []
    for table in PARTITIONED:
        for start, end in _months(now):
            name = f"{table}_{start:%Y_%m}"
            if await connection.fetchval("SELECT to_regclass($1)", name):
                continue
            await connection.execute(
                f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')"
            )
            made.append(name)
    return made


async def drop_partitions(connection: asyncpg.Connection[Any], now: datetime, keep_months: int) -> list[str]:
    """Drop month partitions that ended more than ``keep_months`` ago, and the receipts of their events."""
    oldest = now.year * 12 + now.month - 1 - keep_months
    keep_from = f"{oldest // 12}_{oldest % 12 + 1:02d}"
    dropped: list[str] = []
    for table in PARTITIONED:
        names = await connection.fetch(
            "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass", table
        )
        for name in sorted(row["name"] for row in names):
            if name.removeprefix(f"{table}_") < keep_from:
                await connection.execute(f"DROP TABLE {name}")
                dropped.append(name)
    await connection.execute(
        "DELETE FROM event_receipt WHERE received_at < $1", datetime(oldest // 12, oldest % 12 + 1, 1, tzinfo=UTC)
    )
    return dropped
