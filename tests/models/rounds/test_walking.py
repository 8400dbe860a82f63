"""A round on a phone: in its time, point by point, once; on two phones at once; and what is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role
from domain.points import Point
from domain.refusals import RefusalCode, Refused
from domain.rounds import Answered, RoundAnswer, RoundKind, RoundSource, RoundState
from models import Fact, File, Mandate, Round, RoundPoint, RoundScan
from models.calendar import now, today
from models.ids import new_id
from models.rounds import (
    Scan,
    amend_plan,
    cancel,
    check_wanted,
    close_rounds,
    end_point,
    finish,
    leave_over,
    misses,
    open_round,
    scan,
    start,
)
from tests.builders import a_grid, a_mandate, an_organisation
from tests.models.ticket_world import refusal, somebody

from .world import DAY, GATE, HOUR, LOBBY, a_plan, a_rounds_world, let_pass, planned, points, under_way, well

pytestmark = pytest.mark.usefixtures("database")


async def test_a_round_is_gone_from_setting_out_to_coming_back() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    round_ = await under_way(world, plan)
    assert (round_.state, round_.source, round_.started_by_id) == (
        *(RoundState.UNDER_WAY, RoundSource.HAND),
        world.guard.account_id,
    )
    await scan(world.guard, round_.id, well(lobby))
    wrong = await refusal(finish(world.guard, round_.id))
    assert (wrong.path, "Gate" in wrong.message.en) == (("left_out",), True)
    await scan(world.guard, round_.id, well(gate))
    done = await finish(world.guard, round_.id, left_out="not needed")
    assert (done.state, done.points, done.scanned, done.left_out) == (RoundState.DONE, 2, 2, "")
    assert (await refusal(finish(world.guard, round_.id))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(scan(world.guard, round_.id, well(gate)))).code is RefusalCode.ILLEGAL_MOVE
    actions = await Fact.filter(subject_id=round_.id).order_by("id").values_list("action", flat=True)
    assert actions == ["roundOpen", "roundStart", "roundFinish"]


async def test_nobody_is_followed_scans_name_nobody_and_no_fact_tells_of_one() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, within_m=50)
    gate, _ = await points(plan)
    round_ = await under_way(world, plan)
    made = await scan(world.guard, round_.id, well(gate, at=Point(29.3561, 105.918)))
    assert made.distance_m == 11
    stored = (await RoundScan.filter(id=made.id).values())[0]
    assert str(world.guard.account_id) not in map(str, stored.values())
    assert "29.3561" not in str(stored)
    assert await Fact.filter(subject_id=made.id).count() == 0
    assert await Fact.filter(subject_id=round_.id, action="roundScan").count() == 0


async def test_a_point_that_is_scanned_twice_answers_the_first_scan_also_from_two_phones_at_once() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    _, lobby = await points(plan)
    round_ = await under_way(world, plan)
    answers = [Answered("1", RoundAnswer.NOT_OK, "Wet"), Answered("2", RoundAnswer.OK)]
    both = await asyncio.gather(
        scan(world.guard, round_.id, Scan(lobby.code, answers)),
        scan(world.manager, round_.id, Scan(lobby.code, answers)),
        scan(world.guard, round_.id, Scan(lobby.code, answers)),
    )
    assert len({each.id for each in both}) == 1
    again = await scan(world.manager, round_.id, Scan(lobby.code))
    assert (again.id, again.not_ok, again.answers[0]["note"]) == (both[0].id, 1, "Wet")
    await round_.refresh_from_db()
    assert (round_.scanned, round_.not_ok) == (1, 1)


async def test_of_two_who_set_out_at_once_one_does_and_the_other_may_still_scan() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    round_ = await open_round(world.guard, plan.id)

    async def sets_out(viewer: Any) -> str:
        try:
            return (await start(viewer, round_.id)).started_by_id or ""
        except Refused as refused:
            return refused.code

    told = await asyncio.gather(sets_out(world.guard), sets_out(world.manager))
    assert RefusalCode.ILLEGAL_MOVE in told
    stored = await Round.get(id=round_.id)
    first, other = (
        (world.guard, world.manager) if stored.started_by_id == world.guard.account_id else (world.manager, world.guard)
    )
    assert (await start(first, round_.id)).version == stored.version
    for point in await points(plan):
        await scan(other, round_.id, well(point))
    ends = await asyncio.gather(finish(first, round_.id), finish(other, round_.id), return_exceptions=True)
    assert sorted(isinstance(each, Refused) for each in ends) == [False, True]


async def test_what_is_scanned_wrongly_is_refused_and_names_the_field() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, ordered=True, within_m=100)
    other = await a_plan(world, RoundKind.CLEANING)
    gate, lobby = await points(plan)
    (foreign, _) = await points(other)
    waiting = await open_round(world.guard, plan.id)
    assert (await refusal(scan(world.guard, waiting.id, well(gate, at=GATE)))).code is RefusalCode.ILLEGAL_MOVE
    round_ = await start(world.guard, waiting.id)

    async def refused(given: Scan) -> tuple[str, ...]:
        return (await refusal(scan(world.guard, round_.id, given))).path

    assert await refused(well(foreign, at=GATE)) == ("code",)
    assert await refused(replace(well(gate, at=GATE), code="")) == ("code",)
    out_of_order = await refusal(scan(world.guard, round_.id, well(lobby, at=LOBBY)))
    assert (out_of_order.path, "Gate" in out_of_order.message.en) == (("code",), True)
    assert await refused(well(gate)) == ("latitude",)
    assert await refused(well(gate, at=Point(29.3575, 105.918))) == ("latitude",)
    assert await refused(well(gate, at=Point(float("nan"), 0))) == ("latitude",)
    assert await refused(well(gate, at=GATE, photo_id=new_id("fil"))) == ("photo_id",)
    await scan(world.guard, round_.id, well(gate, at=GATE))
    assert await refused(Scan(lobby.code, at=LOBBY)) == ("answers",)
    fault = [Answered("1", RoundAnswer.NOT_OK), Answered("2", RoundAnswer.OK)]
    assert await refused(Scan(lobby.code, fault, at=LOBBY)) == ("answers", "0", "note")
    assert await RoundScan.filter(round_id=round_.id).count() == 1


async def test_a_place_that_is_not_asked_for_is_refused_and_a_point_without_one_asks_for_none() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    round_ = await under_way(world, plan)
    assert (await refusal(scan(world.guard, round_.id, well(gate, at=GATE)))).path == ("latitude",)
    await RoundPoint.filter(id=lobby.id).update(latitude=None, longitude=None)
    await amend_plan(world.manager, plan.id, name="Near")
    assert (await scan(world.guard, round_.id, well(lobby))).distance_m is None


async def test_a_photo_is_taken_for_each_point_where_the_plan_asks_for_one_and_nowhere_else() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, asks_photo=True)
    gate, lobby = await points(plan)
    round_ = await open_round(world.guard, plan.id)
    assert (await refusal(check_wanted(round_))).code is RefusalCode.ILLEGAL_MOVE
    round_ = await start(world.guard, round_.id)
    await check_wanted(round_)

    async def a_photo(subject_id: str, media_type: str = "image/jpeg") -> str:
        columns: dict[str, Any] = {"name": "1.jpg", "media_type": media_type, "size": 1, "sha256": "0" * 64, "uploaded_at": now()}
        columns |= {"compound_id": plan.compound_id, "street_id": plan.street_id}
        return (await File.create(subject_id=subject_id, **columns)).id

    async def refused(photo_id: str | None) -> RefusalCode:
        answer = await refusal(scan(world.guard, round_.id, well(gate, photo_id=photo_id)))
        assert answer.path == ("photo_id",)
        return answer.code

    assert await refused(None) is RefusalCode.INVALID
    assert await refused("\0") is RefusalCode.NOT_FOUND
    assert await refused(await a_photo(new_id("tkt"))) is RefusalCode.NOT_FOUND
    assert await refused(await a_photo(round_.id, "application/pdf")) is RefusalCode.INVALID
    photo = await a_photo(round_.id)
    assert (await scan(world.guard, round_.id, well(gate, photo_id=photo))).photo_id == photo
    assert (await refusal(scan(world.guard, round_.id, well(lobby, photo_id=photo)))).path == ("photo_id",)
    without = await under_way(world, await a_plan(world))
    assert (await refusal(check_wanted(without))).path == ("subject",)


async def test_a_round_is_gone_in_its_time_alone() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    early = (await planned(plan))[0]
    assert "begins" in (await refusal(start(world.guard, early.id))).message.en
    round_ = await under_way(world, plan)
    gate, _ = await points(plan)
    await let_pass(round_)
    assert "ended" in (await refusal(scan(world.guard, round_.id, well(gate)))).message.en
    waiting = await open_round(world.guard, (await a_plan(world)).id)
    await let_pass(waiting)
    assert "ended" in (await refusal(start(world.guard, waiting.id))).message.en


async def test_a_round_is_gone_by_whoever_serves_the_compound_on_the_day() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    round_ = await open_round(world.guard, plan.id)
    for viewer in (world.officer, world.clerk):
        assert (await refusal(start(viewer, round_.id))).path == ("id",)
    await Mandate.filter(organisation_id=world.company.id).update(ends_on=today() - DAY)
    successor = await an_organisation(world.street, name="Successor")
    await a_mandate(successor, world.compound, starts_on=today())
    guard = await somebody(Role.COMPANY_STAFF, organisation=successor)
    assert (await start(guard, round_.id)).organisation_id == successor.id
    grid = await a_grid(world.community)
    world.unserved.grid_id = grid.id
    await world.unserved.save(update_fields=["grid_id"])
    walker = await somebody(Role.GRID_WORKER, place=grid)
    community = await a_plan(world, RoundKind.FIRE_PATROL, viewer=world.clerk, compound=world.unserved)
    assert (await under_way(world, community, viewer=walker)).organisation_id == world.office.id
    assert (await refusal(open_round(world.officer, community.id))).path == ("id",)


async def test_rounds_are_opened_by_hand_one_at_a_time_and_end_before_the_next() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    following = (await planned(plan))[0]
    round_ = await open_round(world.guard, plan.id)
    assert round_.closes_at <= following.opens_at
    assert (await refusal(open_round(world.manager, plan.id))).code is RefusalCode.CONFLICT
    with pytest.raises(IntegrityError):
        await Round.filter(id=following.id).update(opens_at=now())
    coming = await a_plan(world, starts_on=today() + DAY)
    assert (await refusal(open_round(world.guard, coming.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_an_office_says_that_a_round_need_not_be_gone_and_who_goes_it_does_not() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    round_ = (await planned(plan))[0]
    assert (await refusal(cancel(world.manager, round_.id, "Rain"))).code is RefusalCode.FORBIDDEN
    assert (await refusal(cancel(world.clerk, round_.id, " "))).path == ("reason",)
    assert (await refusal(cancel(world.clerk, round_.id, "Typhoon", expected_version=9))).code is RefusalCode.STALE_VERSION
    assert (await cancel(world.clerk, round_.id, "Typhoon")).left_out == "Typhoon"
    assert (await refusal(start(world.guard, round_.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_whoever_goes_a_round_does_not_say_that_it_need_not_be_gone() -> None:
    world = await a_rounds_world()
    (round_, *_) = await planned(await a_plan(world, viewer=world.clerk, compound=world.unserved))
    refused = await refusal(cancel(world.clerk, round_.id, "Rain"))
    assert (round_.organisation_id, refused.code, refused.path) == (world.office.id, RefusalCode.INVALID, ("id",))
    assert (await cancel(world.officer, round_.id, "Typhoon")).state is RoundState.CANCELLED


async def test_of_a_plan_without_points_nothing_is_missed() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    round_ = (await planned(plan))[0]
    await let_pass(round_)
    await close_rounds([round_.id])
    assert [each.missed for each in await misses([plan.kind], today())] == [1]
    for point in await points(plan):
        await end_point(world.manager, point.id)
    assert await misses([plan.kind], today()) == []


async def test_rounds_whose_time_has_passed_are_closed_once_and_missed_ones_are_counted_until_one_is_done() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    begun = await under_way(world, plan)
    await scan(world.guard, begun.id, well(gate))
    await let_pass(begun)
    missed = (await planned(plan))[0]
    await Round.filter(id=missed.id).update(opens_at=begun.closes_at, closes_at=now() - HOUR)
    just = (await planned(plan))[-1]
    await Round.filter(id=just.id).update(opens_at=now() - HOUR, closes_at=now())
    assert await leave_over(now()) == 2
    counts = await asyncio.gather(*(close_rounds([begun.id, missed.id, just.id]) for _ in range(3)))
    assert sum(counts) == 2
    assert (await Round.get(id=begun.id)).state is RoundState.INCOMPLETE
    closed = await Round.get(id=missed.id)
    assert (closed.state, closed.points, closed.scanned) == (RoundState.MISSED, 2, 0)
    (found,) = await misses([RoundKind.SECURITY_PATROL], today())
    assert (found.plan_id, found.missed) == (plan.id, 1)
    assert await misses([RoundKind.CLEANING], today()) == []

    await Round.filter(id=just.id).delete()
    again = await under_way(world, plan)
    for point in (gate, lobby):
        await scan(world.guard, again.id, well(point))
    await finish(world.guard, again.id)
    assert await misses([RoundKind.SECURITY_PATROL], today()) == []


async def test_a_round_that_was_scanned_to_its_end_is_done_though_nobody_said_so_and_one_without_points_is_let_be() -> None:
    world = await a_rounds_world()
    plan, empty = await a_plan(world), await a_plan(world, RoundKind.CLEANING)
    round_ = await under_way(world, plan)
    for point in await points(plan):
        await scan(world.guard, round_.id, well(point))
    nothing = await open_round(world.guard, empty.id)
    for point in await points(empty):
        await end_point(world.manager, point.id)
    for each in (round_, nothing):
        await let_pass(each)
    await close_rounds([round_.id, nothing.id])
    assert [(await Round.get(id=each.id)).state for each in (round_, nothing)] == [RoundState.DONE, RoundState.CANCELLED]
