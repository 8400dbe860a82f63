"""When stations are open, held against looking at every minute."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.refusals import RefusalCode, Refused
from domain.stations import Closure, Hours, Opening, check_closure

START = datetime(2026, 6, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MINUTES = some.integers(0, 3 * 24 * 60)
TIMES = some.builds(time, some.integers(0, 23), some.sampled_from([0, 1, 30, 59]))
HOURS = some.builds(Hours, TIMES, TIMES).filter(lambda hours: hours.opens != hours.closes)
CLOSURES = some.builds(
    lambda starts, lasts: Closure(START + starts * MINUTE, None if lasts is None else START + (starts + lasts) * MINUTE),
    MINUTES,
    some.none() | some.integers(1, 2_000),
)
OPENINGS = some.builds(Opening, some.none() | HOURS, some.lists(CLOSURES, max_size=3).map(tuple))


@given(HOURS, MINUTES)
def test_hours_hold_from_one_clock_time_to_the_other_over_midnight_too(hours: Hours, minutes: int) -> None:
    moment = START + minutes * MINUTE
    opened = moment.replace(hour=hours.opens.hour, minute=hours.opens.minute)
    last = opened if opened <= moment else opened - DAY
    long = (datetime.combine(START, hours.closes) - datetime.combine(START, hours.opens)) % DAY
    assert hours.hold(moment) == (moment < last + long)
    assert moment < hours.end(moment) <= moment + DAY
    assert hours.end(moment).time() == hours.closes


@given(OPENINGS, MINUTES)
def test_what_is_open_stays_so_until_it_is_said_to_close(opening: Opening, minutes: int) -> None:
    moment = START + minutes * MINUTE
    shut = any(one.holds(moment) for one in opening.closures) or not (opening.hours is None or opening.hours.hold(moment))
    assert opening.at(moment) == (not shut)
    if opening.at(moment):
        until = opening.until(moment)
        assert until is None or not opening.at(until)
        ahead = [moment + step * 7 * MINUTE for step in range(1, 200)]
        assert all(opening.at(each) for each in ahead if until is None or each < until)


@given(CLOSURES, CLOSURES)
def test_closures_overlap_when_some_minute_lies_in_both(one: Closure, other: Closure) -> None:
    begin = max(one.starts, other.starts)
    assert one.overlaps(other) == other.overlaps(one) == (one.holds(begin) and other.holds(begin))


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        ("08:00", None, "closes"),
        (None, "20:00", "opens"),
        ("8", "20:00", "opens"),
        ("08:00", "24:00", "closes"),
        *[("08:00",) * 2 + ("closes",)],
    ],
)
def test_hours_that_cannot_be_are_refused_by_field(opens: str | None, closes: str | None, field: str) -> None:
    with pytest.raises(Refused) as refused:
        Hours.of(opens, closes)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))
    assert refused.value.hint.en
    assert Hours.of(None, None) is None


@pytest.mark.parametrize(
    ("starts", "ends", "code", "field"),
    [
        (0, -1, RefusalCode.INVALID, "ends_at"),
        (0, 0, RefusalCode.INVALID, "ends_at"),
        (-8 * 24, 1, RefusalCode.INVALID, "starts_at"),
        (401 * 24, None, RefusalCode.INVALID, "starts_at"),
        (5, None, RefusalCode.CONFLICT, "starts_at"),
        (23, 30, RefusalCode.CONFLICT, "starts_at"),
    ],
)
def test_a_closure_that_cannot_be_is_refused_by_field(starts: int, ends: int | None, code: RefusalCode, field: str) -> None:
    hour = timedelta(hours=1)
    there = Closure(START + 24 * hour, START + 48 * hour)
    closure = Closure(START + starts * hour, None if ends is None else START + ends * hour)
    with pytest.raises(Refused) as refused:
        check_closure(closure, [there], START)
    assert (refused.value.code, refused.value.path) == (code, (field,))
    check_closure(Closure(START, there.starts), [there], START)
