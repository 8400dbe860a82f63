"""Issuing bills: many at once, numbered without gaps, and posted in one entry."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tortoise.fields.data import JSON_DUMPS

from domain.bills import BillDraft, BillKind, check_draft
from domain.ledger import AccountCode, EntryKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import today
from models.connection import constrained, query
from models.facts import Actor
from models.ids import new_id
from models.ledger import Book, Line, post

from .rows import Bill, BillLine

_IN_COMPOUND = "SELECT count(*) AS n FROM home WHERE id = ANY($1::text[]) AND compound_id = $2"
#: $2: how many more are numbered; answers the last number.
_NUMBERS = """
INSERT INTO bill_counter (book_id, bills) VALUES ($1, $2)
ON CONFLICT (book_id) DO UPDATE SET bills = bill_counter.bills + $2 RETURNING bills AS last
"""
_BILLS = """
INSERT INTO bill (book_id, compound_id, organisation_id, street_id, kind, issued_on, run_id,
    id, number, home_id, period_from, period_to, due_on, total, corrects_id)
SELECT $1, $2, $3, $4, $5, $6, $7, made.* FROM unnest(
    $8::text[], $9::int[], $10::text[], $11::date[], $12::date[], $13::date[], $14::numeric[], $15::text[]
) AS made
"""
_LINES = """
INSERT INTO bill_line (compound_id, organisation_id, street_id,
    id, bill_id, home_id, number, fee_item_id, account, description, period_from, period_to, quantity, unit, unit_price, factor,
    amount, tier)
SELECT $1, $2, $3, made.* FROM unnest(
    $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::jsonb[], $11::date[], $12::date[], $13::numeric[],
    $14::text[], $15::numeric[], $16::numeric[], $17::numeric[], $18::int[]
) AS made
"""


async def issue(
    actor: Actor,
    book: Book,
    drafts: Sequence[BillDraft],
    *,
    issued_on: date | None = None,
    run_id: str | None = None,
    key: str = "",
) -> list[str]:
    """Issue bills of one kind to homes of the book's compound, on ``issued_on`` (default: today); their ids, in order.

    Call it inside a transaction, last but for what locks nothing: it takes the book. All are posted in one entry, of ``run_id``
    and ``key`` where there is a run. Refuses INVALID (see ``check_draft``; a home elsewhere) and CONFLICT (a home was billed for
    an item and period before). It records nothing: who calls it does.
    """
    if not drafts:
        return []
    (kind,) = {draft.kind for draft in drafts}
    day = issued_on or today()
    for draft in drafts:
        check_draft(draft, day)
    await _check_homes(book, {draft.home_id for draft in drafts})
    last: int = (await query(_NUMBERS, book.id, len(drafts)))[0]["last"]
    ids = [new_id(Bill.prefix) for _ in drafts]
    await query(
        _BILLS,
        book.id,
        book.compound_id,
        book.organisation_id,
        book.street_id,
        kind,
        day,
        run_id,
        ids,
        list(range(last - len(drafts) + 1, last + 1)),
        [draft.home_id for draft in drafts],
        [draft.period[0] for draft in drafts],
        [draft.period[1] for draft in drafts],
        [draft.due_on for draft in drafts],
        [draft.total for draft in drafts],
        [draft.corrects_id for draft in drafts],
    )
    await _write_lines(book, ids, drafts)
    await post(
        actor,
        book.id,
        EntryKind.LATE_FEE if kind is BillKind.LATE_FEE else EntryKind.BILLS,
        _posted(ids, drafts),
        source_id=run_id or ids[0],
        key=key,
        booked_on=day,
    )
    return ids


async def _check_homes(book: Book, homes: set[str]) -> None:
    if (await query(_IN_COMPOUND, list(homes), book.compound_id))[0]["n"] != len(homes):
        raise Refused(
            RefusalCode.INVALID,
            Text("A home is not of the book's compound.", "住房不属于该账套的小区。"),
            path=("home_id",),
            hint=Text("Name homes of the compound whose book this is.", "请选择账套所属小区的住房。"),
        )


async def _write_lines(book: Book, ids: Sequence[str], drafts: Sequence[BillDraft]) -> None:
    lines = [
        (id_, draft.home_id, number, line)
        for id_, draft in zip(ids, drafts, strict=True)
        for number, line in enumerate(draft.lines, 1)
    ]
    async with constrained(_twice()):
        await query(
            _LINES,
            book.compound_id,
            book.organisation_id,
            book.street_id,
            [new_id(BillLine.prefix) for _ in lines],
            [id_ for id_, *_ in lines],
            [home_id for _, home_id, *_ in lines],
            [number for _, _, number, _ in lines],
            [line.fee_item_id for *_, line in lines],
            [line.account for *_, line in lines],
            [JSON_DUMPS(line.description.both()) for *_, line in lines],
            [line.period_from for *_, line in lines],
            [line.period_to for *_, line in lines],
            [line.quantity for *_, line in lines],
            [line.unit for *_, line in lines],
            [line.amount if line.unit_price is None else line.unit_price for *_, line in lines],
            [line.factor for *_, line in lines],
            [line.amount for *_, line in lines],
            [line.tier for *_, line in lines],
        )


def _twice() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("A home has been billed for this item and period.", "该住房本期该收费项目已出账，不能重复出账。"),
        path=("lines",),
        hint=Text("Take that bill back first: billCredit or billCorrect.", "如需重开，请先冲销或更正原账单。"),
    )


def _posted(ids: Sequence[str], drafts: Sequence[BillDraft]) -> list[Line]:
    """What each home owes for its bill, against the income of all of them."""
    income: dict[AccountCode, Decimal] = defaultdict(Decimal)
    for draft in drafts:
        for line in draft.lines:
            income[line.account] += line.amount
    return [
        *(
            Line(AccountCode.RECEIVABLE, debit=draft.total, home_id=draft.home_id, bill_id=id_)
            for id_, draft in zip(ids, drafts, strict=True)
        ),
        *(Line(account, credit=amount) for account, amount in sorted(income.items())),
    ]
