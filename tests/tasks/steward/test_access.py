"""Access on real rows: gates that are offline, held open or forced; posts with too few people; passes left open."""

from datetime import UTC, datetime, timedelta

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.facilities import DeviceKind, FacilityKind
from domain.passes import PassState
from domain.posts import PostKind
from models import Account, Alert, Compound, Device, Home, Post, VisitorPass, Work
from models.alerts import set_threshold
from models.alerts.acts import clear
from models.calendar import zone
from models.facts import Actor
from models.passes import AT_ONCE
from tasks.posts import find_control_rooms, find_guard_posts
from tasks.steward.access import KIND, find_gates, keep_more, keep_passes
from tests.builders import a_compound, a_device, a_facility, a_home, an_account
from tests.models.ticket_world import somebody
from tests.tasks.feeding import START, a_state, minute, read, take_in

pytestmark = pytest.mark.usefixtures("database")

SYSTEM = Actor("system:test")


async def open_alerts(rule: str) -> dict[str, Severity]:
    """The subjects under an open alert of the rule."""
    return {alert.subject_id: alert.severity for alert in await Alert.filter(rule=rule, state=AlertState.OPEN)}


async def a_gate(kind: DeviceKind = DeviceKind.GATE_STATE) -> Device:
    return await a_device(kind=kind, facility=await a_facility(kind=FacilityKind.GATE))


async def gates(minutes: float) -> dict[str, Severity]:
    """What stands of gates that are offline, so many minutes into the story."""
    async with in_transaction():
        await find_gates(minute(minutes))
    return await open_alerts("access.gate_offline")


async def test_a_gate_that_is_held_open_is_told_and_over_when_it_is_shut() -> None:
    gate = await a_gate()
    await read(gate, [(0, {"open_seconds": 299})])
    assert await open_alerts("access.gate_held_open") == {}
    await read(gate, [(1, {"open_seconds": 300})])
    assert await open_alerts("access.gate_held_open") == {gate.id: Severity.WARNING}
    await read(gate, [(2, {"open_seconds": 0})])
    assert await open_alerts("access.gate_held_open") == {}


async def test_a_gate_that_was_forced_is_a_major_alert() -> None:
    gate = await a_gate()
    await read(gate, [(0, {"forced": True})])
    assert await open_alerts("access.gate_forced") == {gate.id: Severity.MAJOR}
    await read(gate, [(1, {"forced": False})])
    assert await open_alerts("access.gate_forced") == {}


async def test_a_gate_that_said_once_that_it_is_offline_is_found_by_the_clock_five_minutes_later() -> None:
    gate, barrier = await a_gate(), await a_gate(DeviceKind.BARRIER_STATE)
    for each in (gate, barrier):
        await take_in(await a_state(each, 0, online=True))
        await take_in(await a_state(each, 10, online=False))
    assert await gates(14.9) == {}
    assert await gates(15) == {gate.id: Severity.MINOR}, "barriers are what parking looks at"
    alert = await Alert.get()
    assert (alert.device_id, alert.facility_id) == (gate.id, gate.facility_id)
    assert alert.message["en"].endswith("whoever comes home must be let in by hand.")
    await take_in(await a_state(gate, 16, online=False))
    assert await gates(17) == {gate.id: Severity.MINOR}, "it has been offline since it said so first"
    await take_in(await a_state(gate, 18, online=True))
    assert await gates(18) == {}


async def test_a_gate_that_comes_and_goes_is_offline_since_it_went_last() -> None:
    gate = await a_gate()
    for minutes, online in ((0, False), (4, True), (5, False)):
        await take_in(await a_state(gate, minutes, online=online))
    assert await gates(9.9) == {}
    assert await gates(10) == {gate.id: Severity.MINOR}
    assert await gates(4 * 1440) == {gate.id: Severity.MINOR}, "also after days of silence"
    await Device.filter(id=gate.id).update(retired_at=datetime.now(UTC))
    assert await gates(11) == {}


async def a_short_post(kind: PostKind, compound: Compound) -> Post:
    """A post where nobody has been for a minute less than its rule allows."""
    place = {"compound_id": compound.id, "street_id": compound.street_id}
    minutes = 9 if kind is PostKind.CONTROL_ROOM else 14
    since = START - timedelta(minutes=minutes)
    return await Post.create(kind=kind, name="North", least_staff=1, certified=False, opened_at=since, short_since=since, **place)


