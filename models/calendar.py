"""The street's clock and the official calendar: what day it is there, and whether people work on it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

from settings import load

#: Public holidays on the same date of every year (month, day), as the law names them.
EVERY_YEAR = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

#: Days that the calendar library has not learnt yet, or has wrong (True: worked). 2027: the days that the law names by
#: the lunar calendar; bridge days and make-up weekends are to be added when the State Council announces them.
OVERRIDES: Mapping[date, bool] = {
    date(2027, 2, 5): False,
    date(2027, 2, 6): False,
    date(2027, 2, 7): False,
    date(2027, 2, 8): False,
    date(2027, 4, 5): False,
    date(2027, 6, 9): False,
    date(2027, 9, 15): False,
}


@cache
def zone() -> ZoneInfo:
    """The street's time zone, from the settings of this process."""
    return load().zone


def now() -> datetime:
    """This moment, in the street's time zone."""
    return datetime.now(UTC).astimezone(zone())


def today() -> date:
    """The date in the street."""
    return now().date()


@cache
def is_working_day(day: date) -> bool:
    """Whether people work on ``day``: the official calendar with its make-up weekends.

    A year that the calendar does not know falls back to Monday to Friday without the public holidays above.
    """
    override = OVERRIDES.get(day)
    if override is not None:
        return override
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in EVERY_YEAR
