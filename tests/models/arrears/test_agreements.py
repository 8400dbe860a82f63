"""Plans that are kept or not, disputes that pause and credit, what is written off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.arrears.disputes import DisputeReason, DisputeState
from domain.arrears.instalments import Part, PlanState
from domain.bills import BillState
from domain.ledger import AccountCode
from domain.refusals import RefusalCode, Refused
from models import Bill, BillDispute, Instalment, InstalmentPlan, JournalLine, Notice
from models.accounts import Account
from models.arrears import agree, answer, cancel, look_after, open_dispute, reject, uphold, withdraw, write_off
from models.calendar import today
from models.erasure import erase
from models.facts import Actor

from .world import a_bill, a_world, living_in, morning, pay

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


async def look(days: int) -> int:
    async with in_transaction():
        return await look_after(morning(days))


async def refused(act: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await act
    return caught.value


async def test_a_plan_sums_to_what_is_open_and_ends_when_all_is_paid_or_a_part_is_missed() -> None:
    world = await a_world()
    home, other = world.homes[:2]
    resident = await living_in(other)
    bills = [await a_bill(world, home, amount, days=40) for amount in ("100.01", "0.02")]
    late = await a_bill(world, other, "90.00", days=40)
    plan = await agree(world.cashier, world.book.id, home.id, count=3, first_on=today() + DAY)
    parts = await Instalment.filter(plan_id=plan.id).order_by("number")
    assert [each.amount for each in parts] == [Decimal("33.35"), Decimal("33.34"), Decimal("33.34")]
    assert (plan.total, set(plan.bill_ids)) == (Decimal("100.03"), {bill.id for bill in bills})
    broken = await agree(world.cashier, world.book.id, other.id, bill_ids=[late.id], count=2, first_on=today() + DAY)
    assert await look(5) == 0
    await pay(world, bills[0], "33.35")
    assert await look(5) == 0
    assert (await InstalmentPlan.get(id=plan.id)).paid == Decimal("33.35")
    assert await look(20) == 1
    states = {each.id: each.state for each in await InstalmentPlan.all()}
    assert states == {plan.id: PlanState.RUNNING, broken.id: PlanState.BROKEN}
    assert {each.account_id for each in await Notice.all()} == {resident.account_id}
    await pay(world, bills[0], "66.66")
    await pay(world, bills[1], "0.02")
    assert await look(20) == 1
    assert (await InstalmentPlan.get(id=plan.id)).state is PlanState.KEPT
    assert (await refused(cancel(world.cashier, plan.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_a_plan_is_refused_with_the_field_to_mend() -> None:
    world = await a_world()
    home, other = world.homes[:2]
    bill, theirs = await a_bill(world, home, "100.00", days=40), await a_bill(world, other, days=40)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"count": 1}, "count"),
        ({"count": None}, "count"),
        ({"bill_ids": [bill.id, theirs.id], "count": 2}, "bill_ids"),
        ({"instalments": [Part(today(), Decimal("50.00")), Part(today() + DAY, Decimal("49.99"))]}, "instalments"),
    ]
    for given, field in wrong:
        problem = await refused(agree(world.cashier, world.book.id, home.id, **given))
        assert (problem.code, problem.path) == (RefusalCode.INVALID, (field,))
    assert (await refused(agree(world.cashier, world.book.id, world.homes[2].id, count=2))).path == ("home_id",)
    assert (await refused(agree(world.member, world.book.id, home.id, count=2))).code is RefusalCode.NOT_FOUND
    assert (await refused(agree(world.officer, world.book.id, home.id, count=2))).code is RefusalCode.FORBIDDEN
    plan = await agree(world.cashier, world.book.id, home.id, count=2)
    assert (await refused(agree(world.cashier, world.book.id, home.id, count=2))).code is RefusalCode.CONFLICT
    assert (await cancel(world.cashier, plan.id, expected_version=1)).state is PlanState.CANCELLED
    await agree(world.cashier, world.book.id, home.id, count=2)


async def test_a_dispute_of_a_resident_is_answered_upheld_and_credited_in_the_books() -> None:
    world = await a_world()
    home = world.homes[0]
    resident, neighbour = await living_in(home), await living_in(world.homes[1])
    bill = await a_bill(world, home, "100.00", days=5)
    assert (await refused(open_dispute(neighbour, bill.id, DisputeReason.PAID, "Not mine."))).code is RefusalCode.NOT_FOUND
    assert (await refused(open_dispute(resident, bill.id, DisputeReason.PAID, " "))).path == ("text",)
    dispute = await open_dispute(resident, bill.id, DisputeReason.AMOUNT, "The area is wrong.")
    assert (await refused(open_dispute(resident, bill.id, DisputeReason.PAID, "Again."))).code is RefusalCode.CONFLICT
    assert (await refused(withdraw(world.cashier, dispute.id))).code is RefusalCode.INVALID
    assert (await refused(uphold(world.cashier, dispute.id, None, "Right."))).code is RefusalCode.FORBIDDEN
    await answer(world.cashier, dispute.id, "We shall measure.", expected_version=1)
    assert (await refused(uphold(world.manager, dispute.id, Decimal("100.01"), "Right."))).path == ("amount",)
    settled = await uphold(world.manager, dispute.id, Decimal("12.50"), "The area was wrong.")
    assert (settled.state, settled.credited) == (DisputeState.UPHELD, Decimal("12.50"))
    after = await Bill.get(id=bill.id)
    assert (after.credited, after.open) == (Decimal("12.50"), Decimal("87.50"))
    lines = await JournalLine.filter(bill_id=bill.id, code=AccountCode.RECEIVABLE).order_by("booked_on")
    assert sum(line.debit - line.credit for line in lines) == after.open
    assert len(await Notice.filter(account_id=resident.account_id)) == 2
    assert (await refused(reject(world.manager, dispute.id, "No."))).code is RefusalCode.ILLEGAL_MOVE


async def test_a_dispute_is_rejected_with_a_reason_or_taken_back_and_goes_with_who_wrote_it() -> None:
    world = await a_world()
    home = world.homes[0]
    resident = await living_in(home)
    bill = await a_bill(world, home, "100.00", days=5)
    first = await open_dispute(resident, bill.id, DisputeReason.SERVICE, "Nobody sweeps.")
    assert (await withdraw(resident, first.id)).state is DisputeState.WITHDRAWN
    second = await open_dispute(world.cashier, bill.id, DisputeReason.OTHER, "They came to the desk.")
    assert (await refused(reject(world.cashier, second.id, "No."))).code is RefusalCode.FORBIDDEN
    assert (await reject(world.manager, second.id, "It was swept.")).state is DisputeState.REJECTED
    async with in_transaction():
        await erase(await Account.get(id=resident.account_id), Actor("system:test"))
    texts = {each.id: each.text for each in await BillDispute.all()}
    assert texts == {first.id: "（已清除）", second.id: "They came to the desk."}
    await pay(world, bill, "100.00")
    problem = await refused(open_dispute(world.cashier, bill.id, DisputeReason.PAID, "Paid."))
    assert problem.code is RefusalCode.ILLEGAL_MOVE


async def test_what_is_lost_is_written_off_by_who_decides_as_a_loss_beside_the_income() -> None:
    world = await a_world()
    bill = await a_bill(world, world.homes[0], "100.00", days=300)
    assert (await refused(write_off(world.cashier, bill.id, "Gone."))).code is RefusalCode.FORBIDDEN
    assert (await refused(write_off(world.manager, bill.id, ""))).path == ("reason",)
    assert (await refused(write_off(world.manager, bill.id, "Gone.", amount=Decimal("100.01")))).path == ("amount",)
    await write_off(world.manager, bill.id, "Gone.", amount=Decimal("40.00"))
    after = await write_off(world.manager, bill.id, "All of it.")
    assert (after.open, after.state) == (Decimal("0.00"), BillState.CREDITED)
    booked = await JournalLine.filter(book_id=world.book.id, code__in=[AccountCode.BAD_DEBT, AccountCode.SERVICE_INCOME])
    assert {line.code: line.debit - line.credit for line in booked if line.code is AccountCode.SERVICE_INCOME} == {
        AccountCode.SERVICE_INCOME: Decimal("-100.00")
    }
    assert sum(line.debit for line in booked) == Decimal("100.00")
