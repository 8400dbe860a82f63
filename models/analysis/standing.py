"""How the open books stand: what the revenue module looks at on the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.ledger import CHART, AccountType, BookRegime, Fund, owners_money
from models.connection import query
from models.ledger.statements import MONEY


@dataclass(frozen=True)
class OpenBook:
    """A book that is open: where, how it is kept, and what people call the compound."""

    book_id: str
    regime: BookRegime
    compound_id: str
    compound_name: str
    street_id: str

    def place(self, account: str, fund: Fund) -> str:
        """What an alert calls an account of it, as all on duty there read: one of a company's own money stays unnamed."""
        return f"{self.compound_name}{account}" if owners_money(self.regime, fund) else f"{self.compound_name}物业账目"


_OPEN = """
SELECT b.id, b.regime, b.compound_id, b.street_id, c.name FROM book b JOIN compound c ON c.id = b.compound_id
WHERE b.closed_on IS NULL ORDER BY b.id
"""


async def open_books() -> dict[str, OpenBook]:
    """Every book that is open, by its id."""
    return {
        row["id"]: OpenBook(row["id"], BookRegime(row["regime"]), row["compound_id"], row["name"], row["street_id"])
        for row in await query(_OPEN)
    }


_EXPENSES = sorted(code for code, account in CHART.items() if account.type is AccountType.EXPENSE)
#: $1: the first day of the year, $2: the first day that is not over, $3: expenses. Of what is planned by now, what was spent.
_OVER = """
SELECT p.book_id, a.id AS account_id, p.code, p.planned, coalesce(s.spent, 0) AS spent
FROM (
    SELECT book_id, code, sum(amount) AS planned FROM budget_line
    WHERE month >= $1 AND month < $2 AND code = ANY($3::text[]) GROUP BY 1, 2
) p JOIN book b ON b.id = p.book_id AND b.closed_on IS NULL JOIN ledger_account a ON a.book_id = p.book_id AND a.code = p.code
LEFT JOIN LATERAL (
    SELECT sum(l.debit - l.credit) AS spent FROM journal_line l
    WHERE l.account_id = a.id AND l.booked_on >= $1 AND l.booked_on < $2
) s ON true
WHERE p.planned > 0 AND s.spent > p.planned
"""


async def over_budget(first: date, after: date) -> Sequence[Mapping[str, Any]]:
    """The accounts on which more was spent than was planned from ``first`` until the day before ``after``."""
    return await query(_OVER, first, after, _EXPENSES)


#: $1: books, $2: funds, $3: accounts, one for each; $4, $5: a year ago and now. Funds of which more went out than came in, so
#: that two years' going on would empty them; the one account whose id stands for the fund.
_DWINDLING = """
WITH held AS (SELECT * FROM unnest($2::text[], $3::text[]) AS h (fund, code))
SELECT l.book_id, held.fund, min(a.id) AS account_id
FROM journal_line l JOIN held ON held.code = l.code
JOIN LATERAL (
    SELECT x.id FROM ledger_account x
    WHERE x.book_id = l.book_id AND x.fund = held.fund AND x.code IN ('BANK', 'COMMON_BANK', 'FUND_BANK')
) a ON true
WHERE l.book_id = ANY($1::text[]) AND l.booked_on < $5
GROUP BY l.book_id, held.fund
HAVING sum(l.debit - l.credit) + 2 * coalesce(sum(l.debit - l.credit) FILTER (WHERE l.booked_on >= $4), 0) < 0
ORDER BY l.book_id, held.fund
"""


async def dwindling(book_ids: Sequence[str], since: date, until: date) -> list[tuple[str, Fund, str]]:
    """Of these books the funds that dwindle, each with the account of the book that stands for it."""
    pairs = [(fund.value, code.value) for fund, codes in MONEY.items() for code in codes]
    rows = await query(_DWINDLING, list(book_ids), [fund for fund, _ in pairs], [code for _, code in pairs], since, until)
    return [(row["book_id"], Fund(row["fund"]), row["account_id"]) for row in rows]
