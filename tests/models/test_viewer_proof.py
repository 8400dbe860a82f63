"""A viewer who was looked up before may be believed exactly as long as nothing has changed who sees what."""

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.access import Role
from models.viewers import PROOF, STILL_SQL, VIEWERS_SQL
from settings import Settings
from tests.builders import a_compound, a_role, a_session, a_ticket, an_account

pytestmark = pytest.mark.usefixtures("database")

_PARTS = {name: f"${number}" for number, name in enumerate(PROOF, 1)}
STILL = f"SELECT {STILL_SQL.format_map(_PARTS)}"
ZONE = "Asia/Shanghai"


@pytest.fixture
async def connection(settings: Settings) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def other(settings: Settings) -> AsyncGenerator[Any]:
    connection: Any = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def proof_of(connection: Any, key: str) -> tuple[str, ...]:
    row = (await connection.fetch(VIEWERS_SQL, [key], ZONE, 30))[0]
    return tuple(row[name] for name in PROOF)


async def holds(connection: Any, proof: tuple[str, ...]) -> bool:
    return await connection.fetchval(STILL, *proof)


@pytest.fixture
async def key() -> str:
    """A session of a company's manager who serves a compound."""
    account = await an_account(Role.COMMITTEE_MEMBER, compound=await a_compound())
    await a_role(account, Role.RESIDENT, compound=await a_compound())
    return (await a_session(account)).id


async def test_it_holds_while_others_work(connection: Any, key: str):
    account, compound = await an_account(), await a_compound()
    proof = await proof_of(connection, key)
    await a_ticket(compound)
    await a_session(account)
    await a_session(await an_account(street_id=account.street_id))
    assert await holds(connection, proof)


CHANGES = [
    "UPDATE account_session SET revoked_at = now()",
    "UPDATE account_session SET expires_at = now() + interval '1 hour'",
    "UPDATE account SET disabled_at = now()",
    "UPDATE account SET must_change_password = true",
    "UPDATE account SET name = 'other'",
    "UPDATE role_binding SET ends_on = current_date - 9",
    "DELETE FROM role_binding",
    (
        "INSERT INTO role_binding (id, role, starts_on, account_id, place_id, street_id)"
        " SELECT 'rol_n', 'GRID_WORKER', '2026-01-01', a.id, p.id, a.street_id FROM account a, place p LIMIT 1"
    ),
    "UPDATE compound SET grid_id = grid_id",
    "UPDATE place SET parent_id = parent_id",
    "DELETE FROM account_session",
    "TRUNCATE account_identity",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_it_ends_with_a_change_of_who_sees_what(connection: Any, other: Any, key: str, change: str):
    proof = await proof_of(connection, key)
    await other.execute(change)
    assert not await holds(connection, proof)


async def test_a_look_up_after_the_change_is_believed(connection: Any, other: Any, key: str):
    await other.execute("UPDATE place SET parent_id = parent_id")
    assert await holds(connection, await proof_of(connection, key))


@pytest.mark.parametrize("looked_up", ["before it began", "while it ran"])
async def test_a_change_counts_from_the_moment_it_is_committed(connection: Any, other: Any, key: str, looked_up: str):
    proof = await proof_of(connection, key)
    change = other.transaction()
    await change.start()
    await other.execute("UPDATE account SET disabled_at = now()")
    if looked_up == "while it ran":
        proof = await proof_of(connection, key)
    assert await holds(connection, proof)
    await change.commit()
    assert not await holds(connection, proof)


async def test_a_change_that_is_taken_back_counts_for_nothing(connection: Any, other: Any, key: str):
    change = other.transaction()
    await change.start()
    await other.execute("UPDATE account SET disabled_at = now()")
    proof = await proof_of(connection, key)
    await change.rollback()
    assert await holds(connection, proof)


async def test_it_ends_when_the_session_or_the_day_does(connection: Any, key: str):
    seen, until, server = await proof_of(connection, key)
    assert not await holds(connection, (seen, str(datetime.now(UTC)), server))
    midnight = await connection.fetchval("SELECT (((now() AT TIME ZONE $1)::date + 1)::timestamp AT TIME ZONE $1)::text", ZONE)
    session_ends = await connection.fetchval("SELECT expires_at::text FROM account_session WHERE id = $1", key)
    assert until == min(midnight, session_ends, key=datetime.fromisoformat)
    soon = datetime.now(UTC) + timedelta(seconds=30)
    await connection.execute("UPDATE account_session SET expires_at = $1", soon)
    assert datetime.fromisoformat((await proof_of(connection, key))[1]) == min(soon, datetime.fromisoformat(midnight))


async def test_a_server_restored_from_its_past_proves_nothing(connection: Any, key: str):
    seen, until, _ = await proof_of(connection, key)
    assert not await holds(connection, (seen, until, "2020-01-01 00:00:00+00"))


async def test_a_change_with_a_number_that_is_yet_to_come_is_passed_over(connection: Any, key: str):
    await connection.execute("INSERT INTO access_change (xid) VALUES ('999999999')")
    assert await holds(connection, await proof_of(connection, key))


async def test_numbers_are_forgotten_after_a_week(connection: Any, key: str):
    await connection.execute(
        "INSERT INTO access_change (xid, at) SELECT n::text::xid8, now() - interval '8 days' FROM generate_series(3, 50) n"
    )
    await connection.execute("UPDATE place SET parent_id = parent_id")
    assert await connection.fetchval("SELECT count(*) FROM access_change WHERE at < now() - interval '7 days'") == 0


async def test_every_column_that_a_look_up_reads_is_watched(connection: Any):
    """What PostgreSQL says the statement depends on, against what the triggers say they watch."""
    text = VIEWERS_SQL.replace("$1", "'{}'").replace("$2", "'UTC'").replace("$3", "30")
    await connection.execute(f"CREATE VIEW looked_up AS {text}")
    read = await connection.fetch(
        "SELECT DISTINCT c.relname, a.attname FROM pg_rewrite w JOIN pg_depend d ON d.objid = w.oid"
        " JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
        " WHERE w.ev_class = 'looked_up'::regclass AND d.refclassid = 'pg_class'::regclass AND a.attnum > 0"
    )
    triggers = await connection.fetch(
        "SELECT c.relname, pg_get_triggerdef(t.oid) AS text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'access_changed' AND t.tgenabled = 'O'"
    )
    watched = {row["relname"]: row["text"] for row in triggers}
    assert len(read) > 30
    for table, column in read:
        text = watched[table]
        assert all(word in text for word in ("AFTER", "UPDATE", "DELETE", "TRUNCATE", "FOR EACH STATEMENT")), text
        listed = re.search(r"UPDATE OF ([\w, ]+?) (?:OR|ON) ", text)
        harmless = {("api_token", "last_used_at")}
        assert listed is None or column in listed[1].split(", ") or (table, column) in harmless, f"{table}.{column}: {text}"
    assert {table for table, _ in read} == set(watched)
