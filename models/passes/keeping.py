"""What becomes of passes with time: they end, and are seen at the gates only while they are of the day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from models.calendar import zone
from models.connection import query

#: Passes that one statement changes. What somebody has locked is left for the next time.
AT_ONCE = 500

#: $1: now, $2: at most so many.
_EXPIRE = """
UPDATE visitor_pass SET state = 'EXPIRED' WHERE id IN (
    SELECT id FROM visitor_pass WHERE state = 'ISSUED' AND valid_until <= $1
    ORDER BY valid_until LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
#: $1: the end of the day, $2: at most so many.
_SHOW = """
UPDATE visitor_pass SET gate_compound_id = compound_id WHERE id IN (
    SELECT id FROM visitor_pass WHERE state = 'ISSUED' AND gate_compound_id IS NULL AND valid_from < $1
    ORDER BY valid_from LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
#: $1: the beginning of the day, $2: at most so many.
_HIDE = """
UPDATE visitor_pass SET gate_compound_id = NULL WHERE id IN (
    SELECT id FROM visitor_pass WHERE gate_compound_id IS NOT NULL AND state NOT IN ('ISSUED', 'INSIDE')
        AND coalesce(left_at, valid_until) < $1
    ORDER BY valid_until LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
#: $1: now. What is open of passes whose time has passed, by compound.
_LEFT_OPEN = """
SELECT v.compound_id, v.street_id, c.name AS place, count(*) AS passes,
    extract(epoch FROM $1::timestamptz - min(v.valid_until))::float8 / 3600 AS hours
FROM visitor_pass v JOIN compound c ON c.id = v.compound_id
WHERE v.state = 'INSIDE' AND v.valid_until < $1 GROUP BY v.compound_id, v.street_id, c.name
"""


async def keep(now: datetime) -> dict[str, int]:
    """End passes whose time has passed, show the gates those of today and no others; how many of each, AT_ONCE at most."""
    day = now.astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "expired": len(await query(_EXPIRE, now, AT_ONCE)),
        "shown": len(await query(_SHOW, day + timedelta(days=1), AT_ONCE)),
        "hidden": len(await query(_HIDE, day, AT_ONCE)),
    }


async def left_open(now: datetime) -> Sequence[dict[str, Any]]:
    """Of each compound where visitors have not left by the end of their passes: how many passes, and for how long at most."""
    return await query(_LEFT_OPEN, now)
