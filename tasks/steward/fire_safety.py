"""Fire safety: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import structlog

from domain.facilities import FacilityKind
from domain.fire_drills import FireDrillKind
from domain.hazards import HazardGrade
from domain.steward.fire_safety import MODULE
from domain.steward.fire_safety.keeping import (
    DRILL_OVERDUE,
    EQUIPMENT_SCRAP_DUE,
    NOBODY_RESPONSIBLE,
    TRAINING_OVERDUE,
    UPKEEP_OVERDUE,
)
from domain.upkeep import OF_FIRE
from domain.words import Text
from models.calendar import zone
from models.connection import query
from models.fire_reports import KIND as REPORTS
from models.fire_reports import keep_reports
from models.hazards import KIND, RULES, climb, hand_over
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
    """Hand over what organisations that left had in hand; raise alerts for what is late, end others, and let it climb."""
    handed_over = await hand_over(now)
    climbed = await climb(now)
    rows = await query(_LATE, now)
    raised = over = 0
    for grade in HazardGrade:
        changed = await bring_in_line(RULES[grade], [_found(row) for row in rows if row["grade"] == grade], now)
        raised, over = raised + changed["raised"], over + changed["over"]
    return {"handed_over": handed_over, "climbed": climbed, "raised": raised, "over": over}


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


#: $1: the day. Compounds that no company serves and that have no fire pact with an office that lasts, and since when: since the
#: last of these ended, or else since account is kept of the compound.
_KEEPERLESS = """
SELECT c.id, c.street_id, c.name AS place, ($1::date - kept.since)::float8 AS value, kept.since
FROM compound c CROSS JOIN LATERAL (
    SELECT coalesce(
        greatest(
            (SELECT max(m.ends_on) FROM mandate m WHERE m.compound_id = c.id AND m.service = 'FULL' AND m.ends_on < $1),
            (SELECT max(least(p.ends_on, o.ended_on)) FROM fire_pact p JOIN organisation o ON o.id = p.organisation_id
                WHERE p.compound_id = c.id AND least(p.ends_on, o.ended_on) < $1)
        ), (SELECT min(f.day) FROM compound_figures f WHERE f.compound_id = c.id)
    ) AS since
) kept
WHERE kept.since IS NOT NULL AND NOT EXISTS (
    SELECT FROM mandate m WHERE m.compound_id = c.id AND m.service = 'FULL' AND m.starts_on <= $1
        AND (m.ends_on IS NULL OR m.ends_on >= $1)
) AND NOT EXISTS (
    SELECT FROM fire_pact p JOIN organisation o ON o.id = p.organisation_id
    WHERE p.compound_id = c.id AND p.signed_on <= $1 AND coalesce(least(p.ends_on, o.ended_on) >= $1, true)
)
"""
#: $1: the day, $2: kind. How long ago the last one was held in each compound; of one without, since account is kept of it.
_HELD = """
SELECT c.id, c.street_id, c.name AS place, ($1::date - held.since)::float8 AS value, held.since
FROM compound c CROSS JOIN LATERAL (
    SELECT coalesce(
        (SELECT max(d.held_on) FROM fire_drill d WHERE d.compound_id = c.id AND d.kind = $2 AND d.state = 'HELD'),
        (SELECT min(f.day) FROM compound_figures f WHERE f.compound_id = c.id)
    ) AS since
) held
WHERE held.since IS NOT NULL
"""
#: $1: the day, $2: kind of facilities, $3: days. Of each compound the first that must be scrapped so soon, and how many must.
_OLD = """
SELECT c.id, c.street_id, c.name AS place, (min(f.scrap_on) - $1::date)::float8 AS value, min(f.scrap_on) AS since,
    count(*)::int AS count
FROM facility f JOIN compound c ON c.id = f.compound_id
WHERE f.kind = $2 AND f.status <> 'RETIRED' AND f.scrap_on <= $1::date + $3::int GROUP BY c.id
"""
#: $1: the day, $2: kinds. Of each compound what is longest late, and how much is.
_NOT_LOOKED_AT = """
SELECT c.id, c.street_id, c.name AS place, ($1::date - min(d.due_on))::float8 AS value, min(d.due_on) AS since,
    count(*)::int AS count
