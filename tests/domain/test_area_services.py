"""Shares of an area-wide service: exact, by area and days; and where duties may go."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.area_services import Stay, check_area, check_kind, check_period, check_services, parts_of
from domain.compound_duties import MOVES, CompoundDutyMove, CompoundDutyState, moved
from domain.organisations import MandateService
from domain.refusals import RefusalCode, Refused
from domain.territory import CompoundKind

FIRST = date(2026, 1, 1)
LAST = date(2026, 3, 31)


@given(
    total=st.integers(1, 10**9),
    stays=st.lists(st.tuples(st.integers(1, 10**7), st.integers(-100, 120), st.integers(0, 200)), min_size=1, max_size=15),
)
def test_the_shares_add_up_and_nobody_is_off_by_a_fen(total: int, stays: list[tuple[int, int, int]]) -> None:
    amount = Decimal(total) / 100
    those = [
        Stay(f"cmp_{n}", Decimal(area) / 100, FIRST + timedelta(days=from_), FIRST + timedelta(days=from_ + days))
        for n, (area, from_, days) in enumerate(stays)
    ]
    weights = [stay.area_m2 * stay.days(FIRST, LAST) for stay in those]
    if not any(weights):
        with pytest.raises(Refused) as refused:
            parts_of(amount, those, FIRST, LAST)
        assert refused.value.path == ("period_from",)
        return
    parts = parts_of(amount, those, FIRST, LAST)
    assert sum(part.amount for part in parts) == amount
    for part in parts:
        exact = amount * part.stay.area_m2 * part.days
        assert abs(part.amount * sum(weights) - exact) < Decimal("0.01") * sum(weights)


def test_whoever_joins_in_the_middle_bears_from_that_day_on() -> None:
    stays = [
        Stay("whole", Decimal("1000.00"), FIRST),
        Stay("joined", Decimal("1000.00"), FIRST + timedelta(days=45)),
        Stay("left", Decimal("1000.00"), FIRST - timedelta(days=9), FIRST - timedelta(days=1)),
    ]
    parts = parts_of(Decimal("1000.00"), stays, FIRST, LAST)
    assert [(part.stay.compound_id, part.days, str(part.amount)) for part in parts] == [
        ("whole", 90, "666.67"),
        ("joined", 45, "333.33"),
    ]


def test_what_cannot_be_shared_is_refused_by_its_field() -> None:
    assert check_services([MandateService.SECURITY, MandateService.CLEANING, MandateService.SECURITY]) == ["CLEANING", "SECURITY"]
    check_kind(CompoundKind.UNMANAGED)
    check_period(FIRST, FIRST)
    assert check_area(Decimal(5)) == Decimal("5.00")
    for field, bad in (
        ("services", lambda: check_services([])),
        ("services", lambda: check_services([MandateService.FULL, MandateService.CLEANING])),
        ("compound_id", lambda: check_kind(CompoundKind.PROPERTY_MANAGED)),
        ("period_to", lambda: check_period(FIRST, FIRST - timedelta(days=1))),
        ("area_m2", lambda: check_area(None)),
        ("area_m2", lambda: check_area(Decimal("0.001"))),
        ("area_m2", lambda: check_area(Decimal(0))),
    ):
        with pytest.raises(Refused) as refused:
            bad()
        assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))


def test_every_move_of_a_duty_is_said() -> None:
    assert {*MOVES} == {*product(CompoundDutyState, CompoundDutyMove)}
    for (state, move), after in MOVES.items():
        if after is not None:
            assert moved(state, move) is after
            continue
        with pytest.raises(Refused) as refused:
            moved(state, move)
        assert refused.value.code is RefusalCode.ILLEGAL_MOVE
