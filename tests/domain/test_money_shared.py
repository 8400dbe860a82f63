"""What is shared adds up, what is rounded is rounded as it says, and no float comes near."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import CHART, CONTROLLED, AccountCode, Line, balanced, check_balanced, debit_grows, opening
from domain.money import Rounding, fen, share
from domain.refusals import Refused

_ROOT = Path(__file__).parents[2]
#: Modules that reckon with amounts, by what their paths hold; statistics and figures of other kinds stand elsewhere.
_MONEY = ("money", "ledger", "expenses", "bills", "charges", "payments", "fees")


@given(
    total=st.integers(-(10**9), 10**9),
    weights=st.lists(st.decimals(0, 10**5, places=3), min_size=1, max_size=40).filter(lambda given: sum(given) > 0),
)
def test_what_is_shared_adds_up_to_the_fen_and_nobody_is_off_by_one(total: int, weights: list[Decimal]) -> None:
    amount = Decimal(total) / 100
    parts = share(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - amount * weight) < Decimal("0.01") * sum(weights)
    assert share(amount, weights) == parts


def test_the_fen_that_are_left_go_to_the_largest_remainders_and_then_to_the_earlier() -> None:
    assert share(Decimal("0.05"), [Decimal(1)] * 3) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
    assert share(Decimal("-0.05"), [Decimal(1)] * 3) == [Decimal("-0.02"), Decimal("-0.02"), Decimal("-0.01")]
    assert share(Decimal("100.00"), [Decimal("89.5"), Decimal(0), Decimal("120.25")]) == [
        Decimal("42.67"),
        Decimal("0.00"),
        Decimal("57.33"),
    ]
    for weights in ([], [Decimal(0)], [Decimal(2), Decimal(-1)]):
        with pytest.raises(ValueError, match="whole fen"):
            share(Decimal(1), weights)
    with pytest.raises(ValueError, match="whole fen"):
        share(Decimal("0.001"), [Decimal(1)])


@pytest.mark.parametrize(
    ("rounding", "rounded"),
    [
        (Rounding.FEN_HALF_UP, "12.35"),
        (Rounding.JIAO_HALF_UP, "12.30"),
        (Rounding.YUAN_HALF_UP, "12.00"),
        (Rounding.FEN_DOWN, "12.34"),
    ],
)
def test_amounts_are_rounded_as_the_price_list_says(rounding: Rounding, rounded: str) -> None:
    assert rounding.of(Decimal("12.345")).write() == rounded


def test_an_amount_that_people_give_names_its_field() -> None:
    assert fen(Decimal("12.5")).write() == "12.50"
    for amount in ("0.00", "-1", "0.001", "NaN", "Infinity", "1000000000000"):
        with pytest.raises(Refused) as refused:
            fen(Decimal(amount), "price")
        assert refused.value.path == ("price",)


@given(
    st.dictionaries(
        st.sampled_from([code for code in AccountCode if code not in CONTROLLED]),
        st.decimals(-(10**6), 10**6, places=2),
        min_size=1,
        max_size=12,
    )
)
def test_opening_balances_always_balance_or_are_refused(balances: dict[AccountCode, Decimal]) -> None:
    try:
        lines = opening(balances)
    except Refused:
        assert not any(balances.values()) or AccountCode.OPENING_EQUITY in balances
        return
    assert balanced(lines)
    for code, balance in balances.items():
        told = sum(line.debit - line.credit for line in lines if line.account is code)
        assert told == (balance if debit_grows(code) else -balance) or code is AccountCode.OPENING_EQUITY


@given(st.lists(st.tuples(st.sampled_from(AccountCode), st.integers(-3, 9), st.integers(-3, 9)), max_size=6))
def test_what_does_not_balance_is_refused(given_lines: list[tuple[AccountCode, int, int]]) -> None:
    lines = [Line(code, Decimal(debit), Decimal(credit)) for code, debit, credit in given_lines]
    fits = sum(line.debit - line.credit for line in lines) == 0 and len(lines) > 1
    fits = fits and all(min(line.debit, line.credit) == 0 < max(line.debit, line.credit) for line in lines)
    assert balanced(lines) is fits
    if not fits:
        with pytest.raises(Refused):
            check_balanced(lines)


def test_the_chart_names_every_account_once() -> None:
    assert set(CHART) == set(AccountCode)


def _floats(path: Path) -> list[str]:
    """Where a module says ``float``, or writes a number with a point."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named = isinstance(node, ast.Name) and node.id == "float"
        if named or (isinstance(node, ast.Constant) and isinstance(node.value, float)):
            found.append(f"{path.relative_to(_ROOT)}: {ast.unparse(node)}")
    return found


def test_no_float_enters_what_reckons_with_money() -> None:
    paths = [path for floor in ("domain", "models", "tasks", "api") for path in (_ROOT / floor).rglob("*.py")]
    money = [
        path
        for path in paths
        # A module measures shares and days: no amount passes through it.
        if not {"migrations", "steward"} & {*path.parts}
        and any(part.removesuffix(".py").split("_")[0] in _MONEY for part in path.relative_to(_ROOT).parts)
    ]
    assert len(money) > 20
    assert [place for path in money for place in _floats(path)] == []
