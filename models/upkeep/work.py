"""Winding many clocks: those whose day has come, those of new facilities, and those whose plans were changed."""

from collections.abc import Sequence
from datetime import date

from tortoise.transactions import in_transaction

from domain.upkeep import DEFAULTS, UPKEEP_WORK
from models.connection import query
from models.facilities import Facility
from models.work import add

from .plans import Plans, plans_of
from .winding import wind

#: The kinds of the work rows that wind the clocks of ``{"facilities": [id, …]}``, and of all facilities of
#: ``{"street": id, "kind": facility kind}``.
KIND, KIND_ALL = UPKEEP_WORK, "upkeep.all"
#: Facilities of one work row.
_AT_ONCE = 100

#: $1: the day, $2: kinds of facilities with plans by default. Those of which something comes, or that have no clocks yet.
_COME = """
SELECT DISTINCT facility_id AS id FROM upkeep_due WHERE look_on <= $1
UNION SELECT f.id FROM facility f WHERE f.status <> 'RETIRED' AND (f.kind = ANY($2::text[]) OR EXISTS (
        SELECT FROM upkeep_plan p WHERE p.street_id = f.street_id AND p.facility_kind = f.kind AND NOT p.off
    )) AND NOT EXISTS (SELECT FROM upkeep_due d WHERE d.facility_id = f.id)
ORDER BY id
"""
_OF_KIND = "SELECT id FROM facility WHERE street_id = $1 AND kind = $2 ORDER BY id"


async def leave(facilities: Sequence[str]) -> None:
    """Leave the work of winding the clocks of these facilities."""
    for first in range(0, len(facilities), _AT_ONCE):
        await add(KIND, {"facilities": list(facilities[first : first + _AT_ONCE])})


async def leave_due(day: date) -> int:
    """Leave work for every facility of whose upkeep something comes on that day, or came before; how many."""
    facilities = [row["id"] for row in await query(_COME, day, sorted(DEFAULTS))]
    await leave(facilities)
    return len(facilities)


async def leave_kind(street_id: str, kind: str) -> int:
    """Leave work for every facility of a kind in a street: its plans were changed; how many."""
    facilities = [row["id"] for row in await query(_OF_KIND, street_id, kind)]
    await leave(facilities)
    return len(facilities)


async def wind_all(facilities: Sequence[str]) -> None:
    """Wind the clocks of these facilities, in one transaction, locked in the order of their ids."""
    async with in_transaction():
        rows = await Facility.filter(id__in=list(facilities)).order_by("id").select_for_update(of=("facility",))
        plans: dict[str, Plans] = {}
        for facility in rows:
            if facility.street_id not in plans:
                plans[facility.street_id] = await plans_of(facility.street_id)
            await wind(facility, plans=plans[facility.street_id])
