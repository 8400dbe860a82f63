"""Working days follow the official calendar, and a sensible guess where it is not known yet."""

from datetime import date

import pytest

from models.calendar import is_working_day, now, today, zone


@pytest.mark.parametrize(
    ("day", "works", "why"),
    [
        (date(2026, 11, 23), True, "a Monday"),
        (date(2026, 11, 22), False, "a Sunday"),
        (date(2026, 10, 1), False, "National Day"),
        (date(2026, 10, 7), False, "the last day of the National Day week"),
        (date(2026, 9, 20), True, "a Sunday made up for"),
        (date(2026, 10, 10), True, "a Saturday made up for"),
        (date(2026, 2, 14), True, "a Saturday made up before Spring Festival"),
        (date(2026, 2, 17), False, "Spring Festival"),
        (date(2027, 1, 1), False, "New Year of a year that is not announced"),
        (date(2027, 1, 4), True, "a Monday of a year that is not announced"),
        (date(2027, 1, 9), False, "a Saturday of a year that is not announced"),
        (date(2027, 2, 5), False, "the eve of Spring Festival, by the table"),
        (date(2027, 10, 1), False, "National Day of a year that is not announced"),
        (date(2031, 5, 1), False, "Labour Day, far ahead"),
        (date(2031, 5, 6), True, "a Tuesday, far ahead"),
    ],
    ids=str,
)
def test_a_day_is_worked_or_not(day: date, works: bool, why: str):
    assert is_working_day(day) == works, why


def test_the_date_is_that_of_the_street():
    assert zone().key == "Asia/Shanghai"
    assert now().tzinfo is zone()
    assert now().date() == today()
