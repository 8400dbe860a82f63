"""A silence has a matcher, a window and an end, and keeps no critical alert quiet, whatever is stored of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.silences import (
    LONGEST,
    MOVES,
    SHELVED_LONGEST,
    Matcher,
    SilenceMove,
    SilenceStanding,
    Subject,
    check_matcher,
    check_shelving,
    check_window,
    standing,
)
from domain.refusals import RefusalCode, Refused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRE = frozenset({"fire_safety.smoke"})

names = st.sampled_from(["a", "b"])
subjects = st.builds(Subject, names, names, names, names, st.none() | names, st.sampled_from(Severity))
matchers = st.builds(
    Matcher, names, st.none() | names, st.none() | names, st.none() | names, st.none() | names, st.sampled_from(Severity)
)


@given(matchers, subjects)
def test_no_silence_covers_what_is_critical(matcher: Matcher, subject: Subject):
    assert not matcher.covers(replace(subject, severity=Severity.CRITICAL))


@given(matchers, subjects)
def test_a_silence_covers_what_all_that_it_names_holds_of(matcher: Matcher, subject: Subject):
    named = {name: value for name, value in vars(matcher).items() if value is not None and name != "worst"}
    fits = all(vars(subject)[name] == value for name, value in named.items())
    mild = subject.severity is not Severity.CRITICAL and subject.severity.rank >= matcher.worst.rank
    assert matcher.covers(subject) == (fits and mild)


def test_every_standing_has_a_row_for_every_move():
    assert {(each, move) for each, moves in MOVES.items() for move in moves} == set(product(SilenceStanding, SilenceMove))


def test_a_silence_runs_from_its_beginning_to_its_end():
    moments = [NOW - timedelta.resolution, NOW, NOW + HOUR - timedelta.resolution, NOW + HOUR]
    found = [standing(NOW, NOW + HOUR, moment) for moment in moments]
    assert found == [SilenceStanding.PLANNED, SilenceStanding.RUNNING, SilenceStanding.RUNNING, SilenceStanding.OVER]


@pytest.mark.parametrize(
    ("matcher", "field"),
    [
        (Matcher("s"), "compound_id"),
        (Matcher("s", "c", rule="fire_safety.smoke"), "rule"),
        (Matcher("s", "c", worst=Severity.CRITICAL), "worst"),
    ],
)
def test_a_silence_of_everything_or_of_fires_is_refused(matcher: Matcher, field: str):
    with pytest.raises(Refused) as refused:
        check_matcher(matcher, FIRE)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))
    check_matcher(Matcher("s", "c"), FIRE)


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (NOW, NOW, "ends_at"),
        (NOW - 2 * HOUR, NOW - HOUR, "ends_at"),
        (NOW + 2 * HOUR, NOW + HOUR, "ends_at"),
        (NOW, NOW + LONGEST + timedelta.resolution, "ends_at"),
        (NOW + timedelta(days=91), NOW + timedelta(days=92), "starts_at"),
    ],
)
def test_a_window_that_cannot_be_is_refused(starts: datetime, ends: datetime, field: str):
    with pytest.raises(Refused) as refused:
        check_window(starts, ends, NOW)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))


def test_nothing_is_put_aside_for_good_and_nothing_critical_at_all():
    check_shelving(NOW + HOUR, Severity.MAJOR, NOW)
    for until in (NOW, NOW - HOUR, NOW + SHELVED_LONGEST + timedelta.resolution):
        with pytest.raises(Refused) as refused:
            check_shelving(until, Severity.MAJOR, NOW)
        assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("until",))
    with pytest.raises(Refused) as refused:
        check_shelving(NOW + HOUR, Severity.CRITICAL, NOW)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
