"""Parking and charging: what overheats, what charges too long, who stands in the fire lane, barriers and bays."""

import pytest

from domain.alerts import AlertState, Severity
from domain.facilities import DeviceKind, FacilityKind
from domain.tickets import TicketPriority
from models import Alert, Device, Ticket
from tasks.steward import parking
from tasks.steward.silence import find_silent
from tests.builders import a_compound, a_device, a_facility
from tests.tasks.feeding import a_state, minute, read, take_in
from tests.tasks.steward.checking import moment, says, standing

pytestmark = pytest.mark.usefixtures("database")

LANE = "parking.fire_lane_occupied"


async def a_socket() -> Device:
    return await a_device(kind=DeviceKind.CHARGING_SOCKET)


async def test_a_socket_that_overheats_is_critical_with_an_emergency_ticket_and_over_once_it_has_cooled() -> None:
    socket = await a_socket()
    await read(socket, [(0, {"socket_temperature_c": 69.9, "power_w": 350})])
    assert not await Alert.exists()
    await read(socket, [(1, {"socket_temperature_c": 70})])
    assert await standing("parking.charging_hot") == {socket.id: Severity.CRITICAL}
    ticket = await Ticket.get()
    assert (ticket.title.startswith("充电过热："), ticket.priority) == (True, TicketPriority.EMERGENCY)
    await read(socket, [(2, {"socket_temperature_c": 60})])
    assert await standing("parking.charging_hot") == {socket.id: Severity.CRITICAL}
    await read(socket, [(3, {"socket_temperature_c": 59.9})])
    assert await standing("parking.charging_hot") == {}


@pytest.mark.parametrize(("minutes", "long"), [(719, False), (720, True)])
async def test_twelve_hours_of_charging_are_too_long(minutes: int, *, long: bool) -> None:
    socket = await a_socket()
    await read(socket, [(0, {"charging_minutes": minutes, "power_w": 120})])
    assert await standing("parking.charging_long") == ({socket.id: Severity.MINOR} if long else {})
    await read(socket, [(1, {"charging_minutes": 0, "power_w": 0})])
    assert await standing("parking.charging_long") == {}


async def test_smoke_at_a_socket_is_a_fire() -> None:
    socket = await a_socket()
    await read(socket, [(0, {"smoke_alarm": True})])
    assert await standing("fire_safety.smoke") == {socket.id: Severity.CRITICAL}


async def test_a_fire_lane_may_be_blocked_for_minutes_only_and_it_grows_worse() -> None:
    compound = await a_compound(name="Maple Court")
    lane = await a_facility(compound, kind=FacilityKind.FIRE_LANE)
    camera = await a_device(facility=lane, kind=DeviceKind.LANE_CAMERA, name="East lane")
    await says(camera, "lane_blocked", (0, False), (10, True))
    for minutes, severity in ((14.9, None), (15, Severity.MINOR), (39.9, Severity.MINOR), (40, Severity.MAJOR)):
        await parking.find_blocked_lanes(minute(minutes))
        assert (await standing(LANE)).get(camera.id) is severity
    alert = await Alert.get()
    assert (alert.count, alert.facility_id) == (2, lane.id)
    assert alert.message["en"] == "The fire lane at Maple Court East lane has been blocked for 30 min."
    await says(camera, "lane_blocked", (41, False))
    await parking.find_blocked_lanes(moment())
    assert (await Alert.get()).state is AlertState.CLEARED


async def test_a_barrier_is_off_line_after_five_minutes_stuck_at_once_and_open_too_long_after_five_minutes() -> None:
    barrier = await a_device(kind=DeviceKind.BARRIER_STATE)
    await take_in(await a_state(barrier, 10, online=False))
    await parking.find_barriers(minute(14.9))
    assert await standing("parking.barrier_offline") == {}
    await parking.find_barriers(minute(15))
    assert await standing("parking.barrier_offline") == {barrier.id: Severity.MINOR}
    await read(barrier, [(20, {"online": True, "stuck": True, "open_seconds": 299})])
    await parking.find_barriers(minute(20))
    assert await standing("parking.barrier_offline") == {}
    assert await standing("parking.barrier_stuck") == {barrier.id: Severity.MAJOR}
    await read(barrier, [(21, {"stuck": False, "open_seconds": 300})])
    assert await standing("parking.barrier_stuck") == {}
    assert await standing("parking.barrier_open") == {barrier.id: Severity.WARNING}


async def test_an_area_is_full_when_it_stays_so_for_a_quarter_of_an_hour() -> None:
    area = await a_facility(kind=FacilityKind.PARKING_AREA)
    counter = await a_device(facility=area, kind=DeviceKind.BAY_COUNTER)
    await read(counter, [(minutes, {"taken_percent": 98}) for minutes in (0, 7, 14)])
    assert await standing("parking.bays_full") == {}
    await read(counter, [(15, {"taken_percent": 99})])
    assert await standing("parking.bays_full") == {counter.id: Severity.WARNING}
    await read(counter, [(16, {"taken_percent": 92})])
    assert await standing("parking.bays_full") == {}


async def test_a_device_that_is_not_heard_of_is_found_as_any_other() -> None:
    rules = {"parking.silent": DeviceKind.LANE_CAMERA, "security.silent": DeviceKind.CAMERA_STATE}
    rules |= {"equipment.silent": DeviceKind.LIFT_SENSOR, "environment.silent": DeviceKind.BIN_SENSOR}
    from_before = {rule: await a_device(kind=kind, last_seen_at=minute(-26 * 60)) for rule, kind in rules.items()}
    await find_silent(moment(1))
    for rule, device in from_before.items():
        assert await standing(rule) == {device.id: Severity.MINOR}
