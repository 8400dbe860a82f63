"""Events become readings, devices brought up to date, and facility statuses: once, by event time, whatever the order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper

from domain.facilities import DeviceKind, FacilityStatus
from models import Alert, Device, Facility, FacilityStatusChange, Reading, Work
from models.work import add
from tasks.work import perform
from tests.builders import a_compound, a_device, a_facility

from .feeding import START, a_maintenance, a_reading, a_state, a_status, everything, minute, take_in

pytestmark = pytest.mark.usefixtures("database")


async def readings() -> list[tuple[str, float, float]]:
    """(metric, minute, value) of every stored reading."""
    rows = await Reading.all().order_by("metric", "time").values("metric", "time", "value")
    return [(row["metric"], (row["time"] - START) / timedelta(minutes=1), row["value"]) for row in rows]


async def test_each_metric_of_an_event_becomes_a_reading_and_yes_is_one() -> None:
    device = await a_device()
    await take_in(await a_reading(device, 0, smoke_alarm=False, tamper=True, battery_percent=81))
    assert await readings() == [("battery_percent", 0, 81), ("smoke_alarm", 0, 0), ("tamper", 0, 1)]


async def test_a_device_knows_its_newest_values_by_event_time() -> None:
    device = await a_device(kind=DeviceKind.HYDRANT_PRESSURE)
    await take_in(await a_reading(device, 5, pressure_kpa=300), await a_reading(device, 3, pressure_kpa=200, battery_percent=90))
    await take_in(await a_reading(device, 4, pressure_kpa=250, battery_percent=80, tamper=False))
    device = await Device.get(id=device.id)
    assert device.last_seen_at == minute(5)
    assert device.last_reading == {"pressure_kpa": 300, "battery_percent": 80, "tamper": False}


async def test_a_device_state_is_the_metric_online() -> None:
    device = await a_device(kind=DeviceKind.CAMERA_STATE)
    await take_in(await a_state(device, 1, online=True), await a_state(device, 2, online=False))
    assert await readings() == [("online", 1, 1), ("online", 2, 0)]
    device = await Device.get(id=device.id)
    assert (device.last_reading, device.last_seen_at) == ({"online": False}, minute(2))


async def test_the_same_events_again_change_nothing() -> None:
    device = await a_device()
    facility = await a_facility(await a_compound())
    ids = [
        await a_reading(device, 0, smoke_alarm=True, battery_percent=5),
        await a_reading(device, 1, smoke_alarm=True),
        await a_status(facility, 0, "OUT_OF_SERVICE"),
        await a_maintenance(facility, 1, "STARTED"),
    ]
    await take_in(*ids)
    before = await everything()
    await take_in(*ids)
    await take_in(*reversed(ids), *ids)
    for event_id in ids:
        await take_in(event_id)
    assert await everything() == before
    assert len(await readings()) == 3


async def test_another_value_for_a_time_that_is_known_is_not_taken() -> None:
    device = await a_device(kind=DeviceKind.GAS)
    await take_in(await a_reading(device, 0, gas_lel_percent=1))
    await take_in(await a_reading(device, 0, gas_lel_percent=50))
    assert await readings() == [("gas_lel_percent", 0, 1)]
    assert not await Alert.exists()


async def test_events_that_are_gone_and_metrics_that_are_unknown_are_passed_over() -> None:
    device = await a_device()
    await take_in("evt_00000000000000000000000000", await a_reading(device, 0, smell=3))
    assert await readings() == []


async def test_a_retired_device_is_recorded_but_not_watched() -> None:
    device = await a_device(retired_at=minute(-10))
    await take_in(await a_reading(device, 0, smoke_alarm=True))
    assert await readings() == [("smoke_alarm", 0, 1)]
    assert not await Alert.exists()


async def test_a_facility_follows_its_events_in_any_order() -> None:
    facility = await a_facility()
    events = [
        await a_status(facility, 1, "OUT_OF_SERVICE", note="stuck at floor 3"),
        await a_maintenance(facility, 2, "STARTED"),
        await a_maintenance(facility, 3, "FINISHED"),
    ]
    for event_id in (events[2], events[0], events[1]):
        await take_in(event_id)
    facility = await Facility.get(id=facility.id)
    assert facility.status is FacilityStatus.IN_SERVICE
    history = await FacilityStatusChange.all().order_by("since").values_list("status", "note")
    assert history == [
        (FacilityStatus.OUT_OF_SERVICE, "stuck at floor 3"),
        (FacilityStatus.UNDER_MAINTENANCE, ""),
        (FacilityStatus.IN_SERVICE, ""),
    ]


async def test_a_facility_taken_out_for_good_stays_so() -> None:
    facility = await a_facility(status=FacilityStatus.RETIRED)
    await take_in(await a_status(facility, 1, "IN_SERVICE"))
    assert (await Facility.get(id=facility.id)).status is FacilityStatus.RETIRED
    assert not await FacilityStatusChange.exists()


async def test_batches_about_one_device_take_turns() -> None:
    device = await a_device(kind=DeviceKind.HYDRANT_PRESSURE)
    other = await a_device(await a_compound())
    work = [
        await add(
            "events",
            {"events": [await a_reading(device, n, pressure_kpa=40), await a_reading(other, n, smoke_alarm=n % 2 == 0)]},
        )
        for n in range(12)
    ]
    await asyncio.gather(*(perform(work_id) for work_id in work))
    assert not await Work.filter(kind="events").exists()
    pressure = await Alert.get(rule="fire_safety.pressure_low")
    assert pressure.last_seen_at == minute(11)
    assert await Alert.filter(rule="fire_safety.pressure_low").count() == 1
    assert not await Alert.filter(rule="fire_safety.smoke", state="OPEN").exists()
    assert (await Device.get(id=device.id)).last_seen_at == minute(11)
    assert len(await readings()) == 24


async def test_a_batch_costs_the_same_few_statements_however_large_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    compound = await a_compound()
    devices = [await a_device(compound) for _ in range(20)]
    small = [await a_reading(devices[0], 0, smoke_alarm=False, battery_percent=80)]
    large = [await a_reading(device, 1, smoke_alarm=False, battery_percent=80) for device in devices]
    said: list[str] = []
    query = TransactionWrapper.execute_query_dict

    async def listening(self: TransactionWrapper, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        said.append(sql)
        return await query(self, sql, values)

    monkeypatch.setattr(TransactionWrapper, "execute_query_dict", listening)
    await take_in(*small)
    for_one = len(said)
    await take_in(*large)
    assert len(said) == 2 * for_one
    assert for_one <= 11