@pytest.mark.parametrize(
    ("kind", "rule", "severity"),
    [
        (PostKind.CONTROL_ROOM, "fire_safety.control_room_short", Severity.MAJOR),
        (PostKind.GUARD_POST, "access.guard_post_unstaffed", Severity.MINOR),
    ],
)
async def test_a_post_with_too_few_people_is_told_once_and_over_when_somebody_comes(
    kind: PostKind, rule: str, severity: Severity
) -> None:
    compound = await a_compound(name="Maple Court")
    post = await a_short_post(kind, compound)
    find = find_control_rooms if kind is PostKind.CONTROL_ROOM else find_guard_posts
    other = find_guard_posts if kind is PostKind.CONTROL_ROOM else find_control_rooms

    async def found(minutes: float) -> dict[str, Severity]:
        for look in (other, find, find):
            async with in_transaction():
                await look(minute(minutes))
        return await open_alerts(rule)

    assert await found(0.9) == {}
    assert await found(1) == {post.id: severity}
    alert = await Alert.get()
    assert (alert.count, alert.subject_id, alert.compound_id) == (1, post.id, compound.id)
    assert alert.message["en"].startswith("Maple Court North has had too few")
    worker = await somebody(Role.GRID_WORKER, compound=compound)
    await clear(worker, alert.id, outcome=AlertOutcome.REAL)
    assert await found(2) == {}, "whoever cleared it knows"
    assert await found(6 * 60) == {post.id: severity}
    opens, closes = (f"{minute(hour * 60).astimezone(zone()):%H:%M}" for hour in (8, 9))
    await Post.filter(id=post.id).update(opens=opens, closes=closes)
    assert await found(7 * 60) == {}, "nobody need be there now"


async def a_pass(home: Home, issuer: Account, ended: timedelta, state: PassState, number: int = 0) -> VisitorPass:
    """A pass whose time passed so long before the story."""
    return await VisitorPass.create(
        digest=f"{number:064}",
        state=state,
        people=1,
        by_vehicle=False,
        valid_from=START - ended - timedelta(hours=3),
        valid_until=START - ended,
        issued_at=START - ended - timedelta(hours=3),
        admitted_at=START - ended if state is PassState.INSIDE else None,
        home_id=home.id,
        issued_by_id=issuer.id,
        compound_id=home.compound_id,
        gate_compound_id=home.compound_id,
        street_id=home.street_id,
    )


async def passes(minutes: float) -> dict[str, Severity]:
    async with in_transaction():
        await keep_passes(minute(minutes))
    return await open_alerts("access.pass_left_open")


async def test_passes_that_nobody_closed_are_one_alert_of_the_compound_that_names_no_home() -> None:
    home = await a_home()
    compound = await Compound.get(id=home.compound_id)
    issuer = await an_account(Role.RESIDENT, home=home)
    left = await a_pass(home, issuer, timedelta(hours=1), PassState.INSIDE)
    await a_pass(home, issuer, timedelta(minutes=30), PassState.INSIDE, 1)
    assert await passes(59) == {}
    assert await passes(60) == {compound.id: Severity.WARNING}
    alert = await Alert.get()
    assert (alert.reading["passes"], alert.device_id) == (2, None)
    told = f"{alert.reading} {alert.message}"
    assert not [secret for secret in (home.id, issuer.id, left.id) if secret in told]
    await set_threshold(SYSTEM, "access.pass_left_open", {"open_hours": 12}, compound)
    assert await passes(61) == {}
    await VisitorPass.all().update(state=PassState.LEFT, left_at=datetime.now(UTC))
    await set_threshold(SYSTEM, "access.pass_left_open", {"open_hours": 0}, compound)
    assert await passes(62) == {}


async def test_more_passes_than_one_transaction_should_hold_are_ended_one_batch_after_another() -> None:
    home = await a_home()
    issuer = await an_account(Role.RESIDENT, home=home)
    first = await a_pass(home, issuer, timedelta(hours=1), PassState.ISSUED)
    copy = {**{name: getattr(first, name) for name in VisitorPass._meta.db_fields}}
    many = [VisitorPass(**copy | {"id": f"vps_{n:026}", "digest": f"x{n:063}"}) for n in range(AT_ONCE + 1)]
    await VisitorPass.bulk_create(many)
    await passes(0)
    assert await VisitorPass.filter(state=PassState.ISSUED).count() == 2
    assert await Work.filter(kind=KIND).count() == 1
    async with in_transaction():
        await keep_more({})
    assert await VisitorPass.filter(state=PassState.ISSUED).count() == 0
    assert await Work.filter(kind=KIND).count() == 1, "it was the last batch"
