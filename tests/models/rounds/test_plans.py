"""Plans of rounds: who goes, rounds made once ahead of their time, plans that change, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.access import Role
from domain.organisations import MandateService
from domain.points import Point
from domain.refusals import RefusalCode
from domain.rounds import RoundKind, RoundMeasure
from models import Fact, Mandate, Organisation, Round, RoundPlan, RoundPoint, Work
from models.calendar import now, today, zone
from models.rounds import (
    MAKE,
    Figures,
    NewPoint,
    add_point,
    amend_plan,
    end_plan,
    end_point,
    leave_plans,
    make_plan,
    make_rounds,
    print_point,
)
from models.viewers import viewer_of
from tests.builders import (
    a_building,
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_facility,
    a_mandate,
    a_role,
    an_account,
    an_organisation,
)
from tests.models.ticket_world import refusal, somebody

from .world import DAY, HOUR, TWO, a_plan, a_rounds_world, planned, points

pytestmark = pytest.mark.usefixtures("database")


async def test_rounds_are_made_once_ahead_of_their_time_however_many_make_them() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    made = await planned(plan)
    assert [round((each.opens_at - now()) / HOUR) for each in made] == [12, 36]
    assert {each.organisation_id for each in made} == {world.company.id}
    assert await leave_plans(now()) == 0
    assert await leave_plans(now() + 30 * HOUR) == 1
    assert [row.payload for row in await Work.filter(kind=MAKE)] == [{"plans": [plan.id]}]
    moment = now() + 30 * HOUR
    counts = await asyncio.gather(*(make_rounds([plan.id], moment) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, sum(counts)]
    assert len(await planned(plan)) == 2 + sum(counts)
    assert await make_rounds([plan.id], moment) == 0


async def test_what_passed_while_nobody_made_rounds_is_not_made_and_what_can_still_be_gone_is() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    await Round.filter(plan_id=plan.id).delete()
    long_ago = now() - 10 * DAY
    await RoundPoint.filter(plan_id=plan.id).update(added_at=long_ago)
    await RoundPlan.filter(id=plan.id).update(made_at=long_ago, made_until=long_ago, starts_on=today() - 9 * DAY)
    await make_rounds([plan.id])
    assert [round((each.opens_at - now()) / HOUR) for each in await planned(plan)] == [-12, 12, 36]


async def test_who_goes_follows_the_mandates_of_the_day_and_is_the_community_where_there_are_none() -> None:
    world = await a_rounds_world()
    cleaners = await an_organisation(world.street, name="Cleaners")
    compound = await a_compound(world.community)
    mandate = await a_mandate(cleaners, compound, service=MandateService.CLEANING)

    async def goes(kind: RoundKind, **given: Any) -> set[str | None]:
        return {each.organisation_id for each in await planned(await a_plan(world, kind, viewer=world.officer, **given))}

    assert await goes(RoundKind.CLEANING, compound=compound) == {cleaners.id}
    assert await goes(RoundKind.FIRE_PATROL, compound=compound) == {world.office.id}
    assert await goes(RoundKind.SECURITY_PATROL, compound=world.unserved) == {world.office.id}
    plan = await a_plan(world, RoundKind.CLEANING, viewer=world.officer, compound=compound, organisation_id=cleaners.id)
    await Mandate.filter(id=mandate.id).update(ends_on=today() - DAY)
    await amend_plan(world.officer, plan.id, name="Without cleaners")
    assert {each.organisation_id for each in await planned(plan)} == {world.office.id}


async def test_an_office_that_has_ended_goes_no_rounds_and_is_named_for_none() -> None:
    world = await a_rounds_world()
    ended = await a_community_office(await a_community(world.street), ended_on=today() - DAY)
    refused = await refusal(a_plan(world, viewer=world.officer, organisation_id=ended.id))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("organisation_id",))
    plan = await a_plan(world, viewer=world.officer, compound=world.unserved, organisation_id=world.office.id)
    await Organisation.filter(id=world.office.id).update(ended_on=today() - DAY)
    await amend_plan(world.officer, plan.id, name="After the office")
    assert {each.organisation_id for each in await planned(plan)} == {None}
    successor = await a_community_office(world.community)
    await amend_plan(world.officer, plan.id, name="With another office")
    assert {each.organisation_id for each in await planned(plan)} == {successor.id}


async def test_an_office_elsewhere_makes_nothing_less_of_what_the_fire_code_asks_for() -> None:
    world = await a_rounds_world()
    account = await an_account(Role.COMPANY_MANAGER, organisation=world.company)
    await a_role(account, Role.COMMUNITY_STAFF, place=await a_community(world.street))
    viewer = await viewer_of(account.id)
    assert viewer is not None
    plan = await a_plan(world, RoundKind.FIRE_PATROL, viewer=world.officer)
    assert (await refusal(end_plan(viewer, plan.id))).code is RefusalCode.INVALID
    assert (await refusal(end_point(viewer, (await points(plan))[0].id))).code is RefusalCode.INVALID
    assert (await end_plan(world.clerk, plan.id)).ends_on == today()


async def test_a_changed_plan_makes_anew_what_has_not_come_and_leaves_what_has() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    begun, kept = (await planned(plan))[0], now() - HOUR
    await Round.filter(id=begun.id).update(opens_at=kept, closes_at=now() + HOUR)
    changed = await amend_plan(world.manager, plan.id, figures=Figures(times=["06:00", "18:00"], window_minutes=60, within_m=50))
    assert (changed.version, changed.within_m) == (2, 50)
    clocks = {f"{each.opens_at.astimezone(zone()):%H:%M}" for each in await planned(plan) if each.id != begun.id}
    assert clocks == {"06:00", "18:00"}
    assert (await Round.get(id=begun.id)).opens_at == kept
    assert (await amend_plan(world.manager, plan.id, figures=Figures(within_m=0))).within_m is None
    assert (await refusal(amend_plan(world.manager, plan.id, name="x", expected_version=1))).code is RefusalCode.STALE_VERSION


async def test_a_plan_ends_with_a_day_and_one_that_has_not_begun_is_never_gone() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    await end_plan(world.manager, plan.id, ends_on=today() + DAY)
    assert {each.opens_at.astimezone(zone()).date() for each in await planned(plan)} <= {today(), today() + DAY}
    assert (await refusal(end_plan(world.manager, plan.id, ends_on=today() - DAY))).path == ("ends_on",)
    coming = await a_plan(world, starts_on=today() + DAY)
    assert (await end_plan(world.manager, coming.id)).ends_on == today()
    assert await planned(coming) == []
    await RoundPlan.filter(id=plan.id).update(starts_on=today() - 3 * DAY, ends_on=today() - DAY)
    for act in (end_plan(world.manager, plan.id), add_point(world.manager, plan.id, TWO[0])):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE
    assert await leave_plans(now() + 90 * HOUR) == 0


async def test_what_the_fire_code_asks_for_is_made_less_by_the_community_and_the_street_alone() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world, RoundKind.FIRE_PATROL)
    point = (await points(plan))[0]
    weekly = Figures(measure=RoundMeasure.WEEKS)
    for act in (
        amend_plan(world.manager, plan.id, figures=weekly),
        end_plan(world.manager, plan.id),
        end_point(world.manager, point.id),
    ):
        assert (await refusal(act)).code is RefusalCode.INVALID
    await add_point(world.manager, plan.id, TWO[0])
    assert (await amend_plan(world.clerk, plan.id, figures=weekly)).measure is RoundMeasure.WEEKS
    assert (await end_point(world.clerk, point.id)).ended_at is not None


async def test_a_plan_that_cannot_be_is_refused_and_names_the_field() -> None:
    world = await a_rounds_world()
    elsewhere = await a_compound(world.community)
    stranger = await a_company_serving(elsewhere)

    async def refused(**wrong: Any) -> tuple[str, ...]:
        given: dict[str, Any] = {"viewer": world.officer}
        return (await refusal(a_plan(world, **(given | wrong)))).path

    assert await refused(points=()) == ("points",)
    assert await refused(points=[TWO[0]] * 51) == ("points",)
    assert await refused(points=[NewPoint(" ")]) == ("points", "0", "name")
    assert await refused(points=[NewPoint("Gate", at=Point(91, 0))]) == ("points", "0", "latitude")
    assert await refused(points=[NewPoint("Gate", items=[""])]) == ("points", "0", "items")
    house = await a_building(elsewhere)
    assert await refused(points=[TWO[0], NewPoint("House", building_id=house.id)]) == ("points", "1", "buildingId")
    assert await refused(points=[NewPoint("House", facility_id="fac_nothing")]) == ("points", "0", "facilityId")
    assert await refused(times=["8"]) == ("times",)
    assert await refused(starts_on=today() - DAY) == ("starts_on",)
    assert await refused(organisation_id=stranger.id) == ("organisation_id",)
    by_guard = await refusal(make_plan(world.guard, world.compound.id, RoundKind.CLEANING, name="x", points=TWO))
    assert by_guard.code is RefusalCode.FORBIDDEN
    foreign = await somebody(Role.COMPANY_MANAGER, organisation=stranger)
    assert (await refusal(a_plan(world, viewer=foreign))).code is RefusalCode.NOT_FOUND
    assert await RoundPlan.all().count() == 0


async def test_a_point_is_added_for_rounds_to_come_and_its_code_is_told_to_who_prints_it() -> None:
    world = await a_rounds_world()
    plan = await a_plan(world)
    facility = await a_facility(world.compound)
    point = await add_point(world.manager, plan.id, NewPoint("Pump room", facility_id=facility.id))
    assert (point.number, point.items) == (3, [])
    assert (await refusal(add_point(world.manager, plan.id, TWO[0], number=0))).path == ("number",)
    code = await print_point(world.manager, point.id)
    assert (len(code), code) == (26, point.code)
    assert (await refusal(print_point(world.guard, point.id))).code is RefusalCode.FORBIDDEN
    assert await print_point(world.manager, point.id, renew=True) != code
    for _ in range(2):
        await end_point(world.manager, point.id)
    assert (await refusal(print_point(world.manager, point.id))).code is RefusalCode.ILLEGAL_MOVE
    actions = await Fact.filter(subject_id=plan.id).order_by("id").values_list("action", flat=True)
    assert actions == ["roundPlanMake", "roundPointAdd", "roundPointPrint", "roundPointRenew", "roundPointEnd"]
