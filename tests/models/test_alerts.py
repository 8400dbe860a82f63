"""Alerts are raised once, repeated, worsened and cleared by the system; people acknowledge and clear them."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.alerts import AlertOutcome, AlertState, Severity, corrections
from domain.notices import ALERT_CLEARED
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models import Alert, AlertOccurrence, Compound, Device, Fact, Notice, Place, Threshold
from models.alerts import (
    Change,
    Gone,
    Sight,
    Sighting,
    clear_gone,
    correct,
    overrides_of,
    raise_once,
    record_past,
    rules_of,
    set_threshold,
    set_threshold_of,
    told_of,
    withdraw,
)
from models.alerts.acts import acknowledge, clear
from models.alerts.raising import OCCURRENCES
from models.facts import Actor
from tests.builders import LONG_AGO, a_channel, a_company_serving, a_compound, a_device, a_facility, an_alert, an_organisation
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

SYSTEM = Actor("system:test")


def minute(minutes: int) -> datetime:
    return LONG_AGO + timedelta(minutes=minutes)


def seen(device: Device, *minutes: int, severity: Severity = Severity.MINOR, **changes: Any) -> Sighting:
    sighting = Sighting(
        rule="fire_safety.tamper",
        rule_version=1,
        module="fire_safety",
        subject_id=device.id,
        device_id=device.id,
        compound_id=device.compound_id,
        street_id=device.street_id,
        message=Text(f"Seen at {minutes[-1]}.", f"{minutes[-1]}。"),
        sights=tuple(Sight(minute(n), severity, {"n": n}) for n in minutes),
    )
    return replace(sighting, **changes)


async def actions() -> list[str]:
    return await Fact.all().order_by("id").values_list("action", flat=True)


async def occurrences() -> list[tuple[str, int]]:
    rows = await AlertOccurrence.all().order_by("at", "id").values("kind", "at")
    return [(row["kind"], int((row["at"] - LONG_AGO) / timedelta(minutes=1))) for row in rows]


async def test_raising_twice_leaves_one_alert_that_counts_both() -> None:
    device = await a_device()
    (first,) = await raise_once(SYSTEM, [seen(device, 1)])
    (second,) = await raise_once(SYSTEM, [seen(device, 2, 3)])
    assert (first.new, second.new, second.worse) == (True, False, False)
    alert = await Alert.get()
    assert alert.id == first.alert.id == second.alert.id
    assert (alert.count, alert.first_seen_at, alert.last_seen_at, alert.version) == (3, minute(1), minute(3), 1)
    assert (alert.message, alert.reading) == ({"en": "Seen at 3.", "zh-CN": "3。"}, {"n": 3})
    assert await actions() == ["alertRaise"]
    assert await occurrences() == [("RAISED", 1), ("REPEATED", 2), ("REPEATED", 3)]


async def test_many_who_raise_at_the_same_time_raise_one_alert() -> None:
    device = await a_device()
    told = await asyncio.gather(*(raise_once(SYSTEM, [seen(device, n)]) for n in range(8)))
    assert sum(each.new for (each,) in told) == 1
    alert = await Alert.get()
    assert (alert.count, alert.first_seen_at, alert.last_seen_at) == (8, minute(0), minute(7))
    assert await actions() == ["alertRaise"]


async def test_an_older_sight_counts_but_does_not_replace_what_is_newer() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 5)])
    await raise_once(SYSTEM, [seen(device, 2, rule_version=9)])
    alert = await Alert.get()
    assert (alert.first_seen_at, alert.last_seen_at, alert.reading, alert.rule_version) == (minute(2), minute(5), {"n": 5}, 1)


async def test_severity_rises_with_a_fact_and_a_new_version_and_never_falls() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 1)])
    (told,) = await raise_once(SYSTEM, [seen(device, 2, severity=Severity.MAJOR)])
    assert (told.worse, told.alert.severity, told.alert.version) == (True, Severity.MAJOR, 2)
    (told,) = await raise_once(SYSTEM, [seen(device, 3, severity=Severity.WARNING)])
    assert (told.worse, told.alert.severity, told.alert.severity_rank) == (False, Severity.MAJOR, Severity.MAJOR.rank)
    assert await actions() == ["alertRaise", "alertWorsen"]
    assert await occurrences() == [("RAISED", 1), ("WORSENED", 2), ("REPEATED", 3)]


async def test_repetitions_are_listed_up_to_a_number_and_counted_beyond() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, *range(OCCURRENCES - 1))])
    await raise_once(SYSTEM, [seen(device, OCCURRENCES, OCCURRENCES + 1)])
    await raise_once(SYSTEM, [seen(device, OCCURRENCES + 2)])
    assert (await Alert.get()).count == OCCURRENCES + 2
    assert await AlertOccurrence.all().count() == OCCURRENCES


async def test_what_is_gone_is_cleared_once_and_a_new_raise_makes_a_new_alert() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 1)])
    gone = Gone("fire_safety.tamper", device.id, minute(4), {"n": 4})
    ((alert, over),) = [(told.alert, told.over) for told in await clear_gone(SYSTEM, [gone])]
    assert over
    assert (alert.state, alert.cleared_at, alert.cleared_by_id, alert.outcome) == (AlertState.CLEARED, minute(4), None, None)
    assert await clear_gone(SYSTEM, [gone]) == []
    (told,) = await raise_once(SYSTEM, [seen(device, 6)])
    assert told.new
    assert told.alert.id != alert.id
    assert await actions() == ["alertRaise", "alertClear", "alertRaise"]
    assert await occurrences() == [("RAISED", 1), ("CLEARED", 4), ("RAISED", 6)]


async def test_what_is_over_already_is_stored_beside_the_open_alert() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 9)])
    end = Sight(minute(3), Severity.MINOR, {"n": 3})
    (told,) = await record_past(SYSTEM, [(seen(device, 1, 2), end)])
    assert (told.new, told.alert.state, told.alert.cleared_at, told.alert.count) == (True, AlertState.CLEARED, minute(3), 2)
    assert await actions() == ["alertRaise", "alertRaise", "alertClear"]
    assert await occurrences() == [("RAISED", 1), ("REPEATED", 2), ("CLEARED", 3), ("RAISED", 9)]


async def told(device: Device, since: int = 0) -> corrections.Told:
    key = ("fire_safety.tamper", device.id)
    (found,) = (await told_of({key: minute(since)}))[key]
    return found


async def test_a_repetition_changes_no_version_and_leaves_no_fact() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 1)])
    again = Sight(minute(3), Severity.MINOR, {"n": 3})
    change = Change(await told(device), minute(1), 2, Severity.MINOR, None, (again,), again, Text("At 3.", "三。"), 2)
    assert await correct(SYSTEM, [change]) == []
    alert = await Alert.get()
    assert (alert.count, alert.last_seen_at, alert.rule_version, alert.version) == (2, minute(3), 2, 1)
    assert (alert.message["en"], alert.reading) == ("At 3.", {"n": 3})
    assert await actions() == ["alertRaise"]
    assert await occurrences() == [("RAISED", 1), ("REPEATED", 3)]


async def test_what_was_told_wrongly_is_put_right_with_a_fact_that_says_what_it_was() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 1, 5, severity=Severity.MAJOR)])
    await clear_gone(SYSTEM, [Gone("fire_safety.tamper", device.id, minute(6), {})])
    (one,) = await correct(SYSTEM, [Change(await told(device), minute(3), 1, Severity.MINOR, None, ())])
    assert (one.again, one.worse, one.over, one.new) == (True, False, False, False)
    alert = await Alert.get()
    assert (alert.state, alert.first_seen_at, alert.last_seen_at, alert.count) == (AlertState.OPEN, minute(3), minute(5), 1)
    assert (alert.severity, alert.severity_rank, alert.version) == (Severity.MINOR, Severity.MINOR.rank, 3)
    assert await actions() == ["alertRaise", "alertClear", "alertAmend"]
    fact = await Fact.get(action="alertAmend")
    assert fact.before == {
        "state": "CLEARED",
        "severity": "MAJOR",
        "count": 2,
        "first_seen_at": minute(1).isoformat(),
        "cleared_at": minute(6).isoformat(),
    }
    assert fact.after == {
        "state": "OPEN",
        "severity": "MINOR",
        "count": 1,
        "first_seen_at": minute(3).isoformat(),
        "cleared_at": None,
    }


async def test_what_never_was_is_withdrawn_and_makes_room_for_what_is() -> None:
    device = await a_device()
    await raise_once(SYSTEM, [seen(device, 1)])
    (one,) = await withdraw(SYSTEM, [await told(device)], minute(9))
    assert (one.alert.state, one.alert.cleared_at, one.over) == (AlertState.WITHDRAWN, minute(9), True)
    assert await told_of({("fire_safety.tamper", device.id): minute(0)}) == {}
    await raise_once(SYSTEM, [seen(device, 4)])
    assert await actions() == ["alertRaise", "alertWithdraw", "alertRaise"]
    assert await occurrences() == [("RAISED", 1), ("RAISED", 4), ("WITHDRAWN", 9)]


async def test_told_of_an_alert_are_those_that_are_open_or_were_seen_since() -> None:
    device = await a_device()
    await record_past(SYSTEM, [(seen(device, 1, 2), Sight(minute(3), Severity.MINOR, {}))])
    key = ("fire_safety.tamper", device.id)
    assert len((await told_of({key: minute(2)}))[key]) == 1
    assert await told_of({key: minute(3)}) == {}
    await raise_once(SYSTEM, [seen(device, 5)])
    assert [alert.cleared_at for alert in (await told_of({key: minute(9)}))[key]] == [None]


async def test_one_call_takes_many_devices() -> None:
    compound = await a_compound()
    devices = [await a_device(compound) for _ in range(5)]
    told = await raise_once(SYSTEM, [seen(device, 1) for device in devices])
    assert {each.alert.subject_id for each in told} == {device.id for device in devices}
    assert len(await clear_gone(SYSTEM, [Gone("fire_safety.tamper", device.id, minute(2), {}) for device in devices])) == 5
    assert await raise_once(SYSTEM, []) == await record_past(SYSTEM, []) == await correct(SYSTEM, []) == []


async def a_worker_at(alert: Alert) -> Viewer:
    compound = await (await Device.get(id=alert.device_id)).compound
    return await somebody(Role.GRID_WORKER, compound=compound)


async def test_acknowledging_is_kept_once_and_moves_the_version() -> None:
    alert = await an_alert()
    worker = await a_worker_at(alert)
    first = await acknowledge(worker, alert.id, expected_version=1)
    assert (first.acknowledged_by_id, first.state, first.version) == (worker.account_id, AlertState.OPEN, 2)
    other = await a_worker_at(alert)
    again = await acknowledge(other, alert.id, expected_version=1)
    assert (again.acknowledged_at, again.acknowledged_by_id) == (first.acknowledged_at, worker.account_id)
    assert await actions() == ["alertAcknowledge"]


async def test_a_cleared_alert_can_still_be_acknowledged() -> None:
    alert = await an_alert(state=AlertState.CLEARED)
    alert = await acknowledge(await a_worker_at(alert), alert.id)
    assert alert.acknowledged_at is not None
    assert alert.state is AlertState.CLEARED


async def test_a_person_clears_with_an_outcome_and_a_note_that_no_fact_repeats() -> None:
    alert = await an_alert()
    worker = await a_worker_at(alert)
    alert = await clear(worker, alert.id, outcome=AlertOutcome.FALSE_ALARM, note=" Steam from the kitchen. ")
    assert (alert.state, alert.outcome, alert.outcome_note) == (
        AlertState.CLEARED,
        AlertOutcome.FALSE_ALARM,
        "Steam from the kitchen.",
    )
    assert (alert.cleared_by_id, alert.acknowledged_at, alert.version) == (worker.account_id, None, 2)
    fact = await Fact.get()
    assert (fact.action, fact.actor, fact.after) == (
        "alertClear",
        worker.account_id,
        {"state": "CLEARED", "outcome": "FALSE_ALARM"},
    )
    assert (await AlertOccurrence.get()).kind == "CLEARED"


async def test_whoever_hears_of_alerts_hears_that_a_person_cleared_one() -> None:
    alert = await an_alert()
    channel = await a_channel(await a_company_serving(await Compound.get(id=alert.compound_id)))
    await clear(await a_worker_at(alert), alert.id, outcome=AlertOutcome.REAL)
    assert [(notice.channel_id, notice.type) for notice in await Notice.all()] == [(channel.id, ALERT_CLEARED)]


async def test_an_alert_that_cleared_by_itself_takes_its_outcome_afterwards_once() -> None:
    alert = await an_alert(state=AlertState.CLEARED)
    worker = await a_worker_at(alert)
    told = await clear(worker, alert.id, outcome=AlertOutcome.REAL)
    assert (told.outcome, told.cleared_at, told.cleared_by_id) == (AlertOutcome.REAL, alert.cleared_at, None)
    refused = await refusal(clear(worker, alert.id, outcome=AlertOutcome.TEST))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert (await Alert.get()).outcome is AlertOutcome.REAL


async def test_a_stale_version_is_refused_and_changes_nothing() -> None:
    alert = await an_alert(version=4)
    worker = await a_worker_at(alert)
    for act in (
        acknowledge(worker, alert.id, expected_version=3),
        clear(worker, alert.id, outcome=AlertOutcome.TEST, expected_version=3),
    ):
        assert (await refusal(act)).code is RefusalCode.STALE_VERSION
    alert = await Alert.get()
    assert (alert.acknowledged_at, alert.state) == (None, AlertState.OPEN)
    assert await actions() == []


async def test_a_repetition_does_not_make_a_persons_act_stale() -> None:
    device = await a_device()
    (told,) = await raise_once(SYSTEM, [seen(device, 1)])
    await raise_once(SYSTEM, [seen(device, 2)])
    worker = await a_worker_at(told.alert)
    assert (await acknowledge(worker, told.alert.id, expected_version=told.alert.version)).acknowledged_at


async def test_what_is_not_seen_is_not_there_and_who_may_only_look_is_forbidden() -> None:
    alert = await an_alert()
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=await an_organisation(street_id=alert.street_id))
    member = await somebody(Role.COMMITTEE_MEMBER, compound=await (await Device.get(id=alert.device_id)).compound)
    for viewer, code in ((stranger, RefusalCode.NOT_FOUND), (Viewer(), RefusalCode.NOT_FOUND), (member, RefusalCode.FORBIDDEN)):
        for act in (acknowledge(viewer, alert.id), clear(viewer, alert.id, outcome=AlertOutcome.TEST)):
            assert (await refusal(act)).code is code
    assert (await refusal(acknowledge(stranger, "alr_x"))).code is RefusalCode.NOT_FOUND


async def test_a_note_that_is_too_long_is_refused() -> None:
    alert = await an_alert()
    refused = await refusal(clear(await a_worker_at(alert), alert.id, outcome=AlertOutcome.TEST, note="x" * 501))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("note",))


async def test_a_threshold_replaces_the_one_before_and_tells_who_set_it() -> None:
    device = await a_device()
    await set_threshold(SYSTEM, "fire_safety.battery_low", {"low_percent": 30, "margin_percent": 2}, device)
    threshold = await set_threshold(SYSTEM, "fire_safety.battery_low", {"low_percent": 25}, device)
    assert (await Threshold.get()).id == threshold.id
    assert (threshold.values, threshold.device_id, threshold.owner_id) == ({"low_percent": 25.0}, device.id, device.id)
    assert (threshold.compound_id, threshold.street_id) == (device.compound_id, device.street_id)
    fact = await Fact.all().order_by("-id").first()
    assert fact
    assert (fact.action, fact.subject_id, fact.after) == (
        "thresholdSet",
        device.id,
        {"fire_safety.battery_low": {"low_percent": 25.0}},
    )
    owners, rules = [device.id, device.compound_id], await rules_of([device.street_id])
    assert await overrides_of(["fire_safety.battery_low"], owners, rules) == {
        ("fire_safety.battery_low", device.id): {"low_percent": 25.0}
    }


async def test_a_street_officer_sets_figures_in_their_own_street_and_nobody_else_does() -> None:
    device, elsewhere = await a_device(), await a_compound()
    compound = await Compound.get(id=device.compound_id)
    street, community = await Place.get(id=device.street_id), await Place.get(id=compound.community_id)
    officer = await somebody(Role.STREET_OFFICER, place=street)
    rule, values = "fire_safety.battery_low", {"low_percent": 25}
    for owner in (street, compound, await a_facility(compound), device):
        assert (await set_threshold_of(officer, owner.id, rule, values)).owner_id == owner.id
    assert await Threshold.all().count() == 4
    assert await actions() == ["thresholdSet"] * 4
    auditor, worker = await somebody(Role.AUDITOR, place=street), await somebody(Role.GRID_WORKER, compound=compound)
    for viewer, owner_id, given, code in (
        (officer, elsewhere.id, values, RefusalCode.NOT_FOUND),
        (officer, "tkt_x", values, RefusalCode.NOT_FOUND),
        (Viewer(), compound.id, values, RefusalCode.NOT_FOUND),
        (auditor, compound.id, values, RefusalCode.FORBIDDEN),
        (worker, compound.id, values, RefusalCode.FORBIDDEN),
        (officer, community.id, values, RefusalCode.INVALID),
        (officer, compound.id, {}, RefusalCode.INVALID),
        (officer, compound.id, [1], RefusalCode.INVALID),
        (officer, compound.id, "25", RefusalCode.INVALID),
        (officer, compound.id, {"low_percent": "25"}, RefusalCode.INVALID),
    ):
        assert (await refusal(set_threshold_of(viewer, owner_id, rule, given))).code is code
    assert await Threshold.all().count() == 4


async def test_a_threshold_of_an_unknown_rule_or_in_another_unit_is_refused() -> None:
    compound = await a_compound()
    with pytest.raises(Refused) as refused:
        await set_threshold(SYSTEM, "fire_safety.heat", {"limit": 1}, compound)
    assert refused.value.path == ("rule",)
    with pytest.raises(Refused) as refused:
        await set_threshold(SYSTEM, "fire_safety.gas", {"alarm_ppm": 1000}, compound)
    assert refused.value.path == ("values", "alarm_ppm")
    assert not await Threshold.exists()


async def test_a_stored_threshold_that_does_not_fit_is_left_out() -> None:
    device = await a_device()
    of = {"device_id": device.id, "compound_id": device.compound_id, "street_id": device.street_id}
    await Threshold.create(rule="fire_safety.gas", values={"alarm_ppm": 1000}, **of)
    await Threshold.create(rule="fire_safety.silent", values={"silent_hours": 30}, **of)
    rules = await rules_of([device.street_id])
    figures = await overrides_of(["fire_safety.gas", "fire_safety.silent"], [device.id], rules)
    assert figures == {("fire_safety.silent", device.id): {"silent_hours": 30.0}}
