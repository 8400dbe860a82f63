"""Cameras: which are off line, in which compounds too many are, what recordings are kept, and what no camera covers."""

from datetime import datetime, timedelta

import pytest

from domain.alerts import Severity
from domain.facilities import DeviceKind, FacilityKind, ZoneKind
from models import Alert, Compound, Device, Zone
from models.alerts import set_threshold
from models.facilities import ZoneCamera
from models.facts import Actor
from tasks.steward import security
from tests.builders import a_compound, a_device, a_facility, an_alert
from tests.tasks.feeding import a_state, minute, read, take_in
from tests.tasks.steward.checking import moment, says, standing

pytestmark = pytest.mark.usefixtures("database")

OFFLINE, RATE, ZONES = "security.camera_offline", "security.online_rate", "security.zones_uncovered"


async def a_camera(compound: Compound | None = None, **columns: object) -> Device:
    return await a_device(compound, kind=DeviceKind.CAMERA_STATE, **columns)


async def offline(at: datetime | None = None) -> dict[str, Severity]:
    await security.find_cameras(at or moment())
    return await standing(OFFLINE)


async def test_a_camera_that_says_once_that_it_is_off_line_is_found_after_ten_minutes_and_over_when_it_is_back() -> None:
    camera = await a_camera()
    await take_in(await a_state(camera, 50.5, online=False))
    assert await offline() == {}
    assert await offline(minute(60.5)) == {camera.id: Severity.MINOR}
    alert = await Alert.get(rule=OFFLINE)
    assert (alert.device_id, alert.reading["value"], alert.reading["unit"]) == (camera.id, 10, "min")
    assert alert.message["en"].endswith("has been off line for 10 min.")
    assert await offline(minute(70)) == {camera.id: Severity.MINOR}
    assert await Alert.filter(rule=OFFLINE).count() == 1
    await take_in(await a_state(camera, 59, online=True))
    assert await offline(minute(70)) == {}


async def test_what_counts_is_how_long_it_has_been_so_by_event_time_whatever_came_late() -> None:
    flickers, late, new = [await a_camera() for _ in range(3)]
    await says(flickers, "online", (5, False), (20, True), (55, False))
    await says(late, "online", (55, False), (15, True), (20, False))
    await says(new, "online", (55, False))
    assert await offline() == {late.id: Severity.MINOR}
    assert await offline(minute(65)) == {late.id: Severity.MINOR, flickers.id: Severity.MINOR, new.id: Severity.MINOR}
    assert (await Alert.get(subject_id=late.id, rule=OFFLINE)).reading["value"] == 40


async def test_one_that_has_been_off_line_for_days_is_said_to_be_so_for_a_day() -> None:
    camera, repeating, back = [await a_camera() for _ in range(3)]
    await says(camera, "online", (-3 * 1_440, False))
    await says(repeating, "online", (-3 * 1_440, False), (58, False))
    await says(back, "online", (-3 * 1_440, False), (-2 * 1_440, True), (58, False))
    assert await offline() == {camera.id: Severity.MINOR, repeating.id: Severity.MINOR}
    values = {alert.subject_id: alert.reading["value"] for alert in await Alert.filter(rule=OFFLINE)}
    assert values == {camera.id: 1_440, repeating.id: 1_440}


async def test_who_was_taken_out_never_said_so_or_is_no_camera_is_not_found() -> None:
    retired, gate = await a_camera(retired_at=moment()), await a_device(kind=DeviceKind.GATE_STATE)
    await a_camera()
    for device in (retired, gate):
        await says(device, "online", (5, False))
    assert await offline() == {}


@pytest.mark.parametrize(("off", "cameras", "low"), [(1, 20, False), (1, 19, True), (2, 20, True)])
async def test_a_compound_needs_ninety_five_of_a_hundred_cameras_on_line(off: int, cameras: int, *, low: bool) -> None:
    compound = await a_compound()
    for number in range(cameras):
        camera = await a_camera(compound, last_seen_at=minute(0), last_reading={"online": True})
        if number < off:
            await says(camera, "online", (5, False))
    await a_camera(compound)
    await offline()
    assert await standing(RATE) == ({compound.id: Severity.MAJOR} if low else {})


async def test_the_share_ends_with_the_cameras_and_its_alert_is_about_the_compound() -> None:
    compound = await a_compound(name="Maple Court")
    camera = await a_camera(compound)
    await says(camera, "online", (5, False))
    await offline()
    alert = await Alert.get(rule=RATE)
    assert (alert.subject_id, alert.device_id, alert.compound_id) == (compound.id, None, compound.id)
    assert alert.message["en"] == "Of the cameras of Maple Court 0 % are on line, limit 95 %."
    await says(camera, "online", (59, True))
    assert (await offline(), await standing(RATE)) == ({}, {})


async def test_a_camera_of_which_nothing_is_heard_is_not_on_line_either_and_counts_once() -> None:
    compound = await a_compound()
    cameras = [await a_camera(compound, last_seen_at=minute(0), last_reading={"online": True}) for _ in range(4)]
    for camera in cameras[:2]:
        await an_alert(camera, rule="security.silent", module="security")
    await says(cameras[1], "online", (5, False))
    await offline()
    assert await standing(RATE) == {compound.id: Severity.MAJOR}
    assert (await Alert.get(rule=RATE)).reading["value"] == 50


async def test_a_camera_with_a_figure_of_its_own_counts_by_it() -> None:
    camera = await a_camera()
    await set_threshold(Actor("system:test"), OFFLINE, {"offline_minutes": 120}, camera)
    await says(camera, "online", (5, False))
    assert await offline() == {}
    assert await standing(RATE) == {}
    assert await offline(minute(125)) == {camera.id: Severity.MINOR}


@pytest.mark.parametrize(("days", "short"), [(30, False), (29.9, True), (0, True)])
async def test_recordings_are_kept_for_thirty_days(days: float, *, short: bool) -> None:
    camera = await a_camera()
    await read(camera, [(0, {"storage_days": days})])
    assert await standing("security.storage_short") == ({camera.id: Severity.MINOR} if short else {})
    await read(camera, [(1, {"storage_days": 31})])
    assert await standing("security.storage_short") == {}


async def a_zone(compound: Compound, name: str, **columns: object) -> Zone:
    place = {"compound_id": compound.id, "street_id": compound.street_id}
    return await Zone.create(**{"kind": ZoneKind.GROUND, "name": name, "declared_at": moment(), **place, **columns})


async def test_a_compound_with_zones_that_no_working_camera_covers_is_listed_until_one_does() -> None:
    compound, covered = await a_compound(), await a_compound()
    zone, other = await a_zone(compound, "Garden"), await a_zone(covered, "Garden")
    await a_zone(covered, "Old garage", ended_at=moment())
    for each in (zone, other):
        camera = await a_facility(kind=FacilityKind.CAMERA, compound=covered if each is other else compound)
        if each is other:
            place = {"compound_id": covered.id, "street_id": covered.street_id}
            await ZoneCamera.create(since=moment(), zone_id=each.id, facility_id=camera.id, **place)
    await security.find_bare_zones(moment())
    assert await standing(ZONES) == {compound.id: Severity.WARNING}
    await Zone.filter(id=zone.id).update(ended_at=moment())
    await security.find_bare_zones(moment() + timedelta(hours=1))
    assert await standing(ZONES) == {}
