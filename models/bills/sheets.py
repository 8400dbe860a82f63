"""What homes owed before, as a sheet: each row becomes a bill."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from orjson import loads

from domain.access import Viewer
from domain.bills import BillDraft, LineDraft
from domain.facilities import FacilityKind
from domain.ledger import AccountCode
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets.money import BILLS, owed
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.fees.sheets import homes_of
from models.permits import actor_of
from models.sheets.nouns import MOST_CLASHES, Clash, Entry, Noun, Read, declare
from models.sheets.rows import SheetImport

from .issuing import issue

_PAGE = 1_000


def _headings(_: FacilityKind | None) -> Sequence[Heading]:
    return BILLS


async def _prepare(row: SheetImport) -> Read:
    (book, homes), day = await homes_of(row), today()

    def read(reading: RowReading) -> Entry:
        said = owed(reading, homes, day)
        if said["issued"] and said["issued"] < book.opened_on.isoformat():
            message = Text(f"The book has no entries before {book.opened_on}.", f"账套自 {book.opened_on} 起记账。")
            reading.wrong("issued_on", message, Text("Give a day from then on.", "请填写该日或之后的日期。"))
        key = " ".join(str(said[name]) for name in ("home", "from", "to", "account", "what"))
        return Entry(key if reading.good else "", said)

    return read


#: The same amount for the same days, issued on the same day: it was imported before.
_BILLED = f"""
SELECT s.number FROM sheet_row s JOIN bill b ON b.home_id = s.entry->>'home' AND b.book_id = $1
    AND b.issued_on = (s.entry->>'issued')::date AND b.period_from = (s.entry->>'from')::date
    AND b.period_to = (s.entry->>'to')::date AND b.total = (s.entry->>'amount')::numeric AND b.run_id IS NULL
    AND b.credited < b.total
ORDER BY s.number LIMIT {MOST_CLASHES}
"""


async def _clashes(row: SheetImport) -> list[Clash]:
    message = Text("The home was billed this before.", "该住房已有相同账单。")
    remedy = Text("Leave the row out, or credit that bill first.", "请删除该行，或先冲减原账单。")
    return [Clash(each["number"], "home", message, remedy) for each in await query(_BILLED, row.book_id)]


_NEXT = f"""
SELECT number, entry, entry->>'issued' AS issued FROM sheet_row WHERE (entry->>'issued', number) > ($1, $2)
ORDER BY entry->>'issued', number LIMIT {_PAGE}
"""


async def _enter(viewer: Viewer, row: SheetImport) -> None:
    book, _ = await homes_of(row)
    after: tuple[str, int] = ("", 0)
    while page := await query(_NEXT, *after):
        after = (page[-1]["issued"], page[-1]["number"])
        for issued, some in groupby(page, key=lambda each: str(each["issued"])):
            await issue(actor_of(viewer), book, [_draft(each["entry"]) for each in some], issued_on=date.fromisoformat(issued))


def _draft(entry: Any) -> BillDraft:
    said = loads(entry) if isinstance(entry, str | bytes) else entry
    first, last = date.fromisoformat(said["from"]), date.fromisoformat(said["to"])
    line = LineDraft(AccountCode(said["account"]), Text(said["what"], said["what"]), Decimal(said["amount"]), first, last)
    return BillDraft(said["home"], [line], date.fromisoformat(said["due"]))


declare(Noun(SheetKind.BILLS, "billIssue", "home", _headings, _prepare, _clashes, _enter, of_a_book=True))
