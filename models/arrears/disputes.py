"""Disputes of bills: opened by a resident or at the desk, answered, upheld with a credit note, rejected, withdrawn."""

from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.arrears.disputes import TEXT_MAX, DisputeMove, DisputeReason, DisputeState, check_credit, moved
from domain.bills import CreditKind
from domain.notices import BILL_DISPUTE_ANSWERED, BILL_DISPUTED, Announcement
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import CLEARED
from domain.words import Text
from models.bills import Bill, credit
from models.calendar import now, today
from models.connection import constrained, query
from models.facts import record
from models.notices import announce
from models.permits import actor_of, permitted, unchanged
from models.territory import Compound
from models.work import ringing

from .residents import residents_of
from .rows import BillDispute

_M = DisputeMove

#: $1: the account, $2: what stands in the place of their words.
_FORGET = """
UPDATE bill_dispute d SET text = $2 WHERE d.opened_by_id = $1 AND EXISTS (
    SELECT FROM role_binding b WHERE b.account_id = $1 AND b.role = 'RESIDENT' AND b.home_id = d.home_id
)
"""


async def open_dispute(viewer: Viewer, bill_id: str, reason: DisputeReason, text: str) -> BillDispute:
    """Dispute a bill of which something is open: from now on nobody is reminded of it, and no late fee grows on it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (text of 1 to 1,000 characters), ILLEGAL_MOVE (nothing of it is open) and CONFLICT (it
    is disputed already).
    """
    text = written(text, "text", TEXT_MAX)
    async with ringing(), in_transaction():
        bill = await permitted(Bill, bill_id, viewer, "billDisputeOpen", path=("bill_id",))
        if not bill.open:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Nothing of this bill is open.", "该账单已无未缴金额。"),
                path=("bill_id",),
                hint=Text("What was paid too much goes back as a refund: ask at the desk.", "如已多缴，请到服务台办理退款。"),
            )
        dispute = BillDispute(
            reason=reason,
            text=text,
            state=DisputeState.OPEN,
            opened_at=now(),
            opened_by_id=viewer.account_id,
            bill_id=bill.id,
            book_id=bill.book_id,
            home_id=bill.home_id,
            compound_id=bill.compound_id,
            organisation_id=bill.organisation_id,
            street_id=bill.street_id,
        )
        async with constrained(_taken()):
            await dispute.save(force_create=True)
        await record(actor_of(viewer), "billDisputeOpen", dispute, after={"reason": reason, "state": dispute.state})
        said = Text(f"Bill {bill.number} is disputed: {reason.lower()}.", f"账单 {bill.number} 有异议：{reason.zh}。")
        await _tell(dispute, BILL_DISPUTED, "opened", said)
        return dispute


async def answer(viewer: Viewer, dispute_id: str, text: str, *, expected_version: int | None = None) -> BillDispute:
    """Answer a dispute that is not settled. Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID and ILLEGAL_MOVE."""
    text = written(text, "text", TEXT_MAX)
    async with ringing(), in_transaction():
        dispute = await _taken_for(viewer, dispute_id, "billDisputeAnswer", expected_version)
        await _move(viewer, dispute, "billDisputeAnswer", _M.ANSWER, answer=text, answered_at=now())
        await _tell_home(dispute, Text("Your dispute of a bill was answered.", "您的账单异议已答复。"))
        return dispute


async def uphold(
    viewer: Viewer, dispute_id: str, amount: Decimal | None, text: str, *, expected_version: int | None = None
) -> BillDispute:
    """Agree with a dispute, and credit ``amount`` of the bill (default: all that is open).

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID (text; more than is open) and ILLEGAL_MOVE (settled; a closed month).
    """
    text = written(text, "text", TEXT_MAX)
    async with ringing(), in_transaction():
        dispute = await _taken_for(viewer, dispute_id, "billDisputeUphold", expected_version)
        moved(dispute.state, _M.UPHOLD)
        bill = await Bill.select_for_update().get(id=dispute.bill_id)
        credited = check_credit(bill.open if amount is None else amount, bill.open)
        changes = {"answer": text, "answered_at": now(), "closed_at": now(), "credited": credited}
        await _move(viewer, dispute, "billDisputeUphold", _M.UPHOLD, **changes)
        await _tell_home(dispute, Text("Your dispute of a bill was upheld.", "您的账单异议成立，已冲减。"))
        await credit(actor_of(viewer), bill, CreditKind.DISPUTE, text[:500], amount=credited)
        return dispute


