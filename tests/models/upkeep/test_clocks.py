"""The clocks of facilities: orders made once, warnings given once, lifts that stand lawfully or not, plans that were changed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.facilities import FacilityKind, FacilityStatus
from domain.notices import UPKEEP_OVERDUE, UPKEEP_WARNED
from domain.refusals import RefusalCode
from domain.upkeep import (
    Cadence,
    CadenceMeasure,
    DueState,
    InspectionResult,
    Plan,
    PlanSource,
    UpkeepKind,
    WorkOrderSource,
    WorkOrderState,
)
from models import Facility, Notice, UpkeepDue, Work, WorkOrder
from models.calendar import now, today
from models.facilities import report_status_of
from models.upkeep import (
    KIND,
    KIND_ALL,
    Report,
    cancel,
    countersign,
    finish,
    leave_due,
    leave_kind,
    overdue,
    record_inspection,
    resume,
    set_plan,
    start,
    suspend,
    wind_all,
)
from models.viewers import viewer_of
from tests.builders import a_channel, a_compound, a_facility
from tests.models.ticket_world import refusal

from .world import DAY, HALF_MONTH, UpkeepWorld, a_lift, all_well, an_upkeep_world, done, dues, wound

pytestmark = pytest.mark.usefixtures("database")


async def _planned(facility: Facility, kind: UpkeepKind = HALF_MONTH) -> list[WorkOrder]:
    return await WorkOrder.filter(facility_id=facility.id, kind=kind, source=WorkOrderSource.PLAN).order_by("opened_at")


async def test_an_order_is_made_ahead_of_the_day_once_however_many_look() -> None:
    world = await an_upkeep_world()
    day = today()
    assert await leave_due(day) == 1
    await wind_all([world.lift.id])
    due = (await dues(world.lift))[HALF_MONTH]
    assert (due.due_on, due.look_on) == (day + 15 * DAY, day + 10 * DAY)
    assert await _planned(world.lift) == []
    assert await leave_due(day) == 0
    assert await leave_due(day + 10 * DAY) == 1

    await UpkeepDue.filter(facility_id=world.lift.id).update(since=day - 11 * DAY)
    await asyncio.gather(*(wind_all([world.lift.id]) for _ in range(4)))
    (order,) = await _planned(world.lift)
    assert (order.due_on, order.organisation_id) == (day + 4 * DAY, world.lifters.id)
    await cancel(world.manager, order.id, "The lift is replaced that day")
    await wind_all([world.lift.id])
    assert len(await _planned(world.lift)) == 1


async def test_an_order_that_nobody_began_goes_where_it_is_not_due_any_more() -> None:
    world = await an_upkeep_world()
    await done(world, at=now() - 12 * DAY)
    (order,) = await _planned(world.lift)
    await done(world, UpkeepKind.LIFT_QUARTER)
    await order.refresh_from_db()
    assert order.state is WorkOrderState.CANCELLED
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() + 15 * DAY


async def test_people_are_warned_once_and_told_once_that_it_is_overdue() -> None:
    world = await an_upkeep_world()
    for organisation in (world.company, world.lifters):
        await a_channel(organisation)
    await wound(world.lift)
    await UpkeepDue.filter(facility_id=world.lift.id).exclude(kind=HALF_MONTH).update(since=today() + 400 * DAY)
    await UpkeepDue.filter(facility_id=world.lift.id, kind=HALF_MONTH).update(since=today() - 14 * DAY)
    for _ in range(2):
        await wound(world.lift)
    assert await Notice.all().values_list("type", flat=True) == [UPKEEP_WARNED] * 2
    for late in (2, 3):
        await wound(world.lift, today() + late * DAY)
    assert sorted(await Notice.all().values_list("type", flat=True)) == [UPKEEP_OVERDUE] * 2 + [UPKEEP_WARNED] * 2  # pyright: ignore[reportUnknownArgumentType, reportArgumentType]
    (late,) = await overdue(world.street.id, world.compound.id, day=today() + 3 * DAY)
    assert (late.kind, late.days, late.facility_id) == (HALF_MONTH, 2, world.lift.id)
    assert await overdue(world.street.id, day=today()) == []


async def test_a_lift_that_is_suspended_stands_still_and_one_that_is_broken_does_not() -> None:
    world = await an_upkeep_world()
    moment = now()
    await done(world, at=moment - 40 * DAY)
    assert (await _suspend(world)).path == ("id",)
    await report_status_of(world.manager, world.lift.id, FacilityStatus.OUT_OF_SERVICE, moment - 30 * DAY, "Waits for parts")
    assert await Work.filter(kind=KIND).count() == 1
    broken = (await wound(world.lift))[HALF_MONTH]
    assert broken.due_on == today() - 25 * DAY
    assert "the clock goes on" in broken.why["en"]

    assert (await _suspend(world, starts_on=today() - 31 * DAY)).path == ("starts_on",)
    assert (await _suspend(world, starts_on=today() + DAY)).path == ("starts_on",)
    assert (await _suspend(world, filing=" ")).path == ("filing",)
    bench = await a_facility(world.compound, kind=FacilityKind.BENCH)
    assert (await refusal(suspend(world.manager, bench.id, starts_on=today(), filed_on=today(), filing="1"))).path == ("id",)
    given: Any = {"starts_on": today() - 30 * DAY, "filed_on": today() - 2 * DAY, "filing": "渝停 24"}
    stop = await suspend(world.manager, world.lift.id, **given)
    assert (await _suspend(world)).code is RefusalCode.CONFLICT
    standing = (await dues(world.lift))[HALF_MONTH]
    assert (standing.state, standing.due_on, standing.next_of_id) == (DueState.STANDING, None, None)
    assert "渝停 24" in standing.why["zh-CN"]
    assert {order.state for order in await _planned(world.lift)} == {WorkOrderState.CANCELLED}

    assert (await refusal(resume(world.manager, stop.id, ends_on=today() + DAY))).path == ("ends_on",)
    await resume(world.manager, stop.id)
    assert (await refusal(resume(world.manager, stop.id))).code is RefusalCode.ILLEGAL_MOVE
    again = (await dues(world.lift))[HALF_MONTH]
    assert (again.state, again.due_on) == (DueState.RUNNING, today())
    assert "before it is used again" in again.why["en"]
    await done(world)
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() + 15 * DAY


async def _suspend(world: UpkeepWorld, **given: Any) -> Any:
    usual: dict[str, Any] = {"starts_on": today() - 30 * DAY, "filed_on": today(), "filing": "渝停 24"}
    return await refusal(suspend(world.manager, world.lift.id, **(usual | given)))


async def test_the_nearest_plan_holds_and_none_holds_where_it_is_off() -> None:
    world = await an_upkeep_world()
    lift, other = world.lift, await a_lift(world)
    ten = Plan(Cadence(CadenceMeasure.DAYS, 10), "渝市监〔2026〕1 号", 3, 1)
    await set_plan(world.officer, world.street.id, FacilityKind.LIFT, HALF_MONTH, ten)
    assert await Work.filter(kind=KIND_ALL).count() == 1
    assert await leave_kind(world.street.id, FacilityKind.LIFT) == 2
    seven = Plan(Cadence(CadenceMeasure.DAYS, 7), "合同约定", 3, 1)
    row = await set_plan(world.officer, lift.id, FacilityKind.LIFT, HALF_MONTH, seven)
    assert row is not None
    assert row.source is PlanSource.FACILITY
    assert (await wound(lift))[HALF_MONTH].due_on == today() + 7 * DAY
    near = (await wound(other))[HALF_MONTH]
    assert (near.due_on, near.source, near.clause) == (today() + 10 * DAY, PlanSource.STREET, "渝市监〔2026〕1 号")
    await set_plan(world.officer, lift.id, FacilityKind.LIFT, HALF_MONTH, None, reset=True)
    off = Plan(Cadence(CadenceMeasure.DAYS, 7), "合同约定", 3, 1, off=True)
    await set_plan(world.officer, world.compound.id, FacilityKind.LIFT, UpkeepKind.LIFT_YEAR, off)
    again = await wound(lift)
    assert again[HALF_MONTH].due_on == today() + 10 * DAY
    assert UpkeepKind.LIFT_YEAR not in again


async def test_a_plan_that_cannot_be_is_refused() -> None:
    world = await an_upkeep_world()

    async def refused(place: str, cadence: Cadence, kind: UpkeepKind = HALF_MONTH, **given: Any) -> tuple[str, ...]:
        figures: dict[str, Any] = {"clause": "1", "ahead_days": 3, "warn_days": 1} | given
        return (await refusal(set_plan(world.officer, place, FacilityKind.LIFT, kind, Plan(cadence, **figures)))).path

    fifteen, street = Cadence(CadenceMeasure.DAYS, 15), world.street.id
    assert await refused(street, Cadence(CadenceMeasure.DAYS, 0)) == ("every",)
    assert await refused(street, fifteen, ahead_days=-1) == ("ahead_days",)
    assert await refused(street, fifteen, clause=" ") == ("clause",)
    assert await refused(street, fifteen, UpkeepKind.REPAIR) == ("kind",)
    assert await refused(world.community.id, fifteen) == ("place_id",)
    assert await refused(world.office.id, fifteen) == ("place_id",)
    bench = await a_facility(world.compound, kind=FacilityKind.BENCH)
    assert await refused(bench.id, fifteen) == ("facility_kind",)
    none = await refusal(set_plan(world.officer, street, FacilityKind.LIFT, HALF_MONTH, None))
    assert none.path == ("measure",)
    by_company = await refusal(set_plan(world.manager, world.lift.id, FacilityKind.LIFT, HALF_MONTH, None, reset=True))
    assert by_company.code is RefusalCode.FORBIDDEN


async def test_an_inspection_tells_until_when_it_holds() -> None:
    world = await an_upkeep_world()
    kind = UpkeepKind.LIFT_INSPECTION
    given: Any = {"result": InspectionResult.PASSED, "done_on": today() - DAY, "body": "市特检院", "report_number": "TJ-1"}

    async def refused(**wrong: Any) -> tuple[str, ...]:
        return (await refusal(record_inspection(world.manager, world.lift.id, **({"kind": kind} | given | wrong)))).path

    assert await refused(done_on=today() + DAY) == ("done_on",)
    assert await refused(until=today() - DAY) == ("until",)
    assert await refused(until=today() + timedelta(days=9_999)) == ("until",)
    assert await refused(result=InspectionResult.FAILED, until=today() + DAY) == ("until",)
    assert await refused(kind=HALF_MONTH) == ("kind",)
    assert await refused(body="") == ("body",)
    until = today() + 300 * DAY
    await record_inspection(world.manager, world.lift.id, kind, **given, until=until)
    assert await refused() == ("report_number",)
    due = (await dues(world.lift))[kind]
    assert (due.due_on, due.last_on) == (until, today() - DAY)
    assert due.apply_by is not None
    assert due.apply_by < until
    failed = given | {"result": InspectionResult.FAILED, "report_number": "TJ-2", "done_on": today()}
    await record_inspection(world.manager, world.lift.id, kind, **failed)
    assert (await dues(world.lift))[kind].due_on == until


async def test_what_is_taken_out_for_good_is_not_looked_after_any_more() -> None:
    world = await an_upkeep_world()
    await done(world, at=now() - 12 * DAY)
    await report_status_of(world.manager, world.lift.id, FacilityStatus.RETIRED)
    assert {row.state for row in (await wound(world.lift)).values()} == {DueState.ENDED}
    assert {order.state for order in await _planned(world.lift)} == {WorkOrderState.CANCELLED}


async def test_where_no_company_serves_the_community_does_it_and_the_street_countersigns() -> None:
    world = await an_upkeep_world()
    hydrant = await a_facility(await a_compound(world.community), kind=FacilityKind.HYDRANT)
    await wound(hydrant)
    await UpkeepDue.filter(facility_id=hydrant.id).update(since=today() - 90 * DAY)
    await wound(hydrant)
    (order,) = await _planned(hydrant, UpkeepKind.HYDRANT_CHECK)
    assert order.organisation_id == world.office.id
    clerk = await viewer_of(world.clerk.account_id or "")
    assert clerk is not None
    await start(clerk, order.id)
    await finish(clerk, order.id, Report(all_well(order.kind)))
    assert (await refusal(countersign(clerk, order.id))).code is RefusalCode.INVALID
    assert (await countersign(world.officer, order.id)).state is WorkOrderState.COUNTERSIGNED
