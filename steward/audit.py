"""``steward audit verify``: whether the record of facts is what it was, in sentences."""

from __future__ import annotations

from datetime import date

import asyncpg

from domain.audit import Break, Damage
from models.audit import verify
from settings import Settings

from .folder import Unusable

_THING = {Damage.SEAL_CHANGED: "seal", Damage.SEAL_MISSING: "seal"}


async def verify_audit(settings: Settings, first: date | None, last: date | None) -> str:
    """What ``steward audit verify`` prints. Raises Unusable, naming the first break."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        found = await verify(connection, first, last)
        streets = await connection.fetch("SELECT id, code FROM place WHERE kind = 'STREET'")
    finally:
        await connection.close()
    codes: dict[str, str] = {street["id"]: street["code"] for street in streets}
    if found.broken:
        raise Unusable(told(found.broken, codes.get(found.broken.street_id, found.broken.street_id)))
    lines = [f"{found.facts} facts under {found.seals} seals are as they were sealed."]
    lines += [
        f"Street {codes[street_id]}: seal {number}, hash {hash_.hex()}"
        for street_id, (number, hash_) in sorted(found.heads.items(), key=lambda head: codes[head[0]])
    ]
    return "\n".join([*lines, ""])


def told(broken: Break, street: str) -> str:
    """A break in a sentence."""
    thing = _THING.get(broken.problem, "fact")
    return f"The record is broken in street {street} on {broken.day}, {thing} {broken.id}: {broken.problem.meaning}"
