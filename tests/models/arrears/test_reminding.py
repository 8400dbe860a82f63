"""Reminders: step after step, each once, in decent hours, to those who live there and to nobody else."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.arrears.cases import CaseState, DeliveryWay
from domain.arrears.disputes import DisputeReason
from domain.arrears.ladder import LADDER, LadderStep, ReminderKind
from domain.notices import ChannelKind
from domain.refusals import RefusalCode, Refused
from models import ArrearsCase, Channel, Fact, Notice, Reminder, Work
from models.arrears import agree, close_paid, leave_reminders, open_dispute, record_delivery, remind, set_ladder, withdraw
from models.calendar import today
from tests.builders import a_channel
from tests.models.ledger.world import BookWorld

from .world import a_bill, a_world, living_in, morning, pay, prepay

pytestmark = pytest.mark.usefixtures("database")


async def reminded(world: BookWorld, days: int) -> int:
    """How many homes are reminded so many days from now."""
    async with in_transaction():
        return await remind(world.book.id, [home.id for home in world.homes], morning(days))


async def test_a_home_is_told_each_step_once_and_a_new_case_begins_at_the_first() -> None:
    world = await a_world()
    home, other = world.homes[:2]
    resident, neighbour = await living_in(home), await living_in(other)
    await a_channel(world.company, ChannelKind.WEBHOOK)
    bill = await a_bill(world, home, "120.50", days=1)
    await a_bill(world, other, "10.00", days=-5)
    assert await reminded(world, 0) == 0
    assert await reminded(world, 9) == 1
    assert await reminded(world, 9) == 0
    (first,) = await Reminder.all()
    assert (first.kind, first.step, first.amount, first.bill_count, first.told) == (
        ReminderKind.NOTICE,
        1,
        Decimal("120.50"),
        1,
        1,
    )
    assert [each["number"] for each in first.bills] == [str(bill.number)]
    (notice,) = await Notice.filter(topic=first.id)
    assert notice.account_id == resident.account_id
    assert "120.50" in notice.body["zh-CN"]
    assert not await Notice.filter(account_id=neighbour.account_id).exists()
    for days in (40, 70, 120, 180, 400):
        await reminded(world, days)
    assert [each.kind for each in await Reminder.filter(home_id=home.id).order_by("step")] == [step.kind for step in LADDER]
    assert {each.kind for each in await Channel.filter(id__in=[n.channel_id for n in await Notice.all()])} == {ChannelKind.LIVE}
    await pay(world, bill, "120.50")
    async with in_transaction():
        assert await close_paid(morning(400)) == 1
    (case,) = await ArrearsCase.filter(home_id=home.id)
    assert (case.state, case.step) == (CaseState.CLOSED, 4)
    assert not [fact for fact in await Fact.all() if "120.50" in str((fact.before, fact.after)) or home.id in str(fact.after)]
    await a_bill(world, home, "50.00", days=20)
    assert await reminded(world, 0) == 1
    assert await Reminder.filter(home_id=home.id, step=1).count() == 2


async def test_two_workers_at_once_remind_a_home_once() -> None:
    world = await a_world()
    for home in world.homes:
        await a_bill(world, home, days=20)
    assert sum(await asyncio.gather(*(reminded(world, 0) for _ in range(4)))) == 3
    assert await Reminder.all().count() == 3


async def test_nobody_is_reminded_at_night_without_a_ladder_or_of_what_waits_to_be_settled() -> None:
    world = await a_world(ladder=False)
    home, other, third = world.homes
    for each in world.homes:
        await a_bill(world, each, "100.00", days=20)
    assert await reminded(world, 0) == 0
    ladder = await set_ladder(world.manager, world.book.id)
    night = morning(0).replace(hour=20)
    async with in_transaction():
        assert await leave_reminders(night) == 0
        assert await remind(world.book.id, [home.id], night) == 0
        assert await leave_reminders(morning(0)) == 3
    (work,) = await Work.all()
    assert sorted(work.payload["homes"]) == sorted(each.id for each in world.homes)
    await prepay(world, home.id, "100.00")
    dispute = await open_dispute(
        world.cashier, (await a_bill(world, other, "30.00", days=20)).id, DisputeReason.AMOUNT, "Too much."
    )
    plan = await agree(world.cashier, world.book.id, third.id, count=3)
    assert await reminded(world, 0) == 1
    assert [each.amount for each in await Reminder.all()] == [Decimal("100.00")]
    assert plan.total == Decimal("100.00")
    await withdraw(world.cashier, dispute.id)
    await set_ladder(world.manager, world.book.id, running=False, expected_version=ladder.version)
    assert await reminded(world, 60) == 0


async def test_a_ladder_is_set_by_who_decides_and_each_refusal_names_its_field() -> None:
    world = await a_world(ladder=False)
    steps = [LadderStep(ReminderKind.DEMAND, 30, 30)]
    ladder = await set_ladder(world.manager, world.book.id, steps=steps, running=False)
    assert ladder.ladder == tuple(steps)
    ladder = await set_ladder(world.manager, world.book.id, expected_version=ladder.version)
    assert ladder.ladder == tuple(steps)
    with pytest.raises(Refused) as refused:
        await set_ladder(world.manager, world.book.id, steps=[])
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("steps",))
    with pytest.raises(Refused) as refused:
        await set_ladder(world.manager, world.book.id, expected_version=1)
    assert refused.value.code is RefusalCode.STALE_VERSION
    for viewer, code in ((world.cashier, "FORBIDDEN"), (world.member, "NOT_FOUND"), (world.officer, "FORBIDDEN")):
        with pytest.raises(Refused) as refused:
            await set_ladder(viewer, world.book.id)
        assert refused.value.code == code


async def test_a_delivery_on_paper_has_its_day_and_registered_mail_its_slip() -> None:
    world = await a_world()
    await a_bill(world, world.homes[0], days=30)
    await reminded(world, -10)
    reminder = await Reminder.get()
    assert reminder.told == 0
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"way": DeliveryWay.REGISTERED_MAIL}, "slip"),
        ({"way": DeliveryWay.BY_HAND, "delivered_on": today() + timedelta(days=1)}, "delivered_on"),
        ({"way": DeliveryWay.BY_HAND, "delivered_on": today() - timedelta(days=20)}, "delivered_on"),
    ]
    for given, field in wrong:
        with pytest.raises(Refused) as refused:
            await record_delivery(world.cashier, reminder.id, **given)
        assert refused.value.path == (field,)
    kept = await record_delivery(world.cashier, reminder.id, DeliveryWay.REGISTERED_MAIL, slip="RR 123")
    assert (kept.delivered_way, kept.delivered_on, kept.slip) == (DeliveryWay.REGISTERED_MAIL, today(), "RR 123")
    with pytest.raises(Refused) as refused:
        await record_delivery(world.member, reminder.id, DeliveryWay.BY_HAND)
    assert refused.value.code is RefusalCode.NOT_FOUND
