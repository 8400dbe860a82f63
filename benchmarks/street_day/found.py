"""The street of a day, and whether what went wrong in it was found: each incident once, and nothing that did not happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from domain.alerts import AlertState
from domain.facilities import DeviceKind
from domain.steward import MODULES
from models import Alert, Compound, Organisation, Work
from models.keys import create_intake_key
from models.notices.rows import DIGEST_KIND, KIND
from tasks.clock import CHECKS
from tasks.work import perform
from tests.builders import a_community, a_company_serving, a_compound, a_device

from .devices import SHARES, Incident, Machine

_COPIES = """
INSERT INTO device SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', 'dev_' || lpad(to_hex($2::int + n), 26, '0'), 'code', 'DAY-' || $2::int + n, 'kind', $3::text,
    'compound_id', ($4::text[])[n % cardinality($4) + 1]))).*
FROM device d, generate_series(0, $5::int - 1) AS n WHERE d.id = $1
"""


@dataclass(frozen=True)
class Street:
    """Compounds served by one company, with its key and the machines."""

    compounds: Sequence[Compound]
    company: Organisation
    key_id: str
    machines: Sequence[Machine]


async def a_street(url: str, compounds: int, devices: int) -> Street:
    """A street of so many compounds, and some more devices than asked for: each compound has one of every kind."""
    community = await a_community()
    made = [await a_compound(community) for _ in range(compounds)]
    company = await a_company_serving(*made)
    key, _ = await create_intake_key(company)
    pattern = await a_device(made[0], retired_at=datetime.fromisoformat("2020-01-01T00:00:00+08:00"))
    connection = await asyncpg.connect(url)
    first = 1
    for kind in DeviceKind:
        if kind is DeviceKind.GATEWAY:
            continue
        count = max(compounds, devices * SHARES.get(kind, 0) // 100)
        await connection.execute(
            _COPIES.replace("jsonb_build_object(", "jsonb_build_object('retired_at', NULL, "),
            *(pattern.id, first, kind.value, [each.id for each in made], count),
        )
        first += count
    rows = await connection.fetch("SELECT id, code, kind, compound_id FROM device WHERE code ~ '^DAY-' ORDER BY id")
    await connection.execute("ANALYZE")
    await connection.close()
    return Street(
        made, company, key.id, [Machine(row["id"], row["code"], DeviceKind(row["kind"]), row["compound_id"]) for row in rows]
    )


async def work() -> int:
    """Do all work that is due, here, but for the sending of notices; how many rows. Fails when one of them fails."""
    done = 0
    now = datetime.now(UTC)
    while rows := await Work.filter(not_before__lte=now).exclude(kind__in=[KIND, DIGEST_KIND]).order_by("id").limit(100):
        for row in rows:
            await perform(row.id)
            left = await Work.get_or_none(id=row.id)
            if left is not None and left.last_error:
                raise RuntimeError(f"{left.kind}: {left.last_error}")
            done += 1
    return done


async def look(now: datetime) -> None:
    """Run every check of the steward's modules, and the closing of rounds, as the clock does in time."""
    watched = {module.key for module in MODULES}
    await CHECKS["rounds.close"].run(now)
    await work()
    for check in CHECKS.values():
        if check.module in watched:
            await check.run(now)
    await work()


@dataclass(frozen=True)
class Verdict:
    """``found``: alerts that had to be; ``missed`` and ``invented``: (rule, about what), how often."""

    found: int
    missed: Counter[tuple[str, str]]
    invented: Counter[tuple[str, str]]


async def verdict(incidents: Sequence[Incident]) -> Verdict:
    """Compare the alerts that stand or stood with the incidents."""
    wanted = Counter((rule, each.subject_id or each.compound_id) for each in incidents for rule in each.rules)
    by_compound = {rule for each in incidents if each.subject_id is None for rule in each.rules}
    rows = await Alert.exclude(state=AlertState.WITHDRAWN).values_list("rule", "subject_id", "compound_id")
    found = Counter((rule, compound if rule in by_compound else subject) for rule, subject, compound in rows)
    return Verdict((found & wanted).total(), wanted - found, found - wanted)
