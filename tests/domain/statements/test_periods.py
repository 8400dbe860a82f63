"""Periods of statements."""

from datetime import date

import pytest

from domain.refusals import Refused
from domain.statements.periods import before, cadence, check_period, last_over, months_of, named, period_of


def test_a_day_lies_in_the_quarter_half_or_year_that_is_counted_from_january() -> None:
    day = date(2026, 8, 31)
    assert period_of(day, 3) == (date(2026, 7, 1), date(2026, 9, 30))
    assert period_of(day, 6) == (date(2026, 7, 1), date(2026, 12, 31))
    assert period_of(day, 12) == (date(2026, 1, 1), date(2026, 12, 31))
    assert period_of(date(2024, 2, 29), 1) == (date(2024, 2, 1), date(2024, 2, 29))
    assert months_of(*period_of(day, 4)) == 4


def test_the_newest_period_that_is_over_ends_before_the_one_of_today() -> None:
    assert last_over(date(2026, 1, 1), 3) == (date(2025, 10, 1), date(2025, 12, 31))
    assert last_over(date(2026, 3, 31), 3) == (date(2025, 10, 1), date(2025, 12, 31))
    assert before(date(2026, 7, 1), 3) == (date(2026, 4, 1), date(2026, 6, 30))


def test_a_period_that_is_not_over_is_refused_and_says_from_when_on() -> None:
    assert check_period(date(2026, 5, 5), 3, date(2026, 7, 1)) == (date(2026, 4, 1), date(2026, 6, 30))
    with pytest.raises(Refused) as refused:
        check_period(date(2026, 5, 5), 3, date(2026, 6, 30))
    assert refused.value.path == ("period",)
    assert "2026-07-01" in (refused.value.hint.en if refused.value.hint else "")


def test_periods_are_called_as_people_call_them() -> None:
    assert named(date(2026, 7, 1), date(2026, 9, 30)).zh == "2026年第三季度"
    assert named(date(2026, 7, 1), date(2026, 12, 31)).zh == "2026年下半年"
    assert named(date(2026, 1, 1), date(2026, 12, 31)).zh == "2026年度"
    assert named(date(2026, 7, 1), date(2026, 7, 31)).zh == "2026年7月"
    assert named(date(2026, 7, 1), date(2026, 8, 31)).en == "2026-07 to 2026-08"


def test_a_figure_that_no_year_is_made_of_is_taken_for_the_next_smaller_one() -> None:
    assert [cadence(each) for each in (0, 1, 3, 5, 7, 12, 24)] == [1, 1, 3, 4, 6, 12, 12]
