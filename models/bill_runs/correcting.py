"""Correcting one bill: it is taken back, and issued anew by what is known of the home now."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bills import BillDraft, CreditKind, LineDraft
from domain.charges import ChargeFault
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.bills.crediting import credit
from models.bills.issuing import issue
from models.bills.rows import Bill, BillLine
from models.calendar import today
from models.connection import query
from models.facts import record
from models.fees.rows import FeeItem
from models.ledger import Book
from models.permits import actor_of, found, permitted
from models.territory import Home

from .loading import load_home, load_items
from .rows import BillRun
from .stepping import charge_home

_WITHDRAWN = "UPDATE bill_line SET withdrawn = true WHERE bill_id = $1 AND credited = amount"


async def correct_bill(viewer: Viewer, bill_id: str, reason: str, *, due_on: date | None = None) -> Bill:
    """Take a bill back that a run issued, whole, and issue another for its items and month by what is known now.

    Answers the new bill; the old one where nothing is to be charged any more. ``due_on``: default: as the old one, or today if
    that is over. Refuses NOT_FOUND, FORBIDDEN, INVALID (reason) and ILLEGAL_MOVE (no run issued it, something of it was paid,
    written off or corrected, or an item cannot be charged now).
    """
    async with in_transaction():
        seen = await found(Bill, bill_id, viewer)
        run = await BillRun.select_for_update().get_or_none(id=seen.run_id) if seen.run_id else None  # before the bill, always
        bill = await permitted(Bill, bill_id, viewer, "billCorrect")
        old = await BillLine.filter(bill_id=bill.id).order_by("number")
        if run is None or bill.paid > 0 or bill.open != sum(line.amount - line.credited for line in old) or not bill.open:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("This bill cannot be corrected.", "该账单不能更正。"),
                path=("id",),
                hint=Text(
                    "Take what was paid off it first; bills that no run issued are credited and issued by hand.",
                    "请先撤销对该账单的核销；非批量出账的账单请冲减后另行开具。",
                ),
            )
        actor = actor_of(viewer)
        await credit(actor, bill, CreditKind.CORRECTION, reason)
        await query(_WITHDRAWN, bill.id)
        run.bills -= 1
        run.total -= bill.total
        await run.save(update_fields=["bills", "total"])
        lines = await _anew(bill, run, sorted({line.fee_item_id for line in old if line.fee_item_id}))
        made_id = bill.id
        if lines:
            day = today()
            draft = BillDraft(bill.home_id, lines, due_on or max(bill.due_on, day), corrects_id=bill.id)
            (made_id,) = await issue(actor, await Book.get(id=bill.book_id), [draft], issued_on=day)
        await record(actor, "billCorrect", bill, after={"kind": CreditKind.CORRECTION})
        return await Bill.get(id=made_id)


async def _anew(bill: Bill, run: BillRun, item_ids: list[str]) -> list[LineDraft]:
    due = await load_items(item_ids, run.month)
    home = await Home.get(id=bill.home_id)
    known = await load_home(bill.book_id, due, home.id, home.area_m2)
    lines: list[LineDraft] = []
    for each in due:
        charged = charge_home(each, known)
        if charged.fault:
            item = await FeeItem.get(id=each.item.id)
            raise _at_fault(charged.fault, item.name)
        lines += charged.lines
    return lines


def _at_fault(fault: ChargeFault, name: str) -> Refused:
    return Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"{name} cannot be charged now: {fault.meaning}", f"{name}暂无法计费：{fault.zh}。"),
        path=("id",),
        hint=Text("Mend that first.", "请先补齐相关资料。"),
    )
