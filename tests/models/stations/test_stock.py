"""Stock and loans: what is there is never less than nothing, and whoever restocks is told once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.notices import ChannelKind
from domain.refusals import RefusalCode, Refused
from domain.stations import ItemKind, LoanState, MovementKind
from models import Fact, Notice, StationItem, StationLoan, StationMovement, Work
from models.calendar import now
from models.stations import (
    add_item,
    count_item,
    end,
    give,
    lend,
    remove_item,
    restock,
    set_minimum,
    take_back,
    write_off,
)
from tests.builders import a_channel
from tests.models.ticket_world import refusal

from .world import a_station_world, an_item

pytestmark = pytest.mark.usefixtures("database")


async def at_once(*acts: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What came of acts that were all begun before one was done."""
    return await asyncio.gather(*(act() for act in acts), return_exceptions=True)


async def test_of_two_people_who_take_the_last_raincoat_one_gets_it():
    world = await a_station_world()
    item = await an_item(world, in_stock=1)
    came = await at_once(lambda: give(world.worker, item.id), lambda: give(world.clerk, item.id))
    (refused,) = [each for each in came if isinstance(each, Refused)]
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("amount",))
    assert refused.message.en == "There are 0 left."
    assert (await StationItem.get(id=item.id)).in_stock == 0
    assert await StationMovement.filter(item_id=item.id, kind=MovementKind.GIVEN).count() == 1
    assert await Fact.filter(action="stationItemGive").count() == 1


async def test_many_hands_leave_the_stock_that_the_movements_say():
    world = await a_station_world()
    item = await an_item(world, in_stock=6)
    takes = [lambda: give(world.worker, item.id, 2)] * 4
    came = await at_once(*takes, lambda: restock(world.clerk, item.id, 1), lambda: restock(world.officer, item.id, 1))
    given = sum(not isinstance(each, Exception) for each in came[:4])
    left = (await StationItem.get(id=item.id)).in_stock
    assert left == 6 + 2 - 2 * given >= 0
    moved = await StationMovement.filter(item_id=item.id)
    assert sum(each.amount for each in moved) == left


async def test_stock_below_nothing_is_refused_with_field_and_remedy():
    world = await a_station_world()
    item = await an_item(world, in_stock=3)
    for act, code, field in (
        (give(world.worker, item.id, 4), RefusalCode.CONFLICT, "amount"),
        (give(world.worker, item.id, 0), RefusalCode.INVALID, "amount"),
        (restock(world.worker, item.id, -3), RefusalCode.INVALID, "amount"),
        (count_item(world.worker, item.id, -1), RefusalCode.INVALID, "counted"),
        (set_minimum(world.worker, item.id, -1), RefusalCode.INVALID, "minimum"),
        (lend(world.worker, item.id, "A-1"), RefusalCode.ILLEGAL_MOVE, "id"),
    ):
        refused = await refusal(act)
        assert (refused.code, refused.path) == (code, (field,))
    assert (await StationItem.get(id=item.id)).in_stock == 3
    assert await StationMovement.filter(item_id=item.id).count() == 1


