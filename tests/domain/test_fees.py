"""The module of fees: what its figures make of what was billed, paid, failed and left lying."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.arrears.ageing import LEAST_HOMES
from domain.steward.fees import (
    ARREARS_OLD,
    COLLECTION_FALLING,
    MODULE,
    PAYMENTS_FAILING,
    Collected,
    failed_percent,
    fall,
    homes_over,
)

TODAY = date(2026, 7, 1)
#: The usual window ends 30 days ago, and begins 90 days before; the one before it, as many.
LATE, BEFORE = TODAY - timedelta(days=31), TODAY - timedelta(days=121)
USUAL = COLLECTION_FALLING.limits(None)


def due(day: date, billed: str, **paid: str) -> Collected:
    """What fell due on a day; ``paid``: by days after it, as ``d3``."""
    return Collected(day, Decimal(billed), {int(lag[1:]): Decimal(amount) for lag, amount in paid.items()})


@pytest.mark.parametrize(
    ("collected", "points"),
    [
        ([due(BEFORE, "5000", d0="4500"), due(LATE, "5000", d0="3500")], 20.0),
        ([due(BEFORE, "5000", d0="4500"), due(LATE, "5000", d0="4500")], 0.0),
        ([due(BEFORE, "5000", d0="3500"), due(LATE, "5000", d0="4500")], 0.0),
        ([due(BEFORE, "5000", d0="2000", d30="2500"), due(LATE, "5000", d0="2000", d31="2500")], 50.0),
        ([due(BEFORE, "999.99", d0="999.99"), due(LATE, "5000")], 0.0),
        ([due(BEFORE, "5000", d0="4500"), due(TODAY - timedelta(days=29), "9000")], 0.0),
        ([due(BEFORE, "5000", d0="4500")], 0.0),
    ],
)
def test_a_fall_compares_times_of_one_length_with_as_many_days_to_pay(collected: list[Collected], points: float) -> None:
    assert fall(collected, USUAL, TODAY) == points


def test_the_edges_of_the_windows_count_once() -> None:
    edge = TODAY - timedelta(days=30)
    assert fall([due(BEFORE, "5000", d0="5000"), due(edge, "5000")], USUAL, TODAY) == 100.0
    assert fall([due(BEFORE, "5000", d0="5000"), due(edge - timedelta(days=90), "5000"), due(LATE, "5000")], USUAL, TODAY) == 50.0


def test_homes_long_in_arrears_are_counted_by_the_figure_and_few_are_not_told() -> None:
    limits = ARREARS_OLD.limits(None)
    assert homes_over([(0, 100), (5, 50), (6, 7), (30, 4)], limits) == 11
    assert homes_over([(6, LEAST_HOMES - 1), (5, 90)], limits) == 0
    assert homes_over([(5, 90)], limits | {"months": 5.0}) == 90


def test_few_payments_are_no_share_and_old_ones_do_not_count() -> None:
    limits = PAYMENTS_FAILING.limits(None)
    assert failed_percent([(0, 3, 1), (23, 0, 1)], limits) == 40.0
    assert failed_percent([(0, 3, 1)], limits) == 0.0
    assert failed_percent([(0, 4, 0), (24, 0, 9)], limits) == 0.0


def test_no_rule_of_fees_can_tell_of_one_home_or_is_about_life() -> None:
    assert not any(rule.about_life for rule in MODULE.rules)
    assert ARREARS_OLD.figures["homes"].least >= LEAST_HOMES
    assert ARREARS_OLD.figures["many_homes"].least >= LEAST_HOMES
