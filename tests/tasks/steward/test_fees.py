"""Fees on the clock: less collected, homes long behind, money that finds no bill, runs missed, payments failing, differences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from tortoise.transactions import in_transaction

from domain.alerts import AlertState, Severity
from domain.bills import FeeUnit
from domain.charges import FeeKind, TierBasis
from domain.ledger import AccountCode
from domain.money import Rounding
from domain.payments import BankFileState, PaymentMethod, Provider, ReconciliationState
from models import Alert, BankFile, FeeAssignment, FeeItem, Home, PaymentFailure, PaymentMerchant, Reconciliation
from models.alerts import set_threshold
from models.calendar import today
from models.payments import receive
from tasks.steward import fees
from tests.builders import a_building, a_home, a_unit
from tests.models.arrears.world import SYSTEM, a_bill, a_world, pay
from tests.models.ledger.world import BookWorld

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


async def found() -> dict[str, tuple[str, float, Severity]]:
    """Of each rule with an open alert: what it is about, its figure, and how bad it is."""
    alerts = await Alert.filter(module="fees", state=AlertState.OPEN)
    return {each.rule.partition(".")[2]: (each.subject_id, each.reading["value"], each.severity) for each in alerts}


async def homes(world: BookWorld, count: int) -> list[Home]:
    unit = await a_unit(await a_building(world.compound))
    return [await a_home(unit) for _ in range(count)]


async def test_a_fall_of_what_is_collected_is_told_of_the_book_and_ends_when_it_is_paid() -> None:
    world = await a_world(ladder=False)
    home, other = world.homes[:2]
    before = await a_bill(world, home, "2000.00", days=130)
    await pay(world, before, "2000.00", today() - 120 * DAY)
    late = await a_bill(world, other, "2000.00", days=40)
    await pay(world, late, "1000.00", today() - 35 * DAY)
    await fees.find_unpaid(NOW)
    assert await found() == {"collection_falling": (world.book.id, 50.0, Severity.MAJOR)}
    (alert,) = await Alert.all()
    told = orjson.dumps([alert.message, alert.reading]).decode()
    assert (alert.compound_id, home.id in told, other.id in told) == (world.compound.id, False, False)
    await pay(world, late, "1000.00", today() - 12 * DAY)
    await fees.find_unpaid(NOW)
    assert await found() == {}


async def test_homes_long_behind_are_counted_and_few_of_them_are_not_told() -> None:
    world = await a_world(ladder=False)
    await set_threshold(SYSTEM, "fees.arrears_old", {"homes": 3, "many_homes": 4}, world.compound)
    every = await homes(world, 4)
    for home in every[:2]:
        await a_bill(world, home, days=200)
    await a_bill(world, every[2], days=100)
    await fees.find_unpaid(NOW)
    assert await found() == {}
    await a_bill(world, every[2], days=200)
    await fees.find_unpaid(NOW)
    assert await found() == {"arrears_old": (world.book.id, 3.0, Severity.WARNING)}
    last = await a_bill(world, every[3], days=200)
    await fees.find_unpaid(NOW)
    assert await found() == {"arrears_old": (world.book.id, 4.0, Severity.MAJOR)}
    await pay(world, last, "100.00")
    await pay(world, await a_bill(world, every[3], days=1), "100.00")
    await set_threshold(SYSTEM, "fees.arrears_old", {"months": 12}, world.compound)
    await fees.find_unpaid(NOW)
    assert await found() == {}


async def test_money_that_is_nobodys_or_finds_no_bill_is_told_after_a_week_and_so_is_a_difference() -> None:
    world = await a_world(ladder=False)
    place: dict[str, Any] = {"book_id": world.book.id, "compound_id": world.compound.id, "organisation_id": world.company.id}
    place["street_id"] = world.street.id
    read: dict[str, Any] = {
        "state": BankFileState.DONE,
        "waiting": [],
        "lines": 1,
        "matched": 0,
        "suspense": 1,
        "known": 0,
        "total": Decimal(5),
        "entered_at": NOW,
    }
    file = await BankFile.create(sha256="0" * 64, entered_by_id=world.cashier.account_id, **read, **place)
    of_bank: dict[str, Any] = {"received_on": today() - 6 * DAY, "bank_file_id": file.id, "bank_key": "1"}
    async with in_transaction():
        await receive(SYSTEM, world.book, None, Decimal("5.00"), PaymentMethod.BANK_FILE, **of_bank)
    await fees.find_unmatched(NOW)
    assert await found() == {}
    async with in_transaction():
        home = world.homes[0].id
        await receive(SYSTEM, world.book, home, Decimal("7.00"), PaymentMethod.CASH, received_on=today() - 60 * DAY, bill_ids=[])
    await fees.find_unmatched(NOW)
    assert await found() == {}
    await a_bill(world, world.homes[0], days=30)
    merchant = await PaymentMerchant.create(provider=Provider.SANDBOX, number="1", secret=b"", set_at=NOW, **place)
    counts: dict[str, Any] = {
        "their_count": 1,
        "our_count": 0,
        "their_total": Decimal(1),
        "our_total": Decimal(0),
        "differences": [],
    }
    different = await Reconciliation.create(
        day=today() - 2 * DAY, state=ReconciliationState.DIFFERENT, compared_at=NOW, merchant_id=merchant.id, **counts, **place
    )
    await fees.find_unmatched(NOW)
    assert await found() == {
        "unmatched": (world.book.id, 40.0, Severity.MINOR),
        "reconcile_difference": (world.book.id, 2.0, Severity.MAJOR),
    }
    await Reconciliation.filter(id=different.id).delete()
    await fees.find_unmatched(NOW)
    assert list(await found()) == ["unmatched"]


async def test_a_period_without_its_bills_is_told_of_the_book() -> None:
    world = await a_world(ladder=False)
    place: dict[str, Any] = {"book_id": world.book.id, "compound_id": world.compound.id, "organisation_id": world.company.id}
    place["street_id"] = world.street.id
    item = await FeeItem.create(
        code="WY",
        name="物业服务费",
        kind=FeeKind.AREA,
        account=AccountCode.SERVICE_INCOME,
        unit=FeeUnit.M2,
        rounding=Rounding.FEN_HALF_UP,
        tier_basis=TierBasis.MONTH,
        starts_on=today() - 12 * DAY,
        **place,
    )
    await fees.find_missed(NOW)
    assert await found() == {}
    await FeeAssignment.create(starts_on=item.starts_on, fee_item_id=item.id, home_id=world.homes[0].id, **place)
    await fees.find_missed(NOW)
    assert await found() == {"bill_run_missed": (world.book.id, 12.0, Severity.MINOR)}
    await FeeItem.filter(id=item.id).update(ended_on=today() - DAY)
    await fees.find_missed(NOW)
    assert await found() == {}


async def test_online_payments_that_fail_are_told_as_a_share_and_end_when_they_come_again() -> None:
    world = await a_world(ladder=False)
    place: dict[str, Any] = {"home_id": world.homes[0].id, "book_id": world.book.id, "compound_id": world.compound.id}
    for _ in range(5):
        await PaymentFailure.create(
            at=NOW - timedelta(hours=1), reason="X", amount=Decimal(1), street_id=world.street.id, **place
        )
    await fees.find_failing(NOW)
    assert await found() == {"payments_failing": (world.book.id, 100.0, Severity.MAJOR)}
    await fees.find_failing(NOW + timedelta(hours=25))
    assert await found() == {}
