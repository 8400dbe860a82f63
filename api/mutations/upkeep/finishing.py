"""Mutations on work orders that are done; the acts are in models/upkeep/."""

from datetime import datetime
from decimal import Decimal

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.stations import Point
from domain.upkeep import Found, ItemResult, Part
from domain.words import Text
from models import upkeep

from .orders import ORDER

for _word in (ItemResult, FacilityStatus):
    graphql_enum(_word)


@strawberry.input(description="What was found at one item of the checklist.")
class WorkOrderItemInput:
    code: str = strawberry.field(description="Its code on the list (编码).")
    result: ItemResult = strawberry.field(description="What was found (结果).")
    reading: Decimal | None = strawberry.field(
        description="The reading (读数), where the item has a unit.", default=strawberry.UNSET
    )
    note: str = strawberry.field(
        description="What is said of it (说明), at most 500 characters; required with FAULT.", default=""
    )


@strawberry.input(description="A part that was used up.")
class WorkOrderPartInput:
    name: str = strawberry.field(description="What it is (名称), 1 to 120 characters.")
    quantity: Decimal = strawberry.field(description="How much of it (数量), more than 0.")
    unit: str = strawberry.field(description="What it is counted in (单位), 1 to 20 characters.")
    unit_price: Decimal = strawberry.field(description="Price of one, in yuan (单价), 0 or more.")


@strawberry.input(description="A work order that is done: what was found, and what was used up.")
class WorkOrderFinishInput(ChangeInput):
    items: list[WorkOrderItemInput] = strawberry.field(description="The whole checklist (检查清单).")
    parts: list[WorkOrderPartInput] = strawberry.field(
        description="Parts that were used up (配件), 50 at most.", default_factory=list[WorkOrderPartInput]
    )
    done_at: datetime | None = strawberry.field(
        description="When it was done (完成时间). Default: now.", default=strawberry.UNSET
    )
    note: str = strawberry.field(description="What else is to be said (作业说明), at most 1,000 characters.", default="")
    latitude: float | None = strawberry.field(
        description="Where it was done: degrees, WGS 84 (纬度); only where the plan asks for it. Only the distance is kept.",
        default=strawberry.UNSET,
    )
    longitude: float | None = strawberry.field(description="The same (经度).", default=strawberry.UNSET)
    status: FacilityStatus | None = strawberry.field(
        description="How the facility is since then (设施状态). Default: as it was.", default=strawberry.UNSET
    )
    opens_ticket: bool = strawberry.field(
        description="Whether a ticket is opened for the faults that were found (是否转报修).", default=False
    )


@bound("What workOrderFinish answers.")
class WorkOrderFinishPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Report a work order done (完成作业), with its whole checklist; what is due next follows from it.")
async def work_order_finish(context: Context, given: WorkOrderFinishInput) -> WorkOrderFinishPayload:
    report = upkeep.Report(
        items=[Found(item.code, item.result, item.reading, item.note) for item in given.items],
        parts=[Part(part.name, part.quantity, part.unit, part.unit_price) for part in given.parts],
        done_at=given.done_at,
        note=given.note,
        at=_point(given.latitude, given.longitude),
        status=given.status,
        opens_ticket=given.opens_ticket,
        expected_version=given.expected_version,
    )
    changed = await upkeep.finish(context.viewer, given.id, report)
    return WorkOrderFinishPayload(subject_id=changed.id)


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    if latitude is not None and longitude is not None:
        return Point(latitude, longitude)
    if latitude is None and longitude is None:
        return None
    raise Refused(
        RefusalCode.INVALID,
        Text("Half of a place is none.", "经纬度须同时填写。"),
        path=("latitude" if latitude is None else "longitude",),
        hint=Text("Give both latitude and longitude, or neither.", "请同时填写经度和纬度，或都不填。"),
    )


@strawberry.input(description="A work order that is accepted.")
class WorkOrderCountersignInput(ChangeInput):
    pass


@bound("What workOrderCountersign answers.")
class WorkOrderCountersignPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Countersign a work order (签认), as the safety manager of those who answer for the facility; never as who did it.")
async def work_order_countersign(context: Context, given: WorkOrderCountersignInput) -> WorkOrderCountersignPayload:
    changed = await upkeep.countersign(context.viewer, given.id, expected_version=given.expected_version)
    return WorkOrderCountersignPayload(subject_id=changed.id)


@strawberry.input(description="A work order that is not accepted, and why.")
class WorkOrderRejectInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What workOrderReject answers.")
class WorkOrderRejectPayload(Payload):
    work_order = by_id("WorkOrder", "subject_id", description=ORDER)


@mutation("Reject a work order (退回): it is to be done again, and what was due is due again.")
async def work_order_reject(context: Context, given: WorkOrderRejectInput) -> WorkOrderRejectPayload:
    changed = await upkeep.reject(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return WorkOrderRejectPayload(subject_id=changed.id)
