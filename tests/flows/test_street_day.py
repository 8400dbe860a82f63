"""A day in a small street, as the benchmark tells a large one: what goes wrong is found once, and nothing else is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import asyncpg
import pytest

import tasks.registry  # noqa: F401
from benchmarks.street_day.devices import Day, every_rule_is_well
from benchmarks.street_day.found import a_street, look, verdict, work
from benchmarks.street_day.people import trouble
from domain.notices import ChannelKind
from domain.notices.events import ALERT_RAISED
from models import Notice
from models.calendar import today
from models.events import Outcome, store
from settings import Settings
from tests.builders import a_channel


def test_the_story_of_a_day_knows_what_is_well() -> None:
    assert every_rule_is_well() == []


@pytest.mark.usefixtures("database")
async def test_what_goes_wrong_in_a_day_is_found_once_and_nothing_else_is(settings: Settings) -> None:
    street = await a_street(settings.database_url, compounds=6, devices=120)
    await a_channel(street.company, ChannelKind.LIVE)
    ends = datetime.now(UTC)
    day = Day(street.machines, ends - timedelta(days=1), ends, each=6, count=60, key_id=street.key_id)
    people = await trouble(street.compounds, street.company, 3)
    connection = await asyncpg.connect(settings.database_url)
    told = day.readings()
    outcomes: list[Outcome] = []
    while batch := list(islice(told, 200)):
        outcomes += [each.outcome for each in await store(connection, batch, today())]
    await connection.close()
    assert set(outcomes) == {Outcome.ACCEPTED, Outcome.DUPLICATE}
    await work()
    for _ in range(2):  # the second time nothing is new
        await look(datetime.now(UTC))
    incidents = [*day.incidents, *people]
    became = await verdict(incidents)
    assert became.found == sum(len(each.rules) for each in incidents) >= 60
    assert (became.missed, became.invented) == ({}, {})
    assert {rule.partition(".")[0] for each in incidents for rule in each.rules} == {
        "access",
        "complaints",
        "environment",
        "equipment",
        "fire_safety",
        "parking",
        "repairs",
        "security",
    }
    told = Counter(await Notice.filter(alert_id__isnull=False, type=ALERT_RAISED).values_list("alert_id", flat=True))
    assert set(told.values()) <= {1}
