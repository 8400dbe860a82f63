"""The database is made, filled, copied into lists and connected once a session."""

import asyncio
import gc
import json
from collections.abc import Generator

import pytest

from api.read import Engine, Proof
from api.schema import SCHEMA
from models import database
from models.viewers import STILL_SQL
from settings import Settings
from steward.embedded import Servers
from tests.conftest import clone

from . import SEED
from .executor import Oracle
from .house import UNLIMITED, House
from .rows import load
from .world import fill

#: What proves of any viewer, as long as nothing changes, that they are still who they were.
_PROOF = """
SELECT json_build_object(
    'seen', pg_current_snapshot()::text, 'until', 'infinity', 'server', pg_postmaster_start_time()::text
)::text
"""
#: Documents compared, told at the end of the run.
_compared: list[int] = []


@pytest.fixture(scope="session")
def house(servers: Servers) -> Generator[House]:
    settings = Settings.model_validate(
        {"database_url": servers.postgres.url("oracle"), "redis_url": servers.valkey.url} | UNLIMITED
    )
    engine = Engine(SCHEMA, settings, still=STILL_SQL)

    async def open_() -> House:
        await clone(servers, "oracle")
        await database.connect(settings)
        try:
            viewers = await fill()
        finally:
            await database.disconnect()
        await engine.start()
        proof = Proof(json.loads(await engine.ask(_PROOF)), engine.losses)
        store = await load(settings)
        empty = [name for name, rows in store.rows.items() if not rows]
        assert not empty, f"{empty} has no rows: add some to world.py"
        return House(runner, settings, engine, store, Oracle(SCHEMA, store, settings.zone), viewers, proof)

    with asyncio.Runner() as runner:
        house = runner.run(open_())
        gc.collect()
        gc.freeze()  # or the collector looks through both schemas again and again
        yield house
        gc.unfreeze()
        _compared.append(len(house.compared))
        runner.run(engine.stop())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _compared:
        terminalreporter.write_line(f"oracle: {sum(_compared):,} generated documents answered alike, seed {SEED}")
