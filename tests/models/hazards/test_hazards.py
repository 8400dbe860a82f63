"""Hazards: whose they are, how they are put right, who looks again, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState
from domain.refusals import RefusalCode
from models import Fact, File, Hazard
from models.alerts import set_threshold
from models.calendar import now
from models.facts import Actor
from models.hazards import assign, dismiss, recheck, rectify, report, report_found, set_grade
from models.work import ringing
from tests.builders import a_compound, a_device, a_facility, an_alert
from tests.models.ticket_world import refusal, somebody

from .world import FireWorld, a_fire_world, a_hazard, a_hazard_in_hand, a_hazard_put_right

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
_numbers = count()
ROUNDS = Actor("system:rounds")


async def found_by_a_round(world: FireWorld, **given: Any) -> Hazard:
    place: dict[str, Any] = {"compound_id": world.compound.id, "street_id": world.compound.street_id}
    async with ringing(), in_transaction():
        return await report_found(ROUNDS, **({"what": "Door wedged open", "topic": "point item"} | place | given))


async def evidence(hazard: Hazard, **columns: Any) -> File:
    of = {"subject_id": hazard.id, "compound_id": hazard.compound_id, "street_id": hazard.street_id}
    shown = {"name": "stairs.jpg", "media_type": "image/jpeg", "size": 1, "sha256": f"{next(_numbers):064}", "uploaded_at": now()}
    return await File.create(**(of | shown | columns))


async def test_a_hazard_goes_to_whoever_handles_the_compound_with_the_deadline_of_its_grade() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world, spot="Stairs of unit 2")
    assert (hazard.state, hazard.source, hazard.organisation_id) == (HazardState.REPORTED, HazardSource.PERSON, world.company.id)
    assert hazard.due_at - hazard.found_at == 7 * DAY
    grave = await report(world.clerk, world.open_court.id, what="Exit bricked up", grade=HazardGrade.MAJOR)
    assert (grave.organisation_id, grave.due_at - grave.found_at) == (world.office.id, 3 * DAY)


async def test_limits_are_figures_that_a_compound_may_have_of_its_own() -> None:
    world = await a_fire_world()
    await set_threshold(Actor("test"), "fire_safety.hazard_overdue", {"days": 2}, world.compound)
    assert (hazard := await a_hazard(world)).due_at - hazard.found_at == 2 * DAY


async def test_a_hazard_is_put_right_and_looked_at_again_by_somebody_else() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    assert (await refusal(rectify(world.guard, hazard.id, "Carried away"))).code is RefusalCode.ILLEGAL_MOVE
    hazard = await assign(world.manager, hazard.id, assignee_id=world.guard.account_id)
    assert (hazard.state, hazard.assignee_id) == (HazardState.ASSIGNED, world.guard.account_id)
    assert (await refusal(rectify(world.guard, hazard.id, " "))).path == ("remedy",)
    hazard = await rectify(world.guard, hazard.id, "Carried away", expected_version=hazard.version)
    assert hazard.recheck_by is not None
    assert (await refusal(recheck(world.guard, hazard.id, passed=True))).path == ("id",)
    assert (await refusal(recheck(world.fitter, hazard.id, passed=True))).path == ("id",)
    assert (await refusal(recheck(world.manager, hazard.id, passed=False))).path == ("note",)
    hazard = await recheck(world.manager, hazard.id, passed=False, note="Still there")
    assert (hazard.state, hazard.reopened_count, hazard.objection) == (HazardState.ASSIGNED, 1, "Still there")
    await rectify(world.guard, hazard.id, "Carried away for good")
    hazard = await recheck(world.clerk, hazard.id, passed=True)
    assert (hazard.state, hazard.outcome, hazard.objection) == (HazardState.CLOSED, HazardOutcome.RECTIFIED, "")
    assert (await refusal(assign(world.manager, hazard.id))).code is RefusalCode.ILLEGAL_MOVE
    acts = await Fact.filter(subject_id=hazard.id).order_by("id").values_list("action", flat=True)
    done = ["hazardReport", "hazardAssign", "hazardRectify", "hazardRecheck", "hazardRectify", "hazardRecheck"]
    assert list(acts) == done


async def test_a_major_hazard_needs_an_interim_measure_evidence_and_an_office_that_looks_again() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world, grade=HazardGrade.MAJOR)
    assert (await refusal(assign(world.manager, hazard.id))).path == ("interim_measure",)
    hazard = await assign(world.manager, hazard.id, interim_measure="A guard stands there")
    await evidence(hazard, uploaded_at=now() - DAY)
    await evidence(hazard, removed_at=now(), name="")
    assert "evidence" in (await refusal(rectify(world.guard, hazard.id, "Opened"))).message.en
    await evidence(hazard)
    await rectify(world.guard, hazard.id, "Opened")
    assert "office" in (await refusal(recheck(world.manager, hazard.id, passed=True))).message.en
    hazard = await recheck(world.clerk, hazard.id, passed=False, note="Locked again")
    assert "evidence" in (await refusal(rectify(world.guard, hazard.id, "Opened"))).message.en
    await evidence(hazard)
    await rectify(world.guard, hazard.id, "Opened")
    assert (await recheck(world.officer, hazard.id, passed=True)).state is HazardState.CLOSED


async def test_what_the_community_puts_right_itself_the_street_looks_at_again() -> None:
    world = await a_fire_world()
    hazard = await report(world.clerk, world.open_court.id, what="Exit bricked up", grade=HazardGrade.MAJOR)
    await assign(world.clerk, hazard.id, interim_measure="Neighbours know the other way")
    await evidence(hazard)
    await rectify(world.clerk, hazard.id, "Opened")
    colleague = await somebody(Role.COMMUNITY_STAFF, place=world.community, organisation_id=world.office.id)
    assert (await refusal(recheck(colleague, hazard.id, passed=True))).code is RefusalCode.INVALID
    assert (await recheck(world.officer, hazard.id, passed=True)).state is HazardState.CLOSED


async def test_what_is_found_again_while_it_is_open_is_counted_and_what_was_called_gone_is_open_again() -> None:
    world = await a_fire_world()
    first = await found_by_a_round(world)
    again = await found_by_a_round(world)
    assert (again.id, again.found_count, await Fact.filter(subject_id=first.id).count()) == (first.id, 2, 1)
    await assign(world.manager, first.id)
    await rectify(world.guard, first.id, "Wedge taken away")
    earlier = await found_by_a_round(world, found_at=now() - DAY)
    assert (earlier.state, earlier.found_count) == (HazardState.RECTIFIED, 3)
    back = await found_by_a_round(world)
    assert (back.id, back.state, back.reopened_count) == (first.id, HazardState.ASSIGNED, 1)
    await rectify(world.guard, first.id, "Wedge thrown away")
    await recheck(world.manager, first.id, passed=True)
    assert (await found_by_a_round(world)).id != first.id
    elsewhere = await found_by_a_round(world, compound_id=world.open_court.id)
    assert (elsewhere.found_count, elsewhere.organisation_id) == (1, world.office.id)


async def test_many_who_find_the_same_at_once_find_one_hazard() -> None:
    world = await a_fire_world()
    found = await asyncio.gather(*(found_by_a_round(world) for _ in range(4)))
    assert len({hazard.id for hazard in found}) == 1
    assert (await Hazard.get()).found_count == 4


async def test_of_two_who_report_it_put_right_at_once_one_does() -> None:
    world = await a_fire_world()
    hazard = await a_hazard_in_hand(world)
    done = await asyncio.gather(
        *(rectify(each, hazard.id, "Carried away") for each in (world.guard, world.manager)), return_exceptions=True
    )
    assert len([each for each in done if isinstance(each, Hazard)]) == 1


async def test_of_one_alert_it_is_one_hazard_and_what_is_named_must_be_of_the_compound() -> None:
    world = await a_fire_world()
    device = await a_device(world.compound)
    alert = await an_alert(device)
    first = await a_hazard(world, alert_id=alert.id)
    assert (first.source, (await a_hazard(world, alert_id=alert.id)).id) == (HazardSource.ALERT, first.id)
    other = await a_facility(await a_compound(world.community))
    assert (await refusal(report(world.clerk, world.compound.id, what="Hose gone", facility_id=other.id))).path == (
        "facility_id",
    )
    assert (await refusal(report(world.guard, world.compound.id, what="Hose gone", facility_id=other.id))).code is (
        RefusalCode.NOT_FOUND
    )
    assert (await refusal(a_hazard(world, what=" "))).path == ("what",)
    assert (await refusal(report(world.guard, world.open_court.id, what="Hose gone"))).code is RefusalCode.NOT_FOUND


async def test_a_company_gives_work_to_itself_and_to_who_serves_the_compound_and_does_not_put_it_off() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    assert (await refusal(assign(world.fitter, hazard.id))).path == ("id",)
    assert (await refusal(assign(world.manager, hazard.id, organisation_id=world.office.id))).path == ("organisation_id",)
    hazard = await assign(world.manager, hazard.id, organisation_id=world.firemen.id)
    assert (await refusal(rectify(world.manager, hazard.id, "Carried away"))).path == ("id",)
    stranger = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    assert (await refusal(assign(world.fitter, hazard.id, assignee_id=stranger.account_id))).code is RefusalCode.NOT_FOUND
    assert (await refusal(assign(world.manager, hazard.id, assignee_id=stranger.account_id))).path == ("assignee_id",)
    for wrong in (now() - DAY, now() + 400 * DAY, hazard.due_at + DAY):
        assert (await refusal(assign(world.fitter, hazard.id, due_at=wrong))).path == ("due_at",)
    sooner = await assign(world.fitter, hazard.id, due_at=now() + DAY)
    assert sooner.due_at < hazard.due_at
    later = await assign(world.clerk, hazard.id, due_at=now() + 30 * DAY)
    assert later.due_at > hazard.due_at
    assert (await refusal(assign(world.clerk, hazard.id, expected_version=1))).code is RefusalCode.STALE_VERSION


async def test_a_worse_grade_is_sooner_due_and_a_milder_one_is_for_an_office_to_say() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    worse = await set_grade(world.guard, hazard.id, HazardGrade.MAJOR)
    assert worse.due_at < hazard.due_at
    assert (await refusal(set_grade(world.manager, hazard.id, HazardGrade.GENERAL))).path == ("id",)
    milder = await set_grade(world.clerk, hazard.id, HazardGrade.GENERAL)
    assert milder.due_at - milder.found_at == 7 * DAY
    assert (await set_grade(world.clerk, hazard.id, HazardGrade.GENERAL)).version == milder.version
    await assign(world.manager, hazard.id)
    assert (await refusal(set_grade(world.guard, hazard.id, HazardGrade.MAJOR))).path == ("interim_measure",)
    assert (await refusal(set_grade(world.fitter, hazard.id, HazardGrade.MAJOR))).path == ("id",)


async def test_a_hazard_is_dismissed_by_an_office_that_is_not_to_put_it_right() -> None:
    world = await a_fire_world()
    hazard = await a_hazard(world)
    assert (await refusal(dismiss(world.manager, hazard.id, HazardOutcome.NONE, "None"))).code is RefusalCode.FORBIDDEN
    assert (await refusal(dismiss(world.clerk, hazard.id, HazardOutcome.RECTIFIED, "None"))).path == ("outcome",)
    assert (await refusal(dismiss(world.clerk, hazard.id, HazardOutcome.NONE, ""))).path == ("reason",)
    hazard = await dismiss(world.clerk, hazard.id, HazardOutcome.NONE, "A flower pot")
    assert (hazard.state, hazard.outcome) == (HazardState.CLOSED, HazardOutcome.NONE)
    own = await report(world.clerk, world.open_court.id, what="Boxes")
    assert (await refusal(dismiss(world.clerk, own.id, HazardOutcome.DUPLICATE, "Twice"))).path == ("id",)
    assert (await dismiss(world.officer, own.id, HazardOutcome.DUPLICATE, "Twice")).state is HazardState.CLOSED
    right = await a_hazard_put_right(world)
    assert (await refusal(dismiss(world.clerk, right.id, HazardOutcome.NONE, "None"))).code is RefusalCode.ILLEGAL_MOVE
