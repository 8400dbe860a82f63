"""Who is missing: found by the clock by the rules of any module, cleared or withdrawn when heard of again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState
from domain.alerts.versions import RuleVersionState
from domain.facilities import DeviceKind
from domain.steward.definitions import packed
from domain.steward.fire_safety.sensors import SILENT
from models import Alert, AlertRuleVersion, Device, RuleState, Threshold, Work
from models.alerts import set_threshold
from models.alerts.acts import clear
from models.facts import Actor
from models.territory import Place
from tasks import alerts
from tasks.steward import silence
from tasks.steward.silence import find_silent
from tests.builders import LONG_AGO, a_compound, a_device, a_facility
from tests.models.ticket_world import somebody
from tests.tasks.feeding import minute, read

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = Actor("system:test")
RULE = "fire_safety.silent"


def hours_ago(hours: float) -> datetime:
    return minute(0) - timedelta(hours=hours - 1)


async def silent(*devices: Device) -> Sequence[str]:
    """Of the devices, the names of those that a check finds now."""
    await find_silent(datetime.now(UTC))
    ids = await Alert.filter(state=AlertState.OPEN).values_list("subject_id", flat=True)
    return [device.name for device in devices if device.id in set(ids)]


async def test_a_device_silent_for_longer_than_its_limit_is_found_and_cleared_when_it_speaks() -> None:
    now = datetime.now(UTC)
    compound = await a_compound()
    late = await a_device(compound, last_seen_at=now - timedelta(hours=28))
    await a_device(compound, last_seen_at=now - timedelta(hours=25))
    await a_device(compound)
    await a_device(compound, last_seen_at=now - timedelta(hours=99), retired_at=now)
    await a_device(compound, last_seen_at=now - timedelta(hours=99), kind=DeviceKind.GATE_STATE)
    patient = await a_device(compound, last_seen_at=now - timedelta(hours=99))
    await set_threshold(SOMEBODY, "fire_safety.silent", {"silent_hours": 100}, patient)
    await find_silent(now)
    await find_silent(now + timedelta(minutes=1))
    alert = await Alert.get()
    assert (alert.subject_id, alert.rule, alert.count) == (late.id, "fire_safety.silent", 1)
    assert alert.first_seen_at == now - timedelta(hours=2), "since when it is an alert, whenever the check runs"
    assert alert.message["en"].endswith("has been silent for 28 h, limit 26 h.")
    await read(late, [(0, {"smoke_alarm": False})])
    alert = await Alert.get()
    assert (alert.state, alert.cleared_at, alert.outcome) == (AlertState.CLEARED, minute(0), None)


async def test_an_old_reading_does_not_end_the_silence() -> None:
    device = await a_device(last_seen_at=minute(-40 * 60))
    await find_silent(datetime.now(UTC))
    await read(device, [(-30 * 60, {"smoke_alarm": False})])
    assert (await Alert.get()).state is AlertState.OPEN


async def test_silence_that_a_person_cleared_is_not_raised_again_the_same_day() -> None:
    compound = await a_compound()
    await a_device(compound, last_seen_at=minute(-40 * 60))
    now = datetime.now(UTC)
    await find_silent(now)
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await clear(worker, (await Alert.get()).id, outcome=AlertOutcome.TEST)
    await find_silent(now + timedelta(hours=1))
    assert await Alert.all().count() == 1
    await find_silent(now + timedelta(hours=25))
    assert await Alert.all().count() == 2


async def test_the_nearest_hours_count_and_hours_that_do_not_fit_are_passed_over() -> None:
    compound = await a_compound()
    facility = await a_facility(compound)
    at = hours_ago(5)
    of_street, of_compound = (
        await a_device(last_seen_at=at, name="street"),
        await a_device(compound, last_seen_at=at, name="compound"),
    )
    of_facility = await a_device(compound, facility_id=facility.id, last_seen_at=at, name="facility")
    of_device = await a_device(compound, facility_id=facility.id, last_seen_at=at, name="device")
    unfit = await a_device(compound, last_seen_at=hours_ago(30), name="unfit")
    everyone = (of_street, of_compound, of_facility, of_device, unfit)
    owner = {"street_id": unfit.street_id, "compound_id": compound.id, "device_id": unfit.id}
    await Threshold.create(rule=RULE, values={"silent_hours": 9_999}, **owner)
    assert await silent(*everyone) == ["unfit"]
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 2}, of_device)
    assert await silent(*everyone) == ["device", "unfit"]
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 3}, facility)
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 4}, compound)
    assert await silent(*everyone) == ["compound", "facility", "device", "unfit"]
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 4}, await Place.get(id=of_street.street_id))
    assert await silent(*everyone) == ["street", "compound", "facility", "device", "unfit"]


async def test_a_device_whose_hours_become_longer_is_not_missing_any_more() -> None:
    patient = await a_device(last_seen_at=hours_ago(30))
    await find_silent(datetime.now(UTC))
    assert await Alert.filter(state=AlertState.OPEN).count() == 1
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 100}, patient)
    assert await find_silent(datetime.now(UTC)) == {"silent": 0, "over": 1}
    assert not await Alert.filter(state=AlertState.OPEN).exists()


async def test_whatever_its_rule_no_alert_of_a_device_that_is_taken_out_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "AT_ONCE", 2)
    silent_one, hot, there = await a_device(last_seen_at=hours_ago(30)), await a_device(), await a_device()
    await find_silent(datetime.now(UTC))
    for device in (hot, there):
        await read(device, [(0, {"smoke_alarm": True, "tamper": True})])
    assert await Alert.filter(state=AlertState.OPEN).count() == 5
    await Device.filter(id__in=[silent_one.id, hot.id]).update(retired_at=datetime.now(UTC))
    assert await alerts.retired(datetime.now(UTC)) == {"cleared": 2}
    assert await Work.filter(kind=alerts.RETIRED).count() == 1
    assert await alerts.retired(datetime.now(UTC)) == {"cleared": 1}
    assert {alert.subject_id for alert in await Alert.filter(state=AlertState.OPEN)} == {there.id}
    assert await RuleState.exists(subject_id=there.id)
    assert not await RuleState.exists(subject_id=hot.id)


async def test_a_reading_within_the_margin_leaves_the_silence_open() -> None:
    device = await a_device(last_seen_at=hours_ago(60))
    await set_threshold(SOMEBODY, RULE, {"silent_hours": 10, "margin_hours": 3}, device)
    await find_silent(datetime.now(UTC))
    await read(device, [(-60 * 7.5, {"smoke_alarm": False})])
    await find_silent(datetime.now(UTC))
    assert (await Alert.get()).state is AlertState.OPEN
    await read(device, [(-60 * 5, {"smoke_alarm": False})])
    alert = await Alert.get()
    assert (alert.state, alert.cleared_at) == (AlertState.CLEARED, minute(-60 * 5))


async def test_silence_that_a_late_reading_shows_never_to_have_been_is_withdrawn() -> None:
    device = await a_device(last_seen_at=hours_ago(30))
    await find_silent(datetime.now(UTC))
    await read(device, [(-60 * 10, {"smoke_alarm": False})])
    assert (await Alert.get()).state is AlertState.WITHDRAWN
    assert await find_silent(datetime.now(UTC)) == {"silent": 0, "over": 0}


async def test_a_rule_of_a_streets_own_watches_for_silence_in_that_street_only() -> None:
    here, elsewhere = await a_device(last_seen_at=hours_ago(3)), await a_device(last_seen_at=hours_ago(3))
    own = replace(SILENT, key="fire_safety.own_quiet", version=1_001, figures={**SILENT.figures})
    own = replace(own, figures={**own.figures, "silent_hours": replace(own.figures["silent_hours"], default=2.0)})
    await AlertRuleVersion.create(
        rule=own.key,
        module="fire_safety",
        number=1_001,
        state=RuleVersionState.LIVE,
        definition=packed(own),
        drafted_at=LONG_AGO,
        published_at=LONG_AGO,
        street_id=here.street_id,
    )
    assert await silent(here, elsewhere) == [here.name]
    alert = await Alert.get()
    assert (alert.rule, alert.rule_version, alert.module) == ("fire_safety.own_quiet", 1_001, "fire_safety")
    await read(here, [(30, {"smoke_alarm": False})])
    assert (await Alert.get()).state is not AlertState.OPEN


async def test_more_silent_devices_than_one_transaction_should_lock_are_found_by_work_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(silence, "_AT_ONCE", 2)
    compound = await a_compound()
    for _ in range(5):
        await a_device(compound, last_seen_at=hours_ago(30))
    for left, found in ((True, 2), (True, 2), (False, 1)):
        assert await find_silent(datetime.now(UTC)) == {"silent": found, "over": 0}
        assert await Work.filter(kind=silence.KIND).exists() is left
        await Work.filter(kind=silence.KIND).delete()
