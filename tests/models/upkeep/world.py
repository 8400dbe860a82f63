"""A compound with a lift, its property company, the lift company beside it, and their people."""

from datetime import date, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.facilities import FacilityKind
from domain.organisations import MandateService
from domain.upkeep import CHECKLISTS, Found, ItemResult, UpkeepKind, WorkOrderState
from models import Compound, Facility, Organisation, Place, UpkeepDue, WorkOrder, WorkOrderItem
from models.calendar import now, today
from models.upkeep import Report, finish, open_order, start, wind
from tests.builders import (
    a_community,
    a_community_office,
    a_company_serving,
    a_compound,
    a_facility,
    a_mandate,
    a_street,
    an_organisation,
)
from tests.models.ticket_world import somebody

DAY = timedelta(days=1)
HALF_MONTH, QUARTER = UpkeepKind.LIFT_HALF_MONTH, UpkeepKind.LIFT_QUARTER


class UpkeepWorld:
    """The property company answers for the lift; the lift company does the work."""

    street: Place
    community: Place
    office: Organisation
    compound: Compound
    company: Organisation
    lifters: Organisation
    lift: Facility
    officer: Viewer
    clerk: Viewer
    manager: Viewer
    chief: Viewer
    worker: Viewer


async def an_upkeep_world() -> UpkeepWorld:
    made = UpkeepWorld()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.office = await a_community_office(made.community)
    made.compound = await a_compound(made.community, latitude=29.356, longitude=105.918)
    made.company = await a_company_serving(made.compound)
    made.lifters = await an_organisation(made.street, name="Lift Company")
    await a_mandate(made.lifters, made.compound, service=MandateService.LIFT_MAINTENANCE)
    made.lift = await a_lift(made)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community, organisation_id=made.office.id)
    made.manager = await somebody(Role.COMPANY_MANAGER, organisation=made.company)
    made.chief = await somebody(Role.COMPANY_MANAGER, organisation=made.lifters)
    made.worker = await somebody(Role.COMPANY_STAFF, organisation=made.lifters)
    return made


async def a_lift(world: UpkeepWorld, **columns: Any) -> Facility:
    given = {"kind": FacilityKind.LIFT, "name": "Lift 24", "attributes": {"in_use_since": "2020-03-01"}}
    return await a_facility(world.compound, **(given | columns))


async def wound(facility: Facility, day: date | None = None) -> dict[UpkeepKind, UpkeepDue]:
    """What is due of the facility once its clock was wound on a day."""
    async with in_transaction():
        row = await Facility.select_for_update(of=("facility",)).get(id=facility.id)
        await wind(row, today=day)
    return await dues(facility)


async def dues(facility: Facility) -> dict[UpkeepKind, UpkeepDue]:
    return {row.kind: row for row in await UpkeepDue.filter(facility_id=facility.id)}


def all_well(kind: UpkeepKind, **faults: str) -> list[Found]:
    """A whole checklist, with these faults."""
    found: list[Found] = []
    for item in CHECKLISTS[kind]:
        fault = faults.get(item.code.replace("-", "_"))
        result = ItemResult.FAULT if fault else ItemResult.NOT_APPLICABLE if item.unit else ItemResult.OK
        reading = None
        found.append(Found(item.code, result, reading, fault or ""))
    return found


async def an_order(world: UpkeepWorld, kind: UpkeepKind = HALF_MONTH, *, on: date | None = None, **given: Any) -> WorkOrder:
    """The order that a plan made, or else one opened by hand, begun by the lift company's worker."""
    facility_id = given.pop("facility_id", world.lift.id)
    planned = await WorkOrder.filter(facility_id=facility_id, kind=kind, state=WorkOrderState.PLANNED).first()
    order = planned or await open_order(world.manager, facility_id, kind, planned_on=on, **given)
    return await start(world.worker, order.id)


async def done(world: UpkeepWorld, kind: UpkeepKind = HALF_MONTH, *, at: datetime | None = None) -> WorkOrder:
    """An order that the lift company's worker has done."""
    moment = at or now()
    order = await an_order(world, kind, on=min(moment.date(), today()))
    return await finish(world.worker, order.id, Report(all_well(kind), done_at=moment))


async def items(order: WorkOrder) -> list[WorkOrderItem]:
    return await WorkOrderItem.filter(work_order_id=order.id).order_by("place")
