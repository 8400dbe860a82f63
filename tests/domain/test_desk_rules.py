"""What counts as a failure, as a home that complains, as somebody who is not content."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.care import Care, CareStanding, Seen, decide
from domain.alerts.policies import figures
from domain.steward import RULES
from domain.steward.complaints import CLUSTER, DISSATISFIED, dissatisfied_percent, homes_of_late
from domain.steward.repairs import THIRD_FAILURE, failures

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = THIRD_FAILURE.limits(None)
hours_ago = st.lists(st.integers(0, 90 * 24), max_size=30)


@pytest.mark.parametrize(
    ("repairs", "faults", "count"),
    [
        ((1, 2, 3), (), 3),
        ((1, 2, 30 * 24), (), 2),
        ((1, 2, 30 * 24 - 1), (), 3),
        ((), (48, 72, 96), 3),
        ((), (48, 71, 94), 1),
        ((50,), (27, 73), 1),
        ((50,), (26, 74), 3),
    ],
)
def test_failures_are_counted_in_the_window_and_each_once(repairs: tuple[int, ...], faults: tuple[int, ...], count: int) -> None:
    assert failures([NOW - n * HOUR for n in repairs], [NOW - n * HOUR for n in faults], LIMITS, NOW) == count


@given(hours_ago, hours_ago, st.integers(0, 90 * 24))
def test_one_more_repair_is_never_fewer_failures_than_repairs(repairs: list[int], faults: list[int], another: int) -> None:
    def count(repaired: list[int], told: list[int]) -> int:
        return failures([NOW - n * HOUR for n in repaired], [NOW - n * HOUR for n in told], LIMITS, NOW)

    assert count(repairs, []) <= count(repairs, faults) <= count(repairs, []) + len(faults)
    assert count([*repairs, another], []) - count(repairs, []) in {0, 1}
    assert count(repairs, faults) == count(repairs[::-1], faults[::-1])


def test_a_home_counts_while_its_complaint_is_in_the_window() -> None:
    limits = CLUSTER.limits(None)
    assert homes_of_late([NOW - 168 * HOUR, NOW - 168 * HOUR + HOUR, NOW], limits, NOW) == 2


@given(st.lists(st.booleans(), max_size=40))
def test_the_share_is_of_those_who_said_anything_and_nothing_where_too_few_did(low: list[bool]) -> None:
    limits = DISSATISFIED.limits(None)
    said = [(NOW - DAY, each) for each in low] + [(NOW - 30 * DAY, True)] * 9
    expected = 100 * sum(low) / len(low) if len(low) >= 5 else 0
    assert dissatisfied_percent(said, limits, NOW) == pytest.approx(expected, abs=0.051)


def test_what_is_told_by_others_is_no_matter_of_life_and_is_not_told_again() -> None:
    quiet = [rule for rule in RULES.values() if rule.told_by]
    assert {rule.key for rule in quiet} >= {f"repairs.{name}" for name in ("response_late", "fix_late")}
    for rule in quiet:
        assert Severity.CRITICAL not in {rule.severity, *(worse.severity for worse in rule.worse)}
    seen = Seen(Severity.MAJOR, told_by_others=True)
    step = decide(Care(CareStanding.WAITING, NOW), seen, figures(Severity.MAJOR), NOW + DAY)
    assert (step.care.standing, step.act, step.look_at) == (CareStanding.QUIET, None, None)
