"""What the fire code asks for is planned by itself: by the kind of building, once, and not again once ended."""

from __future__ import annotations

import asyncio

import pytest

from domain.rounds import RoundBasis, RoundKind, RoundMeasure
from models import Compound, Fact, RoundPlan, RoundPoint, Work
from models.calendar import now, today
from models.rounds import FIRE, end_plan, end_point, leave_fire, make_rounds, plan_fire
from tests.builders import a_building

from .world import DAY, RoundsWorld, a_rounds_world, planned

pytestmark = pytest.mark.usefixtures("database")


async def _plans(compound: Compound) -> dict[RoundBasis | None, RoundPlan]:
    return {plan.basis: plan for plan in await RoundPlan.filter(compound_id=compound.id)}


async def _names(plan: RoundPlan) -> list[str]:
    return [point.name for point in await RoundPoint.filter(plan_id=plan.id, ended_at=None).order_by("number")]


async def _night(world: RoundsWorld) -> int:
    """The check of a night, and the work that it leaves."""
    await leave_fire(now())
    made = 0
    for row in await Work.filter(kind=FIRE).order_by("id"):
        made += await plan_fire(row.payload["compounds"])
        await row.delete()
    return made


async def test_high_rise_buildings_are_patrolled_daily_others_weekly_and_all_checked_monthly() -> None:
    world = await a_rounds_world()
    for code, height in (("1", 27), ("2", 27.1), ("3", None), ("4", None)):
        storeys = 9 if code == "4" else 10
        await a_building(world.compound, code=f"B-{code}", name=code, height_m=height, storeys=storeys)
    assert await leave_fire(now()) == 2
    await Work.all().delete()
    assert await _night(world) == 5
    plans = await _plans(world.compound)
    assert {basis: (plan.kind, plan.measure) for basis, plan in plans.items()} == {
        RoundBasis.HIGH_RISE_PATROL: (RoundKind.FIRE_PATROL, RoundMeasure.DAYS),
        RoundBasis.PATROL: (RoundKind.FIRE_PATROL, RoundMeasure.WEEKS),
        RoundBasis.CHECK: (RoundKind.FIRE_CHECK, RoundMeasure.MONTHS),
    }
    told = {basis: await _names(plan) for basis, plan in plans.items()}
    assert told == {
        RoundBasis.HIGH_RISE_PATROL: ["2", "3"],
        RoundBasis.PATROL: ["1", "4"],
        RoundBasis.CHECK: ["1", "2", "3", "4"],
    }
    assert all(plan.clause and plan.starts_on == today() + DAY for plan in plans.values())
    assert await Fact.filter(action="roundPlanMake", actor="system:rounds").count() == 5


async def test_where_nobody_serves_the_community_goes_also_where_the_register_has_no_building() -> None:
    world = await a_rounds_world()
    await _night(world)
    plans = await _plans(world.unserved)
    assert set(plans) == {RoundBasis.PATROL, RoundBasis.CHECK}
    assert await _names(plans[RoundBasis.CHECK]) == [world.unserved.name]
    await make_rounds([plan.id for plan in plans.values()])
    (patrol, *_) = await planned(plans[RoundBasis.PATROL])
    assert patrol.organisation_id == world.office.id
    served = (await _plans(world.compound))[RoundBasis.PATROL]
    await make_rounds([served.id])
    assert {each.organisation_id for each in await planned(served)} == {world.company.id}


async def test_a_second_night_makes_nothing_and_what_people_ended_does_not_come_back() -> None:
    world = await a_rounds_world()
    await a_building(world.compound, name="1", height_m=10)
    await asyncio.gather(*(plan_fire([world.compound.id, world.unserved.id]) for _ in range(3)))
    assert await RoundPlan.all().count() == await RoundPoint.all().count() == 4
    assert await _night(world) == 0

    plans = await _plans(world.compound)
    (point,) = await RoundPoint.filter(plan_id=plans[RoundBasis.CHECK].id)
    await end_point(world.clerk, point.id)
    await end_plan(world.officer, plans[RoundBasis.PATROL].id)
    await RoundPlan.filter(id=plans[RoundBasis.PATROL].id).update(starts_on=today() - 3 * DAY, ends_on=today() - DAY)
    await a_building(world.compound, name="2", height_m=10)
    assert await leave_fire(now()) == 1
    assert await _night(world) == 0
    assert await _names(plans[RoundBasis.CHECK]) == ["2"]
    assert await _names(plans[RoundBasis.PATROL]) == ["1"]
    assert await leave_fire(now()) == 0
