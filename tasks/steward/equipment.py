"""Equipment: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import datetime

from domain.facilities import FacilityKind, FacilityStatus
from domain.steward.equipment import LIFT_STANDS_STILL, MODULE
from domain.words import Text
from models.connection import query
from tasks.clock import check

from .finding import Found, bring_in_line

#: Lifts that nobody can ride, whatever the reason, and for how long.
_STILL = """
SELECT f.id, f.compound_id, f.street_id, concat_ws(' ', c.name, b.name, f.name) AS place, f.status, f.status_since,
    extract(epoch FROM $1::timestamptz - f.status_since)::float8 / 3600 AS hours
FROM facility f JOIN compound c ON c.id = f.compound_id LEFT JOIN building b ON b.id = f.building_id
WHERE f.kind = $2 AND f.status = ANY($3::text[])
"""
_CANNOT_BE_RIDDEN = [FacilityStatus.OUT_OF_SERVICE, FacilityStatus.UNDER_MAINTENANCE]


@check(
    "equipment.lifts",
    module=MODULE.key,
    cron="*/10 * * * *",
    does=Text("Find the lifts that have stood still for too long.", "查找停用过久的电梯。"),
)
async def find_lifts(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every lift that has stood still for too long, and end those of lifts that run again."""
    rows = await query(_STILL, now, FacilityKind.LIFT, _CANNOT_BE_RIDDEN)
    found = [
        Found(
            subject_id=row["id"],
            value=row["hours"],
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            facility_id=row["id"],
            more={"unit": "h", "status": row["status"], "since": row["status_since"].isoformat()},
        )
        for row in rows
    ]
    return await bring_in_line(LIFT_STANDS_STILL.key, found, now)
