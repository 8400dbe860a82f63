"""Waste and water: bins that are full, water that is not clean, tanks of which something is overdue."""

import pytest

from domain.alerts import Severity
from domain.facilities import DeviceKind, FacilityKind
from domain.upkeep import UpkeepKind
from models import Alert
from models.upkeep import UpkeepDue
from tasks.steward import environment
from tests.builders import a_compound, a_device, a_facility
from tests.tasks.feeding import read
from tests.tasks.steward.checking import a_due, moment, standing

pytestmark = pytest.mark.usefixtures("database")

CLEAN, TEST = "environment.tank_clean_overdue", "environment.water_test_overdue"


async def test_a_bin_is_full_at_ninety_percent_and_over_once_it_was_emptied() -> None:
    point = await a_facility(kind=FacilityKind.WASTE_POINT)
    bin_ = await a_device(facility=point, kind=DeviceKind.BIN_SENSOR)
    for minutes, percent, full in ((0, 89.9, False), (1, 90, True), (2, 75, True), (3, 69.9, False)):
        await read(bin_, [(minutes, {"fill_percent": percent})])
        assert await standing("environment.bin_full") == ({bin_.id: Severity.MINOR} if full else {})


@pytest.mark.parametrize(
    ("rule", "metric", "good", "bad"),
    [
        ("environment.water_chlorine", "chlorine_mg_l", 0.05, 0.049),
        ("environment.water_turbidity", "turbidity_ntu", 0.99, 1),
    ],
)
async def test_water_that_stays_out_of_its_limits_for_half_an_hour_is_told(
    rule: str, metric: str, good: float, bad: float
) -> None:
    sensor = await a_device(kind=DeviceKind.WATER_QUALITY)
    await read(sensor, [(0, {metric: bad}), (15, {metric: good}), (30, {metric: bad}), (59, {metric: bad})])
    assert await standing(rule) == {}
    await read(sensor, [(60, {metric: bad})])
    assert await standing(rule) == {sensor.id: Severity.MAJOR}


@pytest.mark.parametrize(("rule", "kind"), [(CLEAN, UpkeepKind.TANK_CLEAN), (TEST, UpkeepKind.TANK_WATER_TEST)])
async def test_a_tank_of_which_something_is_overdue_is_listed_and_grows_serious_after_two_weeks(
    rule: str, kind: UpkeepKind
) -> None:
    compound = await a_compound(name="Maple Court")
    late, today, serious = [await a_facility(compound, kind=FacilityKind.TANK, name=f"Tank {n}") for n in range(3)]
    for tank, days in ((late, -1), (today, 0), (serious, -14)):
        await a_due(tank, kind, days)
        await a_due(tank, UpkeepKind.TANK_LEVEL, -100)
    await environment.find_tanks(moment())
    assert await standing(rule) == {late.id: Severity.WARNING, serious.id: Severity.MAJOR}
    assert {alert.rule for alert in await Alert.all()} == {rule}
    assert (await Alert.get(subject_id=late.id)).message["en"].startswith(("Cleaning of Maple", "The water test of Maple"))
    await UpkeepDue.filter(facility_id=late.id).delete()
    await environment.find_tanks(moment())
    assert await standing(rule) == {serious.id: Severity.MAJOR}
