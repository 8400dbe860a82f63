"""Drafting statements from the books: by hand, by the clock, anew, and to correct what was published."""

from collections.abc import Sequence
from datetime import date, datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.statements import (
    StatementHead,
    StatementLineKind,
    StatementMove,
    StatementState,
    content_of,
    digest_of,
    drawn_up,
    invalid,
    moved,
    read_content,
)
from domain.statements import StatementLine as Line
from domain.statements.periods import before, check_period, last_over, months_of, named
from domain.texts import written
from domain.words import Text
from models.calendar import now, today, zone
from models.connection import constrained, query
from models.facts import Actor, record
from models.ids import new_id
from models.ledger import Book, kept
from models.organisations import Organisation
from models.permits import actor_of, unchanged
from models.territory import Compound
from models.work import add

from .reckoning import Share, carried, movements, shares, through, traced
from .rows import Statement, StatementEntry, StatementLine
from .sides import held_by_keeper
from .terms import terms_by_place, terms_of

REASON_MAX = 500
#: The kind of the work rows that draft statements; payload ``{"books": [id, …]}``.
DRAFT = "statements.draft"

_SYSTEM = Actor("system:revenue")
#: Rows of one INSERT, and books of one piece of work.
_AT_ONCE, _BOOKS_AT_ONCE = 1_000, 20
#: $1: book. Held until the transaction ends, so that nothing is posted meanwhile.
_HOLD = "SELECT id FROM book WHERE id = $1 FOR NO KEY UPDATE"
#: $1: book, $2: the first and $3: the last day. What stands for some of these days, the published first.
_THERE = """
SELECT id, state FROM statement WHERE book_id = $1 AND period_from <= $3 AND period_to >= $2
    AND state IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'PUBLISHED') ORDER BY state <> 'PUBLISHED', id LIMIT 1
"""
_PUBLISHED_BEFORE = """
SELECT content FROM statement WHERE book_id = $1 AND period_from = $2 AND period_to = $3 AND state = 'PUBLISHED'
"""


async def draft(viewer: Viewer, book_id: str, *, day: date | None = None) -> Statement:
    """The draft of a statement for the period in which ``day`` lies (default: the newest that is over), from the journal.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (the period is not over, or lies before the book's first day) and CONFLICT (there is a
    statement of it).
    """
    async with in_transaction():
        book = await kept(viewer, book_id, "statementDraft")
        terms = await terms_of(book.street_id, book.compound_id)
        first, last = check_period(day, terms.months, today()) if day else last_over(today(), terms.months)
        if last < book.opened_on or (book.closed_on is not None and first > book.closed_on):
            raise invalid(
                "day",
                Text(f"The book has no entries from {first} to {last}.", f"账套在 {first} 至 {last} 期间没有账目。"),
                Text("Choose a day on which the book was open.", "请选择账套启用期间的日期。"),
            )
        return await _draft(actor_of(viewer), book, first, last)


async def draft_due(book_id: str, moment: date) -> Statement | None:
    """Draft, in the caller's transaction, the statement of a book for the newest period that is over; None: there is one."""
    book = await Book.get(id=book_id)
    terms = await terms_of(book.street_id, book.compound_id)
    first, last = last_over(moment, terms.months)
    if await query(_THERE, book_id, first, last):
        return None
    try:
        return await _draft(_SYSTEM, book, first, last)
    except Refused as refused:
        if refused.code is RefusalCode.CONFLICT:  # somebody was faster
            return None
        raise


async def _draft(actor: Actor, book: Book, first: date, last: date) -> Statement:
    if there := await query(_THERE, book.id, first, last):
        raise _there_already(published=there[0]["state"] == StatementState.PUBLISHED)
    return await _new(actor, "statementDraft", book, first, last)


def _there_already(*, published: bool) -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("There is a statement of this period.", "该期间已有公示表。"),
        path=("day",),
        hint=Text("Correct it: statementCorrect.", "请更正原公示表（statementCorrect）。")
        if published
        else Text(
            "Go on with that one, or discard it: statementDiscard.", "请继续处理原公示表，或将其作废（statementDiscard）。"
        ),
    )


async def correct(viewer: Viewer, statement_id: str, reason: str, *, expected_version: int | None = None) -> Statement:
    """The draft of the edition that is to replace a published statement, drawn from the journal as it stands now.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason), ILLEGAL_MOVE (it is not published), CONFLICT (a correction is under way)
    and STALE_VERSION.
    """
    why = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        old = await held_by_keeper(viewer, statement_id, "statementCorrect")
        unchanged(old.version, expected_version)
        moved(old.state, StatementMove.REPLACE)
        book = await Book.get(id=old.book_id)
        return await _new(actor_of(viewer), "statementCorrect", book, old.period_from, old.period_to, corrects=old, reason=why)


