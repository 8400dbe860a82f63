"""Alerts are told alone or together, held back, repeated, and said to be over."""

from datetime import timedelta

import pytest

from domain.alerts import AlertOutcome, AlertState, Severity
from domain.alerts.care import CareRung, CareStanding
from domain.notices import ALERT_CLEARED, ALERT_RAISED, ALERT_WITHDRAWN, ALERTS_CLEARED, ALERTS_RAISED
from domain.refusals import RefusalCode
from models import (
    Alert,
    AlertCare,
    Channel,
    Notice,
    Work,
)
from models.alerts.acts import clear
from models.alerts.caring import AT_ONCE, Raised, attend, leave, look
from models.alerts.keeping import KIND
from models.alerts.policies import set_policy
from models.calendar import now
from tests.builders import (
    a_device,
    an_alert,
)
from tests.models.ticket_world import refusal

from .story import HOUR, MINUTE, SMOKE, TAMPER, Story, raised, standing, told

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_critical_is_told_at_once_and_alone(story: Story):
    for _ in range(2):
        await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    assert await told(story.company) == [ALERT_RAISED, ALERT_RAISED]
    assert await told(story.street_office) == [ALERT_RAISED, ALERT_RAISED]
    assert await told(story.office) == []


async def test_others_wait_a_little_and_go_together_by_compound_and_module(story: Story):
    first, second = await raised(story), await raised(story)
    elsewhere = await an_alert(await a_device(story.unserved), rule=TAMPER, severity=Severity.MAJOR)
    await attend([Raised(elsewhere)])
    assert await told() == []
    assert {await standing(first), await standing(second)} == {CareStanding.WAITING}
    work = await Work.filter(kind=KIND).order_by("id")
    assert [row.payload["compound"] for row in work] == [story.compound.id, story.unserved.id]

    await look(now() + 31 * timedelta(seconds=1), compound_id=story.compound.id, module="fire_safety")
    assert await told() == [ALERTS_RAISED]
    notice = await Notice.get(type=ALERTS_RAISED)
    assert notice.payload["count"] == 2
    assert {each["id"] for each in notice.payload["alerts"]} == {first.id, second.id}
    assert notice.title["en"] == "[Major] Maple Court: 2 alerts"
    cares = await AlertCare.filter(alert_id__in=[first.id, second.id])
    assert len({care.group_id for care in cares}) == 1
    assert {care.standing for care in cares} == {CareStanding.TOLD}
    assert await standing(elsewhere) is CareStanding.WAITING


async def test_one_that_waits_and_is_over_before_it_is_told_is_not_told_at_all(story: Story):
    alert = await raised(story)
    await clear(story.officer, alert.id, outcome=AlertOutcome.TEST)
    await look(now() + HOUR)
    assert await told() == []
    assert await standing(alert) is CareStanding.OVER


async def test_whoever_was_told_is_told_that_it_is_over(story: Story):
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    await clear(story.officer, alert.id, outcome=AlertOutcome.REAL)
    assert await told(story.company) == await told(story.street_office) == [ALERT_RAISED, ALERT_CLEARED]


async def test_the_end_of_what_was_told_as_critical_comes_to_all_who_heard_of_it_though_it_is_milder_now(story: Story):
    channel = await Channel.get(organisation_id=story.street_office.id)
    channel.least_severity = Severity.CRITICAL
    await channel.save(update_fields=["least_severity"])
    cleared = {"state": AlertState.CLEARED, "cleared_at": now()}
    for end in (cleared, {**cleared, "state": AlertState.WITHDRAWN}):
        alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
        await Alert.filter(id=alert.id).update(severity=Severity.MAJOR, severity_rank=Severity.MAJOR.rank, **end)
        await leave([await Alert.get(id=alert.id)])
        assert await standing(alert) is CareStanding.OVER
    expected = [ALERT_RAISED, ALERT_CLEARED, ALERT_RAISED, ALERT_WITHDRAWN]
    assert await told(story.company) == await told(story.street_office) == expected
    over = await Notice.get(type=ALERT_CLEARED, organisation_id=story.street_office.id)
    assert over.payload["alert"]["severity"] == Severity.MAJOR


