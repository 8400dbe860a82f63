"""Invoices that look as if they were paid twice, or cut up so that nobody has to approve them."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import TypeVar

from domain.words import Text

from .words import InvoiceFault

K = TypeVar("K", bound=Hashable)

_PUNCTUATION = re.compile(r"[^0-9A-Z]+")
_PREFIX = re.compile(r"^(?:NO|NUMBER|FP|INV)(?=\d)")


@dataclass(frozen=True)
class Invoice:
    """An expense as it was entered: who is paid (``supplier_id``; empty: not known), what number and day its invoice has."""

    expense_id: str
    supplier_id: str
    number: str
    amount: Decimal
    day: date


@dataclass(frozen=True)
class InvoiceBounds:
    """``same_days``: amounts of one supplier so close together are looked at; ``regular_times``: but none that was paid so often.

    ``split_days``: amounts so close together are added up; ``near_percent``: each of them at least so much of the limit.
    """

    same_days: int
    regular_times: int
    split_days: int
    near_percent: float


@dataclass(frozen=True)
class Doubtful:
    """Invoices that may be wrong together, the earliest first; ``amount``: what is at stake, yuan."""

    fault: InvoiceFault
    invoices: tuple[Invoice, ...]
    amount: Decimal

    @property
    def last(self) -> Invoice:
        """The newest of them: the one that should perhaps not be paid."""
        return self.invoices[-1]

    def reason(self) -> Text:
        """The sentence for people."""
        count, total = len(self.invoices), f"{self.amount:,.2f}"
        first, last = self.invoices[0].day, self.last.day
        match self.fault:
            case InvoiceFault.SAME_NUMBER:
                return Text(
                    f"Invoice number {self.last.number} was entered {count} times, first on {first}.",
                    f"发票号 {self.last.number} 已录入 {count} 次，首次为 {first}。",
                )
            case InvoiceFault.SAME_AMOUNT:
                return Text(
                    f"{self.last.amount:,.2f} yuan to the same supplier on {first} and on {last}, which is not paid regularly.",
                    f"同一供应商于 {first} 和 {last} 各报销 {self.last.amount:,.2f} 元，且非定期支出。",
                )
            case InvoiceFault.SPLIT:
                return Text(
                    f"{count} invoices of one supplier from {first} to {last}, {total} yuan together, each under the limit.",
                    f"同一供应商于 {first} 至 {last} 有 {count} 张发票合计 {total} 元，单张均低于审批限额。",
                )


def plain_number(number: str) -> str:
    """An invoice number without what people add or leave out: blanks, dashes, full width, ``No.`` and leading zeros."""
    plain = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", number).upper())
    return _PREFIX.sub("", plain).lstrip("0")


def duplicates(invoices: Iterable[Invoice], bounds: InvoiceBounds) -> list[Doubtful]:
    """What may have been entered twice: one number twice of a supplier; or one amount twice within days that is not regular."""
    found: list[Doubtful] = []
    for _, of in _by_supplier(invoices):
        numbered = _together(of, lambda each: plain_number(each.number))
        again = {plain: same for plain, same in numbered.items() if plain and len(same) > 1}
        found += [Doubtful(InvoiceFault.SAME_NUMBER, same, same[-1].amount) for same in again.values()]
        told = {each.expense_id for same in again.values() for each in same}
        for same in _together(of, lambda each: each.amount).values():
            rest = [each for each in same if each.expense_id not in told]
            if len(rest) < 2 or len(same) >= bounds.regular_times:
                continue
            close = [
                Doubtful(InvoiceFault.SAME_AMOUNT, (first, second), second.amount)
                for first, second in pairwise(rest)
                if second.day - first.day <= timedelta(days=bounds.same_days)
            ]
            found += close
    return found


def splits(invoices: Iterable[Invoice], limit: Decimal, bounds: InvoiceBounds) -> list[Doubtful]:
    """What may have been cut up: invoices of one supplier within days, each under the ``limit`` of approval and near it, that are
    over it together. The same amount month by month is a contract, and none is told of twice. No limit (0): nothing."""
    found: list[Doubtful] = []
    near = limit * Decimal(repr(bounds.near_percent)) / 100
    for _, of in _by_supplier(invoices):
        regular = {
            amount for amount, same in _together(of, lambda each: each.amount).items() if len(same) >= bounds.regular_times
        }
        small = [each for each in of if near <= each.amount < limit and each.amount not in regular]
        while small:
            close = tuple(each for each in small if each.day - small[0].day <= timedelta(days=bounds.split_days))
            total = sum((each.amount for each in close), Decimal(0))
            if len(close) > 1 and total >= limit:
                found.append(Doubtful(InvoiceFault.SPLIT, close, total))
                small = small[len(close) :]
            else:
                small = small[1:]
    return found


def _by_supplier(invoices: Iterable[Invoice]) -> Iterable[tuple[str, Sequence[Invoice]]]:
    ordered = sorted(
        (each for each in invoices if each.supplier_id), key=lambda each: (each.supplier_id, each.day, each.expense_id)
    )
    for supplier, of in groupby(ordered, key=lambda each: each.supplier_id):
        yield supplier, tuple(of)


def _together(invoices: Iterable[Invoice], key: Callable[[Invoice], K]) -> dict[K, tuple[Invoice, ...]]:
    """Those that are alike in something, in their order."""
    alike: dict[K, tuple[Invoice, ...]] = {}
    for each in invoices:
        alike[key(each)] = (*alike.get(key(each), ()), each)
    return alike
