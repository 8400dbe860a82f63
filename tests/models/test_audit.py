"""The chain of seals: what is sealed when, and that whatever is done to the record afterwards is found and named."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from domain.audit import Break, Damage
from models import Fact, Place, Ticket
from models.audit import seal, verify
from models.facts import Actor, record
from models.ids import new_id
from settings import Settings
from tests.builders import a_compound, a_street, a_ticket

pytestmark = pytest.mark.usefixtures("database")

SYSTEM = Actor("system:test")
_INSERT = """
INSERT INTO fact (id, at, actor, action, subject_id, before, after, street_id)
VALUES ($1, coalesce($2, now()), 'system:test', 'ticketAccept', 'tkt_0', '{"state": "OPEN"}', '{"state": "ACCEPTED"}', $3)
"""


async def put(connection: Any, street: Place, at: Any = None) -> str:
    """A fact, straight into the table."""
    id_ = new_id("fct")
    await connection.execute(_INSERT, id_, at, street.id)
    return id_


async def seal_all(connection: Any) -> int:
    """What two runs seal: the first notes how far the second may go."""
    return await seal(connection) + await seal(connection)


@pytest.fixture
async def connection(settings: Settings) -> AsyncGenerator[asyncpg.Connection[Any]]:
    opened = await asyncpg.connect(settings.database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def writer(settings: Settings) -> AsyncGenerator[asyncpg.Connection[Any]]:
    opened = await asyncpg.connect(settings.database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def street() -> Place:
    return await a_street()


@pytest.fixture
async def ids(connection: asyncpg.Connection[Any], street: Place) -> list[str]:
    """The ids of ten facts in two seals, and of one that is not sealed yet."""
    made = [await put(connection, street) for _ in range(5)]
    assert await seal_all(connection) == 5
    made += [await put(connection, street) for _ in range(5)]
    assert await seal_all(connection) == 5
    await put(connection, street)
    return made


async def tampered(connection: asyncpg.Connection[Any], *statements: str) -> Break | None:
    """What is found after somebody who owns the tables has switched their triggers off and run the statements."""
    for table in ("fact", "fact_seal"):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        await connection.execute(statement)
    for table in ("fact", "fact_seal"):
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return (await verify(connection)).broken


async def test_an_untouched_record_is_found_as_it_was_sealed(
    connection: asyncpg.Connection[Any], ids: list[str], street: Place
) -> None:
    found = await verify(connection)

    assert (found.facts, found.seals, found.broken) == (10, 2, None)
    assert found.heads[street.id][0] == 2


async def test_an_empty_record_is_whole(connection: asyncpg.Connection[Any]) -> None:
    assert await seal_all(connection) == 0
    assert (await verify(connection)).broken is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'acc_other'",
        "roles = 'AUDITOR'",
        "door = 'CLI'",
        "address = '203.0.113.0/24'",
        "action = 'ticketCancel'",
        "subject_id = 'tkt_1'",
        "before = NULL",
        """after = '{"state": "CANCELLED"}'""",
        "at = at + interval '1 microsecond'",
        "compound_id = 'cmp_0'",
        "audience_id = 'acc_0'",
    ],
)
async def test_a_changed_fact_is_named(connection: asyncpg.Connection[Any], ids: list[str], street: Place, change: str) -> None:
    found = await tampered(connection, f"UPDATE fact SET {change} WHERE id = '{ids[7]}'")

    assert found is not None
    assert (found.problem, found.street_id, found.id) == (Damage.CHANGED, street.id, ids[7])


async def test_a_missing_fact_is_named(connection: asyncpg.Connection[Any], ids: list[str]) -> None:
    found = await tampered(connection, f"DELETE FROM fact WHERE id IN ('{ids[3]}', '{ids[6]}')")

    assert found is not None
    assert (found.problem, found.id) == (Damage.MISSING, ids[3])


async def test_a_fact_put_in_afterwards_is_named(connection: asyncpg.Connection[Any], ids: list[str], street: Place) -> None:
    new = new_id("fct")
    columns = "actor, action, subject_id, before, after, street_id"
    found = await tampered(
        connection,
        "ALTER TABLE fact DISABLE TRIGGER ALL",
        f"INSERT INTO fact (id, seq, at, {columns}) SELECT '{new}', -1, at, {columns} FROM fact WHERE id = '{ids[0]}'",
    )

    assert found is not None
    assert (found.problem, found.street_id, found.id) == (Damage.ADDED, street.id, new)


async def test_facts_that_changed_places_are_named(connection: asyncpg.Connection[Any], ids: list[str]) -> None:
    two = f"('{ids[1]}', '{ids[3]}')"
    found = await tampered(
        connection,
        "DROP INDEX fact_order",
        f"UPDATE fact SET seq = other.seq FROM fact other WHERE fact.id IN {two} AND other.id IN {two} AND fact.id <> other.id",
    )

    assert found is not None
    assert (found.problem, found.id) == (Damage.REORDERED, ids[1])


async def test_a_fact_that_was_moved_to_another_time_is_named(connection: asyncpg.Connection[Any], ids: list[str]) -> None:
    found = await tampered(connection, f"UPDATE fact SET seq = 1000000 WHERE id = '{ids[2]}'")

    assert found is not None
    assert (found.problem, found.id) == (Damage.REORDERED, ids[2])


async def test_a_fact_that_was_moved_to_another_street_is_named(connection: asyncpg.Connection[Any], ids: list[str]) -> None:
    other = await a_street()
    found = await tampered(connection, f"UPDATE fact SET street_id = '{other.id}' WHERE id = '{ids[2]}'")

    assert found is not None
    assert (found.problem, found.id) == (Damage.CHANGED, ids[2])


@pytest.mark.parametrize(
    "change",
    [
        "day = day - 1",
        "ids[2:2] = '{fct_0}'",
        "digests = set_byte(digests, 0, get_byte(digests, 0) # 1)",
        "last_seq = 6",
        "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)",
    ],
)
async def test_a_changed_seal_is_named(connection: asyncpg.Connection[Any], ids: list[str], change: str) -> None:
    found = await tampered(connection, f"UPDATE fact_seal SET {change} WHERE number = 1")

    assert found is not None
    assert (found.problem, found.id) == (Damage.SEAL_CHANGED, "1")


@pytest.mark.parametrize(("number", "told"), [(1, "1"), (2, None)])
async def test_a_seal_that_is_gone_is_named(
    connection: asyncpg.Connection[Any], ids: list[str], number: int, told: str | None
) -> None:
    found = await tampered(connection, f"DELETE FROM fact_seal WHERE number = {number}")

    assert found is not None
    assert (found.problem, found.id) == (Damage.SEAL_MISSING, told or ids[5])


async def test_days_are_told_by_the_street_s_clock_and_can_be_verified_alone(
    connection: asyncpg.Connection[Any], street: Place
) -> None:
    evening = (await connection.fetchval("SELECT '2026-03-01 15:59:59+00'::timestamptz"), date(2026, 3, 1))
    night = (evening[0] + timedelta(seconds=1), date(2026, 3, 2))
    ids = {day: await put(connection, street, at) for at, day in (evening, night)}
    await seal_all(connection)
    late = await put(connection, street, evening[0])
    await seal_all(connection)
    rows = await connection.fetch("SELECT number, day, ids FROM fact_seal ORDER BY number")

    assert [(row["number"], row["day"], row["ids"]) for row in rows] == [
        (1, evening[1], [ids[evening[1]]]),
        (2, night[1], [ids[night[1]]]),
        (3, evening[1], [late]),
    ]
    assert (await verify(connection, date(2026, 3, 3), None)).facts == 0
    assert (await verify(connection, date(2026, 3, 2), date(2026, 3, 2))).facts == 2
    found = await tampered(connection, f"UPDATE fact SET action = 'x' WHERE id = '{late}'")
    assert found == Break(Damage.CHANGED, street.id, evening[1], late)
    assert (await verify(connection, None, date(2026, 2, 28))).broken is None


async def test_each_street_has_a_chain_of_its_own(connection: asyncpg.Connection[Any], street: Place) -> None:
    other = await a_street()
    for _ in range(3):
        await put(connection, street)
        await put(connection, other)
    await seal_all(connection)
    await put(connection, other)
    await seal_all(connection)

    found = await verify(connection)

    assert (found.facts, found.broken) == (7, None)
    assert {street_id: number for street_id, (number, _) in found.heads.items()} == {street.id: 1, other.id: 2}


async def test_a_fact_whose_transaction_ends_late_is_waited_for_and_sealed_in_its_place(
    connection: asyncpg.Connection[Any], writer: asyncpg.Connection[Any], street: Place
) -> None:
    slow = writer.transaction()
    await slow.start()
    late = await put(writer, street)
    early = await put(connection, street)

    assert await seal_all(connection) + await seal_all(connection) == 0
    await slow.commit()
    assert await seal_all(connection) == 2
    assert await connection.fetchval("SELECT ids FROM fact_seal") == [late, early]


async def test_what_was_rolled_back_leaves_a_gap_in_the_numbers_that_is_no_break(
    connection: asyncpg.Connection[Any], writer: asyncpg.Connection[Any], street: Place
) -> None:
    slow = writer.transaction()
    await slow.start()
    await put(writer, street)
    await put(connection, street)
    await slow.rollback()

    assert await seal_all(connection) == 1
    assert (await verify(connection)).broken is None


async def test_a_fact_cannot_choose_its_number(connection: asyncpg.Connection[Any], ids: list[str], street: Place) -> None:
    await connection.execute(_INSERT.replace("(id,", "(seq, id,").replace("($1", "(1, $1"), new_id("fct"), None, street.id)

    assert await connection.fetchval("SELECT max(seq) - min(seq) FROM fact") == 11


async def test_sealers_and_writers_at_once_leave_a_whole_record(settings: Settings, street: Place) -> None:
    done = asyncio.Event()
    lots = random.Random(7)

    async def with_connection(run: Callable[[asyncpg.Connection[Any]], Awaitable[int]]) -> int:
        opened = await asyncpg.connect(settings.database_url)
        try:
            return await run(opened)
        finally:
            await opened.close()

    async def write(opened: asyncpg.Connection[Any]) -> int:
        kept = 0
        for _ in range(60):
            transaction = opened.transaction()
            await transaction.start()
            for _ in range(lots.randint(1, 3)):
                await put(opened, street)
                for _ in range(lots.randint(0, 5)):
                    await asyncio.sleep(0)
            if lots.random() < 0.2:
                await transaction.rollback()
            else:
                kept += 1
                await transaction.commit()
        return kept

    async def keep_sealing(opened: asyncpg.Connection[Any]) -> int:
        sealed = 0
        while not done.is_set():
            sealed += await seal(opened)
        return sealed

    async with asyncio.TaskGroup() as group:
        sealers = [group.create_task(with_connection(keep_sealing)) for _ in range(2)]
        writers = [group.create_task(with_connection(write)) for _ in range(4)]
        await asyncio.gather(*writers)
        done.set()
    during = sum(task.result() for task in sealers)
    after = await with_connection(seal_all)
    found = await with_connection(_verified)

    assert during > 0
    assert during + after == found == await Fact.all().count()


async def _verified(connection: asyncpg.Connection[Any]) -> int:
    found = await verify(connection)
    assert found.broken is None, found.broken
    return found.facts


@pytest.mark.parametrize("table", ["fact", "fact_seal"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET street_id = street_id",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE place CASCADE",
        "UPDATE ancestor SET street_id = street_id",
    ],
)
async def test_even_the_owner_cannot_change_the_record(
    connection: asyncpg.Connection[Any], ids: list[str], table: str, statement: str
) -> None:
    await connection.execute(f"CREATE TABLE ancestor (street_id varchar(30) NOT NULL); ALTER TABLE {table} INHERIT ancestor")
    for role in ("origin", "replica"):
        await connection.execute(f"SET session_replication_role = {role}")
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(statement.format(table=table))


async def test_facts_of_acts_are_sealed_as_the_orm_writes_them(connection: asyncpg.Connection[Any]) -> None:
    ticket: Ticket = await a_ticket(await a_compound())
    for number in range(3):
        await record(SYSTEM, "ticketComment", ticket, after={"comment": f"tkc_{number}", "internal": False, "价": 1.5})

    assert await seal_all(connection) == 3
    assert (await verify(connection)).broken is None