async def test_an_umbrella_goes_out_to_a_slip_and_comes_back_once():
    world = await a_station_world()
    umbrella = await an_item(world, ItemKind.UMBRELLA, in_stock=2)
    loan = await lend(world.worker, umbrella.id, " a-017 ")
    assert loan.slip == "A-017"
    item = await StationItem.get(id=umbrella.id)
    assert (item.in_stock, item.lent) == (1, 1)
    refused = await refusal(lend(world.clerk, umbrella.id, "A-017"))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("slip",))
    refused = await refusal(remove_item(world.clerk, umbrella.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    await take_back(world.clerk, loan.id)
    refused = await refusal(take_back(world.worker, loan.id))
    assert (refused.code, refused.path) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    item = await StationItem.get(id=umbrella.id)
    assert (item.in_stock, item.lent) == (2, 0)
    assert await StationMovement.filter(item_id=item.id, kind=MovementKind.RETURNED).count() == 1
    again = await lend(world.worker, umbrella.id, "A-017", now() + timedelta(days=1))
    assert again.state is LoanState.OUT


async def test_an_umbrella_brought_back_by_two_at_once_is_taken_once_and_the_last_is_lent_once():
    world = await a_station_world()
    umbrella = await an_item(world, ItemKind.UMBRELLA, in_stock=1)
    came = await at_once(*(lambda slip=slip: lend(world.worker, umbrella.id, slip) for slip in ("A-1", "A-2")))
    (loan,) = [each for each in came if isinstance(each, StationLoan)]
    assert await StationLoan.all().count() == 1
    came = await at_once(*[lambda: take_back(world.worker, loan.id)] * 2)
    (refused,) = [each for each in came if isinstance(each, Refused)]
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    item = await StationItem.get(id=umbrella.id)
    assert (item.in_stock, item.lent) == (1, 0)


async def test_what_was_written_off_and_is_found_again_comes_back():
    world = await a_station_world()
    umbrella = await an_item(world, ItemKind.UMBRELLA, in_stock=1)
    loan = await lend(world.worker, umbrella.id, "A-1")
    await write_off(world.clerk, loan.id)
    item = await StationItem.get(id=umbrella.id)
    assert (item.in_stock, item.lent) == (0, 0)
    assert (await refusal(write_off(world.clerk, loan.id))).code is RefusalCode.ILLEGAL_MOVE
    await take_back(world.clerk, loan.id)
    item = await StationItem.get(id=umbrella.id)
    assert (item.in_stock, item.lent) == (1, 0)
    assert (await StationLoan.get(id=loan.id)).state is LoanState.RETURNED


async def test_who_keeps_the_station_is_told_once_each_time_that_something_runs_short():
    world = await a_station_world()
    for organisation in (world.team, world.office):
        await a_channel(organisation, ChannelKind.WEBHOOK)
    item = await an_item(world, in_stock=10, minimum=5)
    await give(world.worker, item.id, 5)
    assert await Notice.all().count() == 0
    await give(world.worker, item.id)
    await give(world.worker, item.id)
    notices = await Notice.all()
    assert {notice.organisation_id for notice in notices} == {world.team.id, world.office.id}
    assert {notice.type for notice in notices} == {"steward.station.stock_low.v1"}
    assert notices[0].payload["item"]["inStock"] == 4
    assert notices[0].title["en"] == f"[Stock] First station: {item.name}"
    assert "4 left, 5 wanted" in notices[0].body["en"]
    assert await Work.all().count() == 2
    short = await StationItem.get(id=item.id)
    assert short.low_since is not None
    await restock(world.officer, item.id, 20)
    assert (await StationItem.get(id=item.id)).low_since is None
    await count_item(world.clerk, item.id, 2)
    assert await Notice.all().count() == 4
    await restock(world.officer, item.id, 3)
    await set_minimum(world.clerk, item.id, 6)
    assert await Notice.all().count() == 6
    await add_item(world.worker, world.station.id, kind=ItemKind.WATER, name="Water", unit="瓶", in_stock=0, minimum=24)
    assert await Notice.all().count() == 8


async def test_what_is_listed_is_listed_once_and_what_is_struck_off_is_gone():
    world = await a_station_world()
    item = await an_item(world, in_stock=1)
    about: dict[str, Any] = {"kind": item.kind, "name": item.name, "unit": "件", "in_stock": 1}
    refused = await refusal(add_item(world.clerk, world.station.id, **about))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("name",))
    await remove_item(world.worker, item.id)
    assert (await refusal(give(world.worker, item.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(remove_item(world.worker, item.id))).code is RefusalCode.ILLEGAL_MOVE
    await add_item(world.clerk, world.station.id, **about)


async def test_what_is_lent_comes_back_to_a_station_that_has_ended():
    world = await a_station_world()
    umbrella = await an_item(world, ItemKind.UMBRELLA, in_stock=1)
    loan = await lend(world.worker, umbrella.id, "A-1")
    await end(world.officer, world.station.id)
    assert (await refusal(lend(world.worker, umbrella.id, "A-2"))).code is RefusalCode.ILLEGAL_MOVE
    await take_back(world.worker, loan.id)
    assert (await StationItem.get(id=umbrella.id)).in_stock == 1
