"""Money that goes back: asked for by one, decided by another."""

from datetime import datetime
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import EntryKind, Line
from domain.money import fen
from domain.payments import PaymentMethod, RefundState
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import Actor, record
from models.ledger import post
from models.permits import actor_of, found, permitted, unchanged
from models.work import add, ringing

from .rows import Payment, Refund
from .settling import MONEY_ON, booking_day, owed_to

REASON_MAX = 200
#: The kind of the work rows that ask the provider for a refund; payload ``{"refund": id}``.
KIND = "payment.refund"


async def request_refund(viewer: Viewer, payment_id: str, amount: Decimal, reason: str) -> Refund:
    """Ask for ``amount`` yuan of a payment to go back, of what went to no bill. Another person decides.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (amount above what is left; reason) and CONFLICT (one is asked for already).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "refundRequest", path=("payment_id",))
        amount = fen(amount)
        _check_left(payment, amount)
        waiting = [RefundState.REQUESTED, RefundState.SENDING]
        if await Refund.filter(payment_id=payment.id, state__in=waiting).exists():
            raise Refused(
                RefusalCode.CONFLICT,
                Text("A refund of this payment is under way.", "该款项已有退款在处理。"),
                path=("payment_id",),
                hint=Text("Wait until it is decided.", "请等待处理完成。"),
            )
        refund = await Refund.create(
            state=RefundState.REQUESTED,
            amount=amount,
            why=reason,
            requested_at=now(),
            requested_by_id=viewer.account_id or "",
            payment_id=payment.id,
            book_id=payment.book_id,
            home_id=payment.home_id,
            compound_id=payment.compound_id,
            organisation_id=payment.organisation_id,
            street_id=payment.street_id,
        )
        await record(actor_of(viewer), "refundRequest", refund, after={"state": refund.state})
        return refund


async def approve_refund(viewer: Viewer, refund_id: str, *, expected_version: int | None = None) -> Refund:
    """Let the money go back: cash and transfers at once, what was paid online through the provider.

    Refuses NOT_FOUND, FORBIDDEN (whoever asked for it), STALE_VERSION, ILLEGAL_MOVE (it is decided) and INVALID (by now less is
    left of the payment).
    """
    async with ringing(), in_transaction():
        payment, refund = await _taken(viewer, refund_id, "refundApprove", expected_version)
        _check_left(payment, refund.amount)
        online = payment.method is PaymentMethod.ONLINE
        refund.state = RefundState.SENDING if online else RefundState.DONE
        refund.done_at = None if online else now()
        await _decided(viewer, refund, "refundApprove")
        await Payment.filter(id=payment.id).update(refunded=payment.refunded + refund.amount, version=payment.version + 1)
        if online:
            await add(KIND, {"refund": refund.id})
        await _post(actor_of(viewer), payment, refund, back=False)
        return refund


async def reject_refund(viewer: Viewer, refund_id: str, answer: str, *, expected_version: int | None = None) -> Refund:
    """Do not let the money go back. Refuses as ``approve_refund``, and INVALID (no answer)."""
    answer = written(answer, "answer", REASON_MAX)
    async with in_transaction():
        _, refund = await _taken(viewer, refund_id, "refundReject", expected_version)
        refund.state, refund.answer = RefundState.REJECTED, answer
        await _decided(viewer, refund, "refundReject")
        return refund


async def refund_ended(actor: Actor, refund_id: str, at: datetime, *, done: bool, answer: str = "") -> None:
    """What came of a refund at the provider, ``at`` that moment; once known, nothing changes it. ``answer``: why it failed."""
    async with in_transaction():
        row = await Refund.get_or_none(id=refund_id)
        if row is None:
            return
        payment = await Payment.filter(id=row.payment_id).select_for_update().get()
        refund = await Refund.filter(id=refund_id).select_for_update().get()
        if refund.state is not RefundState.SENDING:
            return
        refund.state, refund.answer = (RefundState.DONE, "") if done else (RefundState.FAILED, answer[:REASON_MAX])
        refund.done_at, refund.version = (at if done else None), refund.version + 1
        await refund.save(update_fields=["state", "answer", "done_at", "version"])
        await record(actor, "refundEnd", refund, after={"state": refund.state})
        if not done:
            await Payment.filter(id=payment.id).update(refunded=payment.refunded - refund.amount, version=payment.version + 1)
            await _post(actor, payment, refund, back=True)


async def _taken(viewer: Viewer, refund_id: str, act: str, expected_version: int | None) -> tuple[Payment, Refund]:
    """The payment and the refund, held in this order; somebody else's, and not decided yet."""
    row = await found(Refund, refund_id, viewer)
    payment = await Payment.filter(id=row.payment_id).select_for_update().get()
    refund = await permitted(Refund, refund_id, viewer, act)
    unchanged(refund.version, expected_version)
    if refund.state is not RefundState.REQUESTED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"It is {refund.state} already.", f"该退款{refund.state.zh}。"),
            path=("id",),
            hint=Text("Only what waits for a decision is decided: REQUESTED.", "仅待审批（REQUESTED）的退款可审批。"),
        )
    if refund.requested_by_id == viewer.account_id:
        raise Refused(
            RefusalCode.FORBIDDEN,
            Text("Whoever asked for a refund does not decide it.", "申请人不能审批自己的退款。"),
            path=("id",),
            hint=Text("Let a second person decide.", "请由另一人审批。"),
        )
    return payment, refund


async def _decided(viewer: Viewer, refund: Refund, act: str) -> None:
    refund.decided_at, refund.decided_by_id, refund.version = now(), viewer.account_id, refund.version + 1
    await refund.save(update_fields=["state", "answer", "decided_at", "decided_by_id", "done_at", "version"])
    await record(actor_of(viewer), act, refund, after={"state": refund.state})


async def _post(actor: Actor, payment: Payment, refund: Refund, *, back: bool) -> None:
    lines = [owed_to(payment, debit=refund.amount), Line(MONEY_ON[payment.method], credit=refund.amount)]
    if back:
        lines = [Line(line.account, line.credit, line.debit, line.home_id) for line in lines]
    await post(
        actor,
        payment.book_id,
        EntryKind.REFUND,
        lines,
        source_id=refund.id,
        key="back" if back else "",
        booked_on=await booking_day(payment.book_id, today()),
    )


def _check_left(payment: Payment, amount: Decimal) -> None:
    if amount > payment.unallocated:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"Only {payment.unallocated} yuan of it went to no bill.", f"该款项仅有 {payment.unallocated} 元未核销。"),
            path=("amount",),
            hint=Text("Give less, or undo an allocation first: paymentAllocationUndo.", "请减少金额，或先撤销核销。"),
        )
