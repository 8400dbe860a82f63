"""Plans that the fire code asks for, made by themselves by the kind of building: once each, and never again once ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.rounds import FIRE_PLANS, HIGH_RISE_M, KINDS, NAME_MAX, STOREY_M, RoundBasis
from models.calendar import now, today, zone
from models.connection import query
from models.facts import record
from models.work import add

from .closing import SYSTEM
from .points import new_code
from .rows import RoundPlan, RoundPoint

#: The kind of the work rows that plan for ``{"compounds": [id, …]}``.
KIND = "rounds.fire"
#: Compounds of one work row.
_AT_ONCE = 50

#: $1: high-rise over so many metres, $2: metres of a storey. What there is to be, per compound, building and ground; where the
#: register has no building of a compound, the compound as a whole.
_WANTED = f"""
wanted AS (
    SELECT c.id AS compound_id, c.street_id, b.id AS building_id, b.code, coalesce(b.name, c.name) AS name, k.basis
    FROM compound c LEFT JOIN building b ON b.compound_id = c.id CROSS JOIN LATERAL (VALUES
        (CASE WHEN coalesce(b.height_m, b.storeys * $2::numeric) > $1::numeric
            THEN '{RoundBasis.HIGH_RISE_PATROL}' ELSE '{RoundBasis.PATROL}' END),
        ('{RoundBasis.CHECK}')
    ) AS k (basis)
)"""
_HAS_POINT = """EXISTS (
    SELECT FROM round_point t
    WHERE t.plan_id = p.id AND t.basis IS NOT NULL AND coalesce(t.building_id, '') = coalesce(w.building_id, '')
)"""
#: $3: today. The compounds where something is missing that is not ended.
_MISSING = f"""
WITH {_WANTED}
SELECT DISTINCT w.compound_id AS id FROM wanted w
LEFT JOIN round_plan p ON p.compound_id = w.compound_id AND p.basis = w.basis
WHERE p.id IS NULL OR ((p.ends_on IS NULL OR p.ends_on >= $3) AND NOT {_HAS_POINT}) ORDER BY 1
"""
#: $3: compounds. Where plans are to be made.
_PLANS = f"""
WITH {_WANTED}
SELECT DISTINCT w.compound_id, w.street_id, w.basis FROM wanted w
WHERE w.compound_id = ANY($3::text[])
    AND NOT EXISTS (SELECT FROM round_plan p WHERE p.compound_id = w.compound_id AND p.basis = w.basis) ORDER BY 1, 3
"""
#: $3: compounds, $4: today. The points to be added to plans, in the order of the buildings.
_POINTS = f"""
WITH {_WANTED}
SELECT p.id AS plan_id, p.basis, w.compound_id, w.street_id, w.building_id, w.name,
    row_number() OVER (PARTITION BY p.id ORDER BY length(w.code), w.code) + coalesce(
        (SELECT max(number) FROM round_point t WHERE t.plan_id = p.id), 0) AS number
FROM wanted w JOIN round_plan p ON p.compound_id = w.compound_id AND p.basis = w.basis
WHERE w.compound_id = ANY($3::text[]) AND (p.ends_on IS NULL OR p.ends_on >= $4) AND NOT {_HAS_POINT} ORDER BY p.id, number
"""
_FIGURES = (HIGH_RISE_M, STOREY_M)


async def leave_fire(moment: datetime) -> int:
    """Leave work for every compound where a plan that the fire code asks for is missing, or a building in one; how many."""
    compounds = [row["id"] for row in await query(_MISSING, *_FIGURES, moment.astimezone(zone()).date())]
    for first in range(0, len(compounds), _AT_ONCE):
        await add(KIND, {"compounds": compounds[first : first + _AT_ONCE]})
    return len(compounds)


async def plan_fire(compound_ids: Sequence[str]) -> int:
    """Make the plans that are missing in these compounds, from tomorrow on, and add the points that are missing in them.

    How many plans are new. Two at once make each once: of a compound and ground there is one plan.
    """
    async with in_transaction():
        await query("SELECT id FROM compound WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE", list(compound_ids))
        missing = await query(_PLANS, *_FIGURES, list(compound_ids))
        for row in missing:
            plan = await RoundPlan.create(**_plan(row, today() + timedelta(days=1)))
            await record(SYSTEM, "roundPlanMake", plan, after={"kind": plan.kind, "starts_on": plan.starts_on.isoformat()})
        points = await query(_POINTS, *_FIGURES, list(compound_ids), today())
        await RoundPoint.bulk_create([RoundPoint(**_point(row)) for row in points])
        return len(missing)


def _plan(row: Mapping[str, Any], first: date) -> dict[str, Any]:
    basis = RoundBasis(row["basis"])
    made = FIRE_PLANS[basis]
    moment = now()
    return {
        "kind": made.kind,
        "name": made.name.zh,
        "basis": basis,
        **vars(made.plan),
        "times": list(made.plan.times),
        "starts_on": first,
        "made_at": moment,
        "made_until": moment,
        "compound_id": row["compound_id"],
        "street_id": row["street_id"],
    }


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    basis = RoundBasis(row["basis"])
    return {
        "number": row["number"],
        "name": row["name"][:NAME_MAX],
        "code": new_code(),
        "items": [item.packed() for item in KINDS[FIRE_PLANS[basis].kind].items],
        "basis": basis,
        "added_at": now(),
        **{name: row[name] for name in ("building_id", "plan_id", "compound_id", "street_id")},
    }
