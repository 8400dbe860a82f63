"""The split of database roles that docs/audit.md describes, as it is written there."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from models.audit import seal, verify
from models.database import drop_partitions, ensure_partitions
from models.ids import new_id
from settings import Settings
from tests.builders import a_street

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit.md"
_FACT = "INSERT INTO fact (id, at, actor, action, subject_id, street_id) VALUES ($1, now(), 'system:test', 'a', 's', $2)"


@pytest.fixture
async def runtime(database: Settings) -> AsyncGenerator[asyncpg.Connection[Any]]:
    """A connection under the role that the programs have at run time."""
    connection = await asyncpg.connect(database.database_url)
    try:
        for statements in re.findall(r"^```psql\n(.*?)^```$", _PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            await connection.execute(statements)
        await connection.execute("SET ROLE steward_app")
        yield connection
    finally:
        await connection.execute("RESET ROLE; DROP OWNED BY steward_app, steward_owner; DROP ROLE steward_app, steward_owner")
        await connection.close()


async def test_the_role_at_run_time_writes_and_seals_facts_and_changes_none(runtime: asyncpg.Connection[Any]) -> None:
    street = await a_street()
    await runtime.execute(_FACT, new_id("fct"), street.id)

    assert await seal(runtime) + await seal(runtime) == 1
    assert (await verify(runtime)).facts == 1
    for table in ("fact", "fact_seal"):
        for statement in (f"UPDATE {table} SET street_id = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await runtime.execute(statement)
    for statement in ("ALTER TABLE fact DISABLE TRIGGER USER", "SELECT setval('fact_seq', 1)", "DROP TABLE fact_seal"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await runtime.execute(statement)


async def test_the_role_at_run_time_keeps_the_months_of_events(runtime: asyncpg.Connection[Any]) -> None:
    assert await ensure_partitions(runtime, datetime(2031, 5, 1, tzinfo=UTC))
    assert await drop_partitions(runtime, datetime(2031, 5, 1, tzinfo=UTC), 2)