FROM upkeep_due d JOIN compound c ON c.id = d.compound_id
WHERE d.state = 'RUNNING' AND d.due_on < $1 AND d.kind = ANY($2::text[]) GROUP BY c.id
"""
#: The rules about what is held every year.
_YEARLY = {FireDrillKind.DRILL: DRILL_OVERDUE, FireDrillKind.TRAINING: TRAINING_OVERDUE}


@check(
    "fire_safety.keepers",
    module=MODULE.key,
    cron="20 5-21 * * *",
    does=Text("Find compounds whose fire safety nobody keeps.", "查找消防安全无人负责的小区。"),
)
async def find_keeperless(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every compound that neither a company serves nor a fire pact covers, and end those of others."""
    rows = await query(_KEEPERLESS, _day(now))
    return await bring_in_line(NOBODY_RESPONSIBLE.key, [_of_compound(row) for row in rows], now)


@check(
    "fire_safety.drills",
    module=MODULE.key,
    cron="25 5-21 * * *",
    does=Text("Find compounds without a drill or a training for a year.", "查找一年内未开展演练、培训的小区。"),
)
async def find_overdue_drills(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every compound whose last drill, or training, is too long ago, and end those of others."""
    raised = over = 0
    for kind, rule in _YEARLY.items():
        rows = await query(_HELD, _day(now), kind)
        changed = await bring_in_line(rule.key, [_of_compound(row) for row in rows], now)
        raised, over = raised + changed["raised"], over + changed["over"]
    return {"raised": raised, "over": over}


@check(
    "fire_safety.equipment",
    module=MODULE.key,
    cron="30 5-21 * * *",
    does=Text("Find fire equipment that is too old, or not looked at.", "查找到期报废或逾期未检的消防器材。"),
)
async def find_old_equipment(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every compound with extinguishers to scrap, or late checks and tests, and end those of others."""
    figures = EQUIPMENT_SCRAP_DUE.figures
    ahead = int(figures["warn_days"].most + figures["margin_days"].most)
    old = await query(_OLD, _day(now), FacilityKind.EXTINGUISHER, ahead)
    scrap = await bring_in_line(EQUIPMENT_SCRAP_DUE.key, [_of_compound(row) for row in old], now)
    late = await query(_NOT_LOOKED_AT, _day(now), sorted(OF_FIRE))
    upkeep = await bring_in_line(UPKEEP_OVERDUE.key, [_of_compound(row) for row in late], now)
    return {name: scrap[name] + upkeep[name] for name in scrap}


@check(
    "fire_safety.reports",
    module=MODULE.key,
    cron="30 2 * * *",
    does=Text("Keep the fire reports of the month that is over.", "归档上月消防月报。"),
)
async def keep_the_reports(now: datetime) -> Mapping[str, int]:
    """Keep the fire reports of the newest month that changes no more, of compounds of which that was not done."""
    return {"kept": await keep_reports(now)}


def _day(now: datetime) -> date:
    return now.astimezone(zone()).date()


def _of_compound(row: Mapping[str, Any]) -> Found:
    return Found(
        subject_id=row["id"],
        value=row["value"],
        place=row["place"],
        compound_id=row["id"],
        street_id=row["street_id"],
        more={"unit": "d", "since": row["since"].isoformat()} | ({"count": row["count"]} if "count" in row else {}),
    )


@handles(REPORTS)
async def keep_more_reports(_: dict[str, Any]) -> None:
    """Go on keeping reports."""
    log.info("fire reports are kept", reports=await keep_reports(datetime.now(UTC)))


@handles(KIND)
async def climb_on(_: dict[str, Any]) -> None:
    """Go on with the hazards that are late."""
    log.info("hazards climb", hazards=await climb(datetime.now(UTC)))
