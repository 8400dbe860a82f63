"""How often what raised them was wrong."""

from datetime import timedelta

import pytest

from domain.alerts import AlertOutcome
from models import (
    AlertSource,
)
from models.alerts.acts import clear
from models.alerts.sources import count_sources
from models.calendar import now
from models.devices import set_maker
from tests.builders import (
    a_device,
)

from .story import TAMPER, Story, raised

pytestmark = pytest.mark.usefixtures("database")


async def test_outcomes_are_counted_per_device_rule_and_maker(story: Story):
    device = await a_device(story.compound)
    await set_maker(story.manager, device.id, "Acme Sensors")
    outcomes = [AlertOutcome.FALSE_ALARM, AlertOutcome.FALSE_ALARM, AlertOutcome.REAL, AlertOutcome.TEST]
    for outcome in outcomes:
        alert = await raised(story, device=device, first_seen_at=now(), last_seen_at=now())
        await clear(story.officer, alert.id, outcome=outcome)
    source = await AlertSource.get()
    assert (source.rule, source.device_id, source.maker) == (TAMPER, device.id, "Acme Sensors")
    assert (source.raised, source.false_alarms, source.confirmed, source.tests, source.unknown) == (4, 2, 1, 1, 0)
    assert source.false_percent == 67
    assert await count_sources(at=now() + timedelta(days=31)) == 0
    assert not await AlertSource.exists()