async def reject(viewer: Viewer, dispute_id: str, text: str, *, expected_version: int | None = None) -> BillDispute:
    """Let the bill stand, and say why; the home has the days of the dispute not counted against it.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, INVALID and ILLEGAL_MOVE (settled).
    """
    text = written(text, "text", TEXT_MAX)
    async with ringing(), in_transaction():
        dispute = await _taken_for(viewer, dispute_id, "billDisputeReject", expected_version)
        changes = {"answer": text, "answered_at": now(), "closed_at": now()}
        await _move(viewer, dispute, "billDisputeReject", _M.REJECT, **changes)
        await _tell_home(dispute, Text("Your dispute of a bill was not upheld.", "您的账单异议不成立。"))
        return dispute


async def withdraw(viewer: Viewer, dispute_id: str, *, expected_version: int | None = None) -> BillDispute:
    """Take a dispute back: a resident one of their home, the desk one that was opened there.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (settled) and INVALID (the desk, one of the residents').
    """
    async with in_transaction():
        dispute = await _taken_for(viewer, dispute_id, "billDisputeWithdraw", expected_version)
        living = Role.RESIDENT in allowing(viewer, "billDisputeWithdraw", "BillDispute", dispute.belongs())
        if not living and dispute.opened_by_id in (await residents_of([dispute.home_id], today())).get(dispute.home_id, ()):
            raise Refused(
                RefusalCode.INVALID,
                Text("The home opened it, and it alone takes it back.", "该异议由住户提出，只能由住户撤回。"),
                path=("id",),
                hint=Text("Answer it, uphold it or reject it.", "请答复，或认定是否成立。"),
            )
        await _move(viewer, dispute, "billDisputeWithdraw", _M.WITHDRAW, closed_at=now())
        return dispute


async def forget_disputes(account_id: str) -> None:
    """Clear what a resident wrote of bills of their home, who is erased; what was written on duty stays."""
    await query(_FORGET, account_id, CLEARED.zh)


async def _taken_for(viewer: Viewer, dispute_id: str, act: str, expected: int | None) -> BillDispute:
    dispute = await permitted(BillDispute, dispute_id, viewer, act)
    unchanged(dispute.version, expected)
    return dispute


async def _move(viewer: Viewer, dispute: BillDispute, act: str, move: DisputeMove, **changes: Any) -> None:
    before = {"state": dispute.state}
    values = {**changes, "state": moved(dispute.state, move), "version": dispute.version + 1}
    dispute.update_from_dict(values)
    await dispute.save(update_fields=list(values))
    await record(actor_of(viewer), act, dispute, before=before, after={"state": dispute.state})


async def _tell_home(dispute: BillDispute, said: Text) -> None:
    await _tell(dispute, BILL_DISPUTE_ANSWERED, f"answered {dispute.version}", said)


async def _tell(dispute: BillDispute, type_: str, topic: str, said: Text) -> None:
    """Tell the keeper of what was opened, the home of what was answered."""
    compound = await Compound.get(id=dispute.compound_id)
    keeper = frozenset({dispute.organisation_id}) if type_ == BILL_DISPUTED else frozenset[str]()
    people = (
        frozenset[str]() if keeper else (await residents_of([dispute.home_id], today())).get(dispute.home_id, frozenset[str]())
    )
    await announce(
        Announcement(
            type=type_,
            topic=f"{dispute.id} {topic}",
            data={
                "dispute": {"id": dispute.id, "reason": dispute.reason, "state": dispute.state},
                "bill": {"id": dispute.bill_id},
                "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
                "message": said.both(),
            },
            street_id=dispute.street_id,
            compound_id=compound.id,
            organisations=keeper,
            accounts=people,
        )
    )


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The bill is disputed already.", "该账单已有未办结的异议。"),
        path=("bill_id",),
        hint=Text("Wait for the answer, or withdraw that one.", "请等待答复，或撤回原异议。"),
    )
