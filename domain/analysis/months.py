"""Months as numbers, so that they can be counted: January of the year 1 is 12."""

from datetime import date

#: A month: its year × 12, and 0 to 11.
Month = int

_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_of(day: date) -> Month:
    """The month in which a day lies."""
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> date:
    """Its first day."""
    return date(month // 12, month % 12 + 1, 1)


def quarter_of(month: Month) -> Month:
    """The first month of its quarter."""
    return month - month % 3


def name_of(month: Month) -> str:
    """What it is called in English, whatever the year: ``March``."""
    return _NAMES[month % 12]
