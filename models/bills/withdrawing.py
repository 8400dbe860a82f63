"""Taking back many bills at once, whole: of each all that is open, so that its periods can be billed again."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from domain.bills import CreditKind
from domain.ledger import AccountCode, EntryKind
from domain.ledger import Line as Posted
from models.calendar import today
from models.connection import query
from models.facts import Actor
from models.ids import new_id
from models.ledger import post

from .rows import Bill, BillLine, CreditNote, CreditNoteLine

_NUMBERS = """
INSERT INTO bill_counter (book_id, credit_notes) VALUES ($1, $2)
ON CONFLICT (book_id) DO UPDATE SET credit_notes = bill_counter.credit_notes + $2 RETURNING credit_notes AS last
"""
_NOTES = """
INSERT INTO credit_note (kind, why, issued_on, book_id, compound_id, organisation_id, street_id, id, number, bill_id, home_id,
    amount)
SELECT $1, $2, $3, $4, $5, $6, $7, made.* FROM unnest($8::text[], $9::int[], $10::text[], $11::text[], $12::numeric[]) AS made
"""
_NOTE_LINES = """
INSERT INTO credit_note_line (compound_id, organisation_id, street_id, id, credit_note_id, bill_line_id, home_id, amount)
SELECT $1, $2, $3, made.* FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[]) AS made
"""
_LINES = "UPDATE bill_line SET credited = amount, withdrawn = true WHERE bill_id = ANY($1::text[])"
_BILLS = "UPDATE bill SET credited = total WHERE id = ANY($1::text[])"


async def withdraw(actor: Actor, bills: Sequence[Bill], reason: str, *, key: str = "") -> list[str]:
    """Take back bills of one book of which nothing was paid or lost: credit notes over what is open, posted in one entry.

    Call it inside the transaction that locked the bills, in the order of their ids; it takes the book. Answers the notes' ids.
    """
    if not bills:
        return []
    first, day = bills[0], today()
    place = (first.compound_id, first.organisation_id, first.street_id)
    last: int = (await query(_NUMBERS, first.book_id, len(bills)))[0]["last"]
    notes = {bill.id: new_id(CreditNote.prefix) for bill in bills}
    lines = [line for line in await BillLine.filter(bill_id__in=list(notes)).order_by("id") if line.credited < line.amount]
    await query(
        _NOTES,
        CreditKind.REVERSAL,
        reason,
        day,
        first.book_id,
        *place,
        list(notes.values()),
        list(range(last - len(bills) + 1, last + 1)),
        list(notes),
        [bill.home_id for bill in bills],
        [bill.open for bill in bills],
    )
    await query(
        _NOTE_LINES,
        *place,
        [new_id(CreditNoteLine.prefix) for _ in lines],
        [notes[line.bill_id] for line in lines],
        [line.id for line in lines],
        [line.home_id for line in lines],
        [line.amount - line.credited for line in lines],
    )
    await query(_LINES, list(notes))
    await query(_BILLS, list(notes))
    income: dict[AccountCode, Decimal] = defaultdict(Decimal)
    for line in lines:
        income[line.account] += line.amount - line.credited
    await post(
        actor,
        first.book_id,
        EntryKind.CREDIT_NOTE,
        [
            *(Posted(account, debit=amount) for account, amount in sorted(income.items())),
            *(Posted(AccountCode.RECEIVABLE, credit=bill.open, home_id=bill.home_id, bill_id=bill.id) for bill in bills),
        ],
        source_id=notes[first.id],
        key=key,
        booked_on=day,
    )
    return list(notes.values())
