"""Figures that cannot be kept are refused, naming the field and the remedy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.deadlines import (
    AHEAD_DAYS,
    BACK_DAYS,
    DEFAULTS,
    Goal,
    Measure,
    Policy,
    checked_day,
    checked_policy,
    checked_until,
)
from domain.refusals import RefusalCode, Refused

from .evaluator import at

GOOD = Policy(3, Measure.WORKING_DAYS, pause_minutes=600)
TODAY = date(2026, 11, 23)
NOW = at("2026-11-23T12:00")
HOUR = timedelta(hours=1)


def _refused(refused: Refused, field: str) -> None:
    assert refused.code is RefusalCode.INVALID
    assert refused.path == (field,)
    for language in ("en", "zh-CN"):
        assert refused.message.say(language)
        assert refused.hint.say(language)


def test_the_defaults_could_be_set():
    for goals in DEFAULTS.values():
        for goal, policy in goals.items():
            assert checked_policy(goal, policy) == policy


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": 251}, "amount"),
        ({"measure": Measure.MINUTES, "amount": 525_601}, "amount"),
        ({"warn_percent": 0}, "warn_percent"),
        ({"warn_percent": 100}, "warn_percent"),
        ({"warn_percent": 120}, "warn_percent"),
        ({"escalate_minutes": 4}, "escalate_minutes"),
        ({"pause_minutes": -1}, "pause_minutes"),
        ({"pause_minutes": 200_000}, "pause_minutes"),
    ],
    ids=str,
)
def test_impossible_figures_are_refused(change: dict[str, int], field: str):
    with pytest.raises(Refused) as refusal:
        checked_policy(Goal.CLOSE, replace(GOOD, **change))
    _refused(refusal.value, field)


def test_a_warning_at_or_after_the_breach_is_told_so():
    with pytest.raises(Refused) as refusal:
        checked_policy(Goal.ACCEPT, Policy(10, Measure.MINUTES, warn_percent=100))
    assert "before the breach" in refusal.value.hint.en


def test_only_the_last_goal_says_how_long_a_ticket_is_paused():
    with pytest.raises(Refused) as refusal:
        checked_policy(Goal.ACCEPT, GOOD)
    _refused(refusal.value, "pause_minutes")


@pytest.mark.parametrize("days", [-BACK_DAYS - 1, AHEAD_DAYS + 1])
def test_days_far_from_today_are_refused(days: int):
    assert checked_day(TODAY, TODAY) == TODAY
    with pytest.raises(Refused) as refusal:
        checked_day(TODAY + timedelta(days=days), TODAY)
    _refused(refusal.value, "day")


def test_a_pause_ends_when_it_was_said_or_when_all_are_used_up():
    assert checked_until(None, NOW, NOW + HOUR) == NOW + HOUR
    assert checked_until(NOW + HOUR, NOW, NOW + HOUR) == NOW + HOUR
    for until in (NOW, NOW + 2 * HOUR):
        with pytest.raises(Refused) as refusal:
            checked_until(until, NOW, NOW + HOUR)
        _refused(refusal.value, "until")
    with pytest.raises(Refused) as refusal:
        checked_until(None, NOW, NOW)
    _refused(refusal.value, "id")
