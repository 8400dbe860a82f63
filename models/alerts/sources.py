"""Where alerts come from: counts of the last days per rule and subject, from which nuisances are told and rates are made."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.fields.data import JSON_DUMPS

from domain.access import Reach
from models.calendar import now
from models.connection import query
from models.ids import new_id
from models.rows import Row

#: What is counted: alerts first seen within so many days.
DAYS = 30
_AT_ONCE = 1_000


class AlertSource(Row):
    """What one rule said of one subject in the last days, and what of it was true. ``subject_id``: mostly a device.

    ``false_percent``: false alarms among those whose outcome is known, tests apart, in whole percent; 0 where none is known.
    """

    prefix = "als"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    rule = fields.CharField(max_length=60)
    module = fields.CharField(max_length=40)
    maker = fields.CharField(max_length=120)
    raised = fields.IntField()
    seen = fields.IntField()
    confirmed = fields.IntField()
    false_alarms = fields.IntField()
    tests = fields.IntField()
    duplicates = fields.IntField()
    unknown = fields.IntField()
    false_percent = fields.IntField()
    last_seen_at = fields.DatetimeField()
    subject_id = fields.CharField(max_length=30)
    device_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "alert_source"


#: $1: since when, $2 and $3: keys (rule, subject), null for all. Withdrawn alerts never were.
_COUNT = """
SELECT a.rule, a.module, a.subject_id, a.device_id, a.compound_id, a.street_id, coalesce(max(d.maker), '') AS maker,
    count(*)::int AS raised, sum(a.count)::int AS seen, max(a.last_seen_at) AS last_seen_at,
    count(*) FILTER (WHERE a.outcome = 'REAL')::int AS confirmed,
    count(*) FILTER (WHERE a.outcome = 'FALSE_ALARM')::int AS false_alarms,
    count(*) FILTER (WHERE a.outcome = 'TEST')::int AS tests, count(*) FILTER (WHERE a.outcome = 'DUPLICATE')::int AS duplicates,
    count(*) FILTER (WHERE a.outcome IS NULL)::int AS unknown
FROM alert a LEFT JOIN device d ON d.id = a.device_id
WHERE a.first_seen_at >= $1 AND a.state <> 'WITHDRAWN'
    AND ($2::text[] IS NULL OR (a.rule, a.subject_id) IN (SELECT * FROM unnest($2::text[], $3::text[])))
GROUP BY a.rule, a.module, a.subject_id, a.device_id, a.compound_id, a.street_id
"""

_COLUMNS = """id text, rule text, module text, maker text, raised int, seen int, confirmed int, false_alarms int, tests int,
    duplicates int, unknown int, false_percent int, last_seen_at timestamptz,
    subject_id text, device_id text, compound_id text, street_id text"""
_NAMES = ", ".join(part.split()[0] for part in _COLUMNS.replace("\n", " ").split(","))
_COUNTED = (
    "maker",
    "raised",
    "seen",
    "confirmed",
    "false_alarms",
    "tests",
    "duplicates",
    "unknown",
    "false_percent",
    "last_seen_at",
)
_KEEP = f"""
INSERT INTO alert_source ({_NAMES}) SELECT {_NAMES} FROM jsonb_to_recordset($1::jsonb) AS s ({_COLUMNS}) ORDER BY rule, subject_id
ON CONFLICT (rule, subject_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COUNTED)}
WHERE ({", ".join(f"alert_source.{name}" for name in _COUNTED)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COUNTED)})
"""
_FORGET = """
DELETE FROM alert_source s WHERE NOT EXISTS (
    SELECT FROM alert a WHERE a.rule = s.rule AND a.subject_id = s.subject_id AND a.first_seen_at >= $1 AND a.state <> 'WITHDRAWN'
) AND ($2::text[] IS NULL OR (s.rule, s.subject_id) IN (SELECT * FROM unnest($2::text[], $3::text[])))
"""


async def count_sources(keys: Collection[tuple[str, str]] | None = None, *, at: datetime | None = None) -> int:
    """Count the alerts of the last days anew, of these (rule, subject) or of all; how many sources there are among them."""
    since = (at or now()) - timedelta(days=DAYS)
    rules, subjects = zip(*sorted(keys), strict=True) if keys else (None, None)
    named = [rules and list(rules), subjects and list(subjects)]
    rows: list[dict[str, Any]] = await query(_COUNT, since, *named)
    for row in rows:
        known = row["confirmed"] + row["false_alarms"]
        row["id"], row["false_percent"] = new_id(AlertSource.prefix), round(100 * row["false_alarms"] / known) if known else 0
    for first in range(0, len(rows), _AT_ONCE):
        await query(_KEEP, JSON_DUMPS(rows[first : first + _AT_ONCE]))
    await query(_FORGET, since, *named)
    return len(rows)
