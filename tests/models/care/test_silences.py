"""Alerts are kept quiet by silences and put aside, and never a fire."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.alerts import AlertOutcome, Severity
from domain.alerts.care import CareStanding
from domain.notices import ALERT_RAISED
from domain.refusals import RefusalCode
from models import (
    Alert,
    AlertCare,
    Fact,
    Silence,
)
from models.alerts import caring
from models.alerts.acts import acknowledge, clear
from models.alerts.caring import Raised, attend, look
from models.alerts.shelving import shelve, unshelve
from models.alerts.silences import end_silence
from models.calendar import now
from models.connection import query
from tests.builders import (
    a_device,
)
from tests.models.ticket_world import refusal, somebody

from .story import (
    HOUR,
    MINUTE,
    SMOKE,
    TAMPER,
    Story,
    a_rule_of_the_streets_own,
    raised,
    silence,
    standing,
    told,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_silence_keeps_quiet_what_it_covers_until_it_ends_and_never_a_fire(story: Story):
    made = await silence(story, rule=None)
    quiet, fire = await raised(story), await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    assert await standing(quiet) is CareStanding.SILENCED
    assert (await AlertCare.get(alert_id=quiet.id)).silence_id == made.id
    assert await standing(fire) is CareStanding.TOLD
    assert await told(story.company) == [ALERT_RAISED]
    await acknowledge(story.officer, fire.id)
    await look(now() + 59 * MINUTE)
    assert await told(story.company) == [ALERT_RAISED]
    await end_silence(story.manager, made.id)
    await end_silence(story.manager, made.id)
    await look(now() + MINUTE)
    assert await told(story.company) == [ALERT_RAISED, ALERT_RAISED]
    assert await standing(quiet) is CareStanding.TOLD
    assert await Fact.filter(subject_id=made.id).order_by("id").values_list("action", flat=True) == [
        "silenceCreate",
        "silenceEnd",
    ]


async def test_a_silence_that_comes_later_keeps_repetitions_quiet(story: Story):
    alert = await raised(story)
    await look(now() + MINUTE)
    assert await told(story.company) == [ALERT_RAISED]
    await silence(story, ends_at=now() + 3 * HOUR)
    await look(now() + 2 * HOUR)
    assert await told(story.company) == [ALERT_RAISED]
    assert await standing(alert) is CareStanding.SILENCED


async def test_what_worsens_to_critical_breaks_through_a_silence(story: Story):
    await silence(story)
    alert = await raised(story)
    await Alert.filter(id=alert.id).update(severity=Severity.CRITICAL, severity_rank=0)
    await attend([Raised(await Alert.get(id=alert.id))])
    assert await told(story.company) == [ALERT_RAISED]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"reason": " "}, RefusalCode.INVALID, ("reason",)),
        ({"ends_at": datetime(2020, 1, 1).astimezone()}, RefusalCode.INVALID, ("ends_at",)),
        ({"rule": SMOKE}, RefusalCode.INVALID, ("rule",)),
        ({"worst": Severity.CRITICAL}, RefusalCode.INVALID, ("worst",)),
        ({"rule": "fire_safety.smok"}, RefusalCode.INVALID, ("rule",)),
        ({"module": "fire"}, RefusalCode.INVALID, ("module",)),
        ({"compound_id": None}, RefusalCode.INVALID, ("compound_id",)),
        ({"compound_id": "cmp_nothing"}, RefusalCode.NOT_FOUND, ("compound_id",)),
    ],
)
async def test_a_silence_without_place_reason_or_end_or_meant_for_fires_is_refused(
    story: Story, changes: dict[str, Any], code: RefusalCode, path: tuple[str, ...]
):
    refused = await refusal(silence(story, **changes))
    assert (refused.code, refused.path) == (code, path)
    assert not await Silence.exists()


async def test_a_company_silences_its_compounds_and_not_the_street(story: Story):
    assert (await silence(story, story.manager)).compound_id == story.compound.id
    street = {"compound_id": None, "street_id": story.street.id, "module": "fire_safety"}
    assert (await refusal(silence(story, story.manager, **street))).code is RefusalCode.FORBIDDEN
    assert (await silence(story, **street)).compound_id is None
    assert (await refusal(silence(story, compound_id=None, street_id=story.street.id))).path == ("compound_id",)
    worker = await somebody(Role.COMPANY_STAFF, organisation=story.company)
    assert (await refusal(silence(story, worker))).code is RefusalCode.FORBIDDEN
    device = await a_device(story.unserved)
    assert (await refusal(silence(story, device_id=device.id))).path == ("compound_id",)


async def test_an_alert_is_put_aside_and_taken_up_again(story: Story):
    alert = await raised(story)
    await shelve(story.manager, alert.id, now() + 2 * HOUR, "A part is on its way.", expected_version=alert.version)
    await look(now() + HOUR)
    assert await told() == []
    care = await AlertCare.get(alert_id=alert.id)
    assert (care.standing, care.shelve_reason) == (CareStanding.SHELVED, "A part is on its way.")
    await unshelve(story.manager, alert.id)
    await look(now() + MINUTE)
    assert await told(story.company) == [ALERT_RAISED]
    assert (await unshelve(story.manager, alert.id)).version == alert.version + 2
    refused = await refusal(shelve(story.manager, alert.id, now() + timedelta(days=8), "Later."))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("until",))
    assert (await refusal(shelve(story.manager, alert.id, now() + HOUR, ""))).path == ("reason",)
    fire = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    assert (await refusal(shelve(story.manager, fire.id, now() + HOUR, "Later."))).code is RefusalCode.ILLEGAL_MOVE
    await clear(story.officer, alert.id, outcome=AlertOutcome.REAL)
    assert (await refusal(shelve(story.manager, alert.id, now() + HOUR, "Later."))).code is RefusalCode.ILLEGAL_MOVE


async def test_a_streets_own_rule_is_kept_quiet_by_name_unless_it_is_critical(story: Story):
    own = await a_rule_of_the_streets_own(story, TAMPER)
    assert (await silence(story, rule=own)).rule == own
    assert await standing(await raised(story, rule=own)) is CareStanding.SILENCED
    fire = await a_rule_of_the_streets_own(story, SMOKE)
    assert (await refusal(silence(story, rule=fire))).path == ("rule",)


async def test_what_a_silence_covers_while_somebody_ends_it_does_not_stay_quiet(story: Story, monkeypatch: pytest.MonkeyPatch):
    made, seen = await silence(story, ends_at=now() + 600 * HOUR), asyncio.Event()

    async def end() -> None:
        await seen.wait()
        await end_silence(story.officer, made.id)

    async def nobody(*_: object) -> list[Any]:
        seen.set()
        async with asyncio.timeout(20):
            while not ending.done() and not await query("SELECT pid FROM pg_locks WHERE NOT granted"):
                await asyncio.wait([ending], timeout=0.02)
        return []

    monkeypatch.setattr(caring, "_companions", nobody)
    ending = asyncio.create_task(end())
    async with in_transaction():
        alert = await raised(story)
    await ending
    await look(now() + MINUTE)
    assert await standing(alert) is CareStanding.TOLD
