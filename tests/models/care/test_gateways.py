"""Sensors behind a silent gateway."""

import pytest

from domain.alerts import AlertOutcome, Severity
from domain.alerts.care import CareStanding
from domain.facilities import DeviceKind
from domain.notices import ALERTS_RAISED
from domain.refusals import RefusalCode
from models import (
    AlertCare,
    Device,
    Notice,
)
from models.alerts.acts import clear
from models.alerts.caring import look
from models.alerts.policies import set_policy
from models.calendar import now
from models.devices import attach
from tests.builders import (
    a_compound,
    a_device,
)
from tests.models.ticket_world import refusal

from .story import MINUTE, SILENT, Story, a_rule_of_the_streets_own, raised, standing

pytestmark = pytest.mark.usefixtures("database")


async def test_while_a_gateway_is_silent_the_silence_of_its_sensors_is_not_told(story: Story):
    gateway = await a_device(story.compound, kind=DeviceKind.GATEWAY, name="Gateway")
    sensors = [await a_device(story.compound) for _ in range(2)]
    for sensor in sensors:
        await attach(story.manager, sensor.id, gateway.id)
    silent = [await raised(story, device=sensor, rule=SILENT) for sensor in sensors]
    down = await raised(story, device=gateway, rule=SILENT)
    tampered = await raised(story, device=await Device.get(id=sensors[0].id))
    await look(now() + MINUTE)
    assert [await standing(each) for each in silent] == [CareStanding.INHIBITED] * 2
    assert (await AlertCare.get(alert_id=silent[0].id)).parent_alert_id == down.id
    assert [await standing(each) for each in (down, tampered)] == [CareStanding.TOLD] * 2
    (notice,) = await Notice.filter(type=ALERTS_RAISED)
    assert {each["id"] for each in notice.payload["alerts"]} == {down.id, tampered.id}

    await clear(story.officer, down.id, outcome=AlertOutcome.REAL)
    await clear(story.officer, silent[0].id, outcome=AlertOutcome.REAL)
    await look(now() + 29 * MINUTE)
    assert await standing(silent[1]) is CareStanding.INHIBITED
    await look(now() + 31 * MINUTE)
    assert await standing(silent[1]) is CareStanding.TOLD


async def test_a_gateway_of_which_nobody_is_told_keeps_nobody_quiet(story: Story):
    await set_policy(story.officer, story.street.id, Severity.MINOR, {"tell": 0})
    gateway, sensor = await a_device(story.compound, kind=DeviceKind.GATEWAY), await a_device(story.compound)
    await attach(story.manager, sensor.id, gateway.id)
    assert await standing(await raised(story, device=gateway, rule=SILENT, severity=Severity.MINOR)) is CareStanding.QUIET
    silent = await raised(story, device=sensor, rule=SILENT)
    await look(now() + MINUTE)
    assert await standing(silent) is CareStanding.TOLD


async def test_no_ring_of_gateways_is_closed(story: Story):
    first, second, third = [await a_device(story.compound) for _ in range(3)]
    await attach(story.manager, second.id, first.id)
    await attach(story.manager, third.id, second.id)
    for parent in (third, second, first):
        assert (await refusal(attach(story.manager, first.id, parent.id))).path == ("parent_id",)
    elsewhere = await a_device(story.unserved)
    assert (await refusal(attach(story.officer, first.id, elsewhere.id))).path == ("parent_id",)
    assert (await refusal(attach(story.manager, first.id, elsewhere.id))).code is RefusalCode.NOT_FOUND
    assert (await attach(story.manager, second.id, None)).parent_id is None
    assert (await refusal(attach(story.manager, (await a_device(await a_compound())).id, None))).code is RefusalCode.NOT_FOUND


async def test_a_streets_own_rule_about_silence_is_held_back_by_a_gateway_that_is_silent_by_it(story: Story):
    own = await a_rule_of_the_streets_own(story, "fire_safety.silent")
    gateway, sensor = await a_device(story.compound, kind=DeviceKind.GATEWAY), await a_device(story.compound)
    await attach(story.manager, sensor.id, gateway.id)
    await raised(story, device=gateway, rule=own)
    assert await standing(await raised(story, device=sensor, rule=own)) is CareStanding.INHIBITED
