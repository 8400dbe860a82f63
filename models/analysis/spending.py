"""Spending that strays from what is usual of it: what books spent by account and month, judged beside the event loop."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.analysis import Month, Strayed, first_day, month_of, strayed, usual_total
from domain.ledger import CHART, AccountCode, AccountType, Fund
from domain.words import Text
from models.connection import query

#: So far back is looked for what is usual.
_YEARS = 3
_EXPENSES = sorted(code for code, account in CHART.items() if account.type is AccountType.EXPENSE)

#: $1: books, $2: expenses, $3, $4: first day and the first one after.
_SPENT = """
SELECT l.book_id, l.account_id, l.code, date_trunc('month', l.booked_on)::date AS month, sum(l.debit - l.credit) AS spent
FROM journal_line l
WHERE l.book_id = ANY($1::text[]) AND l.code = ANY($2::text[]) AND l.booked_on >= $3 AND l.booked_on < $4
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class SpendingAnomaly:
    """An account of a book that strays in a month."""

    book_id: str
    account_id: str
    account: AccountCode
    month: Month
    strayed: Strayed

    @property
    def fund(self) -> Fund:
        """Whose money was spent."""
        return CHART[self.account].fund

    def reason(self) -> Text:
        """The sentence for people."""
        return self.strayed.reason(called(self.account), self.month)


def called(account: AccountCode) -> Text:
    """What people call an account."""
    return Text(account.capitalize().replace("_", " "), account.zh)


async def strays(book_ids: Iterable[str], last: date, *, months: int = 1) -> list[SpendingAnomaly]:
    """Whatever strays in the so many months up to that of ``last``, however little: the newest month first.

    Nothing is missing in a book that has no entry at all of the month.
    """
    end = month_of(last) + 1
    first = first_day(end - months - 12 * _YEARS)
    rows = await query(_SPENT, sorted(book_ids), _EXPENSES, first, first_day(end))
    spent: dict[tuple[str, str, AccountCode], dict[Month, Decimal]] = {}
    for row in rows:
        key = row["book_id"], row["account_id"], AccountCode(row["code"])
        spent.setdefault(key, {})[month_of(row["month"])] = row["spent"]
    return await asyncio.to_thread(_judged, spent, range(end - 1, end - 1 - months, -1))


def _judged(
    spent: Mapping[tuple[str, str, AccountCode], Mapping[Month, Decimal]], months: Sequence[Month]
) -> list[SpendingAnomaly]:
    totals: dict[str, dict[Month, Decimal]] = {}
    for (book, _, _), by_month in spent.items():
        total = totals.setdefault(book, {})
        for month, amount in by_month.items():
            total[month] = total.get(month, Decimal(0)) + amount
    found: list[SpendingAnomaly] = []
    for month in months:
        usual = {book: usual_total(total, month) for book, total in totals.items() if month in total}
        for (book, account_id, account), by_month in sorted(spent.items()):
            told = strayed(by_month, month, usual[book]) if book in usual else None
            if told is not None:
                found.append(SpendingAnomaly(book, account_id, account, month, told))
    return found
