"""Lifts: people shut in are told at once, and what is late or overdue is found by the clock; pumps, power and tanks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.alerts.care import CareStanding
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from domain.upkeep import UpkeepKind
from models import Alert, AlertCare, Device, Facility, Notice, Ticket
from models.alerts import set_threshold
from models.alerts.acts import clear
from models.alerts.caring import look
from models.facts import Actor
from models.upkeep import UpkeepDue
from tasks.steward import equipment, finding
from tests.builders import a_channel, a_company_serving, a_compound, a_device, a_facility
from tests.models.ticket_world import somebody
from tests.tasks.feeding import minute, read
from tests.tasks.steward.checking import a_due, says, standing

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC)
STILL = "equipment.lift_stands_still"


async def a_lift(hours: float, status: FacilityStatus = FacilityStatus.OUT_OF_SERVICE, **more: object) -> Facility:
    """A lift that has had the status for so many hours."""
    since = NOW - timedelta(hours=hours)
    return await a_facility(kind=FacilityKind.LIFT, status=status, status_since=since, **more)


async def found(now: datetime = NOW) -> dict[str, Severity]:
    """Which lifts stand under an open alert after a check."""
    await equipment.find_lifts(now)
    return {alert.subject_id: alert.severity for alert in await Alert.filter(rule=STILL, state=AlertState.OPEN)}


async def test_people_shut_in_a_lift_are_a_critical_alert_with_an_emergency_ticket() -> None:
    lift = await a_lift(0, FacilityStatus.IN_SERVICE)
    sensor = await a_device(kind=DeviceKind.LIFT_SENSOR, facility=lift)
    await read(sensor, [(0, {"passengers_trapped": True, "lift_fault": True})])
    alerts = {alert.rule: alert for alert in await Alert.all()}
    assert {rule: alert.severity for rule, alert in alerts.items()} == {
        "equipment.trapped": Severity.CRITICAL,
        "equipment.lift_fault": Severity.MAJOR,
    }
    ticket = await Ticket.get()
    assert (ticket.title.startswith("电梯困人："), ticket.facility_id) == (True, lift.id)
    await read(sensor, [(1, {"passengers_trapped": False, "lift_fault": False})])
    assert not await Alert.filter(state=AlertState.OPEN).exists()


async def test_a_lift_that_stands_still_for_a_day_is_told_once_and_over_when_it_runs() -> None:
    lift, mended = await a_lift(25), await a_lift(9_000, FacilityStatus.UNDER_MAINTENANCE)
    for others in (await a_lift(23), await a_lift(99, FacilityStatus.IN_SERVICE), await a_lift(99, FacilityStatus.RETIRED)):
        assert others.id not in await found()
    await a_facility(kind=FacilityKind.PUMP, status=FacilityStatus.OUT_OF_SERVICE, status_since=NOW - timedelta(days=9))
    assert await found() == {lift.id: Severity.MAJOR, mended.id: Severity.MAJOR}
    alert = await Alert.get(subject_id=lift.id)
    assert (alert.count, alert.module, alert.facility_id, alert.device_id) == (1, "equipment", lift.id, None)
    assert alert.message["en"].endswith("has been out of service for more than 24 h.")
    assert alert.reading["status"] == FacilityStatus.OUT_OF_SERVICE
    await Facility.filter(id=mended.id).update(status=FacilityStatus.IN_SERVICE)
    assert await found() == {lift.id: Severity.MAJOR}
    assert (await Alert.get(subject_id=mended.id)).state is AlertState.CLEARED


async def test_the_nearest_figure_counts_and_what_lies_in_the_margin_goes_on() -> None:
    compound = await a_compound()
    lift = await a_lift(30, compound=compound)
    system = Actor("system:test")
    await set_threshold(system, STILL, {"still_hours": 40}, compound)
    assert await found() == {}
    await set_threshold(system, STILL, {"still_hours": 28}, lift)
    assert await found() == {lift.id: Severity.MAJOR}
    await set_threshold(system, STILL, {"still_hours": 32, "margin_hours": 4}, lift)
    assert await found() == {lift.id: Severity.MAJOR}, "within the margin"
    await set_threshold(system, STILL, {"still_hours": 36, "margin_hours": 4}, lift)
    assert await found() == {}


async def test_what_a_person_cleared_is_told_again_only_after_a_while() -> None:
    compound = await a_compound()
    lift = await a_lift(30, compound=compound)
    await found()
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await clear(worker, (await Alert.get()).id, outcome=AlertOutcome.REAL)
    assert await found(NOW + timedelta(days=6)) == {}
    assert await found(NOW + timedelta(days=8)) == {lift.id: Severity.MAJOR}


async def trapped(minutes: float, lift: Facility | None = None) -> Device:
    """A lift's sensor that told of people shut in, so many minutes into the story."""
    sensor = await a_device(kind=DeviceKind.LIFT_SENSOR, facility=lift or await a_lift(0, FacilityStatus.IN_SERVICE))
    await read(sensor, [(minutes, {"passengers_trapped": True})])
    return sensor


