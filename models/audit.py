"""The record of facts, sealed every minute and verified on demand.

Whoever writes a fact waits for nobody: the database gives the fact its number from a sequence and is done. Sealing comes
after, and must not pass over a fact whose transaction is still open. So it goes in two steps. First the newest number is
noted, and after it a transaction id is drawn. As a transaction has its id before it draws a number (see the trigger
``fact_numbered``), every number up to the noted one belongs to a transaction with a smaller id. When all transactions with
smaller ids have ended, what will ever be there up to the noted number is there: that is sealed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from domain.audit import FIELDS, VERSION, Break, Damage, Seal, Stored, digest, first_break, make_seals

from .calendar import zone

#: Facts that one transaction seals, and one page of verifying reads.
_BATCH = 5_000

_TEXTS = {"at": "(extract(epoch FROM at) * 1000000)::bigint", "seq": "seq", "before": "before", "after": "after"}
_FACTS = """
SELECT seq, id, street_id, (at AT TIME ZONE $1)::date AS day, ARRAY[{texts}] AS texts
FROM fact WHERE seq > $2 AND seq <= $3 ORDER BY seq
"""
_HEADS = """
SELECT s.street_id, s.number, s.hash FROM place p, LATERAL (
    SELECT * FROM fact_seal WHERE street_id = p.id AND last_seq < $1 ORDER BY number DESC LIMIT 1
) s WHERE p.kind = 'STREET'
"""
#: A noted transaction id that lies ahead of this server's came with a dump from elsewhere.
_HORIZON = """
SELECT sealed_seq, next_seq, coalesce(next_xid <= pg_snapshot_xmin(pg_current_snapshot()), false) AS complete,
    coalesce(next_xid >= pg_snapshot_xmax(pg_current_snapshot()), true) AS unknown
FROM fact_horizon
"""
_SEAL = """
INSERT INTO fact_seal (street_id, number, day, last_seq, count, version, ids, digests, hash)
VALUES ($1, $2, $3, $4, cardinality($6::text[]), $5, $6, $7, $8)
"""
_SEALS = """
SELECT street_id, number, day, last_seq, version, ids, digests, hash FROM fact_seal
WHERE last_seq >= $1 AND last_seq <= $2 ORDER BY last_seq, street_id, number
"""
_RANGE = """
SELECT coalesce(min(last_seq), 9223372036854775807) AS low, coalesce(max(last_seq), 0) AS high FROM fact_seal
WHERE day >= coalesce($1, day) AND day <= coalesce($2, day)
"""
_START = "SELECT coalesce(max(last_seq), -9223372036854775808) FROM fact_seal WHERE last_seq < $1"


def _facts_sql(version: int) -> str:
    texts = (f"({_TEXTS[name]})::text" if name in _TEXTS else f"{name}::text" for name in FIELDS[version])
    return _FACTS.format(texts=", ".join(texts))


def _stored(row: Any) -> Stored:
    return Stored(row["seq"], row["id"], row["street_id"], row["day"], digest(row["texts"]))


async def seal(connection: asyncpg.Connection[Any]) -> int:
    """Seal the facts that are known to be complete, and note how far the next run may go; answers how many were sealed.

    Run it on a connection of its own, outside any transaction, again and again. Several at once take turns.
    """
    sealed = 0
    while done := await _seal_batch(connection):
        sealed += done
    await _note(connection)
    return sealed


async def _note(connection: asyncpg.Connection[Any]) -> None:
    """Note the newest number, then draw a transaction id; unless those noted before are still waited for."""
    async with connection.transaction():
        horizon = await connection.fetchrow(_HORIZON)
        assert horizon is not None
        if not horizon["complete"] and not horizon["unknown"]:
            return
        newest = await connection.fetchval("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fact_seq")
        await connection.execute("UPDATE fact_horizon SET next_seq = $1, next_xid = pg_current_xact_id()", newest)


async def _seal_batch(connection: asyncpg.Connection[Any]) -> int:
    async with connection.transaction():
        horizon = await connection.fetchrow(f"{_HORIZON} FOR UPDATE")
        assert horizon is not None
        if not horizon["complete"]:
            return 0
        low, high = horizon["sealed_seq"], horizon["next_seq"]
        rows = await connection.fetch(f"{_facts_sql(VERSION)} LIMIT {_BATCH}", zone().key, low, high)
        if not rows:
            if high > low:
                await connection.execute("UPDATE fact_horizon SET sealed_seq = $1", high)
            return 0
        heads = {row["street_id"]: (row["number"], row["hash"]) for row in await connection.fetch(_HEADS, high + 1)}
        seals = make_seals([_stored(row) for row in rows], heads)
        await connection.executemany(
            _SEAL, [(s.street_id, s.number, s.day, s.last_seq, s.version, s.ids, s.digests, s.hash) for s in seals]
        )
        await connection.execute("UPDATE fact_horizon SET sealed_seq = $1", rows[-1]["seq"])
        return len(rows)


@dataclass
class Verified:
    """What was found to be as it was sealed. ``heads``: each street's newest seal, its number and hash."""

    facts: int = 0
    seals: int = 0
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict[str, tuple[int, bytes]])
    broken: Break | None = None


