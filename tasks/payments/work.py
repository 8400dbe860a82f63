"""What is asked of payment providers: outside any transaction, again until they are heard; and what they told."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.payments import ASKED_AFTER, RefundState
from domain.words import Text
from models.calendar import now
from models.payments import (
    Payment,
    PaymentMerchant,
    PaymentOrder,
    Refund,
    bank_files,
    messages,
    orders,
    prepaid,
    reconciling,
    refunds,
)
from settings import load
from tasks.clock import check
from tasks.work import handles

from .provider import Declined, Unheard, provider_of

#: How soon a provider that was not heard is asked again.
_AGAIN = timedelta(seconds=5)
#: An order whose time is over by so much, and that the provider still calls open or does not answer for, is over.
_GRACE = timedelta(minutes=10)
#: A refund is asked for so long; then people are to look.
_REFUND_FOR = timedelta(days=3)
#: What came of it is told by a message, which may be lost: so it is asked for again, which makes the provider tell again.
_REFUND_AGAIN = timedelta(minutes=10)


async def _order_and_merchant(payload: Mapping[str, Any]) -> tuple[PaymentOrder, PaymentMerchant] | None:
    order = await PaymentOrder.get_or_none(id=payload["order"])
    return (order, await PaymentMerchant.get(id=order.merchant_id)) if order else None


@handles(orders.CREATE, outside=True)
async def create(payload: dict[str, Any]) -> timedelta | None:
    """Ask the provider to take an order, until it is heard or the order's time is over."""
    found = await _order_and_merchant(payload)
    if found is None or found[0].state not in ASKED_AFTER or found[0].pay_url:
        return None
    order, merchant = found
    settings = load()
    try:
        provider = await provider_of(merchant, settings)
        made = await provider.create(order, f"{settings.payments_callback_url.rstrip('/')}/payments/callbacks/{merchant.id}")
    except Unheard:
        return _AGAIN if now() < order.expires_at else None
    except Declined as declined:
        await orders.order_refused(order.id, declined.code)
        return None
    await orders.order_created(order.id, made.number, made.pay_url)
    return None


@handles(orders.ASK, outside=True)
async def ask(payload: dict[str, Any]) -> timedelta | None:
    """Ask the provider how an order stands: a callback may be lost, or never come."""
    found = await _order_and_merchant(payload)
    if found is None:
        return None
    order, merchant = found
    over = now() > order.expires_at + _GRACE
    try:
        told = await (await provider_of(merchant, load())).query(order.id)
    except Unheard:
        return None  # asked again within minutes
    except Declined:
        told = None
        if not over:
            return None
    if told is not None:
        async with in_transaction():
            await orders.take_message(merchant.id, told)
    elif over and order.state in ASKED_AFTER:
        await orders.order_over(order.id)
    return None


@handles(orders.CLOSE, outside=True)
async def close(payload: dict[str, Any]) -> timedelta | None:
    """Ask the provider to let an order not be paid any more."""
    found = await _order_and_merchant(payload)
    if found is None:
        return None
    try:
        await (await provider_of(found[1], load())).close(found[0].id)
    except Unheard:
        return _AGAIN if now() < found[0].expires_at else None
    except Declined:
        return None
    return None


@handles(refunds.KIND, outside=True)
async def refund(payload: dict[str, Any]) -> timedelta | None:
    """Ask the provider to give money back, until it has told, by a message, what came of it."""
    row = await Refund.get_or_none(id=payload["refund"])
    if row is None or row.state is not RefundState.SENDING:
        return None
    payment = await Payment.get(id=row.payment_id)
    merchant = await PaymentMerchant.get(id=payment.merchant_id or "")
    try:
        await (await provider_of(merchant, load())).refund(row.id, payment.trade or "", row.amount)
    except Unheard:
        return _AGAIN if row.decided_at and now() < row.decided_at + _REFUND_FOR else None
    except Declined as declined:
        await refunds.refund_ended(orders.SYSTEM, row.id, now(), done=False, answer=declined.code)
        return None
    return _REFUND_AGAIN if row.decided_at and now() < row.decided_at + _REFUND_FOR else None


@handles(messages.KIND)
async def message(payload: dict[str, Any]) -> timedelta | None:
    """Do what a provider's message means."""
    return await messages.work_on(payload)


@handles(prepaid.KIND, background=True)
async def use_prepayment(payload: dict[str, Any]) -> None:
    """Let a prepayment go to bills that came after it."""
    await prepaid.use_prepayment(payload["payment"])


@handles(bank_files.KIND)
async def enter_lines(payload: dict[str, Any]) -> timedelta | None:
    """Enter the next lines of a bank's statement."""
    return None if await bank_files.enter_lines(payload["file"]) else timedelta(0)


@handles(reconciling.KIND, outside=True)
async def reconcile(payload: dict[str, Any]) -> timedelta | None:
    """Compare a day with the provider's file."""
    merchant = await PaymentMerchant.get_or_none(id=payload["merchant"])
    if merchant is None:
        return None
    day = date.fromisoformat(payload["day"])
    try:
        told = await (await provider_of(merchant, load())).day(day)
    except (Unheard, Declined):
        return None  # the next morning's run asks again
    await reconciling.compare(merchant, day, told.movements, told.fee, told.settled)
    return None


@check(
    "payments.orders",
    module="payments",
    cron="* * * * *",
    does=Text("Ask the provider about orders of which nothing was heard.", "向支付机构查询未收到结果的支付订单。"),
)
async def orders_asked_after(moment: datetime) -> Mapping[str, int]:
    """Ask the provider about orders of which nothing was heard for two minutes."""
    return {"asked": await orders.ask_after(moment)}


@check(
    "payments.prepayments",
    module="payments",
    cron="20 * * * *",
    does=Text("Let prepayments go to bills that came after them.", "用预存款抵扣新出的账单。"),
)
async def prepayments_used(_: datetime) -> Mapping[str, int]:
    """Leave work for prepayments of homes that have open bills."""
    return {"payments": await prepaid.leave_prepayments()}


@check(
    "payments.reconcile",
    module="payments",
    cron="30 9 * * *",
    does=Text("Compare the last days with the providers' files.", "与支付机构核对前几日的收款。"),
)
async def days_compared(_: datetime) -> Mapping[str, int]:
    """Leave work to compare each of the last days that are not even yet."""
    return {"days": await reconciling.leave_days()}