async def late_rescues(minutes: float) -> dict[str, Severity]:
    await equipment.find_late_rescues(minute(minutes))
    return await standing("equipment.rescue_late")


async def test_a_rescue_is_late_when_nobody_has_reported_to_be_there_after_thirty_minutes() -> None:
    sensor = await trapped(10)
    assert await late_rescues(39.9) == {}
    assert await late_rescues(40) == {sensor.id: Severity.CRITICAL}
    alert = await Alert.get(rule="equipment.rescue_late")
    assert (alert.facility_id, alert.reading["value"]) == (sensor.facility_id, 30)
    assert await late_rescues(45) == {sensor.id: Severity.CRITICAL}
    await Ticket.all().update(arrived_at=minute(46))
    assert await late_rescues(46) == {}
    assert await standing("equipment.trapped") == {sensor.id: Severity.CRITICAL}
    assert await Alert.filter(rule="equipment.rescue_late").count() == 1


async def test_a_rescue_that_was_there_in_time_or_not_needed_any_more_is_not_late() -> None:
    there, out = await trapped(0), await trapped(0)
    await Ticket.filter(facility_id=there.facility_id).update(arrived_at=minute(29))
    await read(out, [(29, {"passengers_trapped": False})])
    assert await late_rescues(120) == {}


@pytest.mark.parametrize(("faults", "raised"), [(2, False), (3, True)])
async def test_three_door_faults_in_a_day_and_three_faults_in_a_week_are_told(faults: int, *, raised: bool) -> None:
    sensor = await a_device(kind=DeviceKind.LIFT_SENSOR)
    for n in range(faults):
        wrong, right = {"door_fault": True, "lift_fault": True}, {"door_fault": False, "lift_fault": False}
        await read(sensor, [(-1_200 + 600 * n, wrong), (-1_199 + 600 * n, right)])
    rules = {rule for rule in ("equipment.lift_door_faults", "equipment.lift_faults") if await standing(rule)}
    assert rules == ({"equipment.lift_door_faults", "equipment.lift_faults"} if raised else set())


async def test_a_lift_between_floors_or_running_open_is_told_at_once() -> None:
    sensor = await a_device(kind=DeviceKind.LIFT_SENSOR)
    await read(sensor, [(0, {"off_floor": True, "door_open_running": True, "speed_m_s": 1.5})])
    assert {alert.rule for alert in await Alert.all()} == {"equipment.lift_off_floor", "equipment.lift_runs_open"}
    await read(sensor, [(1, {"off_floor": False, "door_open_running": False, "speed_m_s": 0})])
    assert not await Alert.filter(state=AlertState.OPEN).exists()


async def test_power_that_failed_once_is_found_by_the_clock_and_over_when_it_is_back() -> None:
    box = await a_device(kind=DeviceKind.POWER_STATE)
    await says(box, "mains_lost", (0, False), (10, True))
    for minutes, lost in ((14.9, {}), (15, {box.id: Severity.MAJOR})):
        await equipment.find_power_lost(minute(minutes))
        assert await standing("equipment.power_lost") == lost
    await says(box, "mains_lost", (16, False))
    await equipment.find_power_lost(minute(17))
    assert await standing("equipment.power_lost") == {}


