"""A street's own rules on real rows: drafted, tried, published, judged by, taken back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.alerts import AlertState, Severity
from domain.alerts.care import CareStanding
from domain.alerts.versions import DryRunState, FigureSource, RuleVersionState
from domain.facilities import DeviceKind
from domain.notices import ALERT_RULE_PUBLISHED, ALERT_RULE_RETIRED
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.steward import RULES
from domain.steward.definitions import packed
from models import (
    Alert,
    AlertCare,
    AlertRuleDryRun,
    AlertRuleVersion,
    Compound,
    Device,
    DryRunAlert,
    Fact,
    Notice,
    Place,
    RuleState,
    Work,
)
from models.alerts import rules_of, set_threshold, versions
from models.alerts.in_force import in_force
from models.calendar import zone
from models.facts import Actor
from tasks import dry_runs
from tasks.work import perform
from tests.builders import (
    a_building,
    a_channel,
    a_company_serving,
    a_compound,
    a_device,
    a_dry_run,
    a_facility,
    a_home,
    a_rule_version,
    a_unit,
    an_organisation,
)
from tests.models.ticket_world import refusal, somebody
from tests.tasks.feeding import minute, read

pytestmark = pytest.mark.usefixtures("database")

CABLE, TAMPER = "fire_safety.cable_temperature", "fire_safety.tamper"
SOMEBODY = Actor("system:test")
STRICTER = {"figures": {"alarm_c": {"value": 60, "unit": "°C"}}}


async def a_cable(**how: Any) -> tuple[Device, Viewer]:
    """A device at a cable, and an officer of its street."""
    device = await a_device(kind=DeviceKind.CABLE_TEMPERATURE, **how)
    return device, await somebody(Role.STREET_OFFICER, place=await Place.get(id=device.street_id))


async def tried(officer: Viewer, version: AlertRuleVersion, days: int = 1) -> AlertRuleDryRun:
    """A dry run of the version that has been through."""
    run = await versions.dry_run(officer, version.id, days=days)
    assert run.work_id is not None
    while await Work.exists(id=run.work_id):
        await perform(run.work_id)
        assert not await Work.exists(id=run.work_id, attempts__gt=0), "the dry run failed"
    await run.refresh_from_db()
    return run


async def published(officer: Viewer, device: Device, definition: object, rule: str = CABLE) -> AlertRuleVersion:
    version = await versions.draft(officer, device.street_id, rule, definition)
    await tried(officer, version)
    return await versions.publish(officer, version.id)


async def celsius(device: Device, *values: float, first: float = 0) -> None:
    """One reading a minute."""
    await read(device, [(first + n, {"cable_temperature_c": value}) for n, value in enumerate(values)])


async def alerts() -> list[tuple[str, int, AlertState]]:
    return await Alert.all().order_by("id").values_list("rule", "rule_version", "state")


async def test_a_published_version_holds_in_its_street_alone_and_the_rule_of_the_code_again_after_it() -> None:
    device, officer = await a_cable()
    elsewhere, _ = await a_cable()
    version = await published(officer, device, STRICTER)
    for each in (device, elsewhere):
        await celsius(each, 62)
    assert await alerts() == [(CABLE, 101, AlertState.OPEN)]
    await versions.retire(officer, version.id)
    await celsius(device, 64, first=5)
    assert await alerts() == [(CABLE, 101, AlertState.CLEARED)]
    actions = await Fact.filter(subject_id=version.id).order_by("id").values_list("action", flat=True)
    assert actions == ["alertRuleDraft", "alertRuleDryRun", "alertRulePublish", "alertRuleRetire"]


async def test_a_version_takes_the_place_of_the_one_before_and_draws_on_it() -> None:
    device, officer = await a_cable()
    first = await published(officer, device, STRICTER)
    second = await published(officer, device, {"severity": "MINOR"})
    await first.refresh_from_db()
    assert (first.state, second.state, second.number) == (RuleVersionState.RETIRED, RuleVersionState.LIVE, 102)
    rule = (await rules_of([device.street_id]))[device.street_id].rules[CABLE]
    assert (rule.version, rule.severity, rule.figures["alarm_c"].default) == (102, "MINOR", 60)


async def test_the_street_office_is_told_when_a_version_begins_to_hold_and_when_it_is_taken_back() -> None:
    device, officer = await a_cable()
    street = await Place.get(id=device.street_id)
    office = await an_organisation(street, kind=OrganisationKind.STREET_OFFICE)
    for each in (office, await an_organisation(street), await an_organisation(kind=OrganisationKind.STREET_OFFICE)):
        await a_channel(each)
    draft = await versions.draft(officer, street.id, TAMPER, {"severity": "MINOR"})
    await versions.retire(officer, draft.id)
    assert not await Notice.exists(), "a draft never held"
    version = await published(officer, device, STRICTER)
    await versions.retire(officer, version.id)
    told, over = await Notice.all().order_by("created_at")
    assert {each.organisation_id for each in (told, over)} == {office.id}
    assert [each.type for each in (told, over)] == [ALERT_RULE_PUBLISHED, ALERT_RULE_RETIRED]
    default = RULES[CABLE].version
    assert [(each.payload["before"], each.payload["after"]) for each in (told, over)] == [
        ({"number": default}, {"number": 101}),
        ({"number": 101}, {"number": default}),
    ]
    assert told.payload["version"] == {"id": version.id, "number": 101}
    assert (told.payload["rule"], told.payload["street"]["name"]) == ({"key": CABLE, "module": "fire_safety"}, street.name)


async def test_what_an_officer_cannot_do_is_refused_and_leaves_nothing() -> None:
    device, officer = await a_cable()
    street = device.street_id
    foreign = await a_rule_version()
    draft = await versions.draft(officer, street, CABLE, STRICTER)
    retired = await a_rule_version(await Place.get(id=street), TAMPER, state=RuleVersionState.RETIRED)
    auditor = await somebody(Role.AUDITOR, place=await Place.get(id=street))
    community = (await a_compound()).community_id
    other = await somebody(Role.STREET_OFFICER, place=await Place.get(id=(await Place.get(id=community)).street_id))
    before = await AlertRuleVersion.all().count()
    for refused, code, path in (
        (versions.draft(officer, street, CABLE, STRICTER), RefusalCode.CONFLICT, ("rule",)),
        (versions.draft(officer, street, TAMPER, {}, replaces=draft.id), RefusalCode.CONFLICT, ("replaces",)),
        (versions.draft(officer, street, "fire_safety.heat", {}), RefusalCode.INVALID, ("rule",)),
        (versions.draft(officer, street, TAMPER, {"metric": "heat"}), RefusalCode.INVALID, ("definition", "metric")),
        (versions.draft(other, community, CABLE, STRICTER), RefusalCode.INVALID, ("street_id",)),
        (versions.draft(other, street, TAMPER, {}), RefusalCode.NOT_FOUND, ("street_id",)),
        (versions.draft(auditor, street, TAMPER, {}), RefusalCode.FORBIDDEN, ()),
        (versions.publish(officer, draft.id), RefusalCode.ILLEGAL_MOVE, ("id",)),
        (versions.publish(officer, foreign.id), RefusalCode.NOT_FOUND, ("id",)),
        (versions.publish(officer, retired.id), RefusalCode.ILLEGAL_MOVE, ("id",)),
        (versions.retire(officer, retired.id), RefusalCode.ILLEGAL_MOVE, ("id",)),
        (versions.dry_run(officer, retired.id, days=7), RefusalCode.ILLEGAL_MOVE, ("id",)),
        (versions.dry_run(officer, draft.id, days=0), RefusalCode.INVALID, ("days",)),
        (versions.dry_run(officer, draft.id, days=32), RefusalCode.INVALID, ("days",)),
        (versions.dry_run(auditor, draft.id, days=7), RefusalCode.FORBIDDEN, ()),
    ):
        said = await refusal(refused)
        assert (said.code, said.path) == (code, path), said
    assert await AlertRuleVersion.all().count() == before
    assert not await AlertRuleDryRun.exists()


async def test_of_two_who_draft_a_rule_at_once_one_is_told_of_the_other() -> None:
    device, officer = await a_cable()
    came = await asyncio.gather(
        *(versions.draft(officer, device.street_id, CABLE, STRICTER) for _ in range(2)), return_exceptions=True
    )
    (made,) = (each for each in came if isinstance(each, AlertRuleVersion))
    (refused,) = (each for each in came if isinstance(each, Refused))
    assert (refused.code, made.id in str(refused)) == (RefusalCode.CONFLICT, True)
    again = await versions.draft(officer, device.street_id, CABLE, STRICTER, replaces=made.id)
    await made.refresh_from_db()
    assert (made.state, again.state, again.number) == (RuleVersionState.RETIRED, RuleVersionState.DRAFT, made.number + 1)


async def test_a_dry_run_goes_on_in_pieces_lists_the_first_and_counts_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_runs, "_SLICE", -1.0)
    monkeypatch.setattr(dry_runs, "_PAGE", 2)
    monkeypatch.setattr(dry_runs, "LISTED", 3)
    device, officer = await a_cable()
    compound = await a_compound(await Place.get(id=(await a_compound_of(device)).community_id))
    others = [await a_device(compound, kind=DeviceKind.CABLE_TEMPERATURE) for _ in range(2)]
    for each in (device, *others):
        await celsius(each, 62, 50, 75, 64, 61)
    before = await Alert.all().count()
    version = await versions.draft(officer, device.street_id, CABLE, STRICTER)
    run = await versions.dry_run(officer, version.id, days=1)
    assert (await refusal(versions.dry_run(officer, version.id, days=1))).code is RefusalCode.CONFLICT
    seen: list[int] = []
    while await Work.exists(id=run.work_id):
        await perform(run.work_id or 0)
        await run.refresh_from_db()
        seen.append(run.devices_done)
    assert seen[:3] == [1, 2, 3]
    assert (run.state, run.devices, run.readings, run.alert_count, run.current_count) == (DryRunState.DONE, 3, 30, 6, 3)
    listed = await DryRunAlert.all().order_by("device_id", "first_seen_at").values_list("count", "first_seen_at", "cleared_at")
    assert sorted(listed)[:2] == [(1, minute(0), minute(1)), (1, minute(0), minute(1))]
    assert len(listed) == 3
    assert await Alert.all().count() == before


async def a_compound_of(device: Device) -> Any:
    await device.fetch_related("compound")
    return device.compound


async def test_a_dry_run_ends_with_its_readings_and_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_runs, "MOST_READINGS", 2)
    device, officer = await a_cable()
    await a_device(await a_compound_of(device), kind=DeviceKind.CABLE_TEMPERATURE)
    await celsius(device, 62, 62, 62)
    run = await tried(officer, await versions.draft(officer, device.street_id, CABLE, STRICTER))
    assert (run.state, run.devices, run.devices_done) == (DryRunState.DONE, 2, 1)


async def test_a_dry_run_of_silence_finds_who_was_silent_and_one_that_was_given_up_makes_room() -> None:
    device, officer = await a_cable()
    await celsius(device, 20, first=-600)
    await celsius(device, 20)
    version = await versions.draft(officer, device.street_id, "fire_safety.silent", {"figures": {"silent_hours": 8}})
    lost = await a_dry_run(version, state=DryRunState.RUNNING)
    run = await tried(officer, version)
    assert (run.alert_count, run.current_count) == (1, 0)
    would = await DryRunAlert.get()
    assert (would.first_seen_at, would.cleared_at) == (minute(-120), minute(0))
    await lost.refresh_from_db()
    assert lost.state is DryRunState.FAILED


async def test_alerts_of_devices_that_are_watched_no_more_are_cleared_and_other_memories_begin_anew() -> None:
    device, officer = await a_cable()
    current = await a_device(await a_compound_of(device), kind=DeviceKind.RESIDUAL_CURRENT)
    for each in (device, current):
        await celsius(each, 75)
    assert await RuleState.all().count() == 2
    await published(officer, device, {"kinds": ["CABLE_TEMPERATURE"]})
    assert await RuleState.all().count() == 2
    states = dict(await Alert.all().values_list("subject_id", "state"))
    assert states == {device.id: AlertState.OPEN, current.id: AlertState.CLEARED}
    held = {"form": "HELD", "level": "ABOVE", "limit": "alarm_c", "margin": "margin_c", "minutes": "minutes"}
    await published(officer, device, {"condition": held, "figures": {"minutes": {"value": 5, "unit": "min"}}})
    assert await RuleState.all().count() == 0
    await celsius(device, 75, 60, first=2)
    assert (await Alert.get(subject_id=device.id)).state is AlertState.CLEARED


async def test_a_rule_of_the_streets_own_is_judged_by_and_its_alerts_end_with_it() -> None:
    device, officer = await a_cable()
    definition = {
        "name": {"en": "Cold cable", "zh-CN": "线缆过冷"},
        "kinds": ["CABLE_TEMPERATURE"],
        "metric": "cable_temperature_c",
        "condition": {"form": "SIMPLE", "level": "BELOW", "limit": "low_c", "margin": "margin_c"},
        "figures": {"low_c": {"value": -20, "unit": "°C"}, "margin_c": {"value": 5, "unit": "°C"}},
        "severity": "WARNING",
        "message": {"en": "{place}: {value} °C.", "zh-CN": "{place}：{value} °C。"},
    }
    key = "fire_safety.own_cold_cable"
    version = await published(officer, device, definition, key)
    await a_channel(await a_company_serving(await Compound.get(id=device.compound_id)), least=Severity.WARNING)
    await set_threshold(SOMEBODY, key, {"low_c": -10}, device)
    await celsius(device, -12)
    assert await alerts() == [(key, 101, AlertState.OPEN)]
    await versions.retire(officer, version.id)
    assert await alerts() == [(key, 101, AlertState.CLEARED)]
    assert (await AlertCare.get()).standing is CareStanding.OVER
    assert not await Notice.exists(), "nobody was told of it yet"
    await celsius(device, -30, first=3)
    assert len(await alerts()) == 1


async def test_hours_are_judged_by_event_time() -> None:
    device, officer = await a_cable()
    now = datetime.now(UTC).replace(microsecond=0)
    watched = (now - timedelta(minutes=30)).astimezone(zone())
    until = watched + timedelta(minutes=10)
    days = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
    span = {"days": days, "from": f"{watched:%H:%M}", "to": f"{until:%H:%M}"}
    await published(officer, device, {"schedule": {"hours": [span]}})
    begins = (watched - minute(0)) / timedelta(minutes=1)
    await celsius(device, 99, first=begins - 5)
    assert await alerts() == []
    await celsius(device, 99, first=begins + 5)
    assert await alerts() == [(CABLE, 101, AlertState.OPEN)]
    await celsius(device, 99, first=begins + 15)
    assert await alerts() == [(CABLE, 101, AlertState.CLEARED)]


async def test_figures_of_a_facility_come_between_those_of_the_compound_and_of_the_device() -> None:
    compound = await a_compound()
    facility = await a_facility(compound)
    beside = await a_device(compound, kind=DeviceKind.CABLE_TEMPERATURE)
    at_it, own = [await a_device(facility=facility, kind=DeviceKind.CABLE_TEMPERATURE) for _ in range(2)]
    await set_threshold(SOMEBODY, CABLE, {"alarm_c": 90}, compound)
    await set_threshold(SOMEBODY, CABLE, {"alarm_c": 60, "margin_c": 1}, facility)
    await set_threshold(SOMEBODY, CABLE, {"alarm_c": 100}, own)
    for device in (beside, at_it, own):
        await celsius(device, 65)
    assert await Alert.all().values_list("subject_id", flat=True) == [at_it.id]
    officer = await somebody(Role.STREET_OFFICER, place=await Place.get(id=compound.street_id))
    (rule,) = [each for each in await in_force(officer, own.id) if each.rule.key == CABLE]
    assert [(figure.name, figure.value, figure.source) for figure in rule.figures] == [
        ("alarm_c", 100, FigureSource.DEVICE),
        ("margin_c", 1, FigureSource.FACILITY),
    ]
    (rule,) = [each for each in await in_force(officer, beside.id) if each.rule.key == CABLE]
    assert [figure.source for figure in rule.figures] == [FigureSource.COMPOUND, FigureSource.RULE]


async def test_what_holds_is_told_to_those_on_duty_there_and_to_nobody_else() -> None:
    compound = await a_compound()
    company = await a_company_serving(compound)
    home = await a_home(await a_unit(await a_building(compound)))
    manager, resident = await somebody(Role.COMPANY_MANAGER, organisation=company), await somebody(Role.RESIDENT, home=home)
    stranger = await somebody(Role.STREET_OFFICER, place=await Place.get(id=(await a_compound()).street_id))
    assert {each.rule.key for each in await in_force(manager, compound.id)} == set(RULES)
    for viewer, owner in (
        (manager, compound.street_id),
        (resident, compound.id),
        (stranger, compound.id),
        (Viewer(), compound.id),
        (manager, home.id),
        (manager, "cmp_\0"),
    ):
        assert await in_force(viewer, owner) == []


async def test_a_stored_version_that_does_not_fit_any_more_leaves_the_rule_of_the_code() -> None:
    device, _ = await a_cable()
    street = await Place.get(id=device.street_id)
    definition = packed(RULES[CABLE]) | {"metric": "heat"}
    await a_rule_version(street, CABLE, state=RuleVersionState.LIVE, definition=definition)
    await celsius(device, 75)
    assert await alerts() == [(CABLE, 1, AlertState.OPEN)]
