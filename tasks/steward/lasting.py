"""For how long devices have said the same yes or no, by the clock: so a device that tells only of changes is understood too."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.facilities import DeviceKind
from models.connection import query

from .finding import Found

#: Who has said it for longer is told to have said it for so long.
MOST_MINUTES = 1_440

#: $1: kind of device, $2: metric, $3: what is said, as JSON; $4: the same as a reading, $5: now, $6: that long ago. What was
#: said since then is looked through; of what was said before only the last counts.
_LASTING = """
SELECT d.id, d.compound_id, d.street_id, d.facility_id, concat_ws(' ', c.name, b.name, d.name) AS place,
    floor(extract(epoch FROM $5::timestamptz - CASE WHEN before.value = $4 THEN $6 ELSE coalesce(first.time, $6) END) / 60)::int
        AS minutes
FROM device d JOIN compound c ON c.id = d.compound_id
LEFT JOIN facility f ON f.id = d.facility_id LEFT JOIN building b ON b.id = f.building_id
LEFT JOIN LATERAL (
    SELECT max(r.time) AS time FROM reading r WHERE r.device_id = d.id AND r.metric = $2 AND r.time > $6 AND r.value <> $4
) other ON true
LEFT JOIN LATERAL (
    SELECT r.value FROM reading r WHERE other.time IS NULL AND r.device_id = d.id AND r.metric = $2 AND r.time <= $6
    ORDER BY r.time DESC LIMIT 1
) before ON true
LEFT JOIN LATERAL (
    SELECT min(r.time) AS time FROM reading r
    WHERE r.device_id = d.id AND r.metric = $2 AND r.time > coalesce(other.time, $6::timestamptz)
) first ON true
WHERE d.kind = $1 AND d.retired_at IS NULL AND d.last_reading -> $2 = $3::jsonb
ORDER BY minutes DESC, d.id
"""


async def lasting(kind: DeviceKind, metric: str, now: datetime, *, says: bool) -> Sequence[Found]:
    """The devices of a kind that say yes (no) now of a yes/no metric, with the minutes for which they have, by event time."""
    earliest = now - timedelta(minutes=MOST_MINUTES)
    rows = await query(_LASTING, kind, metric, "true" if says else "false", float(says), now, earliest)
    return [
        Found(
            subject_id=row["id"],
            value=float(min(row["minutes"], MOST_MINUTES)),
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            facility_id=row["facility_id"],
            device_id=row["id"],
            more={"metric": metric, "unit": "min"},
        )
        for row in rows
    ]
