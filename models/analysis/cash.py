"""The cash of a book by month, and how it goes on."""

import asyncio
from datetime import date
from decimal import Decimal

from domain.analysis import Factors, Flows, Forecast, WhatIf, factors, first_day, forecast, month_of, percent_of
from domain.ledger import Fund
from models.connection import query
from models.ledger.statements import MONEY

from .balances import collected

_YEARS = 3

#: $1: book, $2: accounts, $3, $4: first day and the first one after. What each entry moved in all, so that what goes from one
#: of them to the other is nothing; by month.
_FLOWS = """
SELECT month, coalesce(sum(net) FILTER (WHERE fees), 0) AS fees,
    coalesce(sum(net) FILTER (WHERE NOT fees AND net > 0), 0) AS other,
    -coalesce(sum(net) FILTER (WHERE NOT fees AND net < 0), 0) AS costs
FROM (
    SELECT date_trunc('month', l.booked_on)::date AS month, e.kind IN ('PAYMENT', 'REFUND', 'CHARGEBACK') AS fees,
        sum(l.debit - l.credit) AS net
    FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
    WHERE l.book_id = $1 AND l.code = ANY($2::text[]) AND l.booked_on >= $3 AND l.booked_on < $4 AND e.kind <> 'OPENING'
    GROUP BY e.id, 1, 2
) moved GROUP BY month
"""
_THERE = """
SELECT coalesce(sum(debit - credit), 0) AS there, min(booked_on) AS since
FROM journal_line WHERE book_id = $1 AND code = ANY($2::text[]) AND booked_on < $3
"""


async def foretell(
    book_id: str, fund: Fund, today: date, *, months: int = 12, percent: int = 80, what_if: WhatIf | None = None
) -> Forecast | None:
    """How the cash of a fund goes on from the month of ``today``, by the months before it. None: fewer than six are known.

    Refuses INVALID (what is asked about, see ``factors``).
    """
    first = today.replace(day=1)
    begins, codes = first.replace(year=first.year - _YEARS), list(MONEY[fund])
    changed = Factors() if what_if is None else factors(what_if, await _rate(book_id, first))
    (standing,) = await query(_THERE, book_id, codes, first)
    rows = await query(_FLOWS, book_id, codes, begins, first)
    if standing["since"] is None:
        return None
    flows = [{month_of(row["month"]): max(row[name], Decimal(0)) for row in rows} for name in ("fees", "other", "costs")]
    since = max(month_of(standing["since"]), month_of(begins))
    flows[0].setdefault(since, Decimal(0))
    return await asyncio.to_thread(
        forecast, standing["there"], Flows(*flows), month_of(first), months=months, percent=percent, factors=changed
    )


async def _rate(book_id: str, first: date) -> Decimal | None:
    """What part of the bills of the year before is paid, percent."""
    year = await collected([book_id], first.replace(year=first.year - 1), first)
    return percent_of(year.paid, year.billed)


async def months_left(book_id: str, fund: Fund, today: date) -> tuple[int, date] | None:
    """In how many months nothing is left, as it goes, and the first day of that month; None: not within a year, or too little is
    known."""
    told = await foretell(book_id, fund, today)
    if told is None or told.runs_dry is None:
        return None
    return told.runs_dry - month_of(today), first_day(told.runs_dry)
