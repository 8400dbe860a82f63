"""What is due of facilities by the clocks of upkeep, as checks of the modules find it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from domain.upkeep import UpkeepKind
from models.calendar import zone
from models.connection import query

from .finding import Found

#: Of each facility what comes first of these kinds, if it comes before $2.
_DUES = """
SELECT DISTINCT ON (u.facility_id) u.facility_id, u.kind, u.due_on, u.compound_id, u.street_id,
    concat_ws(' ', c.name, b.name, f.name) AS place
FROM upkeep_due u JOIN facility f ON f.id = u.facility_id JOIN compound c ON c.id = u.compound_id
LEFT JOIN building b ON b.id = f.building_id
WHERE u.street_id IN (SELECT id FROM place WHERE kind = 'STREET') AND u.due_on < $2 AND u.state = 'RUNNING' AND u.kind = ANY($1)
ORDER BY u.facility_id, u.due_on, u.kind
"""


async def days_late(kinds: Collection[UpkeepKind], now: datetime) -> Sequence[Found]:
    """The facilities of which something of these kinds is overdue, with the days by which the first of it is."""
    today = now.astimezone(zone()).date()
    return [_found(row, (today - row["due_on"]).days) for row in await _dues(kinds, today)]


async def days_left(kinds: Collection[UpkeepKind], now: datetime, *, within: int) -> Sequence[Found]:
    """The facilities of which something of these kinds is due within so many days, or was, with the days that are left."""
    today = now.astimezone(zone()).date()
    return [_found(row, (row["due_on"] - today).days) for row in await _dues(kinds, today + timedelta(days=within))]


async def _dues(kinds: Collection[UpkeepKind], before: date) -> Sequence[Mapping[str, Any]]:
    return await query(_DUES, sorted(kinds), before)


def _found(row: Mapping[str, Any], days: int) -> Found:
    return Found(
        subject_id=row["facility_id"],
        value=float(days),
        place=row["place"],
        compound_id=row["compound_id"],
        street_id=row["street_id"],
        facility_id=row["facility_id"],
        more={"unit": "d", "kind": row["kind"], "due_on": row["due_on"].isoformat()},
    )
