"""Bills that somebody pays online: the order is kept here first, then the provider is asked, and what it tells is worked on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.payments import (
    ASKED_AFTER,
    MatchedBy,
    Message,
    MessageKind,
    OrderMove,
    OrderState,
    PaymentMethod,
    moved,
)
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.bills import Bill
from models.calendar import now, zone
from models.connection import query
from models.facts import Actor, record
from models.ledger import Book
from models.permits import actor_of, found, permit, permitted
from models.work import add, ringing
from settings import load

from .receiving import receive
from .refunds import refund_ended
from .rows import Payment, PaymentFailure, PaymentMerchant, PaymentOrder
from .undoing import charge_back, returnable

#: The kinds of the work rows that ask the provider; payload ``{"order": id}``.
CREATE, ASK, CLOSE = "payment.order", "payment.ask", "payment.close"
#: Bills that one order pays at most.
MOST_BILLS = 50
SYSTEM = Actor("system:payments")


async def open_order(viewer: Viewer, bill_ids: Sequence[str]) -> PaymentOrder:
    """Ask the provider to take what is open of these bills, of one home and one book. By its resident, or at the desk.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no bills or too many, of several homes or books, nothing paid online here) and
    CONFLICT (nothing of them is open).
    """
    ids = list(dict.fromkeys(bill_ids))
    if not 0 < len(ids) <= MOST_BILLS:
        raise _invalid(
            Text(f"{len(ids)} bills cannot be paid at once.", f"不能一次支付 {len(ids)} 张账单。"),
            Text(f"Name 1 to {MOST_BILLS}.", f"请选择 1 到 {MOST_BILLS} 张账单。"),
        )
    settings = load()
    async with ringing(), in_transaction():
        bills = list[Bill]()
        for each in ids:
            bill = await found(Bill, each, viewer, path=("bill_ids",))
            permit(viewer, "paymentOrderOpen", bill)
            bills.append(bill)
        first = bills[0]
        if len({(bill.home_id, bill.book_id) for bill in bills}) > 1:
            raise _invalid(
                Text("These bills are of several homes, or to several companies.", "所选账单不属于同一住房或同一收费单位。"),
                Text("Pay them one home and one company at a time.", "请按住房和收费单位分别支付。"),
            )
        amount = sum((bill.open for bill in bills), Decimal("0.00"))
        if amount <= 0:
            raise Refused(
                RefusalCode.CONFLICT,
                Text("Nothing of these bills is open.", "所选账单已结清。"),
                path=("bill_ids",),
                hint=Text("Read the bills again: somebody may have paid just now.", "请刷新账单：可能刚刚已有人支付。"),
            )
        merchant = await PaymentMerchant.get_or_none(book_id=first.book_id, ended_at=None)
        if merchant is None or not settings.payments_url:
            raise _invalid(
                Text("These bills cannot be paid online.", "该收费单位未开通线上支付。"),
                Text("Pay at the desk or by transfer.", "请到柜台或转账支付。"),
            )
        order = await PaymentOrder.create(
            state=OrderState.CREATING,
            amount=amount,
            bill_ids=ids,
            opened_at=now(),
            expires_at=now() + timedelta(minutes=settings.payments_order_minutes),
            opened_by_id=viewer.account_id,
            merchant_id=merchant.id,
            book_id=first.book_id,
            home_id=first.home_id,
            compound_id=first.compound_id,
            organisation_id=first.organisation_id,
            street_id=first.street_id,
        )
        await add(CREATE, {"order": order.id})
        await record(actor_of(viewer), "paymentOrderOpen", order, after={"state": order.state})
        return order


async def close_order(viewer: Viewer, order_id: str) -> PaymentOrder:
    """An order is not wanted any more. Money that is on its way all the same is taken.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is over).
    """
    async with ringing(), in_transaction():
        order = await permitted(PaymentOrder, order_id, viewer, "paymentOrderClose")
        if moved(order.state, OrderMove.CLOSE) is None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"It is {order.state}.", f"该订单{order.state.zh}。"),
                path=("id",),
                hint=Text("Open another: paymentOrderOpen.", "如需支付请重新创建（paymentOrderOpen）。"),
            )
        await _move(actor_of(viewer), order, OrderMove.CLOSE)
        await add(CLOSE, {"order": order.id})
        return order


async def order_created(order_id: str, number: str, pay_url: str) -> None:
    """The provider took an order: it can be paid at ``pay_url``."""
    async with in_transaction():
        order = await PaymentOrder.filter(id=order_id).select_for_update().get()
        await PaymentOrder.filter(id=order.id).update(number=number, pay_url=pay_url)
        await _move(SYSTEM, order, OrderMove.CREATED)


async def order_refused(order_id: str, problem: str) -> None:
    """The provider did not take an order: ``problem``, a code."""
    async with in_transaction():
        order = await PaymentOrder.filter(id=order_id).select_for_update().get()
        if await _move(SYSTEM, order, OrderMove.REFUSED, problem=problem[:60]):
            await PaymentFailure.create(
                at=now(),
                reason=problem[:60],
                amount=order.amount,
                order_id=order.id,
                home_id=order.home_id,
                book_id=order.book_id,
                compound_id=order.compound_id,
                street_id=order.street_id,
            )


async def order_over(order_id: str) -> None:
    """The provider says that nobody paid an order, and its time is over."""
    async with in_transaction():
        order = await PaymentOrder.filter(id=order_id).select_for_update().get()
        await _move(SYSTEM, order, OrderMove.EXPIRE)


async def take_message(merchant_id: str, message: Message) -> str:
    """Do what a provider's message means, once, however often and in whatever order messages come; in a transaction.

    Answers "" or why nothing came of it, a code: ``UNKNOWN_ORDER``; ``UNKNOWN_TRADE``, of what may still come to be known.
    """
    order = await PaymentOrder.filter(id=message.order, merchant_id=merchant_id).select_for_update().get_or_none()
    if order is None:
        return "UNKNOWN_ORDER"
    match message.kind:
        case MessageKind.PAID:
            return await _paid(order, message)
        case MessageKind.CLOSED:
            await _move(SYSTEM, order, OrderMove.EXPIRE)
            return ""
        case MessageKind.CHARGED_BACK:
            return await _charged_back(order, message)
        case MessageKind.REFUNDED | MessageKind.REFUND_FAILED:
            # A provider is heard of refunds of its own orders, and of nobody else's.
            if not await query(_OWN_REFUND, message.refund, order.id):
                return "UNKNOWN_REFUND"
            done = message.kind is MessageKind.REFUNDED
            await refund_ended(SYSTEM, message.refund, message.at, done=done, answer="The provider could not do it.")
            return ""


async def _paid(order: PaymentOrder, message: Message) -> str:
    """The money is taken, once by its number at the provider; another amount than was asked for waits in suspense."""
    if message.amount <= 0:
        return "NO_AMOUNT"
    if await Payment.exists(merchant_id=order.merchant_id, trade=message.trade):
        return ""
    fits = message.amount == order.amount
    late = order.state not in ASKED_AFTER or message.at > order.expires_at
    await _move(SYSTEM, order, OrderMove.PAY if fits else OrderMove.MISMATCH, late=late, paid=None if fits else message.amount)
    await receive(
        SYSTEM,
        await Book.get(id=order.book_id),
        order.home_id if fits else None,
        message.amount,
        PaymentMethod.ONLINE,
        received_on=message.at.astimezone(zone()).date(),
        reference=message.trade[:60],
        bill_ids=order.bill_ids,
        matched_by=MatchedBy.GIVEN,
        order_id=order.id,
        merchant_id=order.merchant_id,
        trade=message.trade,
    )
    return ""


async def _charged_back(order: PaymentOrder, message: Message) -> str:
    payment = await Payment.filter(merchant_id=order.merchant_id, trade=message.trade).select_for_update().get_or_none()
    if payment is None:
        return "UNKNOWN_TRADE"
    amount = min(message.amount, returnable(payment))
    if amount > 0:
        # The moment names it: told again, it is the same.
        key = message.at.isoformat()
        if not await query(_KNOWN_CHARGEBACK, payment.book_id, payment.id, key):
            await charge_back(SYSTEM, payment, amount, "The provider took it back.", key=key)
    return ""


_OWN_REFUND = "SELECT 1 FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = $1 AND p.order_id = $2"
_KNOWN_CHARGEBACK = """
SELECT 1 FROM journal_entry WHERE book_id = $1 AND kind = 'CHARGEBACK' AND source_id = $2 AND key = $3
"""

_TO_ASK = """
UPDATE payment_order SET asked_at = $1::timestamptz WHERE id IN (
    SELECT id FROM payment_order
    WHERE state IN ('CREATING', 'OPEN') AND coalesce(asked_at, opened_at) < $1::timestamptz - interval '2 minutes'
    ORDER BY coalesce(asked_at, opened_at) LIMIT 500 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


async def ask_after(moment: datetime) -> int:
    """Leave work to ask the provider about orders of which nothing was heard for two minutes: 500 at most; how many."""
    rows = await query(_TO_ASK, moment)
    for row in rows:
        await add(ASK, {"order": row["id"]})
    return len(rows)


async def _move(actor: Actor, order: PaymentOrder, move: OrderMove, **more: Any) -> bool:
    """Whether the order, whose row is held, moved; what its state does not allow is passed over."""
    after, before = moved(order.state, move), order.state
    if after is None:
        return False
    order.state = after
    if after not in ASKED_AFTER:
        order.ended_at = now()
    await PaymentOrder.filter(id=order.id).update(state=after, ended_at=order.ended_at, **more)
    action = "paymentOrderClose" if move is OrderMove.CLOSE else "paymentOrderMove"
    await record(actor, action, order, before={"state": before}, after={"state": after})
    return True


def _invalid(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("bill_ids",), hint=hint)
