"""Fee items, prices, homes' parts, meters and common costs: what is kept, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.bills import FeeUnit
from domain.charges import ExemptionReason, FeeBasis, FeeKind, ShareBy, Tier, period_from
from domain.ledger import AccountCode
from domain.money import Rounding, share
from domain.refusals import RefusalCode
from domain.territory import HomeUse
from models import FeeAssignment, FeePrice, Home, Meter, MeterReading
from models.calendar import today
from models.connection import query
from models.fees import (
    add_item,
    add_meter,
    assign,
    assign_all,
    end_assignment,
    end_item,
    estimate_meter,
    read_meter,
    replace_meter,
    set_price,
    set_shared_cost,
    withdraw_price,
)
from models.fees.sharing import fix_portions
from tests.builders import a_home
from tests.models.ticket_world import refusal

from .world import BEGAN, MONTH, a_fee_world, an_item, billed, common_power, priced, water

pytestmark = pytest.mark.usefixtures("database")
D = Decimal
INVALID, MOVE, CONFLICT = RefusalCode.INVALID, RefusalCode.ILLEGAL_MOVE, RefusalCode.CONFLICT


async def test_an_item_that_cannot_be_reckoned_is_refused_and_one_has_its_code_once() -> None:
    world = await a_fee_world()
    books = world.books
    shared, area, metered = FeeKind.SHARED, FeeKind.AREA, FeeKind.METERED
    for kind, how, field in (
        (area, {"account": AccountCode.STAFF}, "account"),
        (area, {"months": 5}, "months"),
        (area, {"unit": FeeUnit.KWH}, "unit"),
        (area, {"share_by": ShareBy.AREA}, "share_by"),
        (shared, {}, "share_by"),
        (shared, {"share_by": ShareBy.HOMES, "rounding": Rounding.YUAN_HALF_UP}, "rounding"),
        (area, {"name": " "}, "name"),
    ):
        given = {"name": "Fee", "account": AccountCode.SERVICE_INCOME} | how
        no = await refusal(add_item(books.manager, books.book.id, code="X", kind=kind, **given))  # pyright: ignore[reportArgumentType]
        assert (no.code, no.path) == (INVALID, (field,))
    again = await refusal(add_item(books.manager, books.book.id, code="A1", name="Fee", kind=area, account=world.service.account))
    assert (again.code, again.path) == (CONFLICT, ("code",))
    for viewer in (books.cashier, books.officer):
        assert (await refusal(end_item(viewer, world.service.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(end_item(books.member, world.service.id))).code is RefusalCode.NOT_FOUND
    kept = await end_item(books.manager, world.service.id, expected_version=1)
    assert (kept.ended_on, kept.version) == (today(), 2)
    assert (await refusal(end_item(books.manager, world.service.id))).code is MOVE
    assert (await an_item(books, "E1", metered, unit=FeeUnit.KWH)).unit is FeeUnit.KWH


async def test_a_higher_service_fee_takes_a_vote_and_no_price_changes_what_was_billed() -> None:
    world = await a_fee_world()
    books, item = world.books, world.service
    tomorrow = MONTH + timedelta(days=40)

    async def price(amount: str, on: date, basis: FeeBasis = FeeBasis.OWNERS_VOTE, tiers: tuple[Tier, ...] = ()) -> FeePrice:
        return await set_price(
            books.manager, item.id, D(amount), starts_on=on, basis=basis, basis_number="7", basis_on=on, tiers=tiers
        )

    no = await refusal(price("2.05", tomorrow, FeeBasis.CONTRACT))
    assert (no.code, no.path) == (INVALID, ("basis",))
    for amount, tiers, field in (("-1", (), "price"), ("0.0000001", (), "price"), ("1", (Tier(None, D(1)),), "tiers")):
        assert (await refusal(price(amount, tomorrow, tiers=tiers))).path == (field,)
    await price("1.80", tomorrow, FeeBasis.CONTRACT)
    assert (await refusal(price("1.70", tomorrow))).code is MOVE
    (first, last) = await FeePrice.filter(fee_item_id=item.id).order_by("starts_on")
    assert (await refusal(withdraw_price(books.manager, first.id))).code is MOVE
    await withdraw_price(books.manager, last.id)
    await billed(books)
    no = await refusal(price("1.70", MONTH + timedelta(days=1)))
    assert (no.code, no.path) == (MOVE, ("starts_on",))
    assert (await refusal(withdraw_price(books.manager, first.id))).code is MOVE
    shared = await common_power(books)
    no = await refusal(
        set_price(books.manager, shared.id, D(1), starts_on=BEGAN, basis=FeeBasis.SUPPLIER_BILL, basis_number="1", basis_on=BEGAN)
    )
    assert no.path == ("item_id",)


async def test_a_home_has_one_part_in_an_item_at_a_time() -> None:
    world = await a_fee_world()
    books, (home, *_) = world.books, world.books.homes
    parking = await an_item(books, "C1", FeeKind.PARKING, account=AccountCode.PARKING_INCOME)
    elsewhere = await a_home()
    await assign(books.cashier, parking.id, [home.id], quantity=D(2), ends_on=MONTH)
    for homes, how, code, field in (
        ([home.id], {}, CONFLICT, "home_ids"),
        ([elsewhere.id], {}, INVALID, "home_ids"),
        ([], {}, INVALID, "home_ids"),
        ([home.id], {"quantity": D(0)}, INVALID, "quantity"),
        ([home.id], {"discount": D("100.01")}, INVALID, "discount"),
        ([home.id], {"starts_on": BEGAN - timedelta(days=1)}, INVALID, "starts_on"),
        ([home.id], {"ends_on": BEGAN - timedelta(days=1)}, INVALID, "ends_on"),
    ):
        no = await refusal(assign(books.cashier, parking.id, homes, **how))  # pyright: ignore[reportArgumentType]
        assert (no.code, no.path) == (code, (field,))
    await assign(books.cashier, parking.id, [home.id], starts_on=MONTH + timedelta(days=1), exemption=ExemptionReason.CONTRACT)
    await assign_all(books.cashier, parking.id, [HomeUse.RESIDENTIAL], starts_on=MONTH)
    assert await FeeAssignment.filter(fee_item_id=parking.id).count() == 4
    assert (await refusal(assign_all(books.cashier, parking.id, []))).path == ("uses",)
    part = await FeeAssignment.filter(fee_item_id=parking.id, home_id=home.id).order_by("starts_on").first()
    assert part
    assert (await end_assignment(books.cashier, part.id, ends_on=BEGAN)).ends_on == BEGAN
    no = await refusal(end_assignment(books.cashier, part.id, ends_on=MONTH))
    assert (no.code, no.path) == (INVALID, ("ends_on",))
    assert (
        await refusal(end_assignment(books.cashier, part.id, ends_on=BEGAN, expected_version=9))
    ).code is RefusalCode.STALE_VERSION


async def test_a_meter_is_read_estimated_and_replaced_and_charges_what_was_used() -> None:
    world = await a_fee_world()
    books, (home, *_) = world.books, world.books.homes
    item = await water(books)
    no = await refusal(add_meter(books.cashier, world.service.id, home.id, code="1", digits=5))
    assert (no.code, no.path) == (INVALID, ("item_id",))
    meter = await add_meter(books.cashier, item.id, home.id, code="1", digits=3, value=D(990), started_on=BEGAN)
    assert (await refusal(add_meter(books.cashier, item.id, home.id, code="1", digits=5))).code is CONFLICT
    no = await refusal(estimate_meter(books.cashier, meter.id, read_on=BEGAN + timedelta(days=1)))
    assert (no.code, no.path) == (MOVE, ("used",))
    first, second, third = (BEGAN + timedelta(days=days) for days in (30, 45, 60))
    reading = await read_meter(books.cashier, meter.id, D(20), read_on=first, rolled_over=True)
    assert reading.used == D(30)
    guess = await estimate_meter(books.cashier, meter.id, read_on=second)
    assert (guess.used, guess.value, guess.estimated) == (D(15), None, True)
    for value, on, field in ((D(19), third, "value"), (D(1000), third, "value"), (D(30), second, "read_on")):
        no = await refusal(read_meter(books.cashier, meter.id, value, read_on=on))
        assert (no.code, no.path) == (INVALID, (field,))
    no = await refusal(read_meter(books.cashier, meter.id, D(40), read_on=today() + timedelta(days=1)))
    assert no.path == ("read_on",)
    new = await replace_meter(books.cashier, meter.id, D(50), code="2", digits=5, replaced_on=third, expected_version=3)
    assert sum(kept.used for kept in await MeterReading.filter(meter_id=meter.id)) == D(60)
    old = await Meter.get(id=meter.id)
    assert (old.ended_on, new.started_on, new.value) == (third, third, D(0))
    assert (await refusal(read_meter(books.cashier, old.id, D(60)))).code is MOVE


async def test_a_common_cost_is_shared_to_the_fen_as_the_domain_shares_it() -> None:
    world = await a_fee_world()
    books = world.books
    item = await common_power(books)
    areas = [D("89.50"), D("120.03"), D("33.33")]
    for home, area in zip(books.homes, areas, strict=True):
        await Home.filter(id=home.id).update(area_m2=area)
    await assign_all(books.cashier, item.id, list(HomeUse))
    cost = await set_shared_cost(books.manager, item.id, MONTH, D("100.01"), note="Lifts", expected_version=0)
    assert (await refusal(set_shared_cost(books.manager, item.id, MONTH, D(1), note="x", expected_version=0))).code is (
        RefusalCode.STALE_VERSION
    )
    for month, amount, field in (
        (MONTH + timedelta(days=1), D(1), "month"),
        (MONTH, D("1.001"), "amount"),
        (MONTH, D(0), "amount"),
    ):
        assert (await refusal(set_shared_cost(books.manager, item.id, month, amount, note="x"))).path == (field,)
    period = period_from(MONTH, 1)
    assert period
    for amount in (cost.amount, D("0.02"), D("7777.77")):
        await set_shared_cost(books.manager, item.id, MONTH, amount, note="Lifts")
        await fix_portions(item, period)
        rows = await query("SELECT amount FROM fee_portion WHERE fee_item_id = $1 ORDER BY home_id", item.id)
        order = sorted(zip([home.id for home in books.homes], areas, strict=True))
        assert [row["amount"] for row in rows] == share(amount, [area for _, area in order])
    await priced(books, await water(books), "5", starts_on=MONTH)
