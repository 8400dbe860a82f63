"""Many at once, and histories that nobody wrote: whatever happens, every fen is in its place."""

from __future__ import annotations

import asyncio
import contextlib
from decimal import Decimal
from random import Random

import pytest

from domain.bills import CreditKind
from domain.ledger import AccountCode
from domain.payments import PaymentMethod
from domain.refusals import RefusalCode, Refused
from models import Allocation, Bill, Payment
from models.bills.acts import Charge, credit_bill, issue_by_hand
from models.payments.prepaid import use_prepayment
from models.payments.refunds import approve_refund, request_refund
from models.payments.undoing import charge_back_at_desk, undo_allocation, void

from .world import Paying, a_paying_world, receipts, uneven

pytestmark = pytest.mark.usefixtures("database")


async def test_two_cashiers_who_take_one_bill_at_once_do_not_pay_it_twice() -> None:
    world = await a_paying_world()
    bill = world.bills[0].id

    async def take(n: int) -> str:
        try:
            await world.pay("100.00", PaymentMethod.TRANSFER, reference=f"S-{n % 6}", bill_ids=[bill])
        except Refused as refused:
            return refused.code.value
        return "TAKEN"

    told = await asyncio.gather(*(take(n) for n in range(8)))
    assert sorted(set(told)) == [RefusalCode.CONFLICT.value, "TAKEN"]
    assert told.count("TAKEN") == 1
    assert (await Bill.get(id=bill)).paid == Decimal("100.00")
    assert await receipts() == [(1, "ISSUED")]
    assert await uneven() == []


async def _something(world: Paying, random: Random) -> None:
    """What somebody does next, by chance; refused or not."""
    payments = await Payment.all().order_by("id")
    payment = random.choice(payments) if payments else None
    match random.randrange(7) if payment else 0:
        case 0 | 1:
            method = random.choice([PaymentMethod.CASH, PaymentMethod.TRANSFER])
            home = random.choice(world.homes)
            amount = f"{random.randrange(1, 20_000) / 100:.2f}"
            reference = f"S-{random.randrange(10**9)}"
            await world.pay(amount, method, home_id=home.id, reference=reference, bill_ids=random.choice([None, []]))
        case 2:
            allocations = await Allocation.filter(undone_at=None).order_by("id")
            if allocations:
                await undo_allocation(world.manager, random.choice(allocations).id, "by chance")
        case 3:
            await void(world.manager, payment.id if payment else "", "by chance")
        case 4:
            await charge_back_at_desk(world.cashier, payment.id if payment else "", "by chance")
        case 5 if payment:
            refund = await request_refund(world.cashier, payment.id, min(payment.unallocated, Decimal("5.01")), "by chance")
            await approve_refund(world.manager, refund.id)
        case _:
            await use_prepayment(payment.id if payment else "")


async def _whatever(world: Paying, random: Random) -> None:
    with contextlib.suppress(Refused):
        await _something(world, random)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_done_every_fen_is_in_its_place(seed: int) -> None:
    world, random = await a_paying_world(), Random(seed)
    for _ in range(6):
        await asyncio.gather(*(_whatever(world, random) for _ in range(6)))
        await world.bill(f"{random.randrange(1, 9_000) / 100:.2f}", home=random.choice(world.homes))
        assert await uneven() == []
    assert await Payment.all().count() > 3


async def test_bills_that_are_issued_and_credited_at_once_wait_for_each_other_and_for_nothing_else() -> None:
    world = await a_paying_world()
    bills = [await world.bill("30.00", home=home) for home in world.homes * 2]

    async def at_once(n: int, bill: Bill) -> None:
        if n % 2:
            charges = [Charge(AccountCode.OTHER_INCOME, "A lost card", Decimal("5.00"))]
            await issue_by_hand(world.cashier, world.book.id, bill.home_id, charges)
        else:
            await credit_bill(world.manager, bill.id, CreditKind.WAIVER, "Agreed", amount=Decimal("0.03"))

    await asyncio.gather(*(at_once(n, bill) for n, bill in enumerate([*bills, *bills[1:], *bills[:1]])))
    assert await uneven() == []
