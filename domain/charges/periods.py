"""Periods of fee items: whole months from January on, and what part of them a span of days is."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

#: How many months an item may be billed for at once: what divides a year, so that its periods never overlap.
CADENCES = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def cut(self, first: date, last: date | None) -> "Period | None":
        """What of it lies between ``first`` and ``last`` (None: open); None: nothing."""
        start, end = max(self.first, first), self.last if last is None else min(self.last, last)
        return Period(start, end) if start <= end else None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_from(month: date, months: int) -> Period | None:
    """The period of an item billed every so many months that begins with ``month``; None: none does."""
    if month.day != 1 or (month.month - 1) % months:
        return None
    end = month.month + months - 1
    return Period(month, date(month.year, end, monthrange(month.year, end)[1]))


@cache
def months_of(span: Period) -> Fraction:
    """How many months a span is: whole ones, and of the others so many of their days."""
    return sum((Fraction(days, of) for days, of in _months(span)), Fraction(0))


def _months(span: Period) -> Iterator[tuple[int, int]]:
    day = span.first
    while day <= span.last:
        length = monthrange(day.year, day.month)[1]
        end = min(span.last, date(day.year, day.month, length))
        yield (end - day).days + 1, length
        day = end + timedelta(days=1)
