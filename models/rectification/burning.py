"""How a list burns down: from the facts of its items."""

from collections.abc import Sequence
from datetime import date

from domain.access import Viewer
from domain.rectification import BurnDownDay, RectificationState, Step, burn_down
from models.calendar import today, zone
from models.connection import query
from models.permits import found

from .rows import RectificationList

#: $1: list, $2: time zone.
_STEPS = """
SELECT i.id, (f.at AT TIME ZONE $2)::date AS day, f.after ->> 'state' AS state
FROM rectification_item i JOIN fact f ON f.subject_id = i.id
WHERE i.list_id = $1 AND f.after ->> 'state' IS NOT NULL ORDER BY f.at, f.id
"""


async def burn_down_of(
    viewer: Viewer, list_id: str, *, since: date | None = None, until: date | None = None
) -> Sequence[BurnDownDay]:
    """How the list stood at the end of each day, from ``since`` (default: its first item's) to ``until`` (default: today).

    Refuses NOT_FOUND and INVALID (days out of order, too many).
    """
    rows = await found(RectificationList, list_id, viewer, path=("list_id",))
    steps = [Step(row["id"], row["day"], RectificationState(row["state"])) for row in await query(_STEPS, rows.id, zone().key)]
    first = since or min((step.day for step in steps), default=rows.made_at.astimezone(zone()).date())
    return burn_down(steps, first, until or max(today(), first))
