"""Work orders: whose they are, how they are done, who countersigns, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.access import Role
from domain.facilities import FacilityKind, FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.stations import Point
from domain.upkeep import Found, ItemResult, Part, UpkeepKind, WorkOrderSource, WorkOrderState
from models import Fact, Mandate, Ticket, WorkOrder, WorkOrderPart
from models.calendar import now, today, zone
from models.upkeep import Report, assign, cancel, countersign, finish, open_order, reject, start
from tests.builders import a_facility, a_ticket, an_organisation
from tests.models.ticket_world import refusal, somebody

from .world import DAY, HALF_MONTH, QUARTER, a_lift, all_well, an_order, an_upkeep_world, done, dues, items, wound

pytestmark = pytest.mark.usefixtures("database")


async def test_a_lift_s_work_is_the_lift_company_s_and_the_property_company_countersigns() -> None:
    world = await an_upkeep_world()
    order = await open_order(world.manager, world.lift.id, HALF_MONTH)
    assert (order.state, order.organisation_id) == (WorkOrderState.PLANNED, world.lifters.id)
    assert (await refusal(start(world.manager, order.id))).code is RefusalCode.INVALID

    await assign(world.chief, order.id, assignee_id=world.worker.account_id)
    await start(world.worker, order.id)
    part = Part("Roller", Decimal(2), "件", Decimal("35.50"))
    order = await finish(world.worker, order.id, Report(all_well(HALF_MONTH), [part], note="Quiet again"))
    assert (order.state, order.done_by_id, order.faults) == (WorkOrderState.DONE, world.worker.account_id, 0)
    assert [row.unit_price for row in await WorkOrderPart.filter(work_order_id=order.id)] == [Decimal("35.500")]

    assert (await refusal(countersign(world.worker, order.id))).code is RefusalCode.FORBIDDEN
    assert "does not countersign" in (await refusal(countersign(world.chief, order.id))).message.en
    assert (await refusal(countersign(world.clerk, order.id))).path == ("id",)
    order = await countersign(world.manager, order.id)
    assert (order.state, order.signed_by_id) == (WorkOrderState.COUNTERSIGNED, world.manager.account_id)
    assert (await refusal(reject(world.manager, order.id, "Late"))).code is RefusalCode.ILLEGAL_MOVE
    assert await Fact.filter(subject_id=order.id).count() == 5


async def test_what_the_property_company_did_itself_is_countersigned_by_the_community() -> None:
    world = await an_upkeep_world()
    extinguisher = await a_facility(world.compound, kind=FacilityKind.EXTINGUISHER)
    order = await open_order(world.manager, extinguisher.id, UpkeepKind.EXTINGUISHER_CHECK)
    assert order.organisation_id == world.company.id
    await start(world.manager, order.id)
    await finish(world.manager, order.id, Report(all_well(order.kind)))
    assert (await refusal(countersign(world.manager, order.id))).code is RefusalCode.INVALID
    colleague = await somebody(Role.COMPANY_MANAGER, organisation=world.company)
    assert (await refusal(countersign(colleague, order.id))).code is RefusalCode.INVALID
    assert (await countersign(world.clerk, order.id)).state is WorkOrderState.COUNTERSIGNED


async def test_finishing_moves_the_clock_and_a_rejection_moves_it_back() -> None:
    world = await an_upkeep_world()
    first = await done(world, at=now() - 20 * DAY)
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() - 5 * DAY
    await countersign(world.manager, first.id)
    second = await done(world)
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() + 15 * DAY
    assert (await refusal(reject(world.manager, second.id, " "))).path == ("reason",)
    second = await reject(world.manager, second.id, "The pit was wet")
    assert (second.state, second.rejections) == (WorkOrderState.REJECTED, 1)
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() - 5 * DAY
    await start(world.worker, second.id)
    again = await finish(world.worker, second.id, Report(all_well(HALF_MONTH)))
    assert (again.state, again.objection) == (WorkOrderState.DONE, "The pit was wet")
    assert (await dues(world.lift))[HALF_MONTH].due_on == today() + 15 * DAY


async def test_a_longer_maintenance_is_a_shorter_one_too() -> None:
    world = await an_upkeep_world()
    await done(world, QUARTER, at=now() - 3 * DAY)
    due = await dues(world.lift)
    assert due[HALF_MONTH].due_on == today() + 12 * DAY
    assert due[HALF_MONTH].last_on == due[QUARTER].last_on == today() - 3 * DAY
    assert due[UpkeepKind.LIFT_YEAR].last_on is None


async def test_a_fault_opens_a_ticket_and_sets_the_status() -> None:
    world = await an_upkeep_world()
    order = await an_order(world)
    report = Report(
        all_well(HALF_MONTH, brake="Worn out"), status=FacilityStatus.OUT_OF_SERVICE, opens_ticket=True, note="Stopped"
    )
    order = await finish(world.worker, order.id, report)
    ticket = await Ticket.get(id=order.fault_ticket_id or "")
    assert (ticket.facility_id, order.faults) == (world.lift.id, 1)
    assert "Worn out" in ticket.description
    await world.lift.refresh_from_db()
    assert world.lift.status is FacilityStatus.OUT_OF_SERVICE
    assert [(item.code, item.result) for item in await items(order) if item.note] == [("brake", ItemResult.FAULT)]


async def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    world = await an_upkeep_world()
    order = await an_order(world)
    well = all_well(HALF_MONTH)
    for report, path in (
        (Report(well[:-1]), ("items",)),
        (Report([*well, Found("colour", ItemResult.OK)]), ("items", str(len(well)), "code")),
        (Report(well, done_at=now() + timedelta(minutes=1)), ("done_at",)),
        (Report(well, done_at=now() - DAY), ("done_at",)),
        (Report(well, [Part("Roller", Decimal(-1), "件", Decimal(1))]), ("parts", "0", "quantity")),
        (Report(well, at=Point(29.3, 105.9)), ("latitude",)),
    ):
        refused = await refusal(finish(world.worker, order.id, report))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, path)
    assert (await WorkOrder.get(id=order.id)).state is WorkOrderState.IN_PROGRESS
    assert not [item for item in await items(order) if item.result]

    assert (await refusal(open_order(world.manager, world.lift.id, HALF_MONTH))).code is RefusalCode.CONFLICT
    assert (await refusal(open_order(world.manager, world.lift.id, UpkeepKind.TANK_CLEAN))).path == ("kind",)
    stranger = await an_organisation(world.street)
    by_stranger = open_order(world.officer, world.lift.id, QUARTER, organisation_id=stranger.id)
    assert (await refusal(by_stranger)).path == ("organisation_id",)
    elsewhere = await a_ticket(facility_id=None)
    assert (
        await refusal(open_order(world.officer, world.lift.id, QUARTER, ticket_id=elsewhere.id))
    ).code is RefusalCode.NOT_FOUND
    other = await a_ticket(world.compound, facility_id=(await a_lift(world)).id)
    assert (await refusal(open_order(world.manager, world.lift.id, QUARTER, ticket_id=other.id))).path == ("ticket_id",)
    mine = await a_ticket(world.compound, facility_id=world.lift.id)
    assert (await open_order(world.manager, world.lift.id, QUARTER, ticket_id=mine.id)).source is WorkOrderSource.TICKET


async def test_the_same_is_not_done_twice_at_one_moment() -> None:
    world = await an_upkeep_world()
    moment = now() - timedelta(hours=1)
    await done(world, at=moment)
    again = await an_order(world, on=moment.astimezone(zone()).date())
    refused = await refusal(finish(world.worker, again.id, Report(all_well(HALF_MONTH), done_at=moment)))
    assert (refused.code, refused.path) == (RefusalCode.CONFLICT, ("done_at",))
    assert (await WorkOrder.get(id=again.id)).state is WorkOrderState.IN_PROGRESS


async def test_of_two_who_finish_it_at_once_one_stands() -> None:
    world = await an_upkeep_world()
    order = await an_order(world)
    colleague = await somebody(Role.COMPANY_STAFF, organisation=world.lifters)
    part = Part("Roller", Decimal(1), "件", Decimal(1))
    attempts = [finish(viewer, order.id, Report(all_well(HALF_MONTH), [part])) for viewer in (world.worker, colleague) * 2]
    ends = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [end for end in ends if isinstance(end, Refused)]
    assert [refused.code for refused in refusals] == [RefusalCode.ILLEGAL_MOVE] * 3
    assert await WorkOrderPart.filter(work_order_id=order.id).count() == 1
    assert await Fact.filter(subject_id=order.id, action="workOrderFinish").count() == 1


async def test_who_does_the_work_does_not_say_that_it_need_not_be_done() -> None:
    world = await an_upkeep_world()
    order = await open_order(world.chief, world.lift.id, HALF_MONTH)
    assert (await refusal(cancel(world.chief, order.id, "No time"))).code is RefusalCode.INVALID
    assert (await cancel(world.manager, order.id, "Opened twice")).state is WorkOrderState.CANCELLED
    assert (await refusal(start(world.worker, order.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_work_goes_with_the_mandate() -> None:
    world = await an_upkeep_world()
    order = await an_order(world)
    await Mandate.filter(organisation_id=world.lifters.id).update(ends_on=today() - DAY)
    gone = await refusal(finish(world.worker, order.id, Report(all_well(HALF_MONTH))))
    assert gone.code is RefusalCode.INVALID
    refused = await refusal(assign(world.manager, order.id, organisation_id=world.lifters.id))
    assert refused.path == ("organisation_id",)
    outsider = await refusal(
        assign(world.manager, order.id, organisation_id=world.company.id, assignee_id=world.worker.account_id)
    )
    assert outsider.code in {RefusalCode.NOT_FOUND, RefusalCode.INVALID}
    order = await assign(world.manager, order.id, organisation_id=world.company.id)
    assert (await start(world.manager, order.id)).assignee_id == world.manager.account_id


async def test_where_they_stood_is_asked_only_where_the_plan_asks_and_kept_as_a_distance() -> None:
    world = await an_upkeep_world()
    order = await an_order(world)
    await WorkOrder.filter(id=order.id).update(asks_location=True)
    refused = await refusal(finish(world.worker, order.id, Report(all_well(HALF_MONTH))))
    assert refused.path == ("latitude",)
    order = await finish(world.worker, order.id, Report(all_well(HALF_MONTH), at=Point(29.357, 105.918)))
    assert order.distance_m == 111
    assert (await wound(world.lift))[HALF_MONTH].due_on == today() + 15 * DAY
