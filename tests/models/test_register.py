"""The register of facilities: added, amended, moved, retired, and how long what is in it could be used."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.facilities import FacilityKind, FacilityStatus
from domain.facilities.downtime import AvailabilityPer, Report, Use, spells, use
from domain.refusals import RefusalCode, Refused
from models import Compound, Device, Facility, FacilityStatusChange, Place, Threshold
from models.calendar import zone
from models.facilities import add, amend, move, report_status, report_status_of, retire
from models.facilities.availability import availability, downtime
from models.facts import Actor, Fact
from tests.builders import a_building, a_code, a_community, a_compound, a_device, a_facility, a_street, a_unit, an_alert
from tests.models.ticket_world import somebody

LIFT = {"in_use_since": "2008-06-30", "stops": 18}


@pytest.fixture
async def compound(database: None) -> Compound:
    return await a_compound(await a_community(await a_street()))


async def officer(compound: Compound) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=await Place.get(id=compound.street_id))


async def a_lift(viewer: Viewer, compound: Compound, **given: Any) -> Facility:
    about: dict[str, Any] = {"code": a_code("LIFT"), "kind": FacilityKind.LIFT, "name": "Lift", "attributes": LIFT, **given}
    return await add(viewer, compound.id, **about)


async def refused(code: RefusalCode, path: tuple[str, ...], asked: Any) -> None:
    with pytest.raises(Refused) as caught:
        await asked
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.hint.en


async def test_a_facility_is_entered_with_its_first_day_and_a_fact(compound: Compound) -> None:
    viewer, building = await officer(compound), await a_building(compound)
    unit = await a_unit(building)
    lift = await a_lift(viewer, compound, unit_id=unit.id)
    assert (lift.building_id, lift.unit_id, lift.status, lift.version) == (building.id, unit.id, FacilityStatus.IN_SERVICE, 1)
    assert lift.status_since.astimezone(zone()).date() == date(2008, 6, 30)
    assert (await FacilityStatusChange.get()).since == lift.status_since
    assert [fact.action for fact in await Fact.all()] == ["facilityAdd"]
    made: dict[str, Any] = {"kind": FacilityKind.EXTINGUISHER, "attributes": {"agent": "WATER", "made_on": "2019-05-01"}}
    assert (await a_lift(viewer, compound, **made)).scrap_on == date(2025, 5, 1)


async def test_what_cannot_be_entered_is_refused_by_name(compound: Compound) -> None:
    viewer, lift = await officer(compound), await a_lift(await officer(compound), compound)
    elsewhere = await a_compound(await a_community(await Place.get(id=compound.street_id)))
    there = await a_building(elsewhere)
    invalid = RefusalCode.INVALID
    for given, code, path in (
        ({"code": lift.code}, RefusalCode.CONFLICT, ("code",)),
        ({"code": " "}, invalid, ("code",)),
        ({"name": "x" * 121}, invalid, ("name",)),
        ({"attributes": {**LIFT, "colour": 1}}, invalid, ("attributes", "colour")),
        ({"attributes": {"stops": 3}}, invalid, ("attributes", "in_use_since")),
        ({"building_id": there.id}, invalid, ("building_id",)),
        ({"unit_id": (await a_unit(there)).id}, invalid, ("unit_id",)),
        ({"building_id": "bld_nothing"}, RefusalCode.NOT_FOUND, ("building_id",)),
    ):
        await refused(code, path, a_lift(viewer, compound, **given))
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await refused(RefusalCode.FORBIDDEN, (), a_lift(worker, compound))
    assert await Facility.all().count() == 1


async def test_what_is_written_of_it_is_amended_and_the_same_again_changes_nothing(compound: Compound) -> None:
    viewer = await officer(compound)
    lift = await a_lift(viewer, compound, attributes={**LIFT, "maker": "Maker"})
    lift = await amend(viewer, lift.id, name="Lift 24", attributes={"stops": 20, "maker": None}, expected_version=1)
    assert (lift.name, lift.attributes, lift.version) == ("Lift 24", {**LIFT, "stops": 20}, 2)
    assert (await amend(viewer, lift.id, name="Lift 24")).version == 2
    await refused(RefusalCode.STALE_VERSION, ("expected_version",), amend(viewer, lift.id, name="x", expected_version=1))
    await refused(RefusalCode.INVALID, ("attributes", "stops"), amend(viewer, lift.id, attributes={"stops": None}))
    other = await a_lift(viewer, compound)
    await refused(RefusalCode.CONFLICT, ("code",), amend(viewer, other.id, code=lift.code))


async def test_a_facility_moves_within_its_street_with_its_devices_and_its_history(compound: Compound) -> None:
    viewer, lift = await officer(compound), await a_lift(await officer(compound), compound)
    new_home = await a_compound(await a_community(await Place.get(id=compound.street_id)))
    gateway = await a_device(compound)
    device = await a_device(facility=lift, parent_id=gateway.id)
    await Threshold.create(rule="r", values={}, facility_id=lift.id, compound_id=compound.id, street_id=compound.street_id)
    await report_status(Actor("system:test"), lift, FacilityStatus.OUT_OF_SERVICE, datetime(2022, 1, 1, tzinfo=UTC))
    alert = await an_alert(device)
    await refused(RefusalCode.CONFLICT, ("id",), move(viewer, lift.id, new_home.id))
    await alert.delete()
    building = await a_building(new_home)
    moved = await move(viewer, lift.id, new_home.id, building_id=building.id)
    assert (moved.compound_id, moved.building_id) == (new_home.id, building.id)
    device = await Device.get(id=device.id)
    assert (device.compound_id, device.parent_id) == (new_home.id, None)
    assert {change.compound_id for change in await FacilityStatusChange.all()} == {new_home.id}
    assert (await Threshold.get()).compound_id == new_home.id


async def test_a_facility_is_not_moved_to_a_compound_of_another_street(compound: Compound) -> None:
    viewer, lift = await officer(compound), await a_lift(await officer(compound), compound)
    elsewhere = await a_compound(await a_community(await a_street()))
    await refused(RefusalCode.NOT_FOUND, ("compound_id",), move(viewer, lift.id, elsewhere.id))
    both = await somebody(Role.STREET_OFFICER, place=await Place.get(id=compound.street_id))
    there = await somebody(Role.STREET_OFFICER, place=await Place.get(id=elsewhere.street_id))
    roles = {role: {way: held + there.reach[role][way] for way, held in ways.items()} for role, ways in both.reach.items()}
    of_both = replace(both, reach=roles)
    await refused(RefusalCode.INVALID, ("compound_id",), move(of_both, lift.id, elsewhere.id))
    assert (await Facility.get(id=lift.id)).compound_id == compound.id


async def test_what_was_taken_out_for_good_stays_so(compound: Compound) -> None:
    viewer, lift = await officer(compound), await a_lift(await officer(compound), compound)
    early = datetime(2001, 1, 1, tzinfo=UTC)
    await refused(RefusalCode.INVALID, ("since",), retire(viewer, lift.id, since=early))
    lift = await retire(viewer, lift.id, "worn out", since=datetime(2024, 1, 1, tzinfo=UTC))
    assert (lift.status, lift.version) == (FacilityStatus.RETIRED, 2)
    for asked in (retire(viewer, lift.id), amend(viewer, lift.id, name="x"), move(viewer, lift.id, compound.id)):
        await refused(RefusalCode.ILLEGAL_MOVE, ("id",), asked)
    await refused(RefusalCode.ILLEGAL_MOVE, ("since",), report_status_of(viewer, lift.id, FacilityStatus.IN_SERVICE))
    late = await report_status_of(viewer, lift.id, FacilityStatus.OUT_OF_SERVICE, datetime(2023, 1, 1, tzinfo=UTC))
    assert late.status is FacilityStatus.RETIRED


async def test_who_may_not_retire_a_facility_does_not_do_it_by_a_report_either(compound: Compound) -> None:
    lift = await a_lift(await officer(compound), compound)
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await refused(RefusalCode.FORBIDDEN, (), report_status_of(worker, lift.id, FacilityStatus.RETIRED))
    out = await report_status_of(worker, lift.id, FacilityStatus.OUT_OF_SERVICE)
    assert out.status is FacilityStatus.OUT_OF_SERVICE
    assert (await report_status_of(await officer(compound), lift.id, FacilityStatus.RETIRED)).status is FacilityStatus.RETIRED


async def test_availability_of_many_is_what_the_history_of_each_says(compound: Compound) -> None:
    random, start = Random(1), datetime(2024, 1, 1, tzinfo=UTC)
    end, expected, viewer = start + timedelta(days=10), dict[FacilityKind, Use](), await officer(compound)
    elsewhere = await a_compound(await a_community(await a_street()))
    for n in range(30):
        facility = await a_facility(elsewhere if n % 5 == 0 else compound, kind=random.choice(list(FacilityKind)[:3]))
        reports: list[Report] = []
        for _ in range(random.choice([0, 1, 4])):
            since, status = start + timedelta(hours=random.randint(-50, 260)), random.choice(list(FacilityStatus))
            around = {"compound_id": facility.compound_id, "street_id": facility.street_id}
            row = await FacilityStatusChange.create(status=status, since=since, facility_id=facility.id, **around)
            reports.append(Report(since, status, row.id))
        told = use(spells(reports, start, end))
        if told.known and facility.compound_id == compound.id:
            expected[facility.kind] = expected.get(facility.kind, Use()) + told
    shares = await availability(viewer, start, end)
    assert {share.key: share.use for share in shares} == {str(kind): told for kind, told in expected.items()}
    (street,) = await availability(viewer, start, end, per=AvailabilityPer.STREET)
    assert (street.key, street.use) == (compound.street_id, sum(expected.values(), Use()))
    (only,) = await availability(viewer, start, end, per=AvailabilityPer.COMPOUND, compound_id=compound.id)
    assert only.use == street.use
    await refused(RefusalCode.NOT_FOUND, ("compound_id",), availability(viewer, start, end, compound_id=elsewhere.id))
    await refused(RefusalCode.INVALID, ("to",), downtime(viewer, (await a_facility(compound)).id, end, start))
