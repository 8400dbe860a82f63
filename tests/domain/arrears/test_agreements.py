"""Instalments that sum exactly, disputes whose states are total, and late fees that are simple, capped and never on late fees."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arrears.disputes import MOVES, PAUSING, DisputeMove, DisputeState, check_credit, moved
from domain.arrears.instalments import Part, PlanState, check_count, check_parts, equal_parts, standing
from domain.arrears.late_fees import LateFee, Terms, check_terms, late_fee
from domain.refusals import RefusalCode, Refused

TODAY = date(2026, 5, 20)
DUE = date(2026, 1, 31)
CONTRACT = Terms(date(2025, 1, 1), None, Decimal("0.0003"), Decimal("0.20"), 10)


@given(st.integers(2, 10_000_000), st.integers(2, 36))
def test_equal_parts_sum_to_the_fen_and_differ_by_one_at_most(fen: int, count: int) -> None:
    total = Decimal(fen) / 100
    if fen < count:
        with pytest.raises(Refused):
            check_count(count, total)
        return
    parts = equal_parts(total, count, TODAY)
    assert check_parts(parts, total, TODAY) == parts
    assert max(part.amount for part in parts) - min(part.amount for part in parts) <= Decimal("0.01")


def test_parts_follow_the_month_also_at_its_end() -> None:
    assert [part.due_on for part in equal_parts(Decimal("10.00"), 3, DUE)] == [DUE, date(2026, 2, 28), date(2026, 3, 31)]
    assert [str(part.amount) for part in equal_parts(Decimal("10.00"), 3, DUE)] == ["3.34", "3.33", "3.33"]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([Part(TODAY, Decimal("100.00"))], "count"),
        ([Part(TODAY, Decimal("100.01")), Part(TODAY + timedelta(days=30), Decimal("-0.01"))], "instalments"),
        ([Part(TODAY, Decimal("50.005")), Part(TODAY + timedelta(days=30), Decimal("49.995"))], "instalments"),
        ([Part(TODAY, Decimal("50.00")), Part(TODAY, Decimal("50.00"))], "instalments"),
        ([Part(TODAY - timedelta(days=1), Decimal("50.00")), Part(TODAY, Decimal("50.00"))], "instalments"),
        ([Part(TODAY + timedelta(days=63), Decimal("50.00")), Part(TODAY + timedelta(days=90), Decimal("50.00"))], "instalments"),
        ([Part(TODAY, Decimal("50.00")), Part(TODAY + timedelta(days=1_200), Decimal("50.00"))], "instalments"),
        ([Part(TODAY, Decimal("50.00")), Part(TODAY + timedelta(days=30), Decimal("49.99"))], "instalments"),
    ],
)
def test_a_plan_that_is_none_is_refused_with_its_field(parts: list[Part], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_parts(parts, Decimal("100.00"), TODAY)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))


def test_a_plan_is_kept_while_each_part_is_paid_within_the_grace_and_broken_after_it() -> None:
    parts = equal_parts(Decimal("90.00"), 3, TODAY)
    assert standing(parts, Decimal("0.00"), TODAY + timedelta(days=7)) is PlanState.RUNNING
    assert standing(parts, Decimal("0.00"), TODAY + timedelta(days=8)) is PlanState.BROKEN
    assert standing(parts, Decimal("29.99"), TODAY + timedelta(days=8)) is PlanState.BROKEN
    assert standing(parts, Decimal("30.00"), TODAY + timedelta(days=8)) is PlanState.RUNNING
    assert standing(parts, Decimal("90.00"), TODAY) is PlanState.KEPT


@pytest.mark.parametrize(("state", "move"), list(product(DisputeState, DisputeMove)))
def test_the_table_of_disputes_is_total_and_what_is_settled_stays_so(state: DisputeState, move: DisputeMove) -> None:
    if move in MOVES[state]:
        assert moved(state, move) in DisputeState
    else:
        with pytest.raises(Refused) as refused:
            moved(state, move)
        assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    assert (state in PAUSING) == bool(MOVES[state])


def test_a_dispute_credits_no_more_than_is_open() -> None:
    assert check_credit(Decimal("12.50"), Decimal("12.50")) == Decimal("12.50")
    for amount in ("0.00", "-1.00", "12.51", "1.005"):
        with pytest.raises(Refused) as refused:
            check_credit(Decimal(amount), Decimal("12.50"))
        assert refused.value.path == ("amount",)


def fee(
    until: date, *changes: tuple[date, str], terms: Terms = CONTRACT, pauses: Sequence[tuple[date, date | None]] = ()
) -> LateFee:
    unpaid = [(DUE - timedelta(days=20), Decimal("1000.00")), *((day, Decimal(left)) for day, left in changes)]
    return late_fee(DUE, Decimal("1000.00"), unpaid, [terms], pauses, until)


def test_days_of_grace_and_the_due_day_cost_nothing() -> None:
    assert fee(DUE) == LateFee(Decimal("0.00"), 0)
    assert fee(DUE + timedelta(days=10)) == LateFee(Decimal("0.00"), 0)
    assert fee(DUE + timedelta(days=11)) == LateFee(Decimal("0.30"), 1)
    assert fee(DUE + timedelta(days=40)) == LateFee(Decimal("9.00"), 30)


def test_a_payment_counts_from_its_day_and_no_fee_grows_on_what_is_paid() -> None:
    paid_on = DUE + timedelta(days=21)
    assert fee(DUE + timedelta(days=40), (paid_on, "400.00")) == LateFee(Decimal("5.40"), 30)
    assert fee(DUE + timedelta(days=40), (paid_on, "0.00")) == LateFee(Decimal("3.00"), 10)


def test_disputes_plans_and_days_without_a_contract_cost_nothing() -> None:
    until = DUE + timedelta(days=40)
    paused = [(DUE + timedelta(days=16), DUE + timedelta(days=20))]
    assert fee(until, pauses=paused) == LateFee(Decimal("7.50"), 25)
    assert fee(until, pauses=[*paused, (DUE, None)]) == LateFee(Decimal("0.00"), 0)
    ended = Terms(CONTRACT.starts_on, DUE + timedelta(days=20), CONTRACT.per_day, CONTRACT.cap, 10)
    assert fee(until, terms=ended) == LateFee(Decimal("3.00"), 10)
    assert late_fee(DUE, Decimal(1_000), [(DUE, Decimal(1_000))], [], [], until) == LateFee(Decimal("0.00"), 0)


@given(
    st.lists(st.tuples(st.integers(-20, 900), st.integers(0, 100_000)), max_size=6),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 90)), max_size=3),
    st.integers(0, 900),
    st.integers(0, 900),
)
def test_late_fees_never_pass_the_cap_never_shrink_and_are_what_each_day_adds(
    changes: list[tuple[int, int]], pauses: list[tuple[int, int]], one: int, other: int
) -> None:
    billed, begin = Decimal("1000.00"), [(DUE - timedelta(days=30), Decimal("1000.00"))]
    unpaid = begin + [(DUE + timedelta(days=day), Decimal(fen) / 100) for day, fen in sorted(changes)]
    paused: list[tuple[date, date | None]] = [
        (DUE + timedelta(days=first), DUE + timedelta(days=first + days)) for first, days in pauses
    ]
    early, late = (late_fee(DUE, billed, unpaid, [CONTRACT], paused, DUE + timedelta(days=day)) for day in sorted((one, other)))
    assert Decimal(0) <= early.amount <= late.amount <= billed * CONTRACT.cap
    by_day = Decimal(0)
    for days in range(CONTRACT.grace_days + 1, max(one, other) + 1):
        day = DUE + timedelta(days=days)
        if not any(first <= day and (last is None or day <= last) for first, last in paused):
            by_day += next(left for since, left in reversed(unpaid) if since <= day) * CONTRACT.per_day
    assert late.amount == min(by_day, billed * CONTRACT.cap).quantize(Decimal("0.01"), "ROUND_DOWN")


def test_terms_beyond_what_a_court_would_leave_are_refused() -> None:
    check_terms(CONTRACT)
    for field, terms in {
        "per_day": Terms(DUE, None, Decimal("0.001"), Decimal("0.2"), 0),
        "cap": Terms(DUE, None, Decimal("0.0003"), Decimal("0.31"), 0),
        "grace_days": Terms(DUE, None, Decimal("0.0003"), Decimal("0.2"), -1),
    }.items():
        with pytest.raises(Refused) as refused:
            check_terms(terms)
        assert refused.value.path == (field,)
        assert "585" in refused.value.hint.en
