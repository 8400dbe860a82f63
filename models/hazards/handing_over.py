"""Hazards of an organisation that serves the compound no more: they go to whoever handles what happens there now."""

from datetime import datetime

from domain.hazards import HazardState
from domain.organisations import OFFICES
from models.calendar import zone
from models.connection import query
from models.facts import Actor, record
from models.tickets import handling_organisation

from .rows import Hazard
from .telling import tell_of_assignment

_SYSTEM = Actor("system:fire_safety")
#: Hazards of one transaction; the rest go with the next.
_AT_ONCE = 100

#: $1: the day, $2: at most so many. See ``may_do`` of models/upkeep/sides.py.
_LEFT = f"""
SELECT h.id FROM hazard h JOIN organisation o ON o.id = h.organisation_id
WHERE h.state <> 'CLOSED' AND h.state <> '{HazardState.RECTIFIED}'
    AND NOT (o.kind IN ({", ".join(f"'{kind}'" for kind in sorted(OFFICES))}) AND (o.ended_on IS NULL OR o.ended_on >= $1))
    AND NOT EXISTS (
        SELECT FROM mandate m WHERE m.organisation_id = h.organisation_id AND m.compound_id = h.compound_id AND m.role = 'SERVES'
            AND m.starts_on <= $1 AND m.lasts_to >= $1
    )
ORDER BY h.id LIMIT $2 FOR UPDATE OF h SKIP LOCKED
"""


async def hand_over(now: datetime) -> int:
    """Hand over, in the caller's transaction, hazards of organisations that have left; how many. Deadlines stay as they are.

    What was reported put right is looked at again where it is. Where nobody is to take a hazard, it stays.
    """
    day, handed = now.astimezone(zone()).date(), 0
    for row in await query(_LEFT, day, _AT_ONCE):
        hazard = await Hazard.get(id=row["id"])
        to = await handling_organisation(hazard.compound_id, day)
        if to is None:
            continue
        before = {"organisation_id": hazard.organisation_id, "assignee_id": hazard.assignee_id, "version": hazard.version}
        hazard.organisation_id, hazard.assignee_id = to, None
        hazard.assigned_at = hazard.assigned_at and now
        hazard.version += 1
        await hazard.save(update_fields=["organisation_id", "assignee_id", "assigned_at", "version"])
        after = {"organisation_id": to, "assignee_id": None, "version": hazard.version}
        await record(_SYSTEM, "hazardAssign", hazard, before=before, after=after)
        await tell_of_assignment(hazard)
        handed += 1
    return handed