async def verify(connection: asyncpg.Connection[Any], first: date | None = None, last: date | None = None) -> Verified:
    """Compare the facts of the days ``first`` to ``last`` (None: from the beginning, to the end) with their seals.

    Reads one state of the database, in pages; stops at the first break.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        bounds = await connection.fetchrow(_RANGE, first, last)
        assert bounds is not None
        low, high = bounds["low"] if first else 0, bounds["high"]
        start = await connection.fetchval(_START, low)
        heads = {row["street_id"]: (row["number"], row["hash"]) for row in await connection.fetch(_HEADS, low)}
        found = Verified(heads=heads)
        pages = connection.cursor(_SEALS, low, high, prefetch=50)
        async for seals in _sealed_together(pages):
            facts = await _facts(connection, start, seals[-1].last_seq, seals[0].version)
            found.broken = first_break(seals, facts, heads)
            if found.broken:
                found.broken = await _elsewhere(connection, found.broken)
                return found
            found.facts, found.seals, start = found.facts + len(facts), found.seals + len(seals), seals[-1].last_seq
        if last is None:
            found.broken = await _unsealed(connection, start)
        return found


async def _facts(connection: asyncpg.Connection[Any], after: int, until: int, version: int) -> list[Stored]:
    return [_stored(row) for row in await connection.fetch(_facts_sql(version), zone().key, after, until)]


async def _sealed_together(rows: AsyncIterable[Any]) -> AsyncGenerator[list[Seal]]:
    together: list[Seal] = []
    async for row in rows:
        if together and together[0].last_seq != row["last_seq"]:
            yield together
            together = []
        together.append(Seal(*row))
    if together:
        yield together


async def _elsewhere(connection: asyncpg.Connection[Any], found: Break) -> Break:
    """A fact that is missing where it was sealed but lies elsewhere was moved."""
    moved = found.problem is Damage.MISSING and await connection.fetchval("SELECT true FROM fact WHERE id = $1", found.id)
    return Break(Damage.REORDERED, found.street_id, found.day, found.id) if moved else found


async def _unsealed(connection: asyncpg.Connection[Any], after: int) -> Break | None:
    """A fact that lies after the last seal although its time was sealed: then a seal is gone."""
    sealed = await connection.fetchval("SELECT sealed_seq FROM fact_horizon")
    rows: Iterable[Any] = await connection.fetch(f"{_facts_sql(VERSION)} LIMIT 1", zone().key, after, sealed)
    return next((Break(Damage.SEAL_MISSING, row["street_id"], row["day"], row["id"]) for row in rows), None)
