"""For how long a facility could be used: from reports of its status, in whatever order they came.

A report holds until the next one. Before the first nothing is known, and nothing is counted; nor is what lies after a facility
was taken out for good, or in the future. Works with limits is works: DEGRADED counts as available.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

from .words import FacilityStatus

DOWN = frozenset({FacilityStatus.OUT_OF_SERVICE, FacilityStatus.UNDER_MAINTENANCE})
_NONE = timedelta(0)
#: The longest period that is looked at.
MOST_YEARS = 30


class AvailabilityPer(Word):
    """By what availability is told."""

    STREET = "STREET", "街道", "Of the street."
    COMPOUND = "COMPOUND", "小区", "Of each compound."
    KIND = "KIND", "类别", "Of each kind of facility."


@dataclass(frozen=True)
class Report:
    """The status from ``since`` on. Of two with the same ``since``, that with the greater ``id`` came later and holds."""

    since: datetime
    status: FacilityStatus
    id: str = ""


@dataclass(frozen=True)
class Spell:
    """A time of one status, ``ends`` not included; ``going_on``: it had not ended at the end of the period."""

    status: FacilityStatus
    starts: datetime
    ends: datetime
    going_on: bool

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


@dataclass(frozen=True)
class Use:
    """Times within a period. ``known``: for how long its status is known and it was not taken out for good."""

    known: timedelta = _NONE
    out: timedelta = _NONE
    maintained: timedelta = _NONE
    degraded: timedelta = _NONE

    @property
    def down(self) -> timedelta:
        """For how long it could not be used."""
        return self.out + self.maintained

    @property
    def availability(self) -> float | None:
        """The share of the known time in which it could be used, 0 to 1; None where nothing is known."""
        return round(1 - self.down / self.known, 6) if self.known else None

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.known + other.known,
            self.out + other.out,
            self.maintained + other.maintained,
            self.degraded + other.degraded,
        )


def spells(reports: Iterable[Report], start: datetime, end: datetime) -> list[Spell]:
    """The times of one status between ``start`` and ``end``, in order; neighbours of one status are one."""
    found: list[Spell] = []
    ordered = sorted(reports, key=lambda report: (report.since, report.id))
    for report, follower in zip_longest(ordered, ordered[1:]):
        starts, ends = max(report.since, start), min(follower.since, end) if follower else end
        if starts >= ends:
            continue
        going_on = follower is None or follower.since > end
        if found and found[-1].status is report.status:
            found[-1] = Spell(report.status, found[-1].starts, ends, going_on)
        else:
            found.append(Spell(report.status, starts, ends, going_on))
    return found


def use(told: Sequence[Spell]) -> Use:
    """The times of some spells, added up."""

    def of(*statuses: FacilityStatus) -> timedelta:
        return sum((spell.length for spell in told if spell.status in statuses), _NONE)

    return Use(
        known=of(*(status for status in FacilityStatus if status is not FacilityStatus.RETIRED)),
        out=of(FacilityStatus.OUT_OF_SERVICE),
        maintained=of(FacilityStatus.UNDER_MAINTENANCE),
        degraded=of(FacilityStatus.DEGRADED),
    )


def check_period(start: datetime, end: datetime) -> None:
    """Refuses (INVALID) a period that ends before it begins, or is longer than MOST_YEARS."""
    if not start < end <= start + timedelta(days=366 * MOST_YEARS):
        raise Refused(
            RefusalCode.INVALID,
            Text("The period ends before it begins, or is too long.", "时间段的结束早于开始，或过长。"),
            path=("to",),
            hint=Text(f"Give a later end, within {MOST_YEARS} years.", f"请填写晚于开始的时间，且不超过 {MOST_YEARS} 年。"),
        )
