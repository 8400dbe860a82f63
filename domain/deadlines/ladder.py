"""The ladder that a late ticket climbs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.organisations import OrganisationKind
from domain.working_time import Stretch, all_time, elapse

from .words import DeadlineLevel

#: From the bottom up.
LADDER = (DeadlineLevel.COMPANY, DeadlineLevel.COMMUNITY, DeadlineLevel.STREET)

_OFFICES = {
    OrganisationKind.COMMUNITY_OFFICE: DeadlineLevel.COMMUNITY,
    OrganisationKind.GRID_TEAM: DeadlineLevel.COMMUNITY,
    OrganisationKind.STREET_OFFICE: DeadlineLevel.STREET,
}


def first_level(handler: OrganisationKind | None) -> DeadlineLevel:
    """Where a ticket stands before it is late: with the organisation that handles it."""
    return _OFFICES.get(handler, DeadlineLevel.COMPANY) if handler else DeadlineLevel.COMPANY


def climb_at(due: datetime, climbs: int, interval: timedelta, pauses: Sequence[Stretch]) -> datetime:
    """When a late ticket climbs for the ``climbs``-th time (from 1): at once, then every ``interval``, pauses left out."""
    return due if climbs <= 1 else elapse(all_time(due), pauses, interval * (climbs - 1))


def climbed(
    first: DeadlineLevel, due: datetime, now: datetime, interval: timedelta, pauses: Sequence[Stretch]
) -> tuple[DeadlineLevel, datetime | None]:
    """How high it stands by now, and when it climbs next; None: never."""
    level = first
    for climbs, above in enumerate(LADDER[LADDER.index(first) + 1 :], 1):
        moment = climb_at(due, climbs, interval, pauses)
        if moment > now:
            return level, moment
        level = above
    return level, None
