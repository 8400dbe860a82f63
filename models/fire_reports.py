"""Monthly fire reports: counted when they are asked for, and kept as they stand once their month is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from tortoise import fields
from tortoise.fields.data import JSON_DUMPS

from domain.access import Reach, Viewer
from domain.fire_reports import FIGURES, may_be_kept, month_of
from domain.permits import reached

from .calendar import now, zone
from .connection import query
from .ids import ID, new_id
from .rows import Row
from .work import add

#: The kind of the work row that goes on keeping reports.
KIND = "fire_reports.keep"
#: Compounds of one transaction.
_AT_ONCE = 500


class FireReport(Row):
    """What was counted of a compound in the month that begins on ``month``, and never changes. Unique on both."""

    prefix = "frp"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    month = fields.DateField()
    figures: fields.JSONField[dict[str, int]] = fields.JSONField()
    kept_at = fields.DatetimeField()
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fire_report"


@dataclass(frozen=True)
class Report:
    """A month of so many compounds, of which ``kept`` are as they were kept; ``figures`` by name."""

    month: date
    compounds: int
    kept: int
    figures: Mapping[str, int]


_COUNTED = ("found", "closed", "standing", "held", "gone", "raised", "short")
#: $1: compounds; $2, $3: the first moments of the month and of the next; $4: the last that counts, now or $3; $5, $6: their first
#: days; $7: the last day that counts. What stood at the end is told from what stands now, as far as moments tell.
_COUNT = """
WITH wanted AS (SELECT id, street_id FROM compound WHERE id = ANY($1::text[])),
found AS (
    SELECT compound_id, count(*) AS hazards_found, count(*) FILTER (WHERE grade = 'MAJOR') AS major_hazards_found
    FROM hazard WHERE compound_id = ANY($1::text[]) AND found_at >= $2 AND found_at < $3 GROUP BY compound_id
), closed AS (
    SELECT compound_id, count(*) AS hazards_closed FROM hazard
    WHERE compound_id = ANY($1::text[]) AND outcome = 'RECTIFIED' AND closed_at >= $2 AND closed_at < $3 GROUP BY compound_id
), standing AS (
    SELECT compound_id, count(*) AS hazards_open, count(*) FILTER (
        WHERE due_at < $4 AND (state IN ('REPORTED', 'ASSIGNED') OR rectified_at IS NULL OR rectified_at >= $4)
    ) AS hazards_late
    FROM hazard WHERE compound_id = ANY($1::text[]) AND found_at < $4 AND (closed_at IS NULL OR closed_at >= $4)
    GROUP BY compound_id
), held AS (
    SELECT compound_id, count(*) FILTER (WHERE kind = 'DRILL') AS drills, count(*) FILTER (WHERE kind = 'TRAINING') AS trainings,
        sum(participants) AS participants
    FROM fire_drill WHERE compound_id = ANY($1::text[]) AND state = 'HELD' AND held_on >= $5 AND held_on < $6
    GROUP BY compound_id
), gone AS (
    SELECT compound_id, count(*) AS rounds_planned, count(*) FILTER (WHERE state = 'DONE') AS rounds_done,
        count(*) FILTER (WHERE state = 'INCOMPLETE') AS rounds_incomplete,
        count(*) FILTER (WHERE state = 'MISSED') AS rounds_missed
    FROM round WHERE compound_id = ANY($1::text[]) AND kind IN ('FIRE_PATROL', 'FIRE_CHECK') AND state <> 'CANCELLED'
        AND closes_at > $2 AND closes_at <= $4 GROUP BY compound_id
), raised AS (
    SELECT compound_id, count(*) AS alerts, count(*) FILTER (WHERE outcome = 'REAL') AS alerts_real,
        count(*) FILTER (WHERE outcome = 'FALSE_ALARM') AS alerts_false, count(*) FILTER (WHERE outcome = 'TEST') AS alerts_test,
        count(*) FILTER (WHERE outcome = 'DUPLICATE') AS alerts_duplicate,
        count(*) FILTER (WHERE outcome IS NULL) AS alerts_unknown
    FROM alert WHERE compound_id = ANY($1::text[]) AND module = 'fire_safety' AND state <> 'WITHDRAWN'
        AND first_seen_at >= $2 AND first_seen_at < $3 GROUP BY compound_id
), short AS (
    SELECT compound_id, count(*) FILTER (WHERE first_seen_at >= $2) AS control_room_gaps,
        sum(ceil(extract(epoch FROM least(coalesce(cleared_at, $4), $4) - greatest(first_seen_at, $2)) / 60))
            AS control_room_gap_minutes
    FROM alert WHERE compound_id = ANY($1::text[]) AND rule = 'fire_safety.control_room_short' AND state <> 'WITHDRAWN'
        AND first_seen_at < $4 AND coalesce(cleared_at, $4) > $2 GROUP BY compound_id
), kept AS (
    SELECT compound_id FROM mandate
    WHERE compound_id = ANY($1::text[]) AND service = 'FULL' AND starts_on <= $7 AND (ends_on IS NULL OR ends_on >= $7)
    UNION SELECT p.compound_id FROM fire_pact p JOIN organisation o ON o.id = p.organisation_id
    WHERE p.compound_id = ANY($1::text[]) AND p.signed_on <= $7 AND (p.ends_on IS NULL OR p.ends_on >= $7)
        AND (o.ended_on IS NULL OR o.ended_on >= $7)
)
SELECT wanted.id, wanted.street_id,
    jsonb_build_object({figures}, 'without_keeper', (kept.compound_id IS NULL)::int)::text AS figures
