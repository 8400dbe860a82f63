"""Rectification lists: claimed by one, never judged by who did the work; and services beyond the contract."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from domain.access import Role, Viewer
from domain.organisations import MandateRole, OrganisationKind
from domain.rectification import EvidencePhase, RectificationSource, RectificationState
from domain.refusals import RefusalCode, Refused
from models import Fact, File, Notice, Organisation, RectificationItem, RectificationList
from models.calendar import now, today
from models.extra_services import confirm, confirmed_services, decline, record_service, withdraw
from models.rectification import (
    accept,
    add_evidence,
    add_item,
    answer_time,
    ask_time,
    burn_down_of,
    claim,
    close_list,
    drop,
    make_list,
    refuse,
    release,
    reopen,
    report,
)
from tests.builders import a_channel, a_mandate, an_organisation
from tests.models.hazards.world import FireWorld, a_fire_world
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


class World(FireWorld):
    committee: Organisation
    member: Viewer
    list: RectificationList


async def a_world() -> World:
    made = World()
    made.__dict__ |= (await a_fire_world()).__dict__
    made.committee = await an_organisation(made.street, kind=OrganisationKind.OWNERS_COMMITTEE, name="Owners of K")
    await a_mandate(made.committee, made.compound, role=MandateRole.REPRESENTS, service=None)
    made.member = await somebody(Role.COMMITTEE_MEMBER, organisation=made.committee)
    made.list = await make_list(made.member, made.compound.id, "What broke", RectificationSource.OWNERS)
    return made


async def an_item(world: World, **given: Any) -> RectificationItem:
    return await add_item(
        world.member, world.list.id, **({"what": "A bench", "due_on": today() + DAY, "asks_evidence": False} | given)
    )


async def a_reported_item(world: World) -> RectificationItem:
    item = await an_item(world)
    await claim(world.guard, item.id)
    return await report(world.guard, item.id, "Mended")


async def refused_at(act: Awaitable[Any]) -> tuple[RefusalCode, tuple[str, ...]]:
    refused = await refusal(act)
    return refused.code, tuple(refused.path)


async def test_of_two_who_claim_an_item_at_once_one_wins_and_the_other_is_told_who() -> None:
    world = await a_world()
    item = await an_item(world)
    claimed = await asyncio.gather(*(claim(each, item.id) for each in (world.guard, world.fitter)), return_exceptions=True)
    (won,) = [each for each in claimed if isinstance(each, RectificationItem)]
    (lost,) = [each for each in claimed if isinstance(each, Refused)]
    assert lost.code is RefusalCode.ILLEGAL_MOVE
    assert (await Organisation.get(id=won.organisation_id)).name in lost.message.en
    assert await Fact.filter(action="rectificationItemClaim", subject_id=item.id).count() == 1


async def test_what_was_done_is_never_accepted_by_who_did_it_and_a_refusal_puts_it_back() -> None:
    world = await a_world()
    item = await a_reported_item(world)
    assert await refused_at(accept(world.guard, item.id)) == (RefusalCode.FORBIDDEN, ())
    assert await refused_at(accept(world.clerk, item.id)) == (RefusalCode.INVALID, ("id",))
    doer_in_committee = await somebody(Role.COMMITTEE_MEMBER, organisation=world.committee)
    await RectificationItem.filter(id=item.id).update(reported_by_id=doer_in_committee.account_id)
    assert await refused_at(accept(doer_in_committee, item.id)) == (RefusalCode.INVALID, ("id",))
    back = await refuse(world.member, item.id, "It rocks")
    assert (back.state, back.refused_count, back.organisation_id) == (RectificationState.CLAIMED, 1, world.company.id)
    await report(world.guard, item.id, "Screwed to the ground")
    done = await accept(world.member, item.id, expected_version=5)
    assert (done.state, done.objection) == (RectificationState.ACCEPTED, "")
    assert await refused_at(claim(world.guard, item.id)) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    again = await reopen(world.member, item.id, today() + 9 * DAY, "It broke again")
    assert (again.state, again.reopened_count, again.organisation_id) == (RectificationState.OPEN, 1, None)


async def test_where_no_body_speaks_for_the_owners_the_community_does_but_not_for_its_own_work() -> None:
    world = await a_world()
    made = await make_list(world.clerk, world.open_court.id, "Stairs", RectificationSource.STREET)
    item = await add_item(world.clerk, made.id, what="A lamp", due_on=today(), asks_evidence=False)
    assert await refused_at(claim(world.guard, item.id)) == (RefusalCode.NOT_FOUND, ("id",))
    await claim(world.clerk, item.id)
    await report(world.clerk, item.id, "Changed")
    assert await refused_at(accept(world.clerk, item.id)) == (RefusalCode.INVALID, ("id",))
    assert (await accept(world.officer, item.id)).state is RectificationState.ACCEPTED


async def test_time_is_asked_for_by_the_company_and_granted_by_the_owners() -> None:
    world = await a_world()
    await a_channel(world.company)
    item = await an_item(world)
    until = today() + 8 * DAY
    assert await refused_at(ask_time(world.guard, item.id, until, "Rain")) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    await claim(world.guard, item.id)
    assert await refused_at(ask_time(world.fitter, item.id, until, "Rain")) == (RefusalCode.INVALID, ("id",))
    assert await refused_at(ask_time(world.guard, item.id, item.due_on, "Rain")) == (RefusalCode.INVALID, ("until",))
    assert await refused_at(answer_time(world.member, item.id, granted=True)) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    asked = await ask_time(world.guard, item.id, until, "Rain")
    assert (asked.due_on, asked.extension_until) == (item.due_on, until)
    assert await refused_at(answer_time(world.member, item.id, granted=False)) == (RefusalCode.INVALID, ("reason",))
    kept = await answer_time(world.member, item.id, granted=False, reason="It never rains")
    assert (kept.due_on, kept.extension_until, kept.extended_count) == (item.due_on, None, 0)
    await ask_time(world.guard, item.id, until, "It does")
    granted = await answer_time(world.member, item.id, granted=True)
    assert (granted.due_on, granted.extended_count) == (until, 1)
    told = await Notice.filter(type="steward.rectification.assigned.v1").count()
    assert told == 3


async def test_evidence_is_of_the_item_is_said_once_and_counts_from_the_claim_on() -> None:
    world = await a_world()
    item = await an_item(world, asks_evidence=True)
    photo = await _a_file(world, item.id)
    await add_evidence(world.member, item.id, photo.id, EvidencePhase.BEFORE)
    assert await refused_at(add_evidence(world.member, item.id, photo.id, EvidencePhase.AFTER)) == (
        RefusalCode.CONFLICT,
        ("file_id",),
    )
    other = await _a_file(world, (await an_item(world)).id)
    assert await refused_at(add_evidence(world.member, item.id, other.id, EvidencePhase.AFTER)) == (
        RefusalCode.NOT_FOUND,
        ("file_id",),
    )
    await claim(world.guard, item.id)
    assert await refused_at(report(world.guard, item.id, "Done")) == (RefusalCode.INVALID, ("id",))
    await add_evidence(world.guard, item.id, (await _a_file(world, item.id)).id, EvidencePhase.AFTER)
    assert (await report(world.guard, item.id, "Done")).state is RectificationState.REPORTED


async def test_a_list_is_closed_when_all_is_over_and_goes_on_with_what_is_opened_again() -> None:
    world = await a_world()
    assert await refused_at(close_list(world.member, world.list.id)) == (RefusalCode.CONFLICT, ("id",))
    item, other = await a_reported_item(world), await an_item(world)
    assert (item.number, other.number) == (1, 2)
    await accept(world.member, item.id)
    assert await refused_at(close_list(world.member, world.list.id)) == (RefusalCode.CONFLICT, ("id",))
    await claim(world.guard, other.id)
    assert (await release(world.guard, other.id, "Not ours")).organisation_id is None
    await drop(world.member, other.id, "It is gone")
    await close_list(world.member, world.list.id, expected_version=1)
    assert await refused_at(an_item(world)) == (RefusalCode.ILLEGAL_MOVE, ("list_id",))
    (told,) = await burn_down_of(world.member, world.list.id)
    assert (told.items, told.accepted, told.dropped, told.left) == (2, 1, 1, 0)
    await reopen(world.member, other.id, today(), "It is back")
    assert (await RectificationList.get(id=world.list.id)).closed_at is None
    assert await refused_at(an_item(world, due_on=today() - DAY)) == (RefusalCode.INVALID, ("due_on",))
    assert await refused_at(make_list(world.guard, world.compound.id, "Ours", RectificationSource.OWNERS)) == (
        RefusalCode.FORBIDDEN,
        (),
    )


async def test_a_service_beyond_the_contract_is_credited_once_the_owners_confirm_it() -> None:
    world = await a_world()
    made = await record_service(world.guard, world.compound.id, "A fountain", done_on=today() - DAY)
    assert await refused_at(confirm(world.manager, made.id)) == (RefusalCode.FORBIDDEN, ())
    assert await refused_at(withdraw(world.fitter, made.id)) == (RefusalCode.INVALID, ("id",))
    assert await refused_at(decline(world.member, made.id, " ")) == (RefusalCode.INVALID, ("reason",))
    assert await refused_at(confirm(world.clerk, made.id)) == (RefusalCode.INVALID, ("id",))
    await confirm(world.member, made.id, expected_version=1)
    assert await refused_at(decline(world.member, made.id, "No")) == (RefusalCode.ILLEGAL_MOVE, ("id",))
    await decline(world.member, (await record_service(world.guard, world.compound.id, "Sweeping")).id, "That is owed")
    counted = (world.compound.id, world.company.id, today() - 2 * DAY)
    assert await confirmed_services(*counted, today()) == 1
    assert await confirmed_services(*counted, today() - 2 * DAY) == 0


async def _a_file(world: World, item_id: str) -> File:
    return await File.create(
        subject_id=item_id,
        name="photo.png",
        media_type="image/png",
        size=1,
        sha256="0" * 64,
        uploaded_at=now(),
        compound_id=world.compound.id,
        street_id=world.street.id,
    )
