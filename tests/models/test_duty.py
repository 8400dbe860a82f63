"""Who is on duty: rosters and shifts as people keep them, and whom they call."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role, Viewer
from domain.duty import DutyLevel
from domain.refusals import RefusalCode, Refused
from models import Account, DutyRoster, DutyShift, Fact, RoleBinding
from models.calendar import now, today
from models.duty import add_shift, create_roster, end_roster, on_duty, remove_shift, swap_shifts
from models.erasure import erase
from models.facts import Actor
from tests.builders import a_community, a_company_serving, a_compound, an_account
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


async def a_roster(world: World, viewer: Viewer | None = None, **changes: Any) -> DutyRoster:
    given: dict[str, Any] = {"name": "Night desk", "level": DutyLevel.DUTY, **changes}
    return await create_roster(viewer or world.manager, given.pop("organisation_id", world.company.id), **given)


async def on(world: World, roster: DutyRoster, account: Account, starts: float = -1, ends: float = 1) -> DutyShift:
    return await add_shift(world.manager, roster.id, account.id, now() + starts * HOUR, now() + ends * HOUR)


async def test_whoever_is_on_duty_is_found_at_each_moment_of_their_shift():
    world = await a_world()
    roster = await a_roster(world)
    begins = now() + HOUR
    await add_shift(world.manager, roster.id, world.worker.id, begins, begins + HOUR)
    for moment, called in (
        (begins - timedelta.resolution, ()),
        (begins, (world.worker.id,)),
        (begins + HOUR - timedelta.resolution, (world.worker.id,)),
        (begins + HOUR, ()),
    ):
        assert await on_duty(world.company.id, world.compound.id, moment) == called
    assert await on_duty(world.company.id, world.compound.id, begins, DutyLevel.MANAGER) == ()
    assert await on_duty(world.office.id, world.compound.id, begins) == ()
    fact = await Fact.get(action="dutyShiftAdd")
    assert fact.subject_id == roster.id
    assert fact.words["en"] == "The company manager put somebody on duty."


async def test_a_roster_that_names_the_compound_comes_before_one_for_all():
    world = await a_world()
    near = await a_roster(world, compound_ids=[world.compound.id, world.compound.id])
    assert near.compound_ids == [world.compound.id]
    other = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    await on(world, await a_roster(world), other)
    assert await on_duty(world.company.id, world.compound.id) == (other.id,)
    await on(world, near, world.worker)
    assert await on_duty(world.company.id, world.compound.id) == (world.worker.id,)


async def test_nobody_is_called_who_may_no_longer_see_the_place():
    world = await a_world()
    await on(world, await a_roster(world), world.worker)
    assert await on_duty(world.company.id, world.compound.id) == (world.worker.id,)
    await RoleBinding.filter(account_id=world.worker.id).update(ends_on=today() - timedelta(days=1))
    assert await on_duty(world.company.id, world.compound.id) == ()


async def test_shifts_of_one_roster_do_not_overlap_whoever_tries():
    world = await a_world()
    roster = await a_roster(world)
    await on(world, roster, world.worker)
    told = await refusal(on(world, roster, world.worker, 0, 2))
    assert (told.code, told.path) == (RefusalCode.CONFLICT, ("starts_at",))
    await on(world, await a_roster(world), world.worker)
    columns = {"organisation_id": roster.organisation_id, "street_id": roster.street_id, "account_id": world.worker.id}
    with pytest.raises(IntegrityError):
        await DutyShift.create(roster_id=roster.id, starts_at=now(), ends_at=now() + HOUR, **columns)

    tries = [on(world, roster, world.worker, 5, 6 + n) for n in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, DutyShift) for each in done) == 1
    assert sum(isinstance(each, Refused) and each.code is RefusalCode.CONFLICT for each in done) == 3


async def test_a_shift_is_for_somebody_of_the_organisation_who_sees_the_place():
    world = await a_world()
    elsewhere = await a_compound(world.community)
    company = await a_company_serving(elsewhere)
    roster = await a_roster(world)
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    stranger = await an_account(Role.COMPANY_STAFF, organisation=company)
    resident = await an_account(Role.RESIDENT, home=world.home, organisation_id=world.company.id)
    for who in (stranger, resident):
        told = await refusal(add_shift(officer, roster.id, who.id, now(), now() + HOUR))
        assert (told.code, told.path) == (RefusalCode.INVALID, ("account_id",))
    told = await refusal(add_shift(world.manager, roster.id, stranger.id, now(), now() + HOUR))
    assert (told.code, told.path) == (RefusalCode.NOT_FOUND, ("account_id",))
    told = await refusal(add_shift(world.manager, roster.id, world.worker.id, now() + HOUR, now()))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("ends_at",))


async def test_a_roster_is_for_compounds_that_the_organisation_looks_after():
    world = await a_world()
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    told = await refusal(a_roster(world, officer, compound_ids=[world.compound.id, world.unserved.id]))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("compound_ids",))
    told = await refusal(a_roster(world, compound_ids=[world.unserved.id]))
    assert told.code is RefusalCode.NOT_FOUND
    there = {"organisation_id": world.office.id, "compound_ids": [world.compound.id, world.unserved.id]}
    assert (await a_roster(world, officer, **there)).organisation_id == world.office.id
    far = await a_compound(await a_community(world.street))
    told = await refusal(a_roster(world, officer, organisation_id=world.office.id, compound_ids=[far.id]))
    assert told.code is RefusalCode.INVALID
    told = await refusal(a_roster(world, name=" "))
    assert told.path == ("name",)


async def test_only_leaders_keep_rosters():
    world = await a_world()
    worker = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    assert (await refusal(a_roster(world, worker))).code is RefusalCode.FORBIDDEN
    roster = await a_roster(world)
    told = await refusal(add_shift(worker, roster.id, world.worker.id, now(), now() + HOUR))
    assert told.code is RefusalCode.FORBIDDEN
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=await a_company_serving(await a_compound()))
    assert (await refusal(end_roster(stranger, roster.id))).code is RefusalCode.NOT_FOUND


async def test_a_shift_to_come_is_removed_one_that_runs_is_cut_and_one_that_is_over_stays():
    world = await a_world()
    roster = await a_roster(world)
    running, coming = await on(world, roster, world.worker), await on(world, roster, world.worker, 3, 4)
    assert (await remove_shift(world.manager, coming.id)).id == roster.id
    await remove_shift(world.manager, running.id)
    cut = await DutyShift.get()
    assert (cut.id, cut.ends_at <= now()) == (running.id, True)
    assert await on_duty(world.company.id, world.compound.id) == ()
    assert (await refusal(remove_shift(world.manager, running.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_two_people_do_each_others_shift():
    world = await a_world()
    roster, desk = await a_roster(world), await a_roster(world, level=DutyLevel.MANAGER)
    other = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    mine, theirs = await on(world, roster, world.worker, 1, 2), await on(world, desk, other, 5, 6)
    assert (await swap_shifts(world.manager, mine.id, theirs.id)).account_id == other.id
    assert (await DutyShift.get(id=theirs.id)).account_id == world.worker.id
    running = await on(world, roster, world.worker, -1, 0.5)
    told = await refusal(swap_shifts(world.manager, running.id, theirs.id))
    assert told.code is RefusalCode.ILLEGAL_MOVE
    stranger = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    beyond = await on(world, roster, stranger, 9, 10)
    await RoleBinding.filter(account_id=stranger.id).update(ends_on=today() - timedelta(days=1))
    told = await refusal(swap_shifts(world.manager, theirs.id, beyond.id))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("other_id",))


async def test_a_roster_that_ends_lets_everybody_go():
    world = await a_world()
    roster = await a_roster(world)
    await on(world, roster, world.worker)
    await on(world, roster, world.worker, 2, 3)
    ended = await end_roster(world.manager, roster.id)
    assert ended.ended_at == (await DutyShift.get()).ends_at
    assert await on_duty(world.company.id, world.compound.id) == ()
    again = await end_roster(world.manager, roster.id)
    assert again.ended_at == ended.ended_at
    told = await refusal(on(world, roster, world.worker, 2, 3))
    assert told.code is RefusalCode.ILLEGAL_MOVE


async def test_whoever_is_erased_is_on_duty_no_more():
    world = await a_world()
    roster = await a_roster(world)
    await on(world, roster, world.worker)
    await on(world, roster, world.worker, 2, 3)
    await erase(await Account.get(id=world.worker.id), Actor("system:test"))
    assert (await DutyShift.get()).ends_at <= now()
