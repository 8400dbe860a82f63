"""Which bills a sum of money goes to."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.payments import OpenBill, allocate

_BILLS = [
    OpenBill("b", date(2026, 2, 28), 7, Decimal("80.00")),
    OpenBill("a", date(2026, 1, 31), 9, Decimal("50.25")),
    OpenBill("c", date(2026, 2, 28), 6, Decimal("10.00")),
]
_SUMS = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)


def test_the_bill_that_is_due_first_is_paid_first_and_what_is_left_is_a_prepayment() -> None:
    assert allocate(Decimal("60.00"), _BILLS) == [("a", Decimal("50.25")), ("c", Decimal("9.75"))]
    assert allocate(Decimal("200.00"), _BILLS) == [("a", Decimal("50.25")), ("c", Decimal("10.00")), ("b", Decimal("80.00"))]


def test_chosen_bills_are_paid_in_the_order_in_which_they_were_chosen() -> None:
    assert allocate(Decimal("81.00"), _BILLS, chosen=True) == [("b", Decimal("80.00")), ("a", Decimal("1.00"))]


@settings(max_examples=50)
@given(_SUMS, st.lists(_SUMS, max_size=8))
def test_no_fen_is_made_or_lost_and_no_bill_gets_more_than_it_has_open(amount: Decimal, sums: list[Decimal]) -> None:
    bills = [OpenBill(str(n), date(2026, 1, 1 + n), n, each) for n, each in enumerate(sums)]
    parts = allocate(amount, bills)
    assert sum(part for _, part in parts) == min(amount, sum(sums))
    assert len(parts) == len({bill for bill, _ in parts})
    assert all(0 < part <= sums[int(bill)] for bill, part in parts)
