"""Alerts that nobody takes note of climb along the rosters."""

from datetime import UTC, date, datetime

import pytest

from domain.access import Role
from domain.alerts import Severity
from domain.alerts.care import CareRung
from domain.duty import DutyLevel
from domain.notices import ALERT_ESCALATED, ALERT_RAISED, ALERT_REPEATED, ALERTS_RAISED
from domain.words import Text
from models import (
    Account,
    Alert,
    AlertCare,
    Fact,
)
from models.alerts import Sight, Sighting, ladders, raise_once
from models.alerts.acts import acknowledge
from models.alerts.caring import Raised, attend, leave, look
from models.alerts.ladders import ladder_of
from models.calendar import now, zone
from models.facts import Actor
from tests.builders import (
    a_company_serving,
    a_mandate,
    an_account,
    an_organisation,
)

from .story import HOUR, MINUTE, SMOKE, TAMPER, Story, heard, on_duty, raised, told

pytestmark = pytest.mark.usefixtures("database")


async def test_what_nobody_takes_note_of_climbs_along_the_rosters(story: Story):
    manager = await an_account(Role.COMPANY_MANAGER, organisation=story.company)
    clerk = await an_account(Role.COMMUNITY_STAFF, place=story.community, organisation_id=story.office.id)
    officer = await an_account(Role.STREET_OFFICER, place=story.street, organisation_id=story.street_office.id)
    await on_duty(story, story.company, DutyLevel.DUTY, story.worker)
    await on_duty(story, story.company, DutyLevel.MANAGER, manager)
    await on_duty(story, story.office, DutyLevel.DUTY, clerk)
    await on_duty(story, story.street_office, DutyLevel.DUTY, officer)
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    ladder = [story.worker, manager, clerk, officer]
    for climbed in range(4):
        assert [ALERT_ESCALATED in await heard(each) for each in ladder[1:]] == [n < climbed for n in range(3)]
        care = await AlertCare.get(alert_id=alert.id)
        assert care.rung is list(CareRung)[climbed]
        if climbed < 3:
            await look(now() + (climbed + 1) * 5 * MINUTE + MINUTE)
    assert await heard(story.worker) == [ALERT_RAISED]
    assert ALERT_ESCALATED in await told(story.office)
    facts = await Fact.filter(subject_id=alert.id, action="alertEscalate").order_by("id")
    assert [fact.after["rung"] for fact in facts if fact.after] == ["MANAGER", "COMMUNITY", "STREET"]
    await look(now() + 40 * MINUTE)
    assert (await heard(officer))[-1] == ALERT_REPEATED


async def test_taking_note_ends_climbing_and_repeating(story: Story):
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    await acknowledge(story.manager, alert.id)
    assert await look(now() + 24 * HOUR) == 0
    assert await told(story.company) == [ALERT_RAISED]


async def test_a_manager_is_told_even_where_no_roster_is_kept(story: Story):
    await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    await look(now() + 6 * MINUTE)
    manager = await Account.get(id=story.manager.account_id)
    assert await heard(manager) == [ALERT_ESCALATED]


async def test_where_there_is_no_manager_it_climbs_to_the_community_at_once(story: Story):
    await Account.filter(id=story.manager.account_id).update(disabled_at=now())
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    assert [rung.name for rung in await ladder_of(story.compound.id, now())] == [
        CareRung.DUTY,
        CareRung.COMMUNITY,
        CareRung.STREET,
    ]
    await look(now() + 6 * MINUTE)
    assert (await AlertCare.get(alert_id=alert.id)).rung is CareRung.COMMUNITY
    assert ALERT_ESCALATED in await told(story.office)


