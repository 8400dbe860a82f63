"""What the machines of a compound tell, module by module, and what people do about it, told through HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import tasks.registry  # noqa: F401
from domain.access import Role
from domain.facilities import DeviceKind, FacilityKind
from models import Work
from models.calendar import now
from models.keys import create_intake_key
from tasks.steward import equipment, parking, security
from tasks.work import perform
from tests.builders import a_community, a_company_serving, a_compound, a_device, a_facility, a_street

from .people import a_person
from .stack import Stack, an_event

_ALERTS = """{ alerts(first: 50, filter: {state: {in: [OPEN]}}) { nodes { rule severity
  subject { __typename ... on Device { code } ... on Compound { code } } ticket { id priority } } } }"""
_MODULES = "query ($at: ID!) { stewardModules(ownerId: $at) { key openAlerts { rule } } }"
_FIGURE = "query ($at: ID!) { alertRules(ownerId: $at) { key figures { name value source } } }"
_MINUTES = timedelta(minutes=1)


async def _work() -> None:
    """What the intake left, done."""
    for row in await Work.filter(kind="events").order_by("id"):
        await perform(row.id)


async def _checks() -> None:
    """The checks of this minute."""
    for look in (equipment.find_late_rescues, parking.find_blocked_lanes, parking.find_barriers, security.find_cameras):
        await look(now())


@pytest.mark.usefixtures("database")
async def test_each_module_hears_its_machines_and_refuses_those_of_another_kind(stack: Stack) -> None:
    street = await a_street()
    community = await a_community(street)
    compound, other = await a_compound(community, name="康桥生活公园"), await a_compound(community)
    company, rival = await a_company_serving(compound), await a_company_serving(other)
    kinds = {
        DeviceKind.LIFT_SENSOR: FacilityKind.LIFT,
        DeviceKind.CAMERA_STATE: FacilityKind.CAMERA,
        DeviceKind.CHARGING_SOCKET: FacilityKind.CHARGING_SHED,
        DeviceKind.LANE_CAMERA: FacilityKind.FIRE_LANE,
        DeviceKind.BIN_SENSOR: FacilityKind.WASTE_POINT,
        DeviceKind.BARRIER_STATE: FacilityKind.BARRIER,
    }
    for device, facility in kinds.items():
        await a_device(facility=await a_facility(compound, kind=facility), kind=device, code=f"KQ-{device}")
    _, secret = await create_intake_key(company)
    await stack.start("api")
    machine = stack.client(secret)
    manager = await a_person(stack, Role.COMPANY_MANAGER, organisation=company)
    stranger = await a_person(stack, Role.COMPANY_MANAGER, organisation=rival)
    officer = await a_person(stack, Role.STREET_OFFICER, place=street)

    async def tell(number: int, kind: DeviceKind, ago: float, **readings: float | bool) -> dict[str, Any]:
        at = (now() - ago * _MINUTES).isoformat()
        answer = (await machine.post_events(an_event("urn:machines", number, f"KQ-{kind}", at, **readings))).json()
        return answer["results"][0]

    async def alerts(who: Any = manager) -> dict[str, dict[str, Any]]:
        return {alert["rule"]: alert for alert in (await who.ask(_ALERTS))["alerts"]["nodes"]}

    # A batch of what happened, late and out of order. A socket is no lift, and says which metrics are its own.
    lift, camera, socket = DeviceKind.LIFT_SENSOR, DeviceKind.CAMERA_STATE, DeviceKind.CHARGING_SOCKET
    lane, bin_, barrier = DeviceKind.LANE_CAMERA, DeviceKind.BIN_SENSOR, DeviceKind.BARRIER_STATE
    told = [
        await tell(1, lift, 31, passengers_trapped=True, off_floor=True, speed_m_s=0),
        await tell(2, camera, 15, online=False),
        await tell(3, socket, 1, socket_temperature_c=88, power_w=420),
        await tell(4, lane, 8, lane_blocked=True),
        await tell(5, bin_, 3, fill_percent=97),
        await tell(6, barrier, 2, stuck=True, online=True),
    ]
    assert {result["status"] for result in told} == {"accepted"}
    refused = await tell(7, socket, 1, passengers_trapped=True, power_w=420)
    (error,) = refused["errors"]
    assert error["field"] == "data.readings.passengers_trapped"
    assert "CHARGING_SOCKET" in error["message"]
    assert "socket_temperature_c" in error["remedy"]
    await _work()
    await _checks()

    found = await alerts()
    assert {rule: alert["severity"] for rule, alert in found.items()} == {
        "equipment.trapped": "CRITICAL",
        "equipment.rescue_late": "CRITICAL",
        "equipment.lift_off_floor": "MAJOR",
        "security.camera_offline": "MINOR",
        "security.online_rate": "MAJOR",
        "parking.charging_hot": "CRITICAL",
        "parking.fire_lane_occupied": "MINOR",
        "parking.barrier_stuck": "MAJOR",
        "environment.bin_full": "MINOR",
    }
    assert found["security.online_rate"]["subject"] == {"__typename": "Compound", "code": compound.code}
    assert found["parking.charging_hot"]["ticket"]["priority"] == "EMERGENCY"
    assert await alerts(stranger) == {}
    modules = (await manager.ask(_MODULES, at=compound.id))["stewardModules"]
    heard = {each["key"]: len(each["openAlerts"]) for each in modules if each["openAlerts"]}
    assert heard == {"equipment": 3, "security": 2, "parking": 3, "environment": 1}

    # The same again changes nothing; somebody comes, the lane is free, the camera is back.
    assert (await tell(1, lift, 31, passengers_trapped=True))["status"] == "duplicate"
    for act in ("ticketAccept", "ticketArrive"):
        await manager.did(act, "ticket { id }", id=found["equipment.trapped"]["ticket"]["id"])
    await tell(8, lane, 0, lane_blocked=False)
    await tell(9, camera, 0, online=True)
    await tell(10, lift, 0, passengers_trapped=False, off_floor=False)
    await _work()
    await _checks()
    assert set(await alerts()) == {"parking.charging_hot", "parking.barrier_stuck", "environment.bin_full"}

    # A street may say when a camera is off line here; what a rule does not know is refused.
    given = {"ownerId": compound.id, "rule": "security.camera_offline"}
    assert await officer.refused("thresholdSet", **given, values={"offline_hours": 1}) == {
        "code": "INVALID",
        "field": ["values", "offline_hours"],
    }
    await officer.did("thresholdSet", "compound { id }", **given, values={"offline_minutes": {"value": 60, "unit": "min"}})
    rules = {rule["key"]: rule["figures"] for rule in (await officer.ask(_FIGURE, at=compound.id))["alertRules"]}
    assert {"name": "offline_minutes", "value": 60, "source": "COMPOUND"} in rules["security.camera_offline"]
