"""A module that is switched off in a compound says nothing there, but of life; on again, it goes by what comes then."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.access import Role, Viewer
from domain.alerts import AlertState
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from domain.refusals import RefusalCode
from models import Alert, Device, Fact, ModuleSwitch, Reading, RuleState
from models.modules import switch_off, switch_on
from settings import Settings
from tasks.steward import equipment
from tasks.steward.silence import find_silent
from tests.builders import a_compound, a_device, a_facility
from tests.models.ticket_world import World, a_world, refusal, somebody
from tests.tasks.feeding import a_reading, minute, read, take_in

NOW = datetime.now(UTC)


@pytest.fixture
async def world(database: Settings) -> World:
    del database
    return await a_world()


@pytest.fixture
async def officer(world: World) -> Viewer:
    return await somebody(Role.STREET_OFFICER, place=world.street)


async def open_rules() -> set[str]:
    return {alert.rule for alert in await Alert.filter(state=AlertState.OPEN)}


async def test_off_a_module_ends_its_alerts_there_and_raises_none_but_those_about_life(world: World, officer: Viewer) -> None:
    sensor = await a_device(world.compound, kind=DeviceKind.LIFT_SENSOR)
    elsewhere = await a_device(world.unserved, kind=DeviceKind.LIFT_SENSOR)
    for device in (sensor, elsewhere):
        await read(device, [(0, {"lift_fault": True, "passengers_trapped": True})])
    await switch_off(officer, world.compound.id, "equipment", reason="No lifts here.")
    left = {(alert.rule, alert.subject_id) for alert in await Alert.filter(state=AlertState.OPEN)}
    trapped, fault = "equipment.trapped", "equipment.lift_fault"
    assert left == {(trapped, sensor.id), (trapped, elsewhere.id), (fault, elsewhere.id)}
    await read(sensor, [(1, {"lift_fault": True}), (2, {"lift_fault": False}), (3, {"lift_fault": True})])
    assert not await Alert.filter(rule=fault, subject_id=sensor.id, state=AlertState.OPEN).exists()
    assert not await RuleState.filter(rule=fault, subject_id=sensor.id).exists()
    await read(sensor, [(4, {"passengers_trapped": False}), (5, {"passengers_trapped": True})])
    assert await Alert.filter(rule=trapped, subject_id=sensor.id).count() == 2, "no switch keeps back a trapped passenger"
    assert await Reading.filter(device_id=sensor.id, metric="lift_fault").count() == 4, "what was measured is kept"
    assert set(await Fact.filter(subject_id=world.compound.id).values_list("action", flat=True)) == {"moduleSwitchOff"}


async def test_on_again_it_goes_by_what_comes_from_then_on(world: World, officer: Viewer) -> None:
    sensor = await a_device(world.compound, kind=DeviceKind.LIFT_SENSOR)
    await switch_off(officer, world.compound.id, "equipment", reason="Lifts are renewed.")
    await read(sensor, [(0, {"lift_fault": True})])
    await switch_on(officer, world.compound.id, "equipment")
    assert await open_rules() == set()
    await read(sensor, [(1, {"lift_fault": True})])
    alert = await Alert.get(state=AlertState.OPEN)
    assert (alert.rule, alert.first_seen_at, alert.count) == ("equipment.lift_fault", minute(1), 1)


async def test_neither_silence_nor_what_a_check_finds_is_told_there(world: World, officer: Viewer) -> None:
    await a_device(world.compound, last_seen_at=NOW - timedelta(hours=40))
    still = {"kind": FacilityKind.LIFT, "status": FacilityStatus.OUT_OF_SERVICE, "status_since": NOW - timedelta(hours=40)}
    await a_facility(world.compound, **still)
    for module in ("fire_safety", "equipment"):
        await switch_off(officer, world.compound.id, module, reason="Renovation.")
    await find_silent(NOW)
    await equipment.find_lifts(NOW)
    assert await open_rules() == set()
    for module in ("fire_safety", "equipment"):
        await switch_on(officer, world.compound.id, module)
    await find_silent(NOW)
    await equipment.find_lifts(NOW)
    assert await open_rules() == {"fire_safety.silent", "equipment.lift_stands_still"}


async def test_a_batch_that_is_judged_meanwhile_comes_before_the_switch_or_after_it(world: World, officer: Viewer) -> None:
    sensor = await a_device(world.compound, kind=DeviceKind.LIFT_SENSOR)
    event = await a_reading(sensor, 0, lift_fault=True)
    await asyncio.gather(take_in(event), switch_off(officer, world.compound.id, "equipment", reason="Both at once."))
    assert await open_rules() == set()


async def test_a_batch_waits_for_a_switch_that_has_begun(world: World, officer: Viewer, settings: Settings) -> None:
    sensor = await a_device(world.compound, kind=DeviceKind.LIFT_SENSOR)
    event = await a_reading(sensor, 0, lift_fault=True)
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("SELECT id FROM device WHERE compound_id = $1 FOR NO KEY UPDATE", world.compound.id)
            waiting = asyncio.create_task(take_in(event))
            columns = ("mds_" + "0" * 26, "equipment", "Because.", NOW, world.compound.id, world.street.id)
            await other.execute("INSERT INTO module_switch VALUES ($1, $2, $3, $4, $5, $6)", *columns)
            assert not waiting.done()
        await waiting
    finally:
        await other.close()
    assert await open_rules() == set()


async def test_it_is_switched_once_and_only_by_the_street_office(world: World, officer: Viewer) -> None:
    for act in (
        switch_off(officer, world.compound.id, "weather", reason="None."),
        switch_on(officer, world.compound.id, "weather"),
    ):
        unknown = await refusal(act)
        assert (unknown.code, unknown.path) == (RefusalCode.INVALID, ("module",))
        assert "equipment" in unknown.hint.en if unknown.hint else False
    empty = await refusal(switch_off(officer, world.compound.id, "equipment", reason="  "))
    assert (empty.code, empty.path) == (RefusalCode.INVALID, ("reason",))
    on = await refusal(switch_on(officer, world.compound.id, "equipment"))
    assert (on.code, on.path) == (RefusalCode.CONFLICT, ("module",))
    twice = await asyncio.gather(
        *(switch_off(officer, world.compound.id, "equipment", reason="Twice.") for _ in range(2)), return_exceptions=True
    )
    assert [getattr(each, "code", None) for each in twice].count(RefusalCode.CONFLICT) == 1
    assert await ModuleSwitch.all().count() == 1
    manager = await somebody(Role.COMPANY_MANAGER, organisation=world.company)
    assert (await refusal(switch_on(manager, world.compound.id, "equipment"))).code is RefusalCode.FORBIDDEN
    elsewhere = await a_compound()
    assert (await refusal(switch_off(officer, elsewhere.id, "equipment", reason="Not mine."))).code is RefusalCode.NOT_FOUND


async def test_a_device_that_comes_into_a_compound_where_it_is_off_is_not_watched(world: World, officer: Viewer) -> None:
    await switch_off(officer, world.compound.id, "equipment", reason="No lifts here.")
    sensor: Device = await a_device(world.compound, kind=DeviceKind.LIFT_SENSOR)
    await read(sensor, [(0, {"lift_fault": True})])
    assert await open_rules() == set()
