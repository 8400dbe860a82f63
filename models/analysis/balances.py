"""What stands behind the sums: whether bills are paid, and what is left of the owners' money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.ledger import CHART, AccountCode, AccountType, Fund
from models.connection import query

from .books import SeenBook

#: $1: books, $2: fund, $3, $4: first day and the first one after, $5: income, $6: expenses of earning it, $7: all that a fund
#: is made of. What was there, came in, was spent on earning it and was used, and what is left. Opening balances, and what takes
#: them back, count as what was there, as in statements.
_FUND = """
SELECT coalesce(sum(l.credit - l.debit) FILTER (WHERE was), 0) AS opening,
    coalesce(sum(l.credit - l.debit) FILTER (WHERE NOT was AND l.code = ANY($5::text[])), 0) AS income,
    coalesce(sum(l.debit - l.credit) FILTER (WHERE NOT was AND l.code = 'COMMON_COST'), 0) AS cost,
    coalesce(sum(l.debit - l.credit) FILTER (WHERE NOT was AND l.code = ANY($6::text[])), 0) AS used,
    coalesce(sum(l.credit - l.debit), 0) AS closing
FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id LEFT JOIN journal_entry r ON r.id = e.reverses_id
CROSS JOIN LATERAL (SELECT l.booked_on < $3 OR coalesce(r.kind, e.kind) = 'OPENING' AS was) AS told
WHERE l.book_id = ANY($1::text[]) AND l.booked_on < $4 AND l.fund = $2 AND l.code = ANY($7::text[])
"""
_NET = {AccountType.FUND, AccountType.INCOME, AccountType.EXPENSE}


@dataclass(frozen=True)
class FundMoved:
    """How a fund of the owners moved: what was there, what came in, what earning it cost, what it was used for, what is left."""

    fund: Fund
    opening: Decimal
    income: Decimal
    cost: Decimal
    used: Decimal
    closing: Decimal


async def fund_moved(books: Sequence[SeenBook], fund: Fund, first: date, after: date) -> FundMoved:
    """How a fund of the owners moved in these books, of which all see who see anything of them."""
    of = {code: account for code, account in CHART.items() if account.fund is fund}
    came = [code for code, account in of.items() if account.type in {AccountType.INCOME, AccountType.FUND}]
    used = [code for code, account in of.items() if account.type is AccountType.EXPENSE and code is not AccountCode.COMMON_COST]
    net = [code for code, account in of.items() if account.type in _NET]
    (row,) = await query(_FUND, [book.book_id for book in books], fund, first, after, came, used, net)
    return FundMoved(fund, row["opening"], row["income"], row["cost"], row["used"], row["closing"])


#: $1: books, $2, $3: first day and the first one after. Of what was billed in these days and not taken back.
_COLLECTED = """
SELECT coalesce(sum(total - credited), 0) AS billed, coalesce(sum(paid), 0) AS paid
FROM bill WHERE book_id = ANY($1::text[]) AND issued_on >= $2 AND issued_on < $3
"""


@dataclass(frozen=True)
class Collected:
    """What was billed, less what was credited, and what of it has been paid until now."""

    billed: Decimal
    paid: Decimal


async def collected(book_ids: Sequence[str], first: date, after: date) -> Collected:
    """What was billed in these days, and what of it is paid."""
    (row,) = await query(_COLLECTED, list(book_ids), first, after)
    return Collected(row["billed"], row["paid"])
