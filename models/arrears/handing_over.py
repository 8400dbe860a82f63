"""Handing a case over to a court or an arbitration: the file is made once, frozen, and reading it is on record."""

import hashlib
from datetime import date, datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.cases import CaseState, check_over
from domain.arrears.court_files import CourtBill, CourtReminder, CourtStatement, printed
from domain.bills import BillKind
from domain.money import Money
from domain.refusals import RefusalCode, Refused
from domain.words import Text, stored
from models.calendar import now, today, zone
from models.connection import query
from models.facts import record
from models.ledger import Book
from models.notices import Notice
from models.organisations import Organisation
from models.permits import actor_of, found, permit, permitted, unchanged
from models.territory import Compound

from .debts import ASKED
from .reminding import last_of
from .rows import ArrearsCase, CourtFile, Reminder, ReminderLadder

#: $1: today, $2: book, $3: home.
_BILLS = f"""
SELECT b.id, b.number, b.kind, b.period_from, b.period_to, b.issued_on, b.due_on, b.total, b.paid, b.credited, b.open
FROM bill b WHERE b.book_id = $2 AND b.home_id = $3 AND {ASKED} ORDER BY b.due_on, b.number
"""
_PLACE = """
SELECT concat_ws(' ', c.name, g.name, u.name, h.name) AS place, h.area_m2 FROM home h
JOIN compound c ON c.id = h.compound_id JOIN unit u ON u.id = h.unit_id JOIN building g ON g.id = u.building_id WHERE h.id = $1
"""


async def hand_over(viewer: Viewer, case_id: str, *, expected_version: int | None = None) -> CourtFile:
    """Make the file of a case for a court or an arbitration; no reminders come any more.

    It holds what is asked for: bills that are neither disputed nor in a plan. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION and
    ILLEGAL_MOVE: before the ladder's last step, proof that it came and the end of its period (see ``check_over``), and where
    nothing is left to be asked for.
    """
    async with in_transaction():
        case = await permitted(ArrearsCase, case_id, viewer, "arrearsHandOver")
        unchanged(case.version, expected_version)
        ladder = await ReminderLadder.get_or_none(book_id=case.book_id)
        reminders = await Reminder.filter(case_id=case.id).order_by("step")
        last = reminders[-1] if reminders else None
        told = last is not None and (last.told > 0 or last.delivered_on is not None)
        check_over(case.state, ladder.ladder if ladder else (), last_of(case), today(), told=told)
        bills = await query(_BILLS, today(), case.book_id, case.home_id)
        if not bills:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Nothing is left to be asked for.", "没有可主张的欠费。"),
                path=("id",),
                hint=Text("Its bills are paid, disputed or in a plan that is kept.", "相关账单已缴、有异议或在分期履行中。"),
            )
        statement = await _statement(case, bills, reminders)
        document = printed(statement)
        file = await CourtFile.create(
            made_at=now(),
            amount=statement.amount,
            bill_count=len(bills),
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            case_id=case.id,
            made_by_id=viewer.account_id,
            book_id=case.book_id,
            home_id=case.home_id,
            compound_id=case.compound_id,
            organisation_id=case.organisation_id,
            street_id=case.street_id,
        )
        case.update_from_dict({"state": CaseState.HANDED_OVER, "version": case.version + 1})
        await case.save(update_fields=["state", "version"])
        before, after = {"state": CaseState.OPEN}, {"state": case.state, "court_file_id": file.id}
        await record(actor_of(viewer), "arrearsHandOver", case, before=before, after=after)
        return file


async def _statement(case: ArrearsCase, bills: list[dict[str, Any]], reminders: list[Reminder]) -> CourtStatement:
    book = await Book.get(id=case.book_id)
    keeper, compound = await Organisation.get(id=book.organisation_id), await Compound.get(id=case.compound_id)
    (place,) = await query(_PLACE, case.home_id)
    return CourtStatement(
        made_on=today(),
        keeper=keeper.name,
        credit_code=keeper.credit_code or "",
        compound=compound.name,
        address=compound.address,
        home=place["place"],
        area_m2=str(place["area_m2"] or ""),
        bills=tuple(_bill(row) for row in bills),
        reminders=tuple([await _reminder(each) for each in reminders]),
    )


def _bill(row: dict[str, Any]) -> CourtBill:
    amounts = (Money(row[name]) for name in ("total", "paid", "credited", "open"))
    return CourtBill(
        row["number"], BillKind(row["kind"]), row["period_from"], row["period_to"], row["issued_on"], row["due_on"], *amounts
    )


async def _reminder(reminder: Reminder) -> CourtReminder:
    """With what proves that it came: when it stood in inboxes and was read there, and how it came on paper; never whose."""
    notices = await Notice.filter(topic=reminder.id).order_by("sent_at", "id")
    return CourtReminder(
        kind=reminder.kind,
        sent_on=_day(reminder.sent_at),
        pay_by=reminder.pay_by,
        amount=Money(reminder.amount),
        text=stored(reminder.message).zh,
        told=tuple(_time(each.sent_at) for each in notices if each.sent_at),
        read=tuple(_time(each.read_at) for each in notices if each.read_at),
        delivered_way=reminder.delivered_way,
        delivered_on=reminder.delivered_on,
        slip=reminder.slip,
    )


async def read_court_file(viewer: Viewer, file_id: str) -> CourtFile:
    """A court file with its document; that it was read is put on record. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        file = await found(CourtFile, file_id, viewer)
        permit(viewer, "courtFileRead", file)
        await record(actor_of(viewer), "courtFileRead", file)
        return file


def _day(moment: datetime) -> date:
    return moment.astimezone(zone()).date()


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(zone()):%Y-%m-%d %H:%M}"
