"""The figures of hazards as they hold at a place, and the clock that follows from them."""

from datetime import datetime

from domain.deadlines import DeadlineLevel, first_level
from domain.hazards import OPEN, HazardGrade, Limits, climbed, limits
from domain.steward.fire_safety.hazards import HAZARD_OVERDUE, MAJOR_HAZARD_OVERDUE
from models.alerts import overrides_of, rules_of
from models.organisations import Organisation

from .rows import Hazard

#: Per grade: the rule that tells of its hazards, whose figures are their limits.
RULES = {HazardGrade.GENERAL: HAZARD_OVERDUE.key, HazardGrade.MAJOR: MAJOR_HAZARD_OVERDUE.key}


async def limits_of(hazard: Hazard) -> Limits:
    """The limits of the hazard's grade where it is: of the street, its compound, its facility, the nearest last."""
    key, books = RULES[hazard.grade], await rules_of([hazard.street_id])
    owners = [each for each in (hazard.street_id, hazard.compound_id, hazard.facility_id) if each]
    overrides = await overrides_of([key], owners, books)
    return limits(books[hazard.street_id].rules[key].limits(None, *(overrides.get((key, owner), {}) for owner in owners)))


def restart(hazard: Hazard) -> None:
    """Let its clock begin anew, since it waits for something else now; what is late already climbs with the next look."""
    hazard.update_from_dict({"level": None, "climbs_at": hazard.waits_until if hazard.state in OPEN else None})


async def wind(hazard: Hazard, held: Limits, now: datetime) -> DeadlineLevel | None:
    """Set when it climbs next, as of ``now``; answers to whom it has climbed, which is left to be told. The caller saves."""
    owner = await Organisation.get_or_none(id=hazard.organisation_id) if hazard.organisation_id else None
    level, hazard.climbs_at = climbed(first_level(owner and owner.kind), hazard.waits_until, now, held)
    return level
