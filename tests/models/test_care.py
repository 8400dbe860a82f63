"""What becomes of alerts on real rows: told alone or together, held back, repeated, and climbing along the rosters."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.alert_rules import RuleVersionState
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.care import CareRung, CareStanding
from domain.duty import DutyLevel
from domain.facilities import DeviceKind
from domain.notices import ALERT_CLEARED, ALERT_ESCALATED, ALERT_RAISED, ALERT_REPEATED, ALERTS_RAISED
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode
from domain.steward import RULES
from domain.steward.definitions import FIRST_OWN, packed
from domain.words import Text
from models import (
    Account,
    Alert,
    AlertCare,
    AlertRuleVersion,
    AlertSource,
    Channel,
    Device,
    Fact,
    Notice,
    Organisation,
    Silence,
    Work,
)
from models.alerts import Sight, Sighting, caring, ladders, raise_once
from models.alerts.acts import acknowledge, clear
from models.alerts.caring import KIND, Raised, attend, leave, look
from models.alerts.ladders import ladder_of
from models.alerts.policies import set_policy
from models.alerts.shelving import shelve, unshelve
from models.alerts.sources import count_sources
from models.calendar import now, zone
from models.connection import query
from models.devices import attach, set_maker
from models.duty import add_shift, create_roster
from models.facts import Actor
from models.silences import create_silence, end_silence
from tests.builders import (
    a_channel,
    a_company_serving,
    a_compound,
    a_device,
    a_mandate,
    a_rule_version,
    an_account,
    an_alert,
    an_organisation,
)
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SMOKE, TAMPER, SILENT = "fire_safety.smoke", "fire_safety.tamper", "fire_safety.silent"


class Story(World):
    officer: Viewer
    street_office: Organisation
    start: datetime


@pytest.fixture
async def story() -> Story:
    """A world with a street office, an officer, and a channel of each organisation that wants to hear everything."""
    world = await a_world()
    world.__class__ = Story
    assert isinstance(world, Story)
    world.officer = await somebody(Role.STREET_OFFICER, place=world.street)
    world.street_office = await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE)
    for organisation in (world.company, world.office, world.street_office):
        await a_channel(organisation, least=Severity.WARNING)
    world.start = now()
    return world


async def raised(story: Story, *, device: Device | None = None, rule: str = TAMPER, **columns: Any) -> Alert:
    """An alert of the served compound, just raised and attended to."""
    device = device or await a_device(story.compound)
    alert = await an_alert(device, rule=rule, **{"severity": Severity.MAJOR, **columns})
    await attend([Raised(alert)])
    return alert


async def told(organisation: Organisation | None = None) -> list[str]:
    """The types of what was told, to the channels of one organisation or to all."""
    channels = [each.id for each in await Channel.filter(organisation_id__not_isnull=True)]
    if organisation:
        channels = [each.id for each in await Channel.filter(organisation_id=organisation.id)]
    return await Notice.filter(channel_id__in=channels).order_by("created_at", "id").values_list("type", flat=True)


async def standing(alert: Alert) -> CareStanding:
    return (await AlertCare.get(alert_id=alert.id)).standing


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


async def on_duty(story: Story, organisation: Organisation, level: DutyLevel, account: Account) -> Account:
    roster = await create_roster(story.officer, organisation.id, name=f"{level}", level=level)
    await add_shift(story.officer, roster.id, account.id, now() - HOUR, now() + 8 * HOUR)
    return account


async def heard(account: Account) -> list[str]:
    """The types of what came to somebody's own inbox."""
    inbox = await Channel.get_or_none(account_id=account.id)
    return await Notice.filter(channel_id=inbox.id).order_by("created_at").values_list("type", flat=True) if inbox else []


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


async def silence(story: Story, viewer: Viewer | None = None, **changes: Any) -> Silence:
    given = {"ends_at": now() + HOUR, "reason": "The pump is being painted.", "compound_id": story.compound.id, **changes}
    return await create_silence(viewer or story.officer, **given)


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


async def a_rule_of_the_streets_own(story: Story, like: str, **changes: Any) -> str:
    """The key of a rule that only this street has, like one of the code."""
    key = f"fire_safety.own_{like.partition('.')[2]}"
    definition = packed(replace(RULES[like], key=key, version=FIRST_OWN, **changes))
    await a_rule_version(story.street, like, definition=definition, state=RuleVersionState.LIVE)
    await AlertRuleVersion.filter(rule=like).update(rule=key)
    return key


async def test_a_streets_own_rule_about_silence_is_held_back_by_a_gateway_that_is_silent_by_it(story: Story):
    own = await a_rule_of_the_streets_own(story, "fire_safety.silent")
    gateway, sensor = await a_device(story.compound, kind=DeviceKind.GATEWAY), await a_device(story.compound)
    await attach(story.manager, sensor.id, gateway.id)
    await raised(story, device=gateway, rule=own)
    assert await standing(await raised(story, device=sensor, rule=own)) is CareStanding.INHIBITED


async def test_a_streets_own_rule_is_kept_quiet_by_name_unless_it_is_critical(story: Story):
    own = await a_rule_of_the_streets_own(story, TAMPER)
    assert (await silence(story, rule=own)).rule == own
    assert await standing(await raised(story, rule=own)) is CareStanding.SILENCED
    fire = await a_rule_of_the_streets_own(story, SMOKE)
    assert (await refusal(silence(story, rule=fire))).path == ("rule",)


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
