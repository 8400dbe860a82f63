"""Meters: turns of the dial, estimates that are set right, and readings that cannot be."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.charges import estimate, estimated, read, started
from domain.refusals import Refused

D = Decimal


def test_a_reading_charges_what_was_used_since_the_last_times_the_ratio() -> None:
    dial = started(5, D(100), D(10))
    after = read(dial, D("112.5"))
    assert (after.used, after.dial.value) == (D(125), D("112.5"))
    assert read(after.dial, D("112.5")).used == 0


def test_a_dial_that_began_again_is_counted_on() -> None:
    after = read(started(5, D(99_990)), D(15), rolled_over=True)
    assert (after.used, after.dial.turns) == (D(25), 1)
    assert read(after.dial, D(20)).used == 5


def test_what_an_estimate_charged_too_much_is_set_off_against_what_is_used_next() -> None:
    guessed = estimated(started(5, D(100)), D(30))
    assert guessed.used == 30
    low = read(guessed.dial, D(120))
    assert low.used == 0
    assert read(low.dial, D(140)).used == 10


@pytest.mark.parametrize(
    ("value", "rolled_over", "field"),
    [
        (D(99), False, "value"),
        (D(101), True, "rolled_over"),
        (D(99), True, "rolled_over"),
        (D(100_000), False, "value"),
        (D("100.0001"), False, "value"),
        (D("NaN"), False, "value"),
        (D(-1), False, "value"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(value: Decimal, rolled_over: bool, field: str) -> None:
    with pytest.raises(Refused) as refused:
        read(started(5, D(100)), value, rolled_over=rolled_over)
    assert refused.value.path == (field,)


def test_a_meter_has_a_dial_and_a_ratio() -> None:
    for digits, value, ratio, field in ((2, 0, 1, "digits"), (5, -1, 1, "value"), (5, 0, 0, "ratio"), (5, 10**5, 1, "value")):
        with pytest.raises(Refused) as refused:
            started(digits, D(value), D(ratio))
        assert refused.value.path == (field,)


def test_an_estimate_goes_on_as_the_last_three_readings_went() -> None:
    days = [date(2026, month, 1) for month in range(5, 11)]
    past = [(start, end, D(used)) for start, end, used in zip(days, days[1:], (999, 31, 30, 31, 31), strict=False)]
    assert estimate(past, date(2026, 10, 31)) == D("30.000")
    assert estimate(past, date(2026, 10, 1)) is None
    assert estimate([], date(2026, 10, 31)) is None


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=30))
def test_a_reading_charges_all_that_was_used_and_no_more_than_estimates_ran_ahead(steps: list[tuple[int, bool]]) -> None:
    dial, count, charged = started(3, D(0)), 0, D(0)
    for step, guess in steps:
        if guess:
            taken = estimated(dial, D(step))
        else:
            count += step
            taken = read(dial, D(count % 1000), rolled_over=count % 1000 < dial.value)
            assert charged + taken.used == max(charged, D(count))
        dial, charged = taken.dial, charged + taken.used
    assert (dial.charged, dial.count) == (charged, count)
