"""Stock, loans, visits and distances: what cannot be, is refused whatever came before."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.refusals import RefusalCode, Refused
from domain.stations import (
    BACK,
    DUE_MAX,
    ISSUES,
    MOVED,
    MOVES,
    VISITS_MAX,
    Issue,
    ItemKind,
    LoanMove,
    LoanState,
    MovementKind,
    Point,
    Stock,
    check_amount,
    check_due,
    check_issue,
    check_point,
    check_visits,
    checked_slip,
    distance_m,
    ended,
    hour_of,
)

NOW = datetime(2026, 6, 1, 10, 20, tzinfo=UTC)
MOVEMENTS = some.lists(some.tuples(some.sampled_from(MovementKind), some.integers(0, 5)), max_size=40)
POINTS = some.builds(Point, some.floats(-89, 89), some.floats(-180, 180))


def why(code: RefusalCode, field: str, refused: Refused) -> None:
    assert (refused.code, refused.path) == (code, (field,))
    assert refused.hint.en
    assert refused.hint.zh


@given(MOVEMENTS)
def test_stock_is_what_came_less_what_went_and_never_below_nothing(movements: list[tuple[MovementKind, int]]) -> None:
    stock, there, out = Stock(0, minimum=3), 0, Counter[MovementKind]()
    for kind, amount in movements:
        try:
            stock = stock.after(kind, amount)
        except Refused as refused:
            why(RefusalCode.CONFLICT, "amount", refused)
            lacking = there < amount if kind in {MovementKind.GIVEN, MovementKind.LENT} else False
            assert lacking or (kind is MovementKind.RETURNED and out[MovementKind.LENT] < amount + out[kind])
            continue
        there = amount if MOVED[kind] is None else there + (MOVED[kind] or (0, 0))[0] * amount
        out[kind] += amount
        assert stock.in_stock == there >= 0
        assert stock.lent == out[MovementKind.LENT] - out[MovementKind.RETURNED] >= 0
        assert stock.short == (there < 3)


def test_every_kind_is_given_or_lent_and_never_both() -> None:
    assert set(ISSUES) == set(ItemKind)
    assert set(MOVED) == set(MovementKind)
    for kind, issue in product(ItemKind, Issue):
        if ISSUES[kind] is issue:
            check_issue(kind, issue)
            continue
        with pytest.raises(Refused) as refused:
            check_issue(kind, issue)
        why(RefusalCode.ILLEGAL_MOVE, "id", refused.value)


def test_a_loan_comes_back_once() -> None:
    assert set(MOVES) == set(LoanState)
    allowed = {(state, move) for state in LoanState for move in MOVES[state]}
    assert allowed == {
        (LoanState.OUT, LoanMove.RETURN),
        (LoanState.OUT, LoanMove.WRITE_OFF),
        (LoanState.LOST, LoanMove.RETURN),
    }
    for state, move in set(product(LoanState, LoanMove)) - allowed:
        with pytest.raises(Refused) as refused:
            ended(state, move)
        why(RefusalCode.ILLEGAL_MOVE, "id", refused.value)


@pytest.mark.parametrize("slip", ["", "-1", "王小明", "13800000000", "A 1", "A-12345678", "ab_c"])
def test_a_slip_is_a_number_and_no_person(slip: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_slip(slip)
    why(RefusalCode.INVALID, "slip", refused.value)
    assert checked_slip(" a-017 ") == "A-017"


@pytest.mark.parametrize("due", [NOW, NOW - timedelta.resolution, NOW + DUE_MAX + timedelta.resolution])
def test_nothing_is_lent_until_yesterday_or_for_ever(due: datetime) -> None:
    with pytest.raises(Refused) as refused:
        check_due(due, NOW)
    why(RefusalCode.INVALID, "due_at", refused.value)
    check_due(NOW + DUE_MAX, NOW)


@pytest.mark.parametrize(
    ("visits", "moment", "field"),
    [
        (1, NOW + timedelta.resolution, "hour"),
        (1, hour_of(NOW) - BACK - timedelta.resolution, "hour"),
        (-1, NOW, "visits"),
        (VISITS_MAX + 1, NOW, "visits"),
    ],
)
def test_visits_are_counted_when_they_have_been(visits: int, moment: datetime, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_visits(visits, moment, NOW)
    why(RefusalCode.INVALID, field, refused.value)
    check_visits(0, hour_of(NOW) - BACK, NOW)


@pytest.mark.parametrize("amount", [0, -1, 10_001])
def test_amounts_are_of_something(amount: int) -> None:
    with pytest.raises(Refused) as refused:
        check_amount(amount)
    why(RefusalCode.INVALID, "amount", refused.value)


@given(POINTS, POINTS, POINTS)
def test_distances_are_distances(one: Point, other: Point, third: Point) -> None:
    assert distance_m(one, one) == 0
    assert distance_m(one, other) == pytest.approx(distance_m(other, one))
    assert distance_m(one, third) <= distance_m(one, other) + distance_m(other, third) + 1e-3
    check_point(one)


def test_a_degree_is_111_km_and_what_is_not_on_the_earth_is_refused() -> None:
    assert distance_m(Point(29, 105), Point(30, 105)) == pytest.approx(111_195, abs=1)
    for point, field in ((Point(91, 0), "latitude"), (Point(float("nan"), 0), "latitude"), (Point(29, 181), "longitude")):
        with pytest.raises(Refused) as refused:
            check_point(point)
        why(RefusalCode.INVALID, field, refused.value)
