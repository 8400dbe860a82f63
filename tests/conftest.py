"""Real servers for the tests: one PostgreSQL and one Valkey a session, a fresh database a test."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import AsyncGenerator, Generator, Sequence
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from tortoise import Model
from tortoise.apps import Apps

from models import database as models_database
from models.notices import announcing
from settings import Settings
from steward.embedded import Servers
from steward.folder import DataFolder, Running

_TEMPLATE = "template_steward"
#: The limits of a minute; tests that want them say so.
RATES = [name for name in Settings.model_fields if name.startswith("rate_") and name != "rate_wait_ms"]

for _name in [name for name in os.environ if name.startswith("STEWARD_")] + ["DATABASE_URL", "REDIS_URL"]:
    os.environ.pop(_name, None)


def _fast_folder() -> Path:
    """A folder in memory where there is room for one: making a database is twenty times as fast there."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return Path(tempfile.mkdtemp(prefix="steward-tests-", dir=memory if roomy else None))


def _settings(servers: Servers, database: str) -> Settings:
    return Settings.model_validate(
        {
            "database_url": servers.postgres.url(database),
            "redis_url": servers.valkey.url,
            "data": servers.data.path,
            "secret_key": "5a" * 32,
            "webhook_allow_private": True,
            "rate_wait_ms": 5_000,
            **dict.fromkeys(RATES, 0),
        }
    )


def _refuse(type_: str, fields: Sequence[str]) -> None:
    raise AssertionError(f"{type_} tells {', '.join(fields)}, which domain/notices/events.py does not declare")


@pytest.fixture(autouse=True)
def only_declared_fields_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever any test announces has exactly the fields that its type declares."""
    monkeypatch.setattr(announcing, "undeclared", _refuse)


@pytest.fixture(autouse=True, scope="session")
def models_are_made_ready_once() -> Generator[None]:
    """Opening the ORM makes all models ready each time, which takes a tenth of a small test; a process needs it once."""
    make_ready = Apps._build_initial_querysets  # pyright: ignore[reportPrivateUsage]
    ready = weakref.WeakSet[type[Model]]()

    def once(apps: Apps) -> None:
        models = {model for app in apps.apps.values() for model in app.values()}
        if not models <= set(ready):
            make_ready(apps)
            ready.update(models)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Apps, "_build_initial_querysets", once)
        yield


@pytest.fixture(scope="session")
def servers() -> Generator[Servers]:
    """PostgreSQL and Valkey in a temporary folder, with a template database at the newest schema."""
    folder = _fast_folder()
    data = DataFolder(folder / "data")
    data.prepare()
    try:
        with data.held("up"):
            started = Servers(data, Running(), durable=False)
            try:
                started.start()
                asyncio.run(started.make_database(_TEMPLATE))
                asyncio.run(models_database.migrate(_settings(started, _TEMPLATE)))
                yield started
            finally:
                started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def clone(servers: Servers, name: str) -> None:
    """Make the database ``name``, at the newest schema and empty."""
    connection = await asyncpg.connect(servers.postgres.url("postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    finally:
        await connection.close()


@pytest.fixture
async def settings(servers: Servers) -> AsyncGenerator[Settings]:
    """Settings of a process on a database of this test's own, at the newest schema and empty."""
    name = f"test_{secrets.token_hex(6)}"
    await clone(servers, name)
    yield _settings(servers, name)
    connection = await asyncpg.connect(servers.postgres.url("postgres"))
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Settings]:
    """The ORM, connected to this test's database. Gives the settings."""
    await models_database.connect(settings)
    yield settings
    await models_database.disconnect()


@pytest.fixture
async def redis_url(servers: Servers) -> str:
    """Where Valkey is; emptied before the test."""
    async with Redis.from_url(servers.valkey.url) as client:
        await client.flushall()
    return servers.valkey.url
