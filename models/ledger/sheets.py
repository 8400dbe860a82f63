"""Opening balances and entries by hand that come as sheets."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.ledger import AccountCode, Line
from domain.ledger.entries import MOST_LINES
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets.money import BALANCES, ENTRIES, balance, line
from domain.words import Text
from models.connection import query
from models.sheets.nouns import MOST_CLASHES, MOST_ONE_BY_ONE, Clash, Entry, Noun, Read, declare
from models.sheets.rows import SheetImport

from .by_hand import open_balances, post_by_hand


def _balance_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return BALANCES


async def _read_balances(_: SheetImport) -> Read:
    def read(reading: RowReading) -> Entry:
        account, amount = balance(reading)
        return Entry(account, {"amount": amount})

    return read


async def _no_clashes(_: SheetImport) -> list[Clash]:
    return []


async def _enter_balances(viewer: Viewer, row: SheetImport) -> None:
    rows = await query("SELECT key, entry->>'amount' AS amount FROM sheet_row ORDER BY number")
    await open_balances(viewer, row.book_id or "", {AccountCode(each["key"]): Decimal(each["amount"]) for each in rows})


def _entry_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return ENTRIES


async def _read_entries(_: SheetImport) -> Read:
    def read(reading: RowReading) -> Entry:
        return Entry("", line(reading))

    return read


_UNSOUND = f"""
SELECT min(number) AS number, count(DISTINCT entry->>'on') > 1 OR count(DISTINCT entry->>'text') > 1 AS mixed,
    count(*) > {MOST_LINES} AS long
FROM sheet_row WHERE entry IS NOT NULL GROUP BY entry->>'entry'
HAVING sum((entry->>'debit')::numeric) <> sum((entry->>'credit')::numeric) OR count(DISTINCT entry->>'on') > 1
    OR count(DISTINCT entry->>'text') > 1 OR count(*) > {MOST_LINES}
ORDER BY 1 LIMIT {MOST_CLASHES}
"""


async def _entry_clashes(_: SheetImport) -> list[Clash]:
    mixed = Text("Its lines have several days or texts.", "同一凭证的日期或摘要不一致。")
    long = Text(f"It has more than {MOST_LINES} lines.", f"凭证超过 {MOST_LINES} 行。")
    unbalanced = Text("Its lines do not balance.", "凭证借贷不平衡。")
    return [
        Clash(
            row["number"],
            "entry",
            mixed if row["mixed"] else long if row["long"] else unbalanced,
            Text("Put its lines right, or split it.", "请核对该凭证各行，或拆分凭证。"),
        )
        for row in await query(_UNSOUND)
    ]


_NEXT = """
SELECT entry->>'entry' AS name, min(number) AS first, min(entry->>'on') AS day, min(entry->>'text') AS text,
    array_agg(entry->>'account' ORDER BY number) AS accounts, array_agg((entry->>'debit')::numeric ORDER BY number) AS debits,
    array_agg((entry->>'credit')::numeric ORDER BY number) AS credits
FROM sheet_row GROUP BY 1 HAVING min(number) > $1 ORDER BY 2 LIMIT 500
"""


async def _enter_entries(viewer: Viewer, row: SheetImport) -> None:
    after = 0
    while some := await query(_NEXT, after):
        after = some[-1]["first"]
        for each in some:
            sides = zip(each["accounts"], each["debits"], each["credits"], strict=True)
            lines = [Line(AccountCode(account), debit, credit) for account, debit, credit in sides]
            await post_by_hand(viewer, row.book_id or "", lines, each["text"], booked_on=date.fromisoformat(each["day"]))


declare(
    Noun(
        SheetKind.OPENING_BALANCES,
        "balancesOpen",
        "account",
        _balance_headings,
        _read_balances,
        _no_clashes,
        _enter_balances,
        of_a_book=True,
    )
)
declare(
    Noun(
        SheetKind.JOURNAL_ENTRIES,
        "journalPost",
        "entry",
        _entry_headings,
        _read_entries,
        _entry_clashes,
        _enter_entries,
        of_a_book=True,
        most=MOST_ONE_BY_ONE,
    )
)
