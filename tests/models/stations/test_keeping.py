"""Who keeps a station, when it is open, and what is near; how visits are counted."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role
from domain.refusals import RefusalCode
from domain.stations import ClosureReason, EquipmentKind, EquipmentState, Point, PointKind, ServiceKind, Visitors, hour_of
from domain.territory import PlaceKind
from models import Fact, Station, StationClosure, StationLoan, StationPoint, StationService, StationVisit
from models.calendar import now, today
from models.permits import found
from models.stations import (
    add_visits,
    close,
    end,
    end_point,
    end_service,
    furnish,
    hand_over,
    offer_service,
    open_near,
    open_point,
    open_station,
    remove_equipment,
    reopen,
    report_equipment,
    set_hours,
    set_police_point,
    set_visits,
)
from tests.builders import a_code, a_grid, a_street, an_organisation
from tests.models.ticket_world import refusal, somebody

from .world import HERE, StationWorld, a_station, a_station_world, an_item

pytestmark = pytest.mark.usefixtures("database")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def a_closure(world: StationWorld, starts: timedelta | None = None, ends: timedelta | None = None) -> StationClosure:
    moment = now()
    times = {name: None if after is None else moment + after for name, after in (("starts_at", starts), ("ends_at", ends))}
    return await close(world.worker, world.station.id, reason=ClosureReason.REPAIR, **times)


async def test_a_station_is_kept_by_those_who_run_it_the_community_and_the_street():
    world = await a_station_world()
    assert world.station.office_id == world.office.id
    for keeper in (world.officer, world.clerk, world.worker):
        await set_police_point(keeper, world.station.id, True)
    company = await an_organisation(world.street)
    manager = await somebody(Role.COMPANY_MANAGER, organisation=company)
    for other in (world.stranger, manager):
        assert await found(Station, world.station.id, other)
        assert (await refusal(set_police_point(other, world.station.id, False))).code is RefusalCode.FORBIDDEN
    await hand_over(world.officer, world.station.id, company.id)
    await set_police_point(manager, world.station.id, False)
    assert (await refusal(set_police_point(world.worker, world.station.id, False))).code is RefusalCode.FORBIDDEN
    assert (await refusal(hand_over(world.clerk, world.station.id, company.id))).code is RefusalCode.FORBIDDEN
    elsewhere = await somebody(Role.STREET_OFFICER, place=await a_street())
    assert (await refusal(set_police_point(elsewhere, world.station.id, False))).code is RefusalCode.NOT_FOUND


async def test_all_that_is_a_stations_goes_along_to_whoever_runs_it_next():
    world = await a_station_world()
    await add_visits(world.worker, world.station.id)
    await a_closure(world)
    company = await an_organisation(world.street)
    await hand_over(world.officer, world.station.id, company.id, expected_version=1)
    for rows in (StationVisit, StationClosure):
        assert [row.organisation_id for row in await rows.all()] == [company.id]
    refused = await refusal(hand_over(world.officer, world.station.id, world.team.id, expected_version=1))
    assert refused.code is RefusalCode.STALE_VERSION


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": " "}, "code"),
        ({"name": "n" * 61}, "name"),
        ({"point": Point(105.9, 29.3)}, "latitude"),
        ({"opens": "08:00"}, "closes"),
    ],
)
async def test_a_station_that_cannot_be_is_refused_by_field(given: dict[str, Any], field: str):
    world = await a_station_world()
    refused = await refusal(a_station(world, **given))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,))


async def test_a_station_stands_in_a_business_grid_of_its_street_and_has_a_code_of_its_own():
    world = await a_station_world()
    about: dict[str, Any] = {"code": a_code("STATION"), "name": "Second", "address": "2 Market Street", "point": HERE}
    for place in (await a_grid(world.community), world.community):
        refused = await refusal(open_station(world.officer, place.id, world.team.id, **about))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("grid_id",))
    refused = await refusal(open_station(world.officer, world.grid.id, world.team.id, **{**about, "code": world.station.code}))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("code",))
    same = {**about, "code": a_code("STATION")}
    came = await asyncio.gather(
        *(open_station(world.officer, world.grid.id, world.team.id, **same) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in came) == ["Refused", "Station"]
    grid = await a_grid(kind=PlaceKind.BUSINESS_GRID)
    both = await somebody(Role.STREET_OFFICER, place=world.street)
    reach = {role: {way: (*ids, grid.street_id) for way, ids in held.items()} for role, held in both.reach.items()}
    two = type(both)(both.account_id, reach=reach)
    refused = await refusal(open_station(two, grid.id, world.team.id, **about))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("organisation_id",))
    for change in ({"grid_id": (await a_grid(world.community)).id}, {"opens": "8"}, {"closes": "20:00"}, {"latitude": 91}):
        with pytest.raises(IntegrityError):
            await Station.filter(id=world.station.id).update(**change)


async def test_closures_do_not_overlap_and_end_after_they_begin():
    world = await a_station_world()
    for starts, ends, field in ((HOUR, -HOUR, "ends_at"), (HOUR, HOUR, "ends_at"), (-8 * DAY, DAY, "starts_at")):
        refused = await refusal(a_closure(world, starts, ends))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,))
        assert await StationClosure.all().count() == 0
    coming = await a_closure(world, DAY, 2 * DAY)
    assert (await refusal(a_closure(world))).code is RefusalCode.CONFLICT
    running = await a_closure(world, None, HOUR)
    with pytest.raises(IntegrityError):
        await StationClosure.create(starts_at=now(), reason=ClosureReason.OTHER, **world.station.keepers)
    assert await open_near(world.worker, HERE) == []
    await reopen(world.clerk, running.id)
    await reopen(world.clerk, running.id)
    await reopen(world.clerk, coming.id)
    assert [row.id for row in await StationClosure.all()] == [running.id]
    (there,) = await open_near(world.worker, HERE)
    assert (there.station_id, there.distance_m, there.until) == (world.station.id, 0, None)
    assert await Fact.filter(action="stationReopen").count() == 2


async def test_what_is_open_near_is_told_the_nearest_first_and_to_those_who_see_it():
    world = await a_station_world()
    moment = now().replace(hour=21, minute=30)
    await set_hours(world.worker, world.station.id, "20:00", "02:00")

    async def a_point(north: float, **hours: str) -> StationPoint:
        place = {"name": "Bench", "address": "3 Market Street", "point": Point(HERE.latitude + north / 111_195, HERE.longitude)}
        return await open_point(world.clerk, world.station.id, kind=PointKind.REST_PLACE, **place, **hours)

    far, near = await a_point(900), await a_point(300)
    await a_point(100, opens="08:00", closes="20:00")
    await a_point(2_500)
    gone = await a_point(50)
    await end_point(world.clerk, gone.id)
    assert (await refusal(end_point(world.clerk, gone.id))).code is RefusalCode.ILLEGAL_MOVE
    told = await open_near(world.stranger, HERE, at=moment)
    assert [(each.point_id, each.distance_m) for each in told] == [(None, 0), (near.id, 300), (far.id, 900)]
    assert told[0].until == (moment + DAY).replace(hour=2, minute=0, second=0, microsecond=0)
    assert [each.point_id for each in await open_near(world.stranger, HERE, 400, at=moment)] == [None, near.id]
    elsewhere = await somebody(Role.STREET_OFFICER, place=await a_street())
    assert await open_near(elsewhere, HERE, at=moment) == []
    for point, within, field in ((Point(105, 29), 100, "latitude"), (HERE, 0, "within_metres"), (HERE, 20_001, "within_metres")):
        assert (await refusal(open_near(world.worker, point, within))).path == (field,)
    await end(world.officer, world.station.id)
    assert await open_near(world.worker, HERE, at=moment) == []


async def test_visits_are_counts_of_an_hour_that_several_add_to():
    world = await a_station_world()
    await asyncio.gather(*(add_visits(world.worker, world.station.id, Visitors.RIDER, n) for n in (1, 2, 3)))
    visits = await StationVisit.all()
    assert sum(each.visits for each in visits) == 6
    hour = hour_of(now()) - 3 * HOUR
    for count in (9, 7):
        counted = await set_visits(world.clerk, world.station.id, hour + HOUR / 2, Visitors.SANITATION, count)
        assert (counted.hour, counted.visits) == (hour, count)
    for moment, count, field in ((now() + HOUR, 1, "hour"), (now() - 33 * DAY, 1, "hour"), (now(), -1, "visits")):
        refused = await refusal(set_visits(world.clerk, world.station.id, moment, Visitors.OTHER, count))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, (field,))
    assert (await refusal(add_visits(world.worker, world.station.id, visits=0))).path == ("visits",)
    assert (await refusal(add_visits(world.stranger, world.station.id))).code is RefusalCode.FORBIDDEN


async def test_loans_and_visits_are_seen_by_keepers_only():
    world = await a_station_world()
    counted = await add_visits(world.worker, world.station.id)
    assert await found(StationVisit, counted.id, world.clerk)
    assert (await refusal(found(StationVisit, counted.id, world.stranger))).code is RefusalCode.NOT_FOUND
    assert StationLoan.belonging == StationVisit.belonging


async def test_equipment_is_put_in_reported_and_taken_out():
    world = await a_station_world()
    thing = await furnish(world.worker, world.station.id, kind=EquipmentKind.AIR_CONDITIONING, name="By the door")
    broken = await report_equipment(world.clerk, thing.id, EquipmentState.BROKEN, "Drips")
    since = broken.state_since
    again = await report_equipment(world.clerk, thing.id, EquipmentState.BROKEN, "Drips still")
    assert (again.state_since, again.note) == (since, "Drips still")
    await remove_equipment(world.worker, thing.id)
    for act in (remove_equipment(world.worker, thing.id), report_equipment(world.clerk, thing.id, EquipmentState.GOOD)):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE
    assert not await Fact.filter(after__contains={"note": "Drips"}).exists()


async def test_partners_offer_services_for_a_time():
    world = await a_station_world()

    async def offered(**days: Any) -> StationService:
        about = {"kind": ServiceKind.HEALTH, "name": "Blood pressure", "partner": "District hospital", "times": "Wednesdays"}
        return await offer_service(world.clerk, world.station.id, **about, **days)

    for days, field in (
        ({"ends_on": today() - DAY}, "ends_on"),
        ({"ends_on": today().replace(year=9999)}, "ends_on"),
        ({"starts_on": today() + 5000 * DAY}, "starts_on"),
    ):
        assert (await refusal(offered(**days))).path == (field,)
    coming, running = await offered(starts_on=today() + DAY), await offered(starts_on=today() - DAY)
    for each in (coming, running, running):
        await end_service(world.worker, each.id)
    (left,) = await StationService.all()
    assert (left.id, left.ends_on) == (running.id, today() - DAY)


async def test_a_station_that_has_ended_stays_so():
    world = await a_station_world()
    item = await an_item(world)
    await offer_service(world.clerk, world.station.id, kind=ServiceKind.MEALS, name="Lunch", partner="Canteen", times="Noon")
    ended = await end(world.officer, world.station.id)
    assert (await end(world.officer, world.station.id)).ended_at == ended.ended_at
    assert item.station_id == ended.id
    assert (await StationService.get()).ends_on == today()
    assert (await refusal(a_closure(world))).path == ("station_id",)
    assert (await refusal(set_hours(world.clerk, world.station.id, None, None))).code is RefusalCode.ILLEGAL_MOVE
