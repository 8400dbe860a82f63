"""Visitor passes: issued, shown at a gate, taken back, gone; and what the gate, the resident and the street know of them."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.facilities import FacilityKind, FacilityStatus
from domain.passes import HOME_MAX, PassState
from domain.permits import sees
from domain.posts import PostKind
from domain.refusals import RefusalCode
from models import Facility, Fact, Mandate, RoleBinding, VisitorPass
from models.accounts import Account
from models.calendar import now, today
from models.erasure import erase
from models.facts import Actor
from models.passes import admit, cancel, close, hand_out, issue, keep, leave, left_open
from models.posts import add_post, end_post
from models.viewers import viewer_of
from tests.builders import a_facility
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


class Gated(World):
    """A compound with a gate, a guard there, and somebody at home who expects visitors."""

    gate: Facility
    guard: Viewer
    host: Viewer


async def a_gated_world() -> Gated:
    world = Gated()
    world.__dict__.update((await a_world()).__dict__)
    world.gate = await a_facility(world.compound, kind=FacilityKind.GATE, name="South gate")
    guard = await viewer_of(world.worker.id)
    assert guard is not None
    world.guard, world.host = guard, await somebody(Role.RESIDENT, home=world.home)
    return world


async def a_pass(world: Gated, **how: Any) -> tuple[VisitorPass, str]:
    return await issue(world.host, world.home.id, **how)


async def at_midnight_after(days: int) -> datetime:
    return now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)


async def test_a_pass_lets_its_visitors_in_once_and_out_again_and_names_nobody():
    world = await a_gated_world()
    made, code = await a_pass(world, people=3, by_vehicle=True)
    assert (made.place, made.home) == ("Building 1 Unit 1", "301")
    come, again = await admit(world.guard, code.lower().replace("-", " "), world.gate.id, people=3)
    assert (come.state, again) == (PassState.INSIDE, False)
    twice, again = await admit(world.guard, code, world.gate.id)
    assert (twice.admitted_at, again) == (come.admitted_at, True)
    gone, again = await leave(world.guard, code, world.gate.id)
    assert (gone.state, again) == (PassState.LEFT, False)
    assert await leave(world.guard, code, world.gate.id) == (gone, True)
    told = await refusal(admit(world.guard, code, world.gate.id))
    assert (told.code, told.path) == (RefusalCode.ILLEGAL_MOVE, ("code",)), "a pass is for one visit"
    facts = {fact.action: fact for fact in await Fact.filter(action__startswith="visitorPass")}
    assert {action: fact.subject_id for action, fact in facts.items()} == {
        "visitorPassIssue": made.id,
        "visitorPassAdmit": world.gate.id,
        "visitorPassLeave": world.gate.id,
    }
    assert all(fact.before is None and fact.after is None for fact in facts.values())


async def test_scans_of_several_gates_at_once_let_in_once():
    world = await a_gated_world()
    _, code = await a_pass(world)
    done = await asyncio.gather(*(admit(world.guard, code, world.gate.id) for _ in range(5)))
    assert sorted(again for _, again in done) == [False, True, True, True, True]
    assert await Fact.filter(action="visitorPassAdmit").count() == 1


async def test_what_is_early_late_cancelled_foreign_or_too_many_is_refused_with_a_remedy():
    world = await a_gated_world()
    _, early = await a_pass(world, valid_from=now() + HOUR, valid_until=now() + 2 * HOUR)
    late_pass, late = await a_pass(world)
    await VisitorPass.filter(id=late_pass.id).update(valid_from=now() - 2 * HOUR, valid_until=now() - HOUR)
    back, cancelled = await a_pass(world)
    assert (await cancel(world.host, back.id)).state is PassState.CANCELLED
    _, good = await a_pass(world, people=2)
    elsewhere = await a_facility(world.unserved, kind=FacilityKind.GATE)
    officer = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    lamp = await a_facility(world.compound, kind=FacilityKind.LAMP)
    shut = await a_facility(world.compound, kind=FacilityKind.BARRIER, status=FacilityStatus.RETIRED)
    for act, code, field in (
        (admit(world.guard, early, world.gate.id), RefusalCode.ILLEGAL_MOVE, "code"),
        (admit(world.guard, late, world.gate.id), RefusalCode.ILLEGAL_MOVE, "code"),
        (admit(world.guard, cancelled, world.gate.id), RefusalCode.ILLEGAL_MOVE, "code"),
        (admit(world.guard, good, world.gate.id, people=3), RefusalCode.INVALID, "people"),
        (leave(world.guard, good, world.gate.id), RefusalCode.ILLEGAL_MOVE, "code"),
        (admit(world.guard, "no such code", world.gate.id), RefusalCode.INVALID, "code"),
        (admit(world.guard, "x" * 5_000, world.gate.id), RefusalCode.INVALID, "code"),
        (admit(officer, good, elsewhere.id), RefusalCode.INVALID, "code"),
        (admit(world.guard, good, elsewhere.id), RefusalCode.NOT_FOUND, "gate_id"),
        (admit(world.guard, good, lamp.id), RefusalCode.INVALID, "gate_id"),
        (admit(world.guard, good, shut.id), RefusalCode.INVALID, "gate_id"),
        (close(world.guard, (await VisitorPass.get(people=2)).id), RefusalCode.ILLEGAL_MOVE, "id"),
    ):
        told = await refusal(act)
        assert (told.code, told.path) == (code, (field,)), told.message.en
    assert (await refusal(admit(world.host, good, world.gate.id))).code is RefusalCode.FORBIDDEN
    wrong = await refusal(admit(officer, good, elsewhere.id))
    unknown = await refusal(admit(officer, "no such code", elsewhere.id))
    assert wrong.message == unknown.message, "whether it is good elsewhere is not told"


async def test_a_pass_is_for_ones_own_home_for_a_while_and_not_for_many_at_once():
    world = await a_gated_world()
    for how, field in (
        ({"people": 0}, "people"),
        ({"valid_until": now() - HOUR}, "valid_until"),
        ({"valid_from": now() - HOUR}, "valid_from"),
        ({"valid_until": now() + timedelta(days=8)}, "valid_until"),
    ):
        told = await refusal(a_pass(world, **how))
        assert (told.code, told.path) == (RefusalCode.INVALID, (field,))
    assert (await refusal(issue(world.guard, world.home.id))).code is RefusalCode.FORBIDDEN
    neighbour = await somebody(Role.RESIDENT, compound=world.compound)
    assert (await refusal(issue(neighbour, world.home.id))).code is RefusalCode.NOT_FOUND
    made = await asyncio.gather(*(a_pass(world) for _ in range(HOME_MAX + 2)), return_exceptions=True)
    assert sum(isinstance(each, tuple) for each in made) == HOME_MAX
    waiting = await VisitorPass.all()
    assert len(waiting) == HOME_MAX
    await VisitorPass.filter(id=waiting[0].id).update(valid_from=now() - 2 * HOUR, valid_until=now() - HOUR)
    await a_pass(world)


async def test_what_a_home_has_issued_no_guard_takes_back_and_what_the_post_handed_out_any_guard_does():
    world = await a_gated_world()
    theirs, _ = await a_pass(world)
    assert (await refusal(cancel(world.guard, theirs.id))).code is RefusalCode.ILLEGAL_MOVE
    post = await add_post(world.manager, world.compound.id, kind=PostKind.GUARD_POST, name="South gate")
    handed, code = await hand_out(world.guard, post.id)
    assert (handed.home, handed.home_id, handed.place) == ("", None, "South gate")
    await admit(world.guard, code, world.gate.id)
    assert (await refusal(cancel(world.guard, handed.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await close(world.guard, handed.id)).state is PassState.LEFT
    other, _ = await hand_out(world.guard, post.id)
    assert (await cancel(world.manager, other.id)).state is PassState.CANCELLED
    assert (await refusal(hand_out(world.host, post.id))).code is RefusalCode.NOT_FOUND
    await end_post(world.manager, post.id)
    assert (await refusal(hand_out(world.guard, post.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_whoever_has_moved_out_asks_nobody_in_any_more():
    world = await a_gated_world()
    _, waiting = await a_pass(world)
    _, inside = await a_pass(world)
    await admit(world.guard, inside, world.gate.id)
    await RoleBinding.filter(account_id=world.host.account_id).update(ends_on=today() - timedelta(days=1))
    assert (await refusal(admit(world.guard, waiting, world.gate.id))).path == ("code",)
    await leave(world.guard, inside, world.gate.id)


async def test_the_gate_sees_the_passes_of_the_day_and_the_street_none():
    world = await a_gated_world()
    today_pass, _ = await a_pass(world)
    begins = await at_midnight_after(2)
    later, code = await a_pass(world, valid_from=begins, valid_until=begins + HOUR)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    neighbour = await somebody(Role.RESIDENT, compound=world.compound)

    async def seen(viewer: Viewer) -> set[str]:
        return {each.id for each in await VisitorPass.all() if sees(viewer, "VisitorPass", each.belongs())}

    assert await seen(world.guard) == {today_pass.id}
    assert await seen(world.host) == {today_pass.id, later.id}
    assert (await seen(officer), await seen(neighbour)) == (set(), set())
    assert (await keep(begins - HOUR * 26))["shown"] == 0
    assert (await keep(begins - HOUR))["shown"] == 0
    assert (await keep(begins))["shown"] == 1
    assert await seen(world.guard) == {later.id}, "what was of another day is hidden"
    assert (await keep(begins + HOUR))["expired"] == 1
    assert await seen(world.guard) == {later.id}
    assert (await keep(begins + 25 * HOUR))["hidden"] == 1
    assert await seen(world.guard) == set()
    assert (await refusal(admit(world.guard, code, world.gate.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_a_company_that_has_left_sees_no_visitors_though_it_still_reads_the_rest():
    world = await a_gated_world()
    made, _ = await a_pass(world)
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - timedelta(days=1))
    gone = await viewer_of(world.worker.id)
    assert gone is not None
    assert (sees(gone, "Facility", world.gate.belongs()), sees(gone, "VisitorPass", made.belongs())) == (True, False)
    assert (await refusal(close(gone, made.id))).code is RefusalCode.NOT_FOUND


async def test_passes_left_open_are_counted_by_compound_until_they_are_closed():
    world = await a_gated_world()
    codes = [await a_pass(world) for _ in range(2)]
    for _, code in codes:
        await admit(world.guard, code, world.gate.id)
    later = codes[0][0].valid_until + 3 * HOUR
    assert await left_open(now()) == []
    (found,) = await left_open(later)
    assert (found["compound_id"], found["passes"]) == (world.compound.id, 2)
    assert found["hours"] == pytest.approx(3, abs=0.1)
    for made, _ in codes:
        await close(world.host, made.id)
    assert await left_open(later) == []


async def test_an_erased_person_leaves_no_pass():
    world = await a_gated_world()
    await a_pass(world)
    await erase(await Account.get(id=world.host.account_id), Actor("system:test"))
    assert await VisitorPass.all().count() == 0
