"""Equipment: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import datetime

from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from domain.steward.equipment import (
    INSPECTION_DUE,
    LIFT_STANDS_STILL,
    MAINTENANCE_OVERDUE,
    MODULE,
    PASSENGERS_TRAPPED,
    POWER_LOST,
    RESCUE_LATE,
)
from domain.upkeep import TO_COUNTERSIGN, UpkeepKind
from domain.words import Text
from models.connection import query
from tasks.clock import check

from .dues import days_late, days_left
from .finding import Found, bring_in_line
from .lasting import lasting

#: Lifts that nobody can ride, whatever the reason, and for how long.
_STILL = """
SELECT f.id, f.compound_id, f.street_id, concat_ws(' ', c.name, b.name, f.name) AS place, f.status, f.status_since,
    extract(epoch FROM $1::timestamptz - f.status_since)::float8 / 3600 AS hours
FROM facility f JOIN compound c ON c.id = f.compound_id LEFT JOIN building b ON b.id = f.building_id
WHERE f.kind = $2 AND f.status = ANY($3::text[])
"""
#: Who is shut in, and for how long, while nobody has reported to be there: whoever ends the ticket was there.
_TRAPPED = """
SELECT a.subject_id, a.compound_id, a.street_id, a.facility_id, a.device_id, a.id AS alert_id,
    concat_ws(' ', c.name, b.name, f.name, CASE WHEN f.id IS NULL THEN d.name END) AS place,
    floor(extract(epoch FROM $1::timestamptz - a.first_seen_at) / 60)::int AS minutes
FROM alert a JOIN compound c ON c.id = a.compound_id LEFT JOIN device d ON d.id = a.device_id
LEFT JOIN facility f ON f.id = a.facility_id LEFT JOIN building b ON b.id = f.building_id
WHERE a.rule = $2 AND a.state = 'OPEN' AND NOT EXISTS (
    SELECT FROM ticket t WHERE t.alert_id = a.id AND coalesce(t.arrived_at, t.resolved_at, t.closed_at) IS NOT NULL
)
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


@check(
    "equipment.rescue",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the trapped passengers whom nobody has reached in time.", "查找救援超时的困人事件。"),
)
async def find_late_rescues(now: datetime) -> Mapping[str, int]:
    """Raise an alert where people are trapped and nobody has reported to be there; it ends when somebody has, or they are out."""
    found = [
        Found(
            subject_id=row["subject_id"],
            value=float(row["minutes"]),
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            facility_id=row["facility_id"],
            device_id=row["device_id"],
            more={"unit": "min", "alert": row["alert_id"]},
        )
        for row in await query(_TRAPPED, now, PASSENGERS_TRAPPED.key)
    ]
    return await bring_in_line(RESCUE_LATE.key, found, now)


@check(
    "equipment.power",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find where the mains supply has failed for too long.", "查找市电中断过久的位置。"),
)
async def find_power_lost(now: datetime) -> Mapping[str, int]:
    """Raise an alert where the mains supply has been lost for too long, and end those where it is back."""
    return await bring_in_line(POWER_LOST.key, await lasting(DeviceKind.POWER_STATE, "mains_lost", now, says=True), now)


@check(
    "equipment.maintenance",
    module=MODULE.key,
    cron="15 * * * *",
    does=Text("Find the lifts whose maintenance is overdue.", "查找维保超期的电梯。"),
)
async def find_overdue_maintenance(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every lift whose maintenance is overdue, and end those of lifts that were maintained."""
    return await bring_in_line(MAINTENANCE_OVERDUE.key, await days_late(TO_COUNTERSIGN, now), now)


@check(
    "equipment.inspections",
    module=MODULE.key,
    cron="25 * * * *",
    does=Text("Find the lifts whose inspection is due soon, or has expired.", "查找检验临期或过期的电梯。"),
)
async def find_due_inspections(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every lift whose inspection is due soon, and end those of lifts that were inspected."""
    furthest = round(INSPECTION_DUE.figures["left_days"].most + INSPECTION_DUE.figures["margin_days"].most)
    return await bring_in_line(INSPECTION_DUE.key, await days_left({UpkeepKind.LIFT_INSPECTION}, now, within=furthest), now)
