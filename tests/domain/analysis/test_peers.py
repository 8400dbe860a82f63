"""Compounds beside others, and amounts as parts of others."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.analysis import Peers, SizeBand, change_percent, first_day, month_of, peers, per, percent_of, quarter_of, size_of

D = Decimal


def test_four_others_are_too_few_to_be_told_of() -> None:
    assert peers([D(1)] * 4) is None
    assert peers([D(1), D(2), D(3), D(4), D(100)]) == Peers(5, D(2), D(3), D(4))


@settings(max_examples=40)
@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=5))
def test_half_of_them_lie_between_the_quartiles_whatever_the_order(values: list[Decimal]) -> None:
    found = peers(values)
    assert found == peers(values[::-1])
    assert found
    assert min(values) <= found.lower <= found.median <= found.upper <= max(values)
    assert sum(value <= found.median for value in values) * 2 >= len(values)


def test_sizes_have_no_gap() -> None:
    assert [size_of(homes) for homes in (0, 99, 100, 499, 500, 999, 1_000)] == [
        *(SizeBand.TINY, SizeBand.TINY, SizeBand.SMALL, SizeBand.SMALL),
        *(SizeBand.MEDIUM, SizeBand.MEDIUM, SizeBand.LARGE),
    ]


def test_of_nothing_there_is_no_part() -> None:
    assert (change_percent(D(110), D(100)), change_percent(D(90), D(100))) == (D("10.0"), D("-10.0"))
    assert (change_percent(D(1), D(0)), percent_of(D(1), D(0)), per(D(1), 0)) == (None, None, None)
    assert (percent_of(D(1), D(3)), per(D("100.00"), D(3))) == (D("33.3"), D("33.33"))


def test_months_are_counted() -> None:
    for day in (date(2026, 1, 31), date(2026, 12, 1), date(1999, 3, 15)):
        assert first_day(month_of(day)) == day.replace(day=1)
    assert month_of(date(2026, 1, 1)) - month_of(date(2025, 12, 31)) == 1
    assert first_day(quarter_of(month_of(date(2026, 12, 3)))) == date(2026, 10, 1)
