"""Scans that companies' patrol systems tell by event: late, twice, in any order, and those that do not count."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.hazards import HazardSource
from domain.rounds import Answered, RoundAnswer, RoundKind, RoundState, ScanFault, ScanSource, unpacked
from models import Hazard, Round, RoundPlan, RoundPoint, RoundScan
from models.calendar import now
from models.facts import Actor
from models.rounds import Heard, Scan, close_rounds, end_point, hear, open_round, scan, start
from tests.builders import a_building

from .world import HOUR, RoundsWorld, a_plan, a_rounds_world, let_pass, points

pytestmark = pytest.mark.usefixtures("database")

_ACTOR = Actor("system:events")


def _heard(world: RoundsWorld, point: RoundPoint, at: datetime, **given: Any) -> Heard:
    answers = [Answered(item.code, RoundAnswer.OK) for item in unpacked(point.items)]
    told: dict[str, Any] = {"point_id": point.id, "at": at, "organisation_id": world.company.id, "answers": answers}
    return Heard(**(told | given))


async def _hear(*heard: Heard) -> None:
    async with in_transaction():
        await hear(_ACTOR, heard)


async def _fault(point: RoundPoint) -> ScanFault | None:
    return (await RoundPoint.get(id=point.id)).fault


async def test_a_round_sets_out_with_the_first_scan_and_is_done_with_the_last_in_whatever_order_they_come() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, ordered=True)
    gate, lobby = await points(plan)
    round_ = await open_round(world.guard, plan.id)
    first, second = round_.opens_at, now()
    await _hear(_heard(world, lobby, second))
    await round_.refresh_from_db()
    assert (round_.state, round_.started_by_id, round_.scanned) == (RoundState.UNDER_WAY, None, 1)
    await asyncio.gather(*(_hear(_heard(world, gate, first), _heard(world, lobby, second)) for _ in range(3)))
    await round_.refresh_from_db()
    assert (round_.state, round_.points, round_.scanned, round_.ended_at) == (RoundState.DONE, 2, 2, second)
    assert set(await RoundScan.filter(round_id=round_.id).values_list("source", flat=True)) == {ScanSource.EVENT}  # pyright: ignore[reportUnknownArgumentType, reportArgumentType]


async def test_points_that_were_scanned_out_of_order_make_no_ordered_round() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, ordered=True)
    gate, lobby = await points(plan)
    round_ = await open_round(world.guard, plan.id)
    await _hear(_heard(world, gate, now()), _heard(world, lobby, round_.opens_at))
    assert (await Round.get(id=round_.id)).state is RoundState.UNDER_WAY
    await let_pass(round_)
    await close_rounds([round_.id])
    assert (await Round.get(id=round_.id)).state is RoundState.INCOMPLETE


async def test_what_was_scanned_in_time_counts_though_it_is_heard_of_after_the_round_was_missed() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    round_ = await open_round(world.guard, plan.id)
    await let_pass(round_)
    await close_rounds([round_.id])
    assert (await Round.get(id=round_.id)).state is RoundState.MISSED
    await _hear(_heard(world, gate, round_.opens_at + HOUR))
    assert (await Round.get(id=round_.id)).state is RoundState.INCOMPLETE
    await _hear(_heard(world, lobby, round_.opens_at))
    late = await Round.get(id=round_.id)
    assert (late.state, late.scanned, late.ended_at is not None) == (RoundState.DONE, 2, True)


async def test_a_scan_that_does_not_count_says_why_at_its_point() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    await _hear(_heard(world, gate, now()))
    assert await _fault(gate) is ScanFault.NO_ROUND
    round_ = await open_round(world.guard, plan.id)
    await _hear(_heard(world, gate, now(), organisation_id=world.office.id))
    assert await _fault(gate) is ScanFault.OTHER_ORGANISATION
    await _hear(_heard(world, lobby, now(), answers=[]))
    assert await _fault(lobby) is ScanFault.ANSWERS
    await RoundPlan.filter(id=plan.id).update(asks_photo=True)
    await _hear(_heard(world, gate, now()))
    assert await _fault(gate) is ScanFault.ON_PHONE
    await end_point(world.manager, lobby.id)
    await _hear(_heard(world, lobby, now()), Heard("rpt_nothing", now(), world.company.id))
    assert await _fault(lobby) is ScanFault.NO_POINT
    assert (await Round.get(id=round_.id)).state is RoundState.PLANNED
    assert await RoundScan.all().count() == 0


async def test_an_event_and_a_phone_make_one_round_together() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    gate, lobby = await points(plan)
    round_ = await start(world.guard, (await open_round(world.guard, plan.id)).id)
    bad = [Answered("1", RoundAnswer.NOT_OK, "Wet"), Answered("2", RoundAnswer.OK)]
    await _hear(_heard(world, gate, now()), _heard(world, lobby, now(), answers=bad))
    done = await Round.get(id=round_.id)
    assert (done.state, done.not_ok, done.started_by_id) == (RoundState.DONE, 1, world.guard.account_id)
    assert await Hazard.all().count() == 0


async def test_what_is_wrong_on_a_fire_patrol_is_a_hazard_which_is_found_once_however_often_it_is_seen() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, RoundKind.FIRE_PATROL)
    _, lobby = await points(plan)
    house = await a_building(world.compound)
    await RoundPoint.filter(id=lobby.id).update(building_id=house.id)
    bad = [Answered("1", RoundAnswer.NOT_OK, "Sofa on the landing"), Answered("2", RoundAnswer.OK)]
    round_ = await start(world.guard, (await open_round(world.guard, plan.id)).id)
    made = await scan(world.guard, round_.id, Scan(lobby.code, bad))
    await let_pass(round_)
    await close_rounds([round_.id])
    await open_round(world.guard, plan.id)
    await _hear(_heard(world, lobby, now(), answers=bad))
    (hazard,) = await Hazard.all()
    assert (hazard.source, hazard.what, hazard.scan_id) == (HazardSource.ROUND, "Stairs swept：Sofa on the landing", made.id)
    assert (hazard.building_id, hazard.found_count, hazard.found_by_id) == (house.id, 2, world.guard.account_id)
