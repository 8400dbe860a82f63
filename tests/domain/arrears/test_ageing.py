"""Ageing: every day past due is in one band, and small numbers of homes are not told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arrears.ageing import ArrearsBand, band_of, due_days, may_be_told

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-1, None),
        (0, None),
        (1, ArrearsBand.DAYS_30),
        (30, ArrearsBand.DAYS_30),
        (31, ArrearsBand.DAYS_60),
        (60, ArrearsBand.DAYS_60),
        (61, ArrearsBand.DAYS_90),
        (91, ArrearsBand.DAYS_180),
        (180, ArrearsBand.DAYS_180),
        (181, ArrearsBand.DAYS_365),
        (365, ArrearsBand.DAYS_365),
        (366, ArrearsBand.OVER_365),
        (9_999, ArrearsBand.OVER_365),
    ],
)
def test_what_is_past_due_is_in_the_band_of_its_days(days: int, band: ArrearsBand | None) -> None:
    assert band_of(days) is band


@given(st.integers(1, 2_000))
def test_the_due_days_of_a_band_are_those_that_it_holds(days: int) -> None:
    due = ON - timedelta(days=days)
    holding = [
        band for band in ArrearsBand for first, last in [due_days(band, ON)] if (first is None or first <= due) and due <= last
    ]
    assert holding == [band_of(days)]


def test_sums_over_one_or_two_homes_are_not_told_to_those_who_may_not_read_their_bills() -> None:
    assert may_be_told({ArrearsBand.DAYS_30: 3, ArrearsBand.DAYS_60: 0, ArrearsBand.OVER_365: 12})
    assert not may_be_told({ArrearsBand.DAYS_30: 40, ArrearsBand.OVER_365: 2})
    assert not may_be_told({ArrearsBand.DAYS_90: 1})
