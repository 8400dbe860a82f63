"""Payments of before that come as a sheet: each is entered as one at the desk is."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.payments import PaymentMethod
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets.money import PAYMENTS, payment
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.fees.sheets import homes_of
from models.sheets.nouns import MOST_CLASHES, MOST_ONE_BY_ONE, Clash, Entry, Noun, Read, declare
from models.sheets.rows import SheetImport

from .receiving import receive_at_desk


def _headings(_: FacilityKind | None) -> Sequence[Heading]:
    return PAYMENTS


async def _prepare(row: SheetImport) -> Read:
    (book, homes), day = await homes_of(row), today()

    def read(reading: RowReading) -> Entry:
        said = payment(reading, homes, book.opened_on, day)
        return Entry(f"{said['method']} {said['reference']}" if said["reference"] else "", said)

    return read


#: The same amount of the same home on the same day, in the same way: it was entered before.
_ENTERED = f"""
SELECT s.number FROM sheet_row s JOIN payment p ON p.home_id = s.entry->>'home' AND p.book_id = $1
    AND p.received_on = (s.entry->>'on')::date AND p.amount = (s.entry->>'amount')::numeric AND p.method = s.entry->>'method'
    AND p.reference = s.entry->>'reference' AND p.voided_at IS NULL
ORDER BY s.number LIMIT {MOST_CLASHES}
"""


async def _clashes(row: SheetImport) -> list[Clash]:
    message = Text("This payment is entered already.", "该笔收款已录入。")
    remedy = Text("Leave the row out; enter two alike at the desk.", "请删除该行；同日相同的两笔请在收款处录入。")
    return [Clash(each["number"], "home", message, remedy) for each in await query(_ENTERED, row.book_id)]


_NEXT = """
SELECT number, entry->>'home' AS home, (entry->>'amount')::numeric AS amount, entry->>'method' AS method,
    entry->>'on' AS day, entry->>'reference' AS reference
FROM sheet_row WHERE number > $1 ORDER BY number LIMIT 500
"""


#: All bills that may be paid, before the book is taken: so nobody who holds one waits for what waits for them.
_HOLD = """
SELECT id FROM bill WHERE book_id = $1 AND open > 0 AND home_id IN (SELECT entry->>'home' FROM sheet_row) ORDER BY id
FOR NO KEY UPDATE
"""


async def _enter(viewer: Viewer, row: SheetImport) -> None:
    await query(_HOLD, row.book_id)
    after = 0
    while some := await query(_NEXT, after):
        after = some[-1]["number"]
        for each in some:
            await receive_at_desk(
                viewer,
                row.book_id or "",
                each["home"],
                Decimal(each["amount"]),
                PaymentMethod(each["method"]),
                received_on=date.fromisoformat(each["day"]),
                reference=each["reference"],
            )


declare(
    Noun(
        SheetKind.PAYMENTS,
        "paymentReceive",
        "reference",
        _headings,
        _prepare,
        _clashes,
        _enter,
        of_a_book=True,
        most=MOST_ONE_BY_ONE,
    )
)
