"""``steward audit verify``, as an operator runs it."""

import asyncpg

from models.audit import seal
from models.facts import Actor, record
from settings import Settings
from tests.builders import a_ticket
from tests.steward.running import steward


async def test_a_whole_record_is_told_with_its_hash_and_a_broken_one_by_the_fact(database: Settings):
    settings = database
    ticket = await a_ticket()
    fact = await record(Actor("system:test"), "ticketAccept", ticket)
    connection = await asyncpg.connect(settings.database_url)
    try:
        await seal(connection)
        await seal(connection)
        hash_ = await connection.fetchval("SELECT encode(hash, 'hex') FROM fact_seal")
        street = await connection.fetchval("SELECT code FROM place WHERE id = $1", ticket.street_id)
        day = await connection.fetchval("SELECT day FROM fact_seal")

        whole = steward("audit", "verify", DATABASE_URL=settings.database_url)
        await connection.execute("ALTER TABLE fact DISABLE TRIGGER USER; UPDATE fact SET actor = 'acc_other'")
        broken = steward("audit", "verify", "--from", str(day), "--to", str(day), DATABASE_URL=settings.database_url)
        before = steward("audit", "verify", "--to", "2020-01-01", DATABASE_URL=settings.database_url)
    finally:
        await connection.close()

    assert (whole.returncode, whole.stdout) == (
        0,
        f"1 facts under 1 seals are as they were sealed.\nStreet {street}: seal 1, hash {hash_}\n",
    )
    assert broken.returncode == 1
    assert broken.stderr == (
        f"steward: The record is broken in street {street} on {day}, fact {fact.id}: The fact is not as it was sealed.\n"
    )
    assert (before.returncode, before.stdout) == (0, "0 facts under 0 seals are as they were sealed.\n")


def test_a_day_that_is_none_is_refused_in_a_sentence():
    refused = steward("audit", "verify", "--from", "yesterday")

    assert refused.returncode == 2
    assert "does not match" in refused.stderr
