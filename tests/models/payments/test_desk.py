"""At the desk: what is taken, where it goes, how it is undone, and that every fen is accounted for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from domain.payments import MatchedBy, PaymentMethod, PaymentState, RefundState
from domain.refusals import RefusalCode, Refused
from models import Allocation, Payment, Receipt, Refund
from models.calendar import today
from models.connection import query
from models.ledger import close_book
from models.payments.prepaid import leave_prepayments, use_prepayment
from models.payments.receiving import allocate_more, match
from models.payments.refunds import approve_refund, reject_refund, request_refund
from models.payments.undoing import charge_back_at_desk, undo_allocation, unmatch, void
from tests.models.ticket_world import refusal

from .world import a_paying_world, receipts, uneven

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_paid_goes_to_the_bill_due_first_and_what_is_left_to_the_next_one() -> None:
    world = await a_paying_world()
    part = await world.pay("120.00")
    assert (part.state, part.allocated, part.unallocated) == (PaymentState.ALLOCATED, Decimal("120.00"), Decimal("0.00"))
    assert await world.open() == ["0.00", "30.25", "80.00"]
    chosen = await world.pay("40.25", PaymentMethod.TRANSFER, reference="S-1", bill_ids=[world.bills[1].id])
    assert (chosen.state, chosen.unallocated) == (PaymentState.OPEN, Decimal("10.00"))
    ahead = await world.pay("5.00", bill_ids=[])
    assert (ahead.state, ahead.unallocated) == (PaymentState.OPEN, Decimal("5.00"))
    assert await receipts() == [(1, "ISSUED"), (2, "ISSUED"), (3, "ISSUED")]
    assert await uneven() == []

    world.bills.append(await world.bill("12.00"))
    assert await leave_prepayments(world.book.id) == 2
    for payment in (chosen, ahead, ahead):
        await use_prepayment(payment.id)
    assert await world.open() == ["0.00", "0.00", "80.00", "0.00"]
    assert (await Payment.get(id=ahead.id)).unallocated == Decimal("3.00")
    assert await leave_prepayments() == 0
    assert await uneven() == []


async def test_bad_input_is_refused_and_leaves_nothing() -> None:
    world = await a_paying_world()
    first, other = world.bills[0], world.bills[2]
    await world.pay("50.25", bill_ids=[world.bills[1].id])
    await world.pay("1.00", PaymentMethod.TRANSFER, reference="S-1")
    wrong: list[tuple[RefusalCode, str, str, dict[str, Any]]] = [
        (RefusalCode.INVALID, "amount", "0.00", {}),
        (RefusalCode.INVALID, "amount", "1.001", {}),
        (RefusalCode.INVALID, "amount", "10000000.01", {}),
        (RefusalCode.INVALID, "method", "1.00", {"method": PaymentMethod.ONLINE}),
        (RefusalCode.INVALID, "reference", "1.00", {"method": PaymentMethod.TRANSFER}),
        (RefusalCode.CONFLICT, "reference", "1.00", {"method": PaymentMethod.TRANSFER, "reference": "S-1"}),
        (RefusalCode.INVALID, "received_on", "1.00", {"received_on": today() + timedelta(days=1)}),
        (RefusalCode.INVALID, "received_on", "1.00", {"received_on": world.book.opened_on - timedelta(days=1)}),
        (RefusalCode.INVALID, "bill_ids", "1.00", {"bill_ids": [other.id]}),
        (RefusalCode.INVALID, "bill_ids", "1.00", {"bill_ids": [first.id, first.id]}),
        (RefusalCode.NOT_FOUND, "bill_ids", "1.00", {"bill_ids": ["bil_nothing"]}),
        (RefusalCode.CONFLICT, "bill_ids", "1.00", {"bill_ids": [world.bills[1].id]}),
        (RefusalCode.NOT_FOUND, "home_id", "1.00", {"home_id": "hom_nothing"}),
    ]
    for problem, path, amount, how in wrong:
        with pytest.raises(Refused) as told:
            await world.pay(amount, **how)
        assert (told.value.code, told.value.path) == (problem, (path,)), (amount, how)
    world.cashier = world.member
    assert (await refusal(world.pay("1.00"))).code is RefusalCode.NOT_FOUND
    world.cashier = world.officer
    assert (await refusal(world.pay("1.00"))).code is RefusalCode.FORBIDDEN
    assert await Payment.all().count() == 2
    assert await uneven() == []


async def test_a_mistake_is_void_and_keeps_the_receipts_number() -> None:
    world = await a_paying_world()
    wrong, right = await world.pay("110.00"), await world.pay("10.00", bill_ids=[])
    assert (await refusal(void(world.cashier, wrong.id, "typed twice"))).code is RefusalCode.FORBIDDEN
    gone = await void(world.manager, wrong.id, "typed twice")
    assert (gone.state, gone.unallocated) == (PaymentState.VOID, Decimal("0.00"))
    assert await world.open() == ["100.00", "50.25", "80.00"]
    assert await receipts() == [(1, "VOID"), (2, "ISSUED")]
    assert (await refusal(void(world.manager, wrong.id, "again"))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(allocate_more(world.cashier, gone.id))).code is RefusalCode.ILLEGAL_MOVE

    done = await allocate_more(world.cashier, right.id, bill_ids=[world.bills[1].id])
    (allocation,) = await Allocation.filter(payment_id=done.id)
    assert (await refusal(undo_allocation(world.cashier, allocation.id, "wrong"))).code is RefusalCode.FORBIDDEN
    back = await undo_allocation(world.manager, allocation.id, "wrong bill")
    assert (back.state, back.unallocated) == (PaymentState.OPEN, Decimal("10.00"))
    assert (await refusal(undo_allocation(world.manager, allocation.id, "again"))).code is RefusalCode.ILLEGAL_MOVE
    assert await uneven() == []


async def test_what_was_entered_by_hand_is_somebodys_from_the_beginning() -> None:
    world = await a_paying_world()
    payment = await world.pay("80.00", PaymentMethod.TRANSFER, reference="S-7")
    assert (await refusal(match(world.cashier, payment.id, world.home.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(unmatch(world.manager, payment.id, "of another home"))).code is RefusalCode.ILLEGAL_MOVE


async def test_money_goes_back_by_the_word_of_two() -> None:
    world = await a_paying_world()
    payment = await world.pay("130.25", bill_ids=[world.bills[0].id])
    assert (await refusal(request_refund(world.cashier, payment.id, Decimal("30.26"), "moved"))).path == ("amount",)
    refund = await request_refund(world.cashier, payment.id, Decimal("20.25"), "moved")
    assert (await refusal(request_refund(world.cashier, payment.id, Decimal("1.00"), "x"))).code is RefusalCode.CONFLICT
    assert (await refusal(approve_refund(world.cashier, refund.id))).code is RefusalCode.FORBIDDEN
    done = await approve_refund(world.manager, refund.id)
    assert done.state is RefundState.DONE
    assert (await refusal(approve_refund(world.manager, refund.id))).code is RefusalCode.ILLEGAL_MOVE
    second = await request_refund(world.manager, payment.id, Decimal("10.00"), "more")
    assert (await refusal(approve_refund(world.manager, second.id))).code is RefusalCode.FORBIDDEN
    assert (await reject_refund(world.other_manager, second.id, "not due")).state is RefundState.REJECTED
    assert (await Payment.get(id=payment.id)).refunded == Decimal("20.25")
    back = await charge_back_at_desk(
        world.cashier, (await world.pay("60.00", PaymentMethod.TRANSFER, reference="S-2")).id, "bank"
    )
    assert (back.state, back.charged_back) == (PaymentState.CHARGED_BACK, Decimal("60.00"))
    assert await world.open() == ["0.00", "50.25", "80.00"]
    assert await receipts() == [(1, "ISSUED"), (2, "VOID")]
    assert await uneven() == []
    assert await Refund.all().count() == 2


async def test_the_database_keeps_what_came_and_what_was_made_of_it() -> None:
    world = await a_paying_world()
    payment = await world.pay("110.00")
    refund = await request_refund(world.cashier, (await world.pay("5.00", bill_ids=[])).id, Decimal("1.00"), "moved")
    for sql in (
        "UPDATE payment SET amount = 1",
        "UPDATE payment SET received_on = received_on - 1",
        "UPDATE payment SET allocated = allocated + 1000",
        "UPDATE payment SET home_id = (SELECT max(id) FROM home WHERE id <> home_id)",
        "UPDATE payment SET voided_at = now()",
        "DELETE FROM payment_allocation",
        "UPDATE payment_allocation SET amount = amount - 1",
        "UPDATE payment_allocation SET undone_at = now()",
        "UPDATE receipt SET number = number + 10",
        "UPDATE receipt SET state = 'VOID'",
        "DELETE FROM receipt",
        "UPDATE refund SET amount = 2",
        "UPDATE refund SET state = 'DONE', done_at = now()",
        "UPDATE refund SET state = 'REJECTED', decided_at = now(), decided_by_id = requested_by_id, answer = 'x'",
        "UPDATE bill SET paid = paid + 1000",
    ):
        with pytest.raises((IntegrityError, OperationalError)):
            await query(sql)
    assert (await Payment.get(id=payment.id)).matched_by is MatchedBy.GIVEN
    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    assert await Receipt.all().count() == 2


async def test_a_book_is_not_closed_while_money_of_it_may_still_come() -> None:
    world = await a_paying_world()
    for bill in world.bills:
        no = await refusal(close_book(world.manager, world.book.id, today()))
        assert (no.code, no.path) == (RefusalCode.ILLEGAL_MOVE, ("id",))
        await world.pay(str(bill.open), home_id=bill.home_id, bill_ids=[bill.id])
    ahead = await world.pay("5.00")
    assert (await refusal(close_book(world.manager, world.book.id, today()))).code is RefusalCode.ILLEGAL_MOVE
    await void(world.manager, ahead.id, "Entered twice")
    assert (await close_book(world.manager, world.book.id, today())).closed_on == today()
