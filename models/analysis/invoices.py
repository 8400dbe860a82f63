"""Expenses of a year that look as if they were entered twice, or split."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.alerts.conditions import Limits
from domain.analysis import Doubtful, Invoice, duplicates, splits
from domain.steward.revenue import INVOICE_RULES, invoice_bounds
from models.connection import query

_YEAR = timedelta(days=365)

#: $1: books, $2: the first day. What stands: drafts, and what was sent or taken back, are of no account.
_ENTERED = """
SELECT x.id, x.book_id, x.supplier_id, x.invoice_number, x.amount, coalesce(x.invoice_on, x.spent_on) AS day, b.approval_limit
FROM expense x JOIN book b ON b.id = x.book_id
WHERE x.book_id = ANY($1::text[]) AND x.spent_on >= $2 AND x.state IN ('SUBMITTED', 'APPROVED', 'PAID')
    AND x.supplier_id IS NOT NULL
"""


@dataclass(frozen=True)
class DoubtfulInvoices:
    """Expenses of a book that may be wrong together."""

    book_id: str
    doubtful: Doubtful


async def doubtful_invoices(
    book_ids: Iterable[str], today: date, limits: Mapping[str, Mapping[str, Limits]]
) -> list[DoubtfulInvoices]:
    """What may be wrong with the expenses of the year before ``today``, the largest amount first. ``limits``: of each book, the
    figures by the rules' keys."""
    by_book: dict[str, list[dict[str, Any]]] = {}
    for row in await query(_ENTERED, sorted(book_ids), today - _YEAR):
        by_book.setdefault(row["book_id"], []).append(row)
    return await asyncio.to_thread(_looked_through, by_book, limits)


def _looked_through(
    by_book: Mapping[str, Sequence[Mapping[str, Any]]], limits: Mapping[str, Mapping[str, Limits]]
) -> list[DoubtfulInvoices]:
    found: list[DoubtfulInvoices] = []
    for book_id, rows in sorted(by_book.items()):
        bounds = invoice_bounds({name: value for rule in INVOICE_RULES for name, value in limits[book_id][rule.key].items()})
        invoices = [Invoice(row["id"], row["supplier_id"], row["invoice_number"], row["amount"], row["day"]) for row in rows]
        limit: Decimal = rows[0]["approval_limit"]
        told = [*duplicates(invoices, bounds), *splits(invoices, limit, bounds)]
        found += [DoubtfulInvoices(book_id, each) for each in told]
    return sorted(found, key=lambda each: (-each.doubtful.amount, each.doubtful.last.expense_id))
