"""Late hazards climb: company, community, street; each level is told once of each deadline."""

from datetime import datetime

from domain.hazards import OPEN
from models.facts import Actor, record
from models.work import add

from .limits import limits_of, wind
from .rows import Hazard
from .telling import tell_of_climb

#: The kind of the work row that goes on with it.
KIND = "hazards.climb"

_SYSTEM = Actor("system:fire_safety")
#: Hazards of one transaction.
_AT_ONCE = 100


async def climb(now: datetime) -> int:
    """Let hazards climb that are due to by ``now``, in the caller's transaction; how many there were.

    What is more than one transaction should hold is left as work; what somebody else has in hand, for the next time.
    """
    due = Hazard.filter(climbs_at__lte=now, state__in=sorted(OPEN)).order_by("climbs_at", "id").limit(_AT_ONCE)
    hazards = await due.select_for_update(skip_locked=True)
    for hazard in hazards:
        before, level = hazard.level, await wind(hazard, await limits_of(hazard), now)
        hazard.update_from_dict({"level": level})
        await hazard.save(update_fields=["level", "climbs_at"])
        if level is not None and level is not before:
            await record(_SYSTEM, "hazardEscalate", hazard, before={"level": before}, after={"level": level})
            await tell_of_climb(hazard)
    if len(hazards) == _AT_ONCE:
        await add(KIND, {})
    return len(hazards)
