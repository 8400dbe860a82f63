"""Late fees by contract, and what a court is given: only at the end of the way, and on record."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason
from domain.arrears.ladder import LADDER
from domain.bills import BillKind
from domain.refusals import RefusalCode, Refused
from models import ArrearsCase, Bill, CourtFile, Fact, LateFeeCharge, LateFeeTerms, Reminder, Work
from models.arrears import (
    ageing,
    agree,
    charge,
    charge_bills,
    end_terms,
    hand_over,
    homes_in_arrears,
    open_dispute,
    read_court_file,
    record_delivery,
    remind,
    set_terms,
    withdraw,
)
from models.calendar import today
from models.connection import query
from tests.models.ledger.world import BookWorld

from .world import SYSTEM, a_bill, a_world, living_in, morning, pay

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
CONTRACT: dict[str, Any] = {
    "contract_number": "WY-2024-7",
    "per_day": Decimal("0.0003"),
    "cap": Decimal("0.05"),
    "grace_days": 10,
    "starts_on": date(2020, 1, 1),
}


async def by_contract(world: BookWorld, **other: Any) -> LateFeeTerms:
    return await set_terms(world.manager, world.book.id, **(CONTRACT | other))


async def refused(act: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await act
    return caught.value


async def charged(world: BookWorld, until: date) -> Decimal:
    """What is billed for being late up to a day, done by two workers at once."""
    await charge(world.manager, world.book.id, until=until)
    for work in await Work.filter(kind="arrears.late_fees"):
        await asyncio.gather(*(_once(world, work.payload["bills"], until) for _ in range(2)))
        await work.delete()
    return sum([each.total for each in await Bill.filter(kind=BillKind.LATE_FEE)], Decimal(0))


async def _once(world: BookWorld, bills: list[str], until: date) -> None:
    async with in_transaction():
        await charge_bills(SYSTEM, world.book.id, bills, until)


async def test_a_late_fee_needs_a_contract_follows_the_books_and_is_billed_once() -> None:
    world = await a_world()
    home, other, third = world.homes
    assert (await refused(charge(world.manager, world.book.id))).code is RefusalCode.ILLEGAL_MOVE
    terms = await by_contract(world)
    assert (await refused(by_contract(world))).code is RefusalCode.CONFLICT
    assert (await refused(by_contract(world, contract_number=""))).path == ("contract_number",)
    assert (await refused(by_contract(world, per_day=Decimal("0.01")))).path == ("per_day",)
    assert (await refused(charge(world.manager, world.book.id, until=today()))).path == ("until",)
    assert (await refused(charge(world.cashier, world.book.id))).code is RefusalCode.FORBIDDEN
    bill = await a_bill(world, home, "1000.00", days=50)
    await pay(world, bill, "600.00", today() - 20 * DAY)
    in_time = await a_bill(world, other, "1000.00", days=50)
    await pay(world, in_time, "1000.00", today() - 50 * DAY)
    disputed = await a_bill(world, third, "1000.00", days=50)
    dispute = await open_dispute(world.cashier, disputed.id, DisputeReason.AMOUNT, "Too much.")
    await query("UPDATE bill_dispute SET opened_at = opened_at - interval '45 days'")
    # 19 days of 1,000 yuan after the days of grace, then 400 yuan for 10 days.
    assert await charged(world, today() - 11 * DAY) == Decimal("6.90")
    assert await charged(world, today() - 11 * DAY) == Decimal("6.90")
    # Ten days more of 400 yuan; and never on the late fee itself.
    assert await charged(world, today() - DAY) == Decimal("8.10")
    late = await Bill.filter(kind=BillKind.LATE_FEE).order_by("number")
    assert [(each.home_id, each.total) for each in late] == [(home.id, Decimal("6.90")), (home.id, Decimal("1.20"))]
    assert [each.amount for each in await LateFeeCharge.all().order_by("until")] == [Decimal("6.90"), Decimal("1.20")]
    await withdraw(world.cashier, dispute.id)
    assert await charged(world, today() - DAY) == Decimal("8.10")
    ended = await end_terms(world.manager, terms.id, ends_on=today() - DAY)
    assert ended.ends_on == today() - DAY
    assert (await refused(end_terms(world.manager, terms.id, expected_version=1))).code is RefusalCode.STALE_VERSION


async def test_a_late_fee_stops_at_its_cap() -> None:
    world = await a_world()
    await by_contract(world)
    await a_bill(world, world.homes[0], "100.00", days=300)
    assert await charged(world, today() - DAY) == Decimal("5.00")
    assert (await LateFeeCharge.get()).days == 289


async def test_a_court_is_given_a_case_only_after_the_last_demand_came_and_its_period_is_over() -> None:
    world = await a_world()
    home = world.homes[0]
    await a_bill(world, home, "100.00", days=230)
    disputed = await a_bill(world, home, "77.00", days=230)
    case = ArrearsCase()
    for n, days in enumerate((-220, -190, -150, -100), start=1):
        async with in_transaction():
            await remind(world.book.id, [home.id], morning(days))
        case = await ArrearsCase.get()
        assert case.step == n
        if n < len(LADDER):
            problem = await refused(hand_over(world.manager, case.id))
            assert (problem.code, problem.path) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    assert "proves" in str(await refused(hand_over(world.manager, case.id)))
    last = await Reminder.get(case_id=case.id, step=4)
    await record_delivery(world.cashier, last.id, DeliveryWay.REGISTERED_MAIL, slip="RR 123")
    assert (await refused(hand_over(world.cashier, case.id))).code is RefusalCode.FORBIDDEN
    await open_dispute(world.cashier, disputed.id, DisputeReason.AMOUNT, "Too much.")
    file = await hand_over(world.manager, case.id)
    assert (file.amount, file.bill_count) == (Decimal("100.00"), 1)
    assert hashlib.sha256(file.document.encode()).hexdigest() == file.sha256
    for told in ("RR 123", "挂号邮寄", "100.00", "第九百四十四条", home.name):
        assert told in file.document
    assert "77.00" not in file.document.split("二、")[0]
    assert (await ArrearsCase.get()).state is CaseState.HANDED_OVER
    assert (await refused(hand_over(world.manager, case.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await read_court_file(world.manager, file.id)).document == file.document
    assert await Fact.filter(action="courtFileRead", subject_id=file.id, actor=world.manager.account_id).count() == 1
    for viewer, code in ((world.cashier, "FORBIDDEN"), (world.officer, "NOT_FOUND"), (await living_in(home), "FORBIDDEN")):
        assert (await refused(read_court_file(viewer, file.id))).code == code
    with pytest.raises(Exception, match="never changes"):
        await CourtFile.filter(id=file.id).update(amount=Decimal("1.00"))


async def test_sums_over_few_homes_are_told_to_nobody_who_may_not_read_their_bills() -> None:
    world = await a_world()
    for home in world.homes[:2]:
        await a_bill(world, home, "10.00", days=20)
    assert [aged.total.homes for *_, aged in await ageing(world.cashier)] == [2]
    assert await ageing(world.officer) == []
    assert await ageing(world.member) == []
    await a_bill(world, world.homes[2], "10.00", days=20)
    await a_bill(world, world.homes[2], "500.00", days=200)
    ((_, compound, keeper, told),) = await ageing(world.officer, compound_id=world.compound.id)
    assert (compound, keeper) == (world.compound.id, world.company.id)
    assert (told.total.homes, told.total.amount, told.bands) == (3, Decimal("530.00"), None)
    ((*_, whole),) = await ageing(world.manager, organisation_id=world.company.id)
    assert whole.bands is not None
    assert {band: (each.homes, each.amount) for band, each in whole.bands.items()} == {
        "DAYS_30": (3, Decimal("30.00")),
        "DAYS_365": (1, Decimal("500.00")),
    }
    assert [each.home_id for each in await homes_in_arrears(world.cashier, world.book.id, first=1)] == [world.homes[2].id]
    page = await homes_in_arrears(world.cashier, world.book.id)
    after = (page[0].due_on, page[0].home_id)
    assert await homes_in_arrears(world.cashier, world.book.id, after=after) == page[1:]
    assert await homes_in_arrears(world.officer, world.book.id) == []
    assert await ageing(await living_in(world.homes[0])) == []


async def test_a_home_in_a_plan_is_asked_for_nothing_by_a_court() -> None:
    world = await a_world()
    home = world.homes[0]
    await a_bill(world, home, "100.00", days=230)
    for days in (-220, -190, -150, -100):
        async with in_transaction():
            await remind(world.book.id, [home.id], morning(days))
    case = await ArrearsCase.get()
    await record_delivery(world.cashier, (await Reminder.get(case_id=case.id, step=4)).id, DeliveryWay.BY_HAND)
    await agree(world.cashier, world.book.id, home.id, count=2)
    assert "Nothing is left" in str(await refused(hand_over(world.manager, case.id)))
