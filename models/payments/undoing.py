"""What is taken back: an allocation, a mistake at the desk, a match, and payments that the bank takes back."""

from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.ledger import EntryKind, Line
from domain.payments import NOTHING, PaymentMethod, PaymentState
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import Actor, record
from models.ledger import post
from models.permits import actor_of, found, permitted, unchanged

from .receipts import void_receipt
from .rows import Allocation, Payment
from .settling import MONEY_ON, booking_day, owed_to, post_allocation, standing, unsettle

REASON_MAX = 200
#: What was entered by hand can have been entered wrongly.
_BY_HAND = frozenset({PaymentMethod.CASH, PaymentMethod.TRANSFER})


async def undo_allocation(viewer: Viewer, allocation_id: str, reason: str) -> Payment:
    """Take back what of a payment went to a bill: it is a prepayment again, and the bill is open.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason) and ILLEGAL_MOVE (it is undone already).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        # The payment first: that is the order in which all take their locks.
        payment = await _payment_of(viewer, allocation_id)
        allocation = await permitted(Allocation, allocation_id, viewer, "paymentAllocationUndo")
        if allocation.undone_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It is undone already.", "该核销已撤销。"),
                path=("id",),
                hint=Text("Read the payment again.", "请刷新该款项。"),
            )
        lines = await unsettle(payment, [allocation], reason)
        await post_allocation(actor_of(viewer), payment, lines, await booking_day(payment.book_id, today()))
        await record(actor_of(viewer), "paymentAllocationUndo", payment)
        return payment


async def _payment_of(viewer: Viewer, allocation_id: str) -> Payment:
    row = await found(Allocation, allocation_id, viewer)
    return await Payment.filter(id=row.payment_id).select_for_update().get()


async def void(viewer: Viewer, payment_id: str, reason: str, *, expected_version: int | None = None) -> Payment:
    """A payment that was entered by mistake: nothing came. Its bills are open again; its receipt keeps its number and is void.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason), STALE_VERSION and ILLEGAL_MOVE (it was not entered by hand, is void already,
    or some of it went back).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "paymentVoid")
        unchanged(payment.version, expected_version)
        if payment.method not in _BY_HAND or payment.voided_at is not None or payment.refunded or payment.charged_back:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("This payment cannot be void: money came.", "该款项不可作废。"),
                path=("id",),
                hint=Text(
                    "Take it away from the home (paymentUnmatch), or give it back (refundRequest).",
                    "请取消认领（paymentUnmatch）或退款（refundRequest）。",
                ),
            )
        actor, booked = actor_of(viewer), await booking_day(payment.book_id, today())
        undone = await unsettle(payment, await standing(payment), reason)
        await Payment.filter(id=payment.id).update(voided_at=now(), void_reason=reason, version=payment.version + 1)
        await void_receipt(payment, reason)
        await post_allocation(actor, payment, undone, booked)
        await post(
            actor,
            payment.book_id,
            EntryKind.PAYMENT,
            [owed_to(payment, debit=payment.amount), Line(MONEY_ON[payment.method], credit=payment.amount)],
            source_id=payment.id,
            key="void",
            booked_on=booked,
        )
        await record(actor, "paymentVoid", payment)
        await payment.refresh_from_db()
        return payment


async def unmatch(viewer: Viewer, payment_id: str, reason: str, *, expected_version: int | None = None) -> Payment:
    """A payment turns out not to be this home's: it is in suspense again, its bills are open, its receipt is void.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason), STALE_VERSION and ILLEGAL_MOVE (it is in suspense, entered by hand, or went
    back).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "paymentUnmatch")
        unchanged(payment.version, expected_version)
        of_a_home = payment.state in {PaymentState.OPEN, PaymentState.ALLOCATED} and payment.method not in _BY_HAND
        if not of_a_home or payment.refunded or payment.charged_back:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It is no home's, or some of it went back.", "该款项未认领或已部分退回。"),
                path=("id",),
                hint=Text(
                    "Only what came online or by a bank's file, all of it there, can be; make void what was entered by hand.",
                    "仅线上或银行文件收取且未退回的款项可取消认领；手工登记的请作废。",
                ),
            )
        actor, booked = actor_of(viewer), await booking_day(payment.book_id, today())
        undone = await unsettle(payment, await standing(payment), reason)
        theirs = owed_to(payment, debit=payment.amount)
        await void_receipt(payment, reason)
        await post_allocation(actor, payment, undone, booked)
        await Payment.filter(id=payment.id).update(home_id=None, matched_by=None, version=payment.version + 1)
        await payment.refresh_from_db()
        await post(
            actor,
            payment.book_id,
            EntryKind.ALLOCATION,
            [theirs, owed_to(payment, credit=payment.amount)],
            source_id=payment.id,
            key=f"unmatch {payment.version}",
            booked_on=booked,
        )
        await record(actor, "paymentUnmatch", payment)
        return payment


async def charge_back_at_desk(viewer: Viewer, payment_id: str, reason: str, *, expected_version: int | None = None) -> Payment:
    """The bank took a payment back, or what is left of it: its bills are open again.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason), STALE_VERSION and ILLEGAL_MOVE (cash; nothing of it is left).
    """
    reason = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        payment = await permitted(Payment, payment_id, viewer, "paymentChargeBack")
        unchanged(payment.version, expected_version)
        if payment.method is PaymentMethod.CASH or not returnable(payment):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("No bank can take this back.", "该款项不可被拒付。"),
                path=("id",),
                hint=Text("Only what came through a bank and is still here can be.", "仅经银行收取且未退回的款项可拒付。"),
            )
        return await charge_back(actor_of(viewer), payment, returnable(payment), reason, key=f"bank {payment.version}")


def returnable(payment: Payment) -> Decimal:
    """What of a payment could still go back."""
    return NOTHING if payment.voided_at else payment.amount - payment.refunded - payment.charged_back


async def charge_back(actor: Actor, payment: Payment, amount: Decimal, reason: str, *, key: str) -> Payment:
    """Take ``amount`` of a payment, whose row is held, back: the newest allocations are undone as far as is needed.

    ``key``: names this chargeback among the payment's. In the caller's transaction.
    """
    undone, needed = list[Allocation](), amount - payment.unallocated
    for each in await standing(payment):
        if needed <= NOTHING:
            break
        undone.append(each)
        needed -= each.amount
    whole, booked = amount == payment.amount, await booking_day(payment.book_id, today())
    lines = await unsettle(payment, undone, reason)
    await Payment.filter(id=payment.id).update(charged_back=payment.charged_back + amount, version=payment.version + 1)
    if whole:
        await void_receipt(payment, reason)
    await post_allocation(actor, payment, lines, booked)
    await post(
        actor,
        payment.book_id,
        EntryKind.CHARGEBACK,
        [owed_to(payment, debit=amount), Line(MONEY_ON[payment.method], credit=amount)],
        source_id=payment.id,
        key=key,
        booked_on=booked,
    )
    await record(actor, "paymentChargeBack", payment)
    await payment.refresh_from_db()
    return payment
