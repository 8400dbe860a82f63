"""Credit notes: what is taken back of a bill."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.bills import REASON_MAX, RELEASING, CreditKind, Standing, credit_of
from domain.ledger import AccountCode, EntryKind
from domain.texts import written
from models.calendar import today
from models.connection import query
from models.facts import Actor
from models.ledger import Line, post

from .rows import Bill, BillLine, CreditNote, CreditNoteLine

_NUMBER = """
INSERT INTO bill_counter (book_id, credit_notes) VALUES ($1, 1)
ON CONFLICT (book_id) DO UPDATE SET credit_notes = bill_counter.credit_notes + 1 RETURNING credit_notes AS number
"""
#: $1: line ids, $2: amounts, $3: whether what is taken back in full can be billed again.
_LINES = """
UPDATE bill_line l SET credited = l.credited + taken.amount, withdrawn = $3 AND l.credited + taken.amount = l.amount
FROM unnest($1::text[], $2::numeric[]) AS taken (id, amount) WHERE l.id = taken.id
"""


async def credit(
    actor: Actor,
    bill: Bill,
    kind: CreditKind,
    reason: str,
    *,
    amount: Decimal | None = None,
    lines: Mapping[str, Decimal] | None = None,
    issued_on: date | None = None,
) -> CreditNote:
    """Take back of a bill ``lines`` (id → yuan), or ``amount`` shared over what stands of them (default: all that is open).

    Call it inside the transaction that locked the bill, last but for what locks nothing: it takes the book. WRITE_OFF posts to
    BAD_DEBT, all others to the accounts that the bill was posted to. Refuses INVALID (reason of 1 to 500 characters; see
    ``credit_of``) and ILLEGAL_MOVE (more than is open). It records nothing: who calls it does.
    """
    reason = written(reason, "reason", REASON_MAX)
    kept = await BillLine.filter(bill_id=bill.id).order_by("number")
    standing = [Standing(line.id, line.account, line.amount - line.credited) for line in kept]
    taken = credit_of(standing, bill.open, amount=amount, lines=lines)
    day = issued_on or today()
    place: dict[str, Any] = {
        "home_id": bill.home_id,
        "compound_id": bill.compound_id,
        "organisation_id": bill.organisation_id,
        "street_id": bill.street_id,
    }
    await query("UPDATE bill SET credited = credited + $2 WHERE id = $1", bill.id, taken.amount)
    note = await CreditNote.create(
        number=(await query(_NUMBER, bill.book_id))[0]["number"],
        kind=kind,
        amount=taken.amount,
        why=reason,
        issued_on=day,
        bill_id=bill.id,
        book_id=bill.book_id,
        **place,
    )
    against = {AccountCode.BAD_DEBT: taken.amount}
    if kind is not CreditKind.WRITE_OFF:
        await query(_LINES, list(taken.lines), list(taken.lines.values()), kind in RELEASING)
        await CreditNoteLine.bulk_create(
            CreditNoteLine(amount=part, credit_note_id=note.id, bill_line_id=line_id, **place)
            for line_id, part in taken.lines.items()
        )
        against = {}
        for line in standing:
            if line.line_id in taken.lines:
                against[line.account] = against.get(line.account, Decimal(0)) + taken.lines[line.line_id]
    await post(
        actor,
        bill.book_id,
        EntryKind.CREDIT_NOTE,
        [
            *(Line(account, debit=part) for account, part in sorted(against.items())),
            Line(AccountCode.RECEIVABLE, credit=taken.amount, home_id=bill.home_id, bill_id=bill.id),
        ],
        source_id=note.id,
        booked_on=day,
    )
    return note