async def test_pumps_tanks_and_manholes_tell_of_themselves() -> None:
    pump, tank, manhole = [
        await a_device(kind=kind) for kind in (DeviceKind.PUMP_STATE, DeviceKind.TANK_LEVEL, DeviceKind.MANHOLE_SENSOR)
    ]
    await read(pump, [(0, {"pump_fault": True, "pump_running": False})])
    await read(tank, [(0, {"water_level_cm": 49}), (9, {"water_level_cm": 49}), (10, {"water_level_cm": 40})])
    await read(manhole, [(0, {"tilt_degrees": -10, "water_level_cm": 5})])
    assert {alert.rule: alert.subject_id for alert in await Alert.all()} == {
        "equipment.pump_fault": pump.id,
        "equipment.tank_low": tank.id,
        "equipment.manhole_moved": manhole.id,
    }


async def test_a_lift_whose_fifteen_days_are_over_is_listed_at_once_and_told_after_three_days() -> None:
    lifts = {days: await a_lift(0, FacilityStatus.IN_SERVICE) for days in (0, -1, -3)}
    for days, lift in lifts.items():
        await a_due(lift, UpkeepKind.LIFT_HALF_MONTH, days)
        await a_due(lift, UpkeepKind.LIFT_INSPECTION, 200)
    await equipment.find_overdue_maintenance(NOW)
    rule = "equipment.maintenance_overdue"
    assert await standing(rule) == {lifts[-1].id: Severity.WARNING, lifts[-3].id: Severity.MAJOR}
    assert (await Alert.get(subject_id=lifts[-3].id)).message["en"].endswith("is 3 days overdue.")
    await UpkeepDue.filter(facility_id=lifts[-3].id).update(due_on=date.max)
    await equipment.find_overdue_maintenance(NOW)
    assert await standing(rule) == {lifts[-1].id: Severity.WARNING}


async def test_an_inspection_is_applied_for_a_month_ahead_and_serious_once_it_has_expired() -> None:
    lifts = {days: await a_lift(0, FacilityStatus.IN_SERVICE) for days in (31, 30, 0, -1)}
    for days, lift in lifts.items():
        await a_due(lift, UpkeepKind.LIFT_INSPECTION, days)
    await equipment.find_due_inspections(NOW)
    assert await standing("equipment.inspection_due") == {
        lifts[30].id: Severity.WARNING,
        lifts[0].id: Severity.WARNING,
        lifts[-1].id: Severity.MAJOR,
    }


async def test_what_is_too_much_for_one_run_is_left_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_AT_ONCE", 2)
    for _ in range(3):
        await a_lift(25)
    assert len(await found()) == 2
    assert len(await found()) == 3
    await Facility.all().update(status=FacilityStatus.IN_SERVICE)
    assert len(await found()) == 1
    assert await found() == {}


async def test_nobody_is_told_twice_of_a_day_that_passed_but_of_what_has_become_serious() -> None:
    compound = await a_compound()
    await a_channel(await a_company_serving(compound))
    due = await a_due(await a_lift(0, FacilityStatus.IN_SERVICE, compound=compound), UpkeepKind.LIFT_HALF_MONTH, -1)
    await equipment.find_overdue_maintenance(NOW)
    await look(NOW + timedelta(hours=1))
    assert (await AlertCare.get()).standing is CareStanding.QUIET
    await UpkeepDue.filter(id=due.id).update(due_on=due.due_on and due.due_on - timedelta(days=2))
    await equipment.find_overdue_maintenance(NOW)
    await look(NOW + timedelta(hours=2))
    assert (await AlertCare.get()).standing is CareStanding.TOLD
    assert {notice.type for notice in await Notice.all()} == {"steward.alert.raised.v1"}
