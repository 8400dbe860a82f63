"""Reminding homes that are behind: step after step of their book's ladder, in decent hours, each step once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from orjson import loads

from domain.arrears.cases import CaseState
from domain.arrears.ladder import LadderStep, Reminded, ReminderKind, decent, next_step, pay_by
from domain.arrears.wording import said
from domain.money import Money
from domain.notices import FEE_REMINDER, Announcement
from models.calendar import zone
from models.connection import query
from models.facts import Actor, record
from models.ids import new_id
from models.ledger import Book
from models.notices import announce
from models.organisations import Organisation
from models.territory import Compound
from models.work import add

from .days import works_in
from .debts import ASKED, PREPAID
from .residents import residents_of
from .rows import ArrearsCase, Reminder, ReminderLadder

#: The kind of the work rows that remind homes; payload ``{"book": id, "homes": [id, …]}``.
KIND = "arrears.remind"

_SYSTEM = Actor("system:fees")
#: Homes of one transaction.
_AT_ONCE = 100

#: $1: today, $2: book, $3: days past due of the ladder's first step, $4: its steps. Homes of which a step may be due.
_DUE = f"""
SELECT b.home_id FROM bill b
LEFT JOIN arrears_case k ON k.book_id = b.book_id AND k.home_id = b.home_id AND k.state <> 'CLOSED'
WHERE b.book_id = $2 AND b.due_on <= $1::date - $3::int AND {ASKED}
    AND (k.id IS NULL OR (k.state = 'OPEN' AND k.step < $4 AND (k.pay_by IS NULL OR k.pay_by < $1::date)))
GROUP BY b.home_id ORDER BY b.home_id
"""
#: $1: today, $2: book, $3: homes. What each of them is asked for.
_OWED = f"""
SELECT b.home_id, min(b.due_on) AS due_on, sum(b.open) AS amount, max(h.name) AS home, max(h.code) AS home_code,
    json_agg(json_build_object('id', b.id, 'number', b.number::text, 'due_on', b.due_on::text, 'open', b.open::text)
        ORDER BY b.due_on, b.number)::text AS bills
FROM bill b JOIN home h ON h.id = b.home_id
WHERE b.book_id = $2 AND b.home_id = ANY($3::text[]) AND {ASKED}
GROUP BY b.home_id, b.book_id HAVING sum(b.open) > {PREPAID} ORDER BY b.home_id
"""
_OPEN_CASES = """
INSERT INTO arrears_case (id, state, opened_on, book_id, home_id, compound_id, organisation_id, street_id)
SELECT made.id, 'OPEN', $1, $2, made.home_id, $3, $4, $5 FROM unnest($6::text[], $7::text[]) AS made (id, home_id)
ON CONFLICT DO NOTHING
"""


async def leave_reminders(now: datetime) -> int:
    """Leave the work of reminding homes of which a step may be due; how many homes. Nothing at night and on days off."""
    today, left, local = now.astimezone(zone()).date(), 0, now.astimezone(zone())
    for ladder in await ReminderLadder.filter(running=True).order_by("id"):
        if not decent(local, await works_in(ladder.street_id)):
            continue
        steps = ladder.ladder
        homes = [row["home_id"] for row in await query(_DUE, today, ladder.book_id, steps[0].after_days, len(steps))]
        for start in range(0, len(homes), _AT_ONCE):
            await add(KIND, {"book": ladder.book_id, "homes": homes[start : start + _AT_ONCE]})
        left += len(homes)
    return left


async def remind(book_id: str, homes: Sequence[str], now: datetime) -> int:
    """Remind those of the homes of which a step is due now, in the caller's transaction; how many.

    Whoever comes second, or too late in the day, finds nothing to do.
    """
    local = now.astimezone(zone())
    ladder = await ReminderLadder.get_or_none(book_id=book_id, running=True)
    if ladder is None:
        return 0
    works = await works_in(ladder.street_id)
    if not decent(local, works):
        return 0
    today, book = local.date(), await Book.get(id=book_id)
    rows = await query(_OWED, today, book_id, sorted(homes))
    owed = {row["home_id"]: {**row, "bills": loads(row["bills"])} for row in rows}
    if not owed:
        return 0
    place = (book.compound_id, book.organisation_id, book.street_id)
    await query(_OPEN_CASES, today, book_id, *place, [new_id(ArrearsCase.prefix) for _ in owed], list(owed))
    cases = ArrearsCase.filter(book_id=book_id, home_id__in=list(owed), state=CaseState.OPEN)
    people, steps = await residents_of(list(owed), today), ladder.ladder
    compound, keeper = await Compound.get(id=book.compound_id), await Organisation.get(id=book.organisation_id)
    sent = 0
    for case in await cases.order_by("id").select_for_update():
        row, last = owed[case.home_id], last_of(case)
        number = next_step(steps, (today - row["due_on"]).days, last, today)
        if number is None:
            continue
        step = steps[number - 1]
        until = pay_by(today, step.period_days, works)
        reminder = await _write(case, number, step, row, now, until, keeper.name)
        reminder.told = await _tell(reminder, compound, people.get(case.home_id, frozenset()))
        await reminder.save(update_fields=["told"])
        case.update_from_dict({"step": number, "sent_on": today, "pay_by": until, "version": case.version + 1})
        await case.save(update_fields=["step", "sent_on", "pay_by", "version"])
        await record(_SYSTEM, "reminderSend", case, after={"step": number, "kind": step.kind, "pay_by": until.isoformat()})
        sent += 1
    return sent


def last_of(case: ArrearsCase) -> Reminded | None:
    """The last reminder of a case."""
    return Reminded(case.step, case.sent_on, case.pay_by) if case.sent_on and case.pay_by else None


async def _write(
    case: ArrearsCase, number: int, step: LadderStep, row: Mapping[str, Any], now: datetime, until: date, keeper: str
) -> Reminder:
    text = said(
        step.kind,
        home=row["home"],
        amount=Money(row["amount"]).write(),
        bills=len(row["bills"]),
        due=row["due_on"].isoformat(),
        pay_by=until.isoformat(),
        keeper=keeper,
    )
    return await Reminder.create(
        kind=step.kind,
        step=number,
        amount=row["amount"],
        bill_count=len(row["bills"]),
        oldest_due_on=row["due_on"],
        pay_by=until,
        sent_at=now,
        message=text.both(),
        bills=row["bills"],
        case_id=case.id,
        book_id=case.book_id,
        home_id=case.home_id,
        compound_id=case.compound_id,
        organisation_id=case.organisation_id,
        street_id=case.street_id,
    )


async def _tell(reminder: Reminder, compound: Compound, people: frozenset[str]) -> int:
    """Tell those who live there, and nobody else: no organisation, no machine."""
    data: dict[str, Any] = {
        "reminder": {"id": reminder.id, "kind": ReminderKind(reminder.kind), "payBy": reminder.pay_by.isoformat()},
        "home": {"id": reminder.home_id},
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": reminder.message,
    }
    return await announce(
        Announcement(
            type=FEE_REMINDER,
            topic=reminder.id,
            data=data,
            street_id=reminder.street_id,
            compound_id=compound.id,
            accounts=people,
        )
    )
