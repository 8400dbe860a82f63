"""Conditions by event time, one sample after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.alerts.conditions import (
    Above,
    Below,
    Change,
    Flag,
    Held,
    Memory,
    Missing,
    Repeated,
    Sample,
    Sampled,
    Simple,
    Zone,
    step,
)

START = datetime(2025, 3, 1, tzinfo=UTC)
LOW = Below("low", "margin")
HIGH = Above("high", "margin")
LIMITS = {"low": 100.0, "high": 50.0, "margin": 5.0, "minutes": 5.0, "times": 3.0, "hours": 1.0}


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def changes(condition: Sampled, samples: Sequence[tuple[float, float]]) -> list[tuple[float, Change]]:
    """Which change each (minute, value) brought, those that brought none left out."""
    memory, found = Memory(START - timedelta(days=1)), list[tuple[float, Change]]()
    for minutes, value in samples:
        memory, change = step(condition, LIMITS, memory, Sample(minute(minutes), value))
        if change:
            found.append((minutes, change))
    return found


@pytest.mark.parametrize(
    ("level", "value", "zone"),
    [
        (LOW, 99.9, Zone.BAD),
        (LOW, 100, Zone.BETWEEN),
        (LOW, 104.9, Zone.BETWEEN),
        (LOW, 105, Zone.GOOD),
        (HIGH, 50, Zone.BAD),
        (HIGH, 49.9, Zone.BETWEEN),
        (HIGH, 45, Zone.BETWEEN),
        (HIGH, 44.9, Zone.GOOD),
        (HIGH, -60, Zone.GOOD),
        (Above("high", "margin", size=True), -60, Zone.BAD),
        (Flag(), 1, Zone.BAD),
        (Flag(), 0, Zone.GOOD),
    ],
)
def test_a_limit_itself_is_bad_upwards_and_good_enough_downwards(level: Below | Above | Flag, value: float, zone: Zone) -> None:
    assert level.zone(value, LIMITS) is zone


def test_a_simple_condition_is_raised_at_once_and_cleared_only_beyond_the_margin() -> None:
    assert changes(Simple(LOW), [(0, 120), (1, 99), (2, 101), (3, 98), (4, 104), (5, 105), (6, 101)]) == [
        (1, Change.RAISED),
        (3, Change.REPEATED),
        (5, Change.CLEARED),
    ]


def test_a_held_condition_is_raised_by_the_sample_that_completes_the_duration() -> None:
    assert changes(Held(LOW, "minutes"), [(t, 40) for t in range(7)]) == [(5, Change.RAISED), (6, Change.REPEATED)]


def test_any_sample_that_is_not_bad_starts_the_duration_anew() -> None:
    samples = [(0, 40), (3, 40), (4, 101), (5, 40), (9, 40), (10, 40), (11, 101), (12, 40), (13, 140)]
    assert changes(Held(LOW, "minutes"), samples) == [(10, Change.RAISED), (12, Change.REPEATED), (13, Change.CLEARED)]


def test_a_repeated_condition_counts_how_often_it_turned_bad_within_the_window() -> None:
    twice_and_once_later = [(0, 1), (1, 1), (2, 0), (10, 1), (11, 0), (65, 1)]
    assert changes(Repeated(Flag(), "times", "hours"), twice_and_once_later) == []
    thrice = [(0, 1), (2, 0), (10, 1), (11, 0), (20, 1), (21, 1), (22, 0), (30, 1), (31, 0)]
    assert changes(Repeated(Flag(), "times", "hours"), thrice) == [(20, Change.RAISED), (30, Change.REPEATED)]


def test_a_repeated_condition_is_cleared_when_it_was_good_for_a_whole_window() -> None:
    samples = [(0, 1), (2, 0), (10, 1), (11, 0), (20, 1), (22, 0), (79, 0), (80, 0)]
    assert changes(Repeated(Flag(), "times", "hours"), samples) == [(20, Change.RAISED), (80, Change.CLEARED)]


def test_who_was_heard_of_long_ago_is_missing_and_who_never_was_is_not() -> None:
    silent = Missing("hours")
    assert silent.zone(LIMITS, minute(0), minute(61)) is Zone.BAD
    assert silent.zone(LIMITS, minute(0), minute(60)) is Zone.GOOD
    assert silent.zone(LIMITS, None, minute(61)) is Zone.GOOD


def test_who_was_missing_is_heard_again_beyond_the_margin_only() -> None:
    silent, limits = Missing("hours", "margin"), {"hours": 4.0, "margin": 1.0}
    zones = [silent.zone(limits, minute(0), minute(60 * hours)) for hours in (4.1, 4, 3.1, 3)]
    assert zones == [Zone.BAD, Zone.BETWEEN, Zone.BETWEEN, Zone.GOOD]
    assert silent.zone({"hours": 4.0, "margin": 9.0}, minute(0), minute(120)) is Zone.GOOD, "it can always be heard again"


def test_what_is_remembered_stays_small() -> None:
    memory = Memory(START)
    for n in range(1, 200):
        memory, _ = step(Repeated(Flag(), "times", "hours"), LIMITS, memory, Sample(minute(n / 10), n % 2))
    assert len(memory.onsets) == 3
