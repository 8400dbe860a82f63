"""When rounds open, and which plans cannot be gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.refusals import Refused
from domain.rounds import FIRE_PLANS, KINDS, Plan, RoundBasis, RoundKind, RoundMeasure, check_days, check_plan, days, windows

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_FIRST = date(2026, 1, 31)
_DAILY = Plan(RoundMeasure.DAYS, 1, ("08:00", "20:00"), 120, "1")


def _opening(plan: Plan, since: datetime, until: datetime, last: date | None = None, zone: ZoneInfo = _SHANGHAI) -> list[str]:
    return [f"{each.opens_at.astimezone(zone):%m-%d %H:%M}" for each in windows(plan, _FIRST, last, since, until, zone)]


def _at(day: int, hour: int = 0, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=_SHANGHAI)


def test_a_plan_opens_at_its_times_from_the_first_moment_included_to_the_last_not_included() -> None:
    assert _opening(_DAILY, _at(3, 8), _at(4, 8)) == ["02-03 08:00", "02-03 20:00"]
    assert _opening(_DAILY, _at(3, 9), _at(4, 9)) == ["02-03 20:00", "02-04 08:00"]
    assert _opening(_DAILY, _at(30, 0, 1), _at(1, 9)) == ["01-31 08:00", "01-31 20:00", "02-01 08:00"]
    assert _opening(_DAILY, _at(3), _at(9), last=date(2026, 2, 3)) == ["02-03 08:00", "02-03 20:00"]
    (first, *_) = windows(_DAILY, _FIRST, None, _at(3, 8), _at(4, 8), _SHANGHAI)
    assert first.closes_at - first.opens_at == 2 * _HOUR


def test_days_are_counted_from_the_first_day_and_months_end_where_they_end() -> None:
    third = replace(_DAILY, every=3)
    assert list(days(third, _FIRST, _FIRST, _FIRST + 7 * _DAY)) == [_FIRST, _FIRST + 3 * _DAY, _FIRST + 6 * _DAY]
    weekly = replace(_DAILY, measure=RoundMeasure.WEEKS)
    assert list(days(weekly, _FIRST, date(2026, 6, 1), date(2026, 6, 14))) == [date(2026, 6, 6), date(2026, 6, 13)]
    monthly = replace(_DAILY, measure=RoundMeasure.MONTHS)
    assert [f"{day:%m-%d}" for day in days(monthly, _FIRST, date(2026, 2, 1), date(2026, 5, 31))] == [
        *("02-28", "03-31", "04-30", "05-31")
    ]
    leap = list(days(monthly, date(2023, 12, 29), date(2024, 2, 1), date(2024, 3, 1)))
    assert leap == [date(2024, 2, 29)]


@pytest.mark.parametrize("every", range(1, 9))
@pytest.mark.parametrize("measure", RoundMeasure)
def test_whatever_the_span_looked_at_the_same_days_come(measure: RoundMeasure, every: int) -> None:
    plan = replace(_DAILY, measure=measure, every=every)
    whole = list(days(plan, _FIRST, _FIRST, _FIRST + 400 * _DAY))
    pieces = [
        day for start in range(0, 401, 25) for day in days(plan, _FIRST, _FIRST + start * _DAY, _FIRST + (start + 24) * _DAY)
    ]
    assert whole == [day for day in pieces if day <= _FIRST + 400 * _DAY]


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("first", [date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28)])
def test_of_a_plan_by_months_every_round_comes_also_after_a_short_month(first: date, every: int) -> None:
    plan = Plan(RoundMeasure.MONTHS, every, ("08:00",), 5 * 1_440, "1")
    begin = datetime.combine(first, time(), _SHANGHAI)
    looks = [(begin + step * _DAY, begin + (step + 1) * _DAY) for step in range(400)]
    made = [each.opens_at.astimezone(_SHANGHAI).date() for look in looks for each in windows(plan, first, None, *look, _SHANGHAI)]
    assert made == list(days(plan, first, first, first + 399 * _DAY))


def test_no_two_windows_overlap_where_a_clock_is_put_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    whole_day = Plan(RoundMeasure.DAYS, 1, ("00:00",), 1_440, "1")
    made = windows(whole_day, date(2026, 1, 1), None, datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), berlin)
    assert all(one.closes_at <= other.opens_at for one, other in pairwise(made))
    assert len({each.opens_at for each in made}) == len(made) == 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"every": 0}, "every"),
        ({"every": 367}, "every"),
        ({"times": ()}, "times"),
        ({"times": ("25:00",)}, "times"),
        ({"times": tuple(f"{hour:02}:{half}" for hour in range(24) for half in ("00", "30"))}, "times"),
        ({"window_minutes": 4}, "window_minutes"),
        ({"window_minutes": 721}, "window_minutes"),
        ({"within_m": 19}, "within_m"),
        ({"clause": " "}, "clause"),
    ],
)
def test_a_plan_that_cannot_be_gone_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        check_plan(replace(_DAILY, **wrong))
    assert caught.value.path == (field,)
    assert caught.value.hint.zh


def test_times_are_kept_in_order_and_once() -> None:
    assert check_plan(replace(_DAILY, times=("20:00", "08:00", "20:00"))).times == ("08:00", "20:00")


def test_a_plan_begins_today_or_later_and_ends_after_that() -> None:
    today = date(2026, 2, 3)
    check_days(today, today, today)
    for starts_on, ends_on, field in ((today - _DAY, None, "starts_on"), (today, today - _DAY, "ends_on")):
        with pytest.raises(Refused) as caught:
            check_days(starts_on, ends_on, today)
        assert caught.value.path == (field,)


def test_every_kind_has_a_plan_that_can_be_gone_and_the_fire_code_s_have_theirs() -> None:
    assert set(KINDS) == set(RoundKind)
    assert set(FIRE_PLANS) == set(RoundBasis)
    for plan in [*(kind.plan for kind in KINDS.values()), *(made.plan for made in FIRE_PLANS.values())]:
        assert check_plan(plan) == plan
    assert {FIRE_PLANS[basis].kind for basis in RoundBasis} == {kind for kind in RoundKind if KINDS[kind].lawful}
