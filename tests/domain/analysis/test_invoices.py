"""Invoices that were entered twice, or cut up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.analysis import Invoice, InvoiceFault, duplicates, splits
from domain.analysis.invoices import plain_number
from domain.steward.revenue import INVOICE_BOUNDS as BOUNDS

DAY = date(2026, 3, 2)
LIMIT = Decimal(10_000)


def invoice(place: int, amount: int, days: int = 0, *, supplier: str = "a", number: str = "") -> Invoice:
    return Invoice(f"exp {place}", supplier, number or f"7000{place}", Decimal(amount), DAY + timedelta(days=days))


def ids(found: Invoice) -> str:
    return found.expense_id


@pytest.mark.parametrize("typed", ["00123456", "No. 123456", "１２３４５６", " 12-34-56 ", "no123456", "FP00123456"])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_number(typed) == plain_number("123456")
    found = duplicates([invoice(1, 300, number="123456"), invoice(2, 300, 90, number=typed)], BOUNDS)
    assert [(each.fault, ids(each.last), each.amount) for each in found] == [(InvoiceFault.SAME_NUMBER, "exp 2", Decimal(300))]
    assert "2 次" in found[0].reason().zh


def test_one_amount_twice_within_days_is_doubtful_once_and_a_regular_one_is_not() -> None:
    twice = [invoice(1, 1_280), invoice(2, 1_280, 9), invoice(3, 1_280, 200), invoice(4, 1_281, 9)]
    assert [(each.fault, ids(each.last)) for each in duplicates(twice, BOUNDS)] == [(InvoiceFault.SAME_AMOUNT, "exp 2")]
    monthly = [invoice(place, 4_000, 30 * place) for place in range(12)]
    assert duplicates([*monthly, invoice(20, 4_000, 61)], BOUNDS) == []


def test_of_two_suppliers_or_of_none_nothing_is_the_same() -> None:
    assert duplicates([invoice(1, 300, number="1"), invoice(2, 300, number="1", supplier="b")], BOUNDS) == []
    assert duplicates([invoice(1, 300, number="1", supplier=""), invoice(2, 300, number="1", supplier="")], BOUNDS) == []


def test_several_under_the_limit_and_over_it_together_are_a_split() -> None:
    cut = [invoice(1, 9_000), invoice(2, 8_500, 2), invoice(3, 7_000, 6), invoice(4, 9_900, 60)]
    found = splits(cut, LIMIT, BOUNDS)
    assert [(each.fault, len(each.invoices), each.amount) for each in found] == [(InvoiceFault.SPLIT, 3, Decimal(24_500))]
    assert "3 invoices of one supplier" in found[0].reason().en


@pytest.mark.parametrize(
    "honest",
    [
        [invoice(1, 9_000), invoice(2, 12_000, 2)],
        [invoice(1, 9_000), invoice(2, 9_000, 2, supplier="b")],
        [invoice(1, 9_000), invoice(2, 9_500, 30)],
        [invoice(1, 1_000), invoice(2, 1_200, 1), invoice(3, 900, 2)],
        [invoice(place, 9_000, 7 * place) for place in range(12)],
    ],
)
def test_large_small_far_apart_and_regular_ones_are_none(honest: list[Invoice]) -> None:
    assert splits(honest, LIMIT, BOUNDS) == []


def test_without_a_limit_nothing_is_split() -> None:
    assert splits([invoice(1, 9_000), invoice(2, 8_500, 2)], Decimal(0), BOUNDS) == []
