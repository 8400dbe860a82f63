"""Which bills a sum of money goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class OpenBill:
    """A bill of which ``open`` yuan are still to be paid."""

    id: str
    due_on: date
    number: int
    open: Decimal


def allocate(amount: Decimal, bills: Sequence[OpenBill], *, chosen: bool = False) -> list[tuple[str, Decimal]]:
    """How much of ``amount`` goes to which bill, each at most once and never more than it has open.

    To the bill that is due first, then to the one with the lowest number; ``chosen``: to the bills in the order that they have.
    What is left over goes to none: it is a prepayment.
    """
    ordered = bills if chosen else sorted(bills, key=lambda bill: (bill.due_on, bill.number, bill.id))
    left, given = amount, list[tuple[str, Decimal]]()
    for bill in ordered:
        part = min(left, bill.open)
        if part > NOTHING:
            given.append((bill.id, part))
            left -= part
    return given
