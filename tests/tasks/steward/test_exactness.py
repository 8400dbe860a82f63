"""The alerts that stand do not depend on the order in which readings came, from the event to the row."""

from random import Random
from typing import Any

import pytest

from domain.alerts import AlertState
from domain.facilities import DeviceKind
from models import Alert, Device
from models.alerts import set_threshold
from models.facts import Actor
from tests.builders import a_compound, a_device
from tests.tasks.feeding import a_reading, take_in

pytestmark = pytest.mark.usefixtures("database")


async def standing(device: Device) -> list[tuple[Any, ...]]:
    alerts = Alert.filter(subject_id=device.id).exclude(state=AlertState.WITHDRAWN).order_by("rule", "first_seen_at")
    return await alerts.values_list(
        "rule", "first_seen_at", "last_seen_at", "cleared_at", "count", "severity", "severity_rank", "state", "reading"
    )


async def test_readings_that_come_late_leave_the_alerts_that_they_would_have_left_in_order() -> None:
    """Of each pair of devices one reports in order, the other as a bad line delivers: late, twice, in batches of any size."""
    chance, compound = Random(8), await a_compound()
    kinds = [DeviceKind.SMOKE, DeviceKind.HYDRANT_PRESSURE] * 4
    pairs = [(await a_device(compound, kind=kind), await a_device(compound, kind=kind)) for kind in kinds]
    await set_threshold(Actor("system:test"), "fire_safety.smoke_repeated", {"times": 2, "window_hours": 8}, compound)
    in_order: list[tuple[float, str]] = []
    as_it_comes: list[tuple[float, str]] = []
    for prompt, late in pairs:
        for number in range(36):
            at = 60 * number - 36 * 60 + chance.randrange(50)
            values: dict[str, float | bool] = {"smoke_alarm": chance.random() < 0.3}
            if prompt.kind is DeviceKind.HYDRANT_PRESSURE:
                values = {"pressure_kpa": chance.choice([40.0, 120.0, 142.0, 300.0])}
            in_order.append((at, await a_reading(prompt, at, **values)))
            ids = [await a_reading(late, at, **values) for _ in range(chance.choice([1, 1, 2]))]
            as_it_comes += [(at + chance.choice([0, 0, 90, 600, 1439]), event_id) for event_id in ids]
    ids = [event_id for _, event_id in sorted(in_order)]
    await take_in(*ids[:200])
    await take_in(*ids[200:])
    ids = [event_id for _, event_id in sorted(as_it_comes)]
    while ids:
        size = chance.randrange(1, 12)
        await take_in(*ids[:size])
        ids = ids[size:]
    for prompt, late in pairs:
        expected = await standing(prompt)
        assert len(expected) > 2
        assert await standing(late) == expected
    withdrawn = await Alert.filter(state=AlertState.WITHDRAWN).values_list("subject_id", flat=True)
    assert withdrawn
    assert set(withdrawn) <= {late.id for _, late in pairs}