async def test_a_rung_that_comes_or_goes_meanwhile_lets_nobody_be_passed_over(story: Story):
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    await look(now() + 6 * MINUTE)
    assert (await AlertCare.get(alert_id=alert.id)).rung is CareRung.MANAGER
    await Account.filter(id=story.manager.account_id).update(disabled_at=now())
    await look(now() + 12 * MINUTE)
    care = await AlertCare.get(alert_id=alert.id)
    assert (care.rung, care.climbs) == (CareRung.COMMUNITY, 1)
    await Account.filter(id=story.manager.account_id).update(disabled_at=None)
    await look(now() + 18 * MINUTE)
    care = await AlertCare.get(alert_id=alert.id)
    assert (care.rung, care.climbs) == (CareRung.STREET, 3)


async def test_whoever_took_note_of_something_milder_has_not_taken_note_of_a_fire(story: Story):
    alert = await raised(story)
    await look(now() + MINUTE)
    await acknowledge(story.manager, alert.id)
    sight = Sight(now(), Severity.CRITICAL, {})
    worse = Sighting(
        TAMPER, 1, "fire_safety", alert.subject_id, alert.compound_id, alert.street_id, Text("Hot.", "热。"), (sight,)
    )
    (told_of_it,) = await raise_once(Actor("system:test"), [worse])
    assert (told_of_it.alert.acknowledged_at, told_of_it.alert.acknowledged_by_id) == (None, None)
    await attend([Raised(told_of_it.alert)])
    await look(now() + 4 * MINUTE)
    assert await told(story.company) == [ALERT_RAISED, ALERT_RAISED]
    await look(now() + 6 * MINUTE)
    assert await told(story.company) == [ALERT_RAISED, ALERT_RAISED, ALERT_ESCALATED]
    await acknowledge(story.manager, alert.id)
    assert await look(now() + 24 * HOUR) == 0


async def test_at_night_it_climbs_to_whoever_serves_the_compound_by_the_date_in_the_street(story: Story):
    taking_over = await an_organisation(story.street)
    await a_mandate(taking_over, story.unserved, starts_on=date(2027, 3, 1))
    one_at_night = datetime(2027, 3, 1, 1, tzinfo=zone()).astimezone(UTC)
    ladder = await ladder_of(story.unserved.id, one_at_night)
    assert ladder[0].organisations == {taking_over.id}


async def test_managers_who_have_left_do_not_stand_before_those_who_are_there(story: Story, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ladders, "_MANAGERS", 1)
    company = await a_company_serving(story.unserved)
    await an_account(Role.COMPANY_MANAGER, organisation=company, ends_on=date(2026, 1, 31))
    there = await an_account(Role.COMPANY_MANAGER, organisation=company)
    await an_account(Role.COMPANY_MANAGER, organisation=company, ends_on=date(2026, 1, 31))
    ladder = await ladder_of(story.unserved.id, now())
    assert ladder[1].accounts == {there.id}


async def test_what_is_open_again_climbs_from_the_bottom(story: Story):
    alert = await raised(story, rule=SMOKE, severity=Severity.CRITICAL)
    await look(now() + 6 * MINUTE)
    assert (await AlertCare.get(alert_id=alert.id)).climbs == 1
    await leave([alert])
    await attend([Raised(alert)])
    care = await AlertCare.get(alert_id=alert.id)
    assert (care.climbs, care.rung, care.repeats) == (0, CareRung.DUTY, 0)


async def test_what_has_climbed_and_becomes_worse_is_told_to_all_whom_it_had_reached(story: Story):
    await on_duty(story, story.company, DutyLevel.DUTY, story.worker)
    alerts = [await raised(story, severity=Severity.MINOR) for _ in range(2)]
    await look(now() + HOUR)
    ids = [alert.id for alert in alerts]
    await AlertCare.filter(alert_id__in=ids).update(climbs=1, rung=CareRung.MANAGER)
    await Alert.filter(id__in=ids).update(severity=Severity.MAJOR, severity_rank=Severity.MAJOR.rank)
    await attend([Raised(alert) for alert in await Alert.filter(id__in=ids)])
    assert await heard(story.worker) == [ALERTS_RAISED], "people hear of MAJOR alerts and worse"