FROM wanted {joins} LEFT JOIN kept ON kept.compound_id = wanted.id ORDER BY wanted.id
""".format(
    figures=", ".join(f"'{name}', coalesce({name}, 0)::int" for name in FIGURES if name != "without_keeper"),
    joins=" ".join(f"LEFT JOIN {each} ON {each}.compound_id = wanted.id" for each in _COUNTED),
)
#: $1: streets, $2: compounds that are reached; $3: what is asked about; $4: month. What was kept of each compound; null: nothing.
_SEEN = """
SELECT c.id, r.figures::text AS figures FROM compound c LEFT JOIN fire_report r ON r.compound_id = c.id AND r.month = $4
WHERE (c.street_id = ANY($1::text[]) OR c.id = ANY($2::text[]))
    AND $3 IN (c.id, c.community_id, c.street_id, coalesce(c.grid_id, ''))
"""
#: $1: the month, $2: at most so many. Compounds of which nothing was kept of it.
_MISSING = """
SELECT c.id FROM compound c WHERE NOT EXISTS (SELECT FROM fire_report r WHERE r.compound_id = c.id AND r.month = $1)
ORDER BY c.id LIMIT $2
"""
_KEEP = """
WITH kept AS (
    INSERT INTO fire_report (id, month, figures, kept_at, compound_id, street_id)
    SELECT id, month, figures, kept_at, compound_id, street_id FROM jsonb_to_recordset($1::jsonb)
        AS given (id text, month date, figures jsonb, kept_at timestamptz, compound_id text, street_id text)
    ON CONFLICT (compound_id, month) DO NOTHING RETURNING 1
) SELECT count(*)::int AS kept FROM kept
"""


async def fire_report(viewer: Viewer, of: str, day: date) -> Report | None:
    """The report of a compound, or of those of a community, grid or street that the viewer sees, for the month of ``day``.

    What was kept is told as it was kept, the rest is counted as of now. None: the viewer sees figures of no such compound.
    """
    if not ID.match(of):
        return None
    month, _ = month_of(day)
    streets, compounds = (reached(viewer, "CompoundFigures", way) for way in (Reach.STREET, Reach.COMPOUND))
    rows = await query(_SEEN, streets, compounds, of, month)
    if not rows:
        return None
    kept: list[dict[str, int]] = [orjson.loads(row["figures"]) for row in rows if row["figures"]]
    counted = await _count([row["id"] for row in rows if not row["figures"]], month, now())
    told = [*kept, *(each["figures"] for each in counted)]
    return Report(month, len(rows), len(kept), {name: sum(each.get(name, 0) for each in told) for name in FIGURES})


async def keep_reports(moment: datetime) -> int:
    """Keep the report of the newest month that changes no more, of every compound of which that was not done; of how many.

    What is more than one transaction should hold is left as work.
    """
    day = moment.astimezone(zone()).date()
    month, _ = month_of(day.replace(day=1) - timedelta(days=1))
    if not may_be_kept(month, day):
        month, _ = month_of(month - timedelta(days=1))
    missing = [row["id"] for row in await query(_MISSING, month, _AT_ONCE)]
    rows = [
        {
            "id": new_id(FireReport.prefix),
            "month": month.isoformat(),
            "figures": each["figures"],
            "kept_at": moment.isoformat(),
            "compound_id": each["id"],
            "street_id": each["street_id"],
        }
        for each in await _count(missing, month, moment)
    ]
    kept = (await query(_KEEP, JSON_DUMPS(rows)))[0]["kept"] if rows else 0
    if len(missing) == _AT_ONCE:
        await add(KIND, {})
    return kept


async def _count(compounds: Sequence[str], month: date, moment: datetime) -> list[dict[str, Any]]:
    """What is counted of each of the compounds in the month that begins on ``month``, up to ``moment``."""
    if not compounds:
        return []
    after = month_of(month)[1]
    begins, ends = (datetime.combine(each, time(), zone()) for each in (month, after))
    last = min(after - timedelta(days=1), moment.astimezone(zone()).date())
    rows = await query(_COUNT, list(compounds), begins, ends, min(ends, moment), month, after, last)
    return [{**row, "figures": orjson.loads(row["figures"])} for row in rows]