async def redraft(viewer: Viewer, statement_id: str, *, expected_version: int | None = None) -> Statement:
    """The draft, drawn anew from the journal as it stands now.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (the book is another's), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        statement = await held_by_keeper(viewer, statement_id, "statementRedraft")
        unchanged(statement.version, expected_version)
        statement.state = moved(statement.state, StatementMove.REDRAFT)
        book = await Book.get(id=statement.book_id)
        corrects = await Statement.get(id=statement.corrects_id) if statement.corrects_id else None
        found, lines = await _drawn(book, statement, corrects)
        statement.drafted_at, statement.version = now(), statement.version + 1
        await statement.save(update_fields=["state", "content", "sha256", "drafted_at", "version"])
        await StatementLine.filter(statement_id=statement.id).delete()
        await _keep_lines(statement, book, lines, found)
        await record(actor_of(viewer), "statementRedraft", statement, after={"version": statement.version})
        return statement


async def _new(
    actor: Actor, act: str, book: Book, first: date, last: date, *, corrects: Statement | None = None, reason: str = ""
) -> Statement:
    compound = await Compound.get(id=book.compound_id)
    period = named(first, last)
    statement = Statement(
        state=StatementState.DRAFT,
        edition=corrects.edition + 1 if corrects else 1,
        period_from=first,
        period_to=last,
        title=Text(f"{compound.name}: statement of {period.en}", f"{compound.name}{period.zh}收支公示表").both(),
        corrected_why=reason,
        drafted_at=now(),
        corrects_id=corrects and corrects.id,
        book_id=book.id,
        compound_id=book.compound_id,
        organisation_id=book.organisation_id,
        street_id=book.street_id,
    )
    found, lines = await _drawn(book, statement, corrects)
    async with constrained(_there_already(published=False)):
        await statement.save(force_create=True)
    await _keep_lines(statement, book, lines, found)
    told = {"period_from": first.isoformat(), "period_to": last.isoformat(), "edition": statement.edition}
    await record(actor, act, statement, after={"state": statement.state, **told})
    return statement


async def is_as_drafted(statement: Statement) -> bool:
    """Whether the journal still says what the draft says. The book is held from here on."""
    book = await Book.get(id=statement.book_id)
    corrects = await Statement.get(id=statement.corrects_id) if statement.corrects_id else None
    drafted = statement.content
    await _drawn(book, statement, corrects)
    return statement.content == drafted


async def _drawn(book: Book, statement: Statement, corrects: Statement | None) -> tuple[list[Share], list[Line]]:
    """What the journal says now; the statement's content and its hash are set by it. The book is held from here on."""
    await query(_HOLD, book.id)
    first, last = statement.period_from, statement.period_to
    found = await shares(book.id, book.regime, first, last)
    earlier, told = await _lines_before(book, first, last)
    lines = drawn_up(
        movements(found),
        carried=carried(book.regime),
        previous=earlier,
        corrects=read_content(corrects.content)[1] if corrects else None,
    )
    compound, keeper = await Compound.get(id=book.compound_id), await Organisation.get(id=book.organisation_id)
    head = StatementHead(
        compound=compound.name,
        keeper=keeper.name,
        regime=book.regime,
        regime_name=Text(book.regime.meaning, book.regime.zh),
        period_from=first,
        period_to=last,
        edition=statement.edition,
        through=await through(book.id, last),
        corrects=corrects and corrects.sha256,
        reason=statement.corrected_why,
    )
    statement.content = content_of(head, lines)
    statement.sha256 = digest_of(statement.content)
    return traced(found, before=not told), lines


async def _lines_before(book: Book, first: date, last: date) -> tuple[Sequence[Line] | None, bool]:
    """The lines of the period before, as they were published, or else as the journal says (None: the book was not open yet); and
    whether they were published."""
    begins, ends = before(first, months_of(first, last))
    if rows := await query(_PUBLISHED_BEFORE, book.id, begins, ends):
        return read_content(rows[0]["content"])[1], True
    if ends < book.opened_on:
        return None, False
    found = await shares(book.id, book.regime, begins, ends)
    return drawn_up(movements(found), carried=carried(book.regime)), False


async def _keep_lines(statement: Statement, book: Book, lines: Sequence[Line], found: Sequence[Share]) -> None:
    of_book = {"organisation_id": book.organisation_id, "street_id": book.street_id}
    rows = [
        StatementLine(
            position=position,
            part=line.part,
            kind=line.kind,
            code=line.code,
            name=line.name.both(),
            amount=line.amount,
            previous=line.previous,
            was=line.was,
            entry_count=line.entries,
            statement_id=statement.id,
            **of_book,
        )
        for position, line in enumerate(lines, start=1)
    ]
    await StatementLine.bulk_create(rows)
    by_key = {(row.part, row.kind, row.code): row.id for row in rows}
    owners = carried(book.regime)
    entries = [
        StatementEntry(
            id=new_id(StatementEntry.prefix),
            number=each.number,
            kind=each.entry_kind,
            booked_on=each.booked_on,
            amount=each.amount,
            line_id=by_key[each.part, each.kind, each.code],
            entry_id=each.entry_id,
            owners_compound_id=book.compound_id if each.part in owners else None,
            **of_book,
        )
        for each in found
        if each.kind is not StatementLineKind.OPENING or (each.part, each.kind, each.code) in by_key
    ]
    await StatementEntry.bulk_create(entries, batch_size=_AT_ONCE)


#: $1: today. Open books that have entries, with the last day of which they have a statement.
_BOOKS = """
SELECT b.id, b.street_id, b.compound_id, (
    SELECT max(s.period_to) FROM statement s
    WHERE s.book_id = b.id AND s.state IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'PUBLISHED')
) AS told_to
FROM book b WHERE b.closed_on IS NULL AND b.opened_on < $1 AND EXISTS (SELECT FROM journal_entry e WHERE e.book_id = b.id)
ORDER BY b.id
"""


async def leave_drafts(moment: datetime) -> int:
    """Leave work for each book that lacks the statement of the newest period that is over; for how many."""
    day = moment.astimezone(zone()).date()
    rows = await query(_BOOKS, day)
    terms = await terms_by_place((row["street_id"], row["compound_id"]) for row in rows)
    missing = [
        row["id"]
        for row in rows
        if row["told_to"] is None or row["told_to"] < last_over(day, terms[row["street_id"], row["compound_id"]].months)[1]
    ]
    for first in range(0, len(missing), _BOOKS_AT_ONCE):
        await add(DRAFT, {"books": missing[first : first + _BOOKS_AT_ONCE]})
    return len(missing)
