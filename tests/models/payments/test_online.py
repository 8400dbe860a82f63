"""What is paid online: messages repeated, out of order, late, of another amount; refunds, and the day's comparison."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.payments import (
    MatchedBy,
    Message,
    MessageKind,
    Movement,
    OrderState,
    PaymentState,
    ReconciliationState,
    RefundState,
)
from domain.refusals import RefusalCode
from models import (
    Allocation,
    Payment,
    PaymentFailure,
    PaymentMerchant,
    PaymentMessage,
    PaymentOrder,
    Reconciliation,
    Refund,
    Work,
)
from models.calendar import now, today
from models.connection import query
from models.facts import Actor
from models.payments import secrets_of
from models.payments.merchants import end_merchant, set_merchant
from models.payments.messages import keep_message, work_on
from models.payments.orders import ask_after, close_order, open_order, order_created, order_over, order_refused, take_message
from models.payments.receiving import match
from models.payments.reconciling import ask_to_compare, compare
from models.payments.refunds import approve_refund, refund_ended, request_refund
from models.payments.undoing import charge_back_at_desk, undo_allocation, unmatch
from settings import Settings
from tests.models.ticket_world import refusal

from .world import Paying, a_paying_world, receipts, uneven

_SECRET = "x" * 32


@pytest.fixture(autouse=True)
def provider(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that nobody asks here."""
    monkeypatch.setenv("STEWARD_PAYMENTS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("STEWARD_SECRET_KEY", "5a" * 32)


async def _order(world: Paying, *bills: int) -> PaymentOrder:
    """What the resident wants to pay."""
    if not await PaymentMerchant.exists(book_id=world.book.id, ended_at=None):
        await set_merchant(world.manager, world.book.id, "M1", _SECRET)
    order = await open_order(world.resident, [world.bills[n].id for n in bills])
    await order_created(order.id, "SB1", "http://127.0.0.1:9/pay/1")
    return await PaymentOrder.get(id=order.id)


def _paid(order: PaymentOrder, *, trade: str = "T1", amount: Decimal | None = None, at: datetime | None = None) -> Message:
    return Message(MessageKind.PAID, order.id, trade, order.amount if amount is None else amount, at or now())


async def _take(order: PaymentOrder, message: Message) -> str:
    async with in_transaction():
        return await take_message(order.merchant_id, message)


async def _work_on(message_id: int) -> None:
    async with in_transaction():
        await work_on({"message": message_id})


async def test_a_paid_order_pays_its_bills_once_however_often_it_is_told() -> None:
    world = await a_paying_world()
    order = await _order(world, 1, 0)
    assert (order.state, order.amount) == (OrderState.OPEN, Decimal("150.25"))
    merchant = await PaymentMerchant.get(id=order.merchant_id)
    message = _paid(order)
    kept = await asyncio.gather(*(keep_message(merchant, "msg-1", message) for _ in range(50)))
    assert sorted(kept) == [False] * 49 + [True]
    await asyncio.gather(*(keep_message(merchant, f"msg-{n}", message) for n in range(2, 8)))
    assert await Work.filter(kind="payment.message").count() == 7
    ids: list[int] = [row["id"] for row in await query("SELECT id FROM payment_message")]
    await asyncio.gather(*(_work_on(id_) for id_ in ids for _ in range(3)))
    assert await PaymentMessage.filter(handled_at=None).count() == 0
    (payment,) = await Payment.all()
    assert (payment.state, payment.home_id, payment.trade) == (PaymentState.ALLOCATED, world.home.id, "T1")
    done = await PaymentOrder.get(id=order.id)
    assert (done.state, done.late) == (OrderState.PAID, False)
    assert await world.open() == ["0.00", "0.00", "80.00"]
    assert await receipts() == [(1, "ISSUED")]
    assert await uneven() == []
    assert (await refusal(open_order(world.resident, [world.bills[0].id]))).code is RefusalCode.CONFLICT


async def test_money_that_is_late_or_of_another_amount_is_not_lost() -> None:
    world = await a_paying_world()
    order = await _order(world, 0)
    assert await _take(order, Message(MessageKind.CHARGED_BACK, order.id, "T1", Decimal("100.00"), now())) == "UNKNOWN_TRADE"
    await order_over(order.id)
    assert (await PaymentOrder.get(id=order.id)).state is OrderState.EXPIRED
    await world.pay("100.00", bill_ids=[world.bills[0].id])
    await _take(order, _paid(order))
    late = await PaymentOrder.get(id=order.id)
    assert (late.state, late.late) == (OrderState.PAID, True)
    assert (await Payment.get(trade="T1")).unallocated == Decimal("100.00")

    other = await _order(world, 1)
    await _take(other, _paid(other, trade="T2", amount=Decimal("50.00")))
    strange = await PaymentOrder.get(id=other.id)
    assert (strange.state, strange.paid) == (OrderState.MISMATCHED, Decimal("50.00"))
    suspended = await Payment.get(trade="T2")
    assert (suspended.state, suspended.home_id) == (PaymentState.UNMATCHED, None)
    assert await _take(other, _paid(other, trade="T3")) == ""  # paid twice: kept as well
    assert (await Payment.get(trade="T3")).state is PaymentState.ALLOCATED
    assert await uneven() == []
    mine = await match(world.cashier, suspended.id, world.homes[1].id)
    assert (mine.state, mine.matched_by) == (PaymentState.ALLOCATED, MatchedBy.HAND)
    back = await unmatch(world.manager, suspended.id, "of another home")
    assert (back.state, back.home_id, back.allocated) == (PaymentState.UNMATCHED, None, Decimal("0.00"))
    assert (await match(world.cashier, suspended.id, world.home.id)).home_id == world.home.id
    assert [state for _, state in await receipts()].count("VOID") == 1
    assert await _take(order, Message(MessageKind.PAID, "por_nothing", "T9", Decimal("1.00"), now())) == "UNKNOWN_ORDER"
    assert await uneven() == []


async def test_what_cannot_be_ordered_is_refused_and_what_failed_is_counted() -> None:
    world = await a_paying_world()
    both = [world.bills[0].id, world.bills[2].id]
    nothing = await refusal(open_order(world.resident, [world.bills[0].id]))
    assert (nothing.code, nothing.path) == (RefusalCode.INVALID, ("bill_ids",))
    for number, secret, path in (("M 1", _SECRET, "number"), ("M1", "short", "secret"), ("M1", "密" * 32, "secret")):
        assert (await refusal(set_merchant(world.manager, world.book.id, number, secret))).path == (path,)
    assert (await refusal(set_merchant(world.cashier, world.book.id, "M1", _SECRET))).code is RefusalCode.FORBIDDEN
    merchant = await set_merchant(world.manager, world.book.id, "M1", _SECRET)
    assert (await refusal(open_order(world.resident, both))).code is RefusalCode.NOT_FOUND
    assert (await refusal(open_order(world.cashier, both))).code is RefusalCode.INVALID
    assert (await refusal(open_order(world.cashier, []))).code is RefusalCode.INVALID
    assert (await refusal(open_order(world.officer, both))).code is RefusalCode.NOT_FOUND

    order = await open_order(world.resident, both[:1])
    assert await Work.filter(kind="payment.order", payload={"order": order.id}).count() == 1
    await order_refused(order.id, "NOT_POSSIBLE")
    await order_created(order.id, "SB1", "http://127.0.0.1:9/pay/1")
    assert (await PaymentOrder.get(id=order.id)).state is OrderState.FAILED
    assert await PaymentFailure.filter(order_id=order.id).count() == 1
    assert (await refusal(close_order(world.resident, order.id))).code is RefusalCode.ILLEGAL_MOVE
    again = await _order(world, 0)
    assert (await close_order(world.resident, again.id)).state is OrderState.CLOSED
    third = await _order(world, 0)
    assert await ask_after(now() + timedelta(minutes=3)) == 1
    assert await ask_after(now() + timedelta(minutes=4)) == 0
    # A secret that was replaced is good for a day; the merchant that has ended takes nothing new.
    newer = await set_merchant(world.manager, world.book.id, "M1", "y" * 32)
    assert await secrets_of(merchant) == ["y" * 32, _SECRET]
    await query("UPDATE payment_merchant SET set_at = set_at - interval '3 days', ended_at = ended_at - interval '2 days'")
    assert await secrets_of(await PaymentMerchant.get(id=third.merchant_id)) == ["y" * 32]
    await end_merchant(world.manager, newer.id)
    assert (await refusal(end_merchant(world.manager, newer.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(open_order(world.resident, both[:1]))).code is RefusalCode.INVALID


async def test_a_refund_ends_as_the_provider_says_and_a_day_is_compared_until_it_is_even() -> None:
    world = await a_paying_world()
    order = await _order(world, 0)
    yesterday = now() - timedelta(days=1)
    await query("UPDATE payment_merchant SET set_at = set_at - interval '9 days'")
    merchant = await PaymentMerchant.get(id=order.merchant_id)
    day = yesterday.date()
    theirs = [Movement("T1", order.id, Decimal("100.00"))]
    missing = await compare(merchant, day, theirs, Decimal("0.38"), Decimal("99.62"))
    assert (missing.state, missing.differences[0]["kind"]) == (ReconciliationState.DIFFERENT, "MISSING_HERE")
    assert await Work.filter(kind="payment.ask", payload={"order": order.id}).count() == 1
    assert (await refusal(ask_to_compare(world.cashier, merchant.id, today()))).path == ("day",)

    await _take(order, _paid(order, at=yesterday))
    even = await compare(merchant, day, theirs, Decimal("0.38"), Decimal("99.62"))
    assert (even.id, even.state, even.their_total) == (missing.id, ReconciliationState.MATCHED, even.our_total)
    await compare(merchant, day, theirs, Decimal("0.38"), Decimal("99.62"))
    sums: dict[str, Any] = {
        row["code"]: row["sum"] for row in await query("SELECT code, sum(debit - credit) AS sum FROM journal_line GROUP BY code")
    }
    assert (sums["ONLINE"], sums["BANK"], sums["OTHER_EXPENSE"]) == (Decimal("0.00"), Decimal("99.62"), Decimal("0.38"))

    payment = await Payment.get(trade="T1")
    world.bills.append(await world.bill("10.00"))
    ahead = await _order(world, 1, 3)
    await _take(ahead, _paid(ahead, trade="T2"))
    taken = Message(MessageKind.CHARGED_BACK, order.id, "T1", Decimal("60.00"), now())
    await _take(order, taken)
    await _take(order, taken)
    payment = await Payment.get(trade="T1")
    assert (payment.charged_back, payment.unallocated) == (Decimal("60.00"), Decimal("40.00"))
    refund = await request_refund(world.cashier, payment.id, Decimal("40.00"), "the rest")
    sending = await approve_refund(world.manager, refund.id)
    assert sending.state is RefundState.SENDING
    assert (await Payment.get(trade="T1")).unallocated == Decimal("0.00")
    await _take(order, Message(MessageKind.REFUND_FAILED, order.id, "T1", Decimal("40.00"), now(), refund.id))
    await _take(order, Message(MessageKind.REFUNDED, order.id, "T1", Decimal("40.00"), now(), refund.id))
    assert (await Refund.get(id=refund.id)).state is RefundState.FAILED
    assert (await Payment.get(trade="T1")).unallocated == Decimal("40.00")
    second = await request_refund(world.cashier, payment.id, Decimal("40.00"), "the rest")
    await approve_refund(world.manager, second.id)
    async with in_transaction():
        foreign = Message(MessageKind.REFUNDED, ahead.id, "T2", Decimal("40.00"), now(), second.id)
        assert await take_message(ahead.merchant_id, foreign) == "UNKNOWN_REFUND"
    assert (await Refund.get(id=second.id)).state is RefundState.SENDING
    assert (await refusal(approve_refund(world.manager, "x" * 99))).code is RefusalCode.NOT_FOUND
    await _take(order, Message(MessageKind.REFUNDED, order.id, "T1", Decimal("40.00"), now(), second.id))
    assert (await Refund.get(id=second.id)).state is RefundState.DONE
    theirs = [
        *(Movement("T2", ahead.id, ahead.amount), Movement("T1-B", order.id, Decimal("-60.00"))),
        Movement(second.id, order.id, Decimal("-40.00")),
    ]
    net = ahead.amount - 100
    assert (await compare(merchant, today(), theirs, Decimal(0), net)).state is ReconciliationState.MATCHED
    assert await Reconciliation.all().count() == 2
    assert await uneven() == []


async def test_a_bank_takes_back_what_came_back_from_a_refund_that_failed() -> None:
    world = await a_paying_world()
    order = await _order(world, 0)
    async with in_transaction():
        await take_message(order.merchant_id, _paid(order))
    payment = await Payment.get(order_id=order.id)
    await undo_allocation(world.manager, (await Allocation.get(payment_id=payment.id)).id, "for a refund")
    refund = await approve_refund(world.manager, (await request_refund(world.cashier, payment.id, Decimal("30.00"), "Moved")).id)
    await charge_back_at_desk(world.cashier, payment.id, "the bank")
    await refund_ended(Actor("system:test"), refund.id, now(), done=False, answer="The account is closed.")
    after = await charge_back_at_desk(world.cashier, payment.id, "the bank, once more")
    assert (after.charged_back, after.refunded, after.unallocated) == (Decimal("100.00"), Decimal("0.00"), Decimal("0.00"))
    assert await uneven() == []