async def test_what_ends_together_is_told_together_and_only_to_whom_it_was_told(story: Story):
    alerts = [await raised(story) for _ in range(3)]
    await look(now() + MINUTE)
    never_told = await raised(story)
    await raised(story)
    for alert in (*alerts, never_told):
        await clear(story.officer, alert.id, outcome=AlertOutcome.TEST)
    assert [await standing(alert) for alert in (*alerts, never_told)] == [CareStanding.ENDING] * 3 + [CareStanding.OVER]
    assert await Work.filter(kind=KIND, not_before__gt=now()).count() == 3, "what is raised, what is raised later, and the ends"
    assert await told(story.company) == [ALERTS_RAISED]
    await look(now() + 31 * timedelta(seconds=1), compound_id=story.compound.id, module="fire_safety")
    assert sorted(await told(story.company)) == [ALERT_RAISED, ALERTS_CLEARED, ALERTS_RAISED]
    notice = await Notice.get(type=ALERTS_CLEARED)
    assert {each["id"] for each in notice.payload["alerts"]} == {alert.id for alert in alerts}
    assert (notice.payload["count"], notice.title["en"]) == (3, "[Cleared] Maple Court: 3 alerts")
    assert [await standing(alert) for alert in alerts] == [CareStanding.OVER] * 3
    await look(now() + HOUR)
    assert await Notice.filter(type__in=[ALERT_CLEARED, ALERTS_CLEARED]).count() == 1


async def test_a_thousand_ends_of_one_place_are_one_notice(story: Story):
    device = await a_device(story.compound)
    moment = now()
    alerts = [
        await an_alert(
            device, rule=f"fire_safety.own_{number}", severity=Severity.MAJOR, state=AlertState.CLEARED, cleared_at=moment
        )
        for number in range(AT_ONCE + 20)
    ]
    await AlertCare.bulk_create(
        AlertCare(
            alert_id=alert.id,
            standing=CareStanding.TOLD,
            raised_at=moment,
            said_at=moment,
            told_severity=Severity.MAJOR,
            rung=CareRung.DUTY,
            rule=alert.rule,
            subject_id=device.id,
            module=alert.module,
            compound_id=alert.compound_id,
            street_id=alert.street_id,
        )
        for alert in alerts
    )
    await leave(alerts)
    await look(now() + MINUTE)
    (notice,) = await Notice.filter(organisation_id=story.company.id)
    assert (notice.type, notice.payload["count"], len(notice.payload["alerts"])) == (ALERTS_CLEARED, AT_ONCE + 20, 50)


async def test_what_is_open_again_before_its_end_was_told_was_never_over_for_those_who_were_told(story: Story):
    alert = await raised(story)
    await look(now() + MINUTE)
    await leave([alert])
    await attend([Raised(alert)])
    await look(now() + 10 * MINUTE)
    assert await standing(alert) is CareStanding.TOLD
    assert await told(story.company) == [ALERT_RAISED]


async def test_what_comes_and_goes_is_told_once_it_stays(story: Story):
    device = await a_device(story.compound)
    for _ in range(4):
        alert = await raised(story, device=device)
        await Alert.filter(id=alert.id).update(state=AlertState.CLEARED, cleared_at=now())
    last = await raised(story, device=device)
    await look(now() + 10 * MINUTE)
    assert await standing(last) is CareStanding.DAMPED
    assert await told() == []
    await look(now() + 16 * MINUTE)
    assert await told(story.company) == [ALERT_RAISED]


async def test_a_street_says_how_soon_and_how_far(story: Story):
    await set_policy(story.officer, story.street.id, Severity.MAJOR, {"wait_seconds": 0, "climb_minutes": 0, "repeat_minutes": 0})
    alert = await raised(story)
    assert await told(story.company) == [ALERT_RAISED]
    assert (await AlertCare.get(alert_id=alert.id)).look_at is None
    await set_policy(story.officer, story.street.id, Severity.MAJOR, {"tell": 0})
    assert await standing(await raised(story)) is CareStanding.QUIET
    refused = await refusal(set_policy(story.officer, story.street.id, Severity.CRITICAL, {"tell": 0}))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("values", "tell"))
    assert (await refusal(set_policy(story.officer, story.community.id, Severity.MAJOR, {"tell": 1}))).path == ("street_id",)
    assert (await refusal(set_policy(story.officer, story.street.id, Severity.MAJOR, []))).path == ("values",)
    assert (await refusal(set_policy(story.manager, story.street.id, Severity.MAJOR, {"tell": 1}))).code is RefusalCode.FORBIDDEN


async def test_nothing_is_told_twice_by_many_who_look(story: Story):
    await raised(story)
    moment = now() + MINUTE
    assert [await look(moment) for _ in range(3)] == [1, 0, 0]
    assert await told(story.company) == [ALERT_RAISED]
