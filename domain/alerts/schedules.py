"""When a rule watches: weekly hours, on working days only if it says so. Outside its hours nothing is bad."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: The days of the week as schedules name them, Monday first.
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_MIDNIGHT = time()


@dataclass(frozen=True)
class Span:
    """Hours of some days of the week (0: Monday), from ``start`` up to, not including, ``end``.

    An ``end`` that does not come after ``start`` is on the next day (00:00: midnight); the hours then belong to the day on
    which they start.
    """

    days: frozenset[int]
    start: time
    end: time

    def began(self, moment: datetime) -> date | None:
        """The day whose hours ``moment`` (in the street's time zone) lies in; None: in none."""
        day, at = moment.date(), moment.time()
        if self.start < self.end:
            return day if day.weekday() in self.days and self.start <= at < self.end else None
        if at >= self.start and day.weekday() in self.days:
            return day
        before = day - timedelta(days=1)
        return before if at < self.end and before.weekday() in self.days else None


@dataclass(frozen=True)
class Schedule:
    """The hours in which a rule watches; no hours: all of each day. ``working``: of working days only."""

    hours: tuple[Span, ...] = ()
    working: bool = False

    def covers(self, moment: datetime, is_working_day: Callable[[date], bool]) -> bool:
        """Whether the rule watches at ``moment`` (aware, in the street's time zone)."""
        days = [span.began(moment) for span in self.hours] if self.hours else [moment.date()]
        return any(day is not None and (not self.working or is_working_day(day)) for day in days)

    def packed(self) -> Mapping[str, object]:
        """As JSON values, as ``domain.steward.definitions`` reads them."""
        return {
            "working": self.working,
            "hours": [
                {
                    "days": [WEEKDAYS[day] for day in sorted(span.days)],
                    "from": f"{span.start:%H:%M}",
                    "to": "24:00" if span.end == _MIDNIGHT else f"{span.end:%H:%M}",
                }
                for span in self.hours
            ],
        }
