"""Mutations on work orders until they are done; the acts are in models/upkeep/."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.upkeep import UpkeepKind
from models import upkeep

graphql_enum(UpkeepKind)

ORDER = "The work order as it is now (作业单); null when refused."


@strawberry.input(description="Work to be done on a facility.")
class WorkOrderOpenInput(OnceInput):
    facility_id: strawberry.ID = strawberry.field(description="Facility (设施).")
    kind: UpkeepKind = strawberry.field(description="What is done (事项).")
    planned_on: date | None = strawberry.field(
        description="From when on it may be done (计划日); it may lie in the past. Default: today.", default=strawberry.UNSET
    )
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Who does it (作业单位). Default: who does such work in the compound.", default=strawberry.UNSET
    )
    ticket_id: strawberry.ID | None = strawberry.field(
        description="Ticket that it is opened for (来源工单).", default=strawberry.UNSET
    )


@bound("What workOrderOpen answers.")
class WorkOrderOpenPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Open a work order by hand, or for a ticket (开具作业单).")
async def work_order_open(context: Context, given: WorkOrderOpenInput) -> WorkOrderOpenPayload:
    made = await upkeep.open_order(
        context.viewer,
        given.facility_id,
        given.kind,
        planned_on=given.planned_on,
        organisation_id=given.organisation_id,
        ticket_id=given.ticket_id,
    )
    return WorkOrderOpenPayload(subject_id=made.id)


@strawberry.input(description="A work order and who does it.")
class WorkOrderAssignInput(ChangeInput):
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Who does it (作业单位), which serves the compound. Default: as it is.", default=strawberry.UNSET
    )
    assignee_id: strawberry.ID | None = strawberry.field(description="Who of them (作业人).", default=strawberry.UNSET)


@bound("What workOrderAssign answers.")
class WorkOrderAssignPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Name who does a work order (派工).")
async def work_order_assign(context: Context, given: WorkOrderAssignInput) -> WorkOrderAssignPayload:
    changed = await upkeep.assign(
        context.viewer,
        given.id,
        organisation_id=given.organisation_id,
        assignee_id=given.assignee_id,
        expected_version=given.expected_version,
    )
    return WorkOrderAssignPayload(subject_id=changed.id)


@strawberry.input(description="A work order to begin.")
class WorkOrderStartInput(ChangeInput):
    pass


@bound("What workOrderStart answers.")
class WorkOrderStartPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Begin a work order (开始作业), as the organisation that does it.")
async def work_order_start(context: Context, given: WorkOrderStartInput) -> WorkOrderStartPayload:
    changed = await upkeep.start(context.viewer, given.id, expected_version=given.expected_version)
    return WorkOrderStartPayload(subject_id=changed.id)


@strawberry.input(description="A work order that will not be done, and why.")
class WorkOrderCancelInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What workOrderCancel answers.")
class WorkOrderCancelPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Let a work order be (取消作业单); what is due stays due.")
async def work_order_cancel(context: Context, given: WorkOrderCancelInput) -> WorkOrderCancelPayload:
    changed = await upkeep.cancel(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return WorkOrderCancelPayload(subject_id=changed.id)
