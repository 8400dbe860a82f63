"""Posting: the one way by which amounts come into the books."""

from collections.abc import Sequence
from datetime import date

from domain.ledger import CHART, BookRegime, EntryKind, Line, check_balanced, first_of, owners_money
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.facts import Actor
from models.ids import new_id

from .rows import JournalEntry, JournalLine

#: $1: book. Held until the transaction ends: entries of a book are numbered one after the other.
_TAKE = "SELECT compound_id, organisation_id, street_id, regime, opened_on, closed_on FROM book WHERE id = $1 FOR NO KEY UPDATE"

#: $1: book, $2: kind, $3: source or null, $4: key. Asked when the book is held, so that it tells what others did before.
_KNOWN = """
SELECT (SELECT max(month) FROM ledger_period WHERE book_id = $1 AND reopened_at IS NULL) AS closed_month,
    (SELECT id FROM journal_entry WHERE book_id = $1 AND kind = $2 AND source_id IS NOT DISTINCT FROM $3::text AND key = $4
        AND ($3::text IS NOT NULL OR $4 <> '')) AS posted
"""

_ENTER = """
INSERT INTO journal_entry (id, book_id, booked_on, kind, source_id, key, text, actor, reverses_id, posted_at,
    compound_id, organisation_id, street_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), $10, $11, $12)
"""

#: $1: entry, $2: book, $3: day, $4 to $10: columns of the lines, $11: funds that are the owners'.
_LINES = """
INSERT INTO journal_line (id, code, fund, debit, credit, home_id, bill_id, category, entry_id, book_id, booked_on, account_id,
    compound_id, organisation_id, street_id, owners_compound_id)
SELECT l.id, l.code, a.fund, l.debit, l.credit, l.home_id, l.bill_id, l.category, $1, $2, $3::date, a.id,
    a.compound_id, a.organisation_id, a.street_id, CASE WHEN a.fund = ANY($11::text[]) THEN a.compound_id END
FROM unnest($4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::text[], $9::text[], $10::text[])
    AS l (id, code, debit, credit, home_id, bill_id, category)
JOIN ledger_account a ON a.book_id = $2 AND a.code = l.code
"""


async def post(
    actor: Actor,
    book_id: str,
    kind: EntryKind,
    lines: Sequence[Line],
    *,
    source_id: str | None = None,
    key: str = "",
    booked_on: date | None = None,
    text: str = "",
    reverses_id: str | None = None,
) -> str:
    """The id of the entry that is posted on ``booked_on`` (default: today), in the caller's transaction: call it last in it,
    for it holds the book until that ends.

    What has been posted of the same kind, ``source_id`` and ``key`` (one of them given) is answered, and nothing is written.
    ``text`` names no home and nobody. Refuses INVALID (it does not balance) and ILLEGAL_MOVE (a day outside the book's days,
    or in a month that is closed).
    """
    check_balanced(lines)
    (book,) = await query(_TAKE, book_id)
    (known,) = await query(_KNOWN, book_id, kind, source_id, key)
    if known["posted"]:
        return known["posted"]
    day = booked_on or today()
    _check_open(day, book["opened_on"], book["closed_on"], known["closed_month"])
    place = [book["compound_id"], book["organisation_id"], book["street_id"]]
    entry = new_id(JournalEntry.prefix)
    await query(_ENTER, entry, book_id, day, kind, source_id, key, text, actor.id, reverses_id, *place)
    regime = BookRegime(book["regime"])
    columns = [
        [new_id(JournalLine.prefix) for _ in lines],
        [line.account.value for line in lines],
        [line.debit for line in lines],
        [line.credit for line in lines],
        [line.home_id for line in lines],
        [line.bill_id for line in lines],
        [line.category for line in lines],
    ]
    owners = sorted({CHART[line.account].fund.value for line in lines if owners_money(regime, CHART[line.account].fund)})
    await query(_LINES, entry, book_id, day, *columns, owners)
    return entry


async def check_bookable(book_id: str, day: date, path: tuple[str, ...]) -> None:
    """Refuses (ILLEGAL_MOVE) a day of which the book takes nothing now, as ``post`` would; nothing is held."""
    (book,) = await query("SELECT opened_on, closed_on FROM book WHERE id = $1", book_id)
    (known,) = await query(_KNOWN, book_id, "", None, "")
    _check_open(day, book["opened_on"], book["closed_on"], known["closed_month"], path)


def _check_open(
    day: date, opened_on: date, closed_on: date | None, closed_month: date | None, path: tuple[str, ...] = ("booked_on",)
) -> None:
    if day < opened_on or (closed_on is not None and day > closed_on):
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The book has no entries of {day}.", f"{day} 不在账套起止日期内。"),
            path=path,
            hint=Text(
                f"Give a day from {opened_on} to {closed_on or 'now'}.", f"请填写 {opened_on} 至{closed_on or '今'}的日期。"
            ),
        )
    if closed_month is not None and first_of(day) <= closed_month:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"{day:%Y-%m} is closed.", f"{day:%Y-%m} 已结账。"),
            path=path,
            hint=Text("Give a later day, or open the month again: monthReopen.", "请填写之后的日期，或先反结账（monthReopen）。"),
        )


async def reverse(actor: Actor, entry_id: str, *, booked_on: date | None = None, text: str = "") -> str:
    """The id of the entry that takes ``entry_id`` back: the same lines the other way round, posted once. As ``post`` does."""
    entry = await JournalEntry.get(id=entry_id)
    lines = [
        Line(row["code"], row["credit"], row["debit"], row["home_id"], row["bill_id"], row["category"])
        for row in await JournalLine.filter(entry_id=entry_id)
        .order_by("id")
        .values("code", "debit", "credit", "home_id", "bill_id", "category")
    ]
    return await post(
        actor,
        entry.book_id,
        EntryKind.REVERSAL,
        lines,
        source_id=entry.source_id,
        key=entry.id,
        booked_on=booked_on,
        text=text,
        reverses_id=entry.id,
    )
