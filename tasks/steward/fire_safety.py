"""Fire safety: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from domain.hazards import HazardGrade
from domain.steward.fire_safety import MODULE
from domain.words import Text
from models.connection import query
from models.hazards import KIND, RULES, climb
from tasks.clock import check
from tasks.work import handles

from .finding import Found, bring_in_line

log = structlog.stdlib.get_logger(__name__)

#: $1: now. Hazards of which the next thing is late, and for how long.
_LATE = """
SELECT h.id, h.grade, h.state, h.compound_id, h.street_id, h.facility_id, h.waits_until,
    concat_ws(' ', c.name, b.name, f.name) AS place, extract(epoch FROM $1::timestamptz - h.waits_until)::float8 / 3600 AS hours
FROM (
    SELECT *, CASE WHEN state = 'RECTIFIED' THEN recheck_by ELSE due_at END AS waits_until FROM hazard
    WHERE state <> 'CLOSED' AND (due_at <= $1 OR recheck_by <= $1)
) h JOIN compound c ON c.id = h.compound_id LEFT JOIN facility f ON f.id = h.facility_id
LEFT JOIN building b ON b.id = coalesce(h.building_id, f.building_id)
WHERE h.waits_until <= $1
"""


@check(
    "fire_safety.hazards",
    module=MODULE.key,
    cron="*/5 * * * *",
    does=Text("Find hazards that are late, and bring them before the next level.", "查找逾期隐患并逐级上报。"),
)
async def find_late_hazards(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every hazard that is late, end those of hazards that are not, and let what is late climb."""
    climbed = await climb(now)
    rows = await query(_LATE, now)
    raised = over = 0
    for grade in HazardGrade:
        changed = await bring_in_line(RULES[grade], [_found(row) for row in rows if row["grade"] == grade], now)
        raised, over = raised + changed["raised"], over + changed["over"]
    return {"climbed": climbed, "raised": raised, "over": over}


def _found(row: Mapping[str, Any]) -> Found:
    return Found(
        subject_id=row["id"],
        value=float(int(row["hours"])),
        place=row["place"],
        compound_id=row["compound_id"],
        street_id=row["street_id"],
        facility_id=row["facility_id"],
        more={"unit": "h", "state": row["state"], "due": row["waits_until"].isoformat()},
    )


@handles(KIND)
async def climb_on(_: dict[str, Any]) -> None:
    """Go on with the hazards that are late."""
    log.info("hazards climb", hazards=await climb(datetime.now(UTC)))
