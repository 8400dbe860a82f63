"""Lifts: people shut in are told at once, and one that stands still for too long is found by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from models import Alert, Facility, Ticket
from models.alerts import set_threshold
from models.alerts.acts import clear
from models.facts import Actor
from tasks.steward import equipment
from tests.builders import a_compound, a_device, a_facility
from tests.models.ticket_world import somebody
from tests.tasks.feeding import read

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
