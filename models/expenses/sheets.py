"""Expenses that come as a sheet: each row becomes a draft."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orjson import loads

from domain.access import Viewer
from domain.expenses import ExpenseCategory
from domain.facilities import FacilityKind
from domain.ledger import Fund
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets.money import EXPENSES, expense
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.sheets.nouns import MOST_CLASHES, MOST_ONE_BY_ONE, Clash, Entry, Noun, Read, declare
from models.sheets.rows import SheetImport

from .drafting import ExpenseDraft, draft
from .rows import Supplier


def _headings(_: FacilityKind | None) -> Sequence[Heading]:
    return EXPENSES


async def _prepare(row: SheetImport) -> Read:
    known, day = dict[str, str | None](), today()
    for name, id_ in await Supplier.filter(organisation_id=row.organisation_id, ended_at=None).values_list("name", "id"):
        known[str(name)] = str(id_)

    def read(reading: RowReading) -> Entry:
        said = expense(reading, known, day)
        return Entry(f"{said['supplier'] or ''} {said['number']}" if said["number"] else "", said)

    return read


_INVOICED = f"""
SELECT s.number FROM sheet_row s JOIN expense e ON e.organisation_id = $1 AND e.invoice_number = s.entry->>'number'
    AND e.supplier_id IS NOT DISTINCT FROM s.entry->>'supplier' AND e.state NOT IN ('REJECTED', 'REVERSED')
WHERE s.entry->>'number' <> '' ORDER BY s.number LIMIT {MOST_CLASHES}
"""


async def _clashes(row: SheetImport) -> list[Clash]:
    message = Text("This invoice is entered already.", "该发票已录入。")
    remedy = Text("Leave the row out.", "请删除该行。")
    return [Clash(each["number"], "invoice_number", message, remedy) for each in await query(_INVOICED, row.organisation_id)]


async def _enter(viewer: Viewer, row: SheetImport) -> None:
    after = 0
    while some := await query("SELECT number, entry FROM sheet_row WHERE number > $1 ORDER BY number LIMIT 500", after):
        after = some[-1]["number"]
        for each in some:
            await draft(viewer, row.book_id or "", _said(each["entry"]))


def _said(entry: Any) -> ExpenseDraft:
    said = loads(entry) if isinstance(entry, str | bytes) else entry
    return ExpenseDraft(
        ExpenseCategory(said["category"]),
        Decimal(said["amount"]),
        said["what"],
        Fund(said["fund"]),
        spent_on=date.fromisoformat(said["spent"]),
        supplier_id=said["supplier"],
        invoice_number=said["number"],
        invoice_on=said["invoiced"] and date.fromisoformat(said["invoiced"]),
        basis=said["basis"],
    )


declare(
    Noun(
        SheetKind.EXPENSES,
        "expenseDraft",
        "invoice_number",
        _headings,
        _prepare,
        _clashes,
        _enter,
        of_a_book=True,
        most=MOST_ONE_BY_ONE,
    )
)
