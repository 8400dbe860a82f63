"""The end of a work order: done, with what was found and used; and countersigned, or rejected, by the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.stations import Point, check_point, distance_m
from domain.texts import written
from domain.tickets import TITLE_MAX, TicketKind
from domain.upkeep import (
    NOTE_MAX,
    REASON_MAX,
    Found,
    Item,
    ItemResult,
    Part,
    WorkOrderMove,
    check_done_at,
    check_found,
    check_parts,
    invalid,
)
from domain.words import Text, stored
from models.calendar import now, today, zone
from models.connection import constrained
from models.facilities import Facility, report_status
from models.permits import actor_of, permit
from models.territory import Compound
from models.tickets import open_ticket
from models.work import ringing

from .orders import check_doer, move, taken
from .rows import WorkOrder, WorkOrderItem, WorkOrderPart
from .sides import is_office, user_of, works_for
from .winding import wind


@dataclass(frozen=True)
class Report:
    """What is reported of work that is done. ``done_at`` None: now. ``at``: where whoever did it stood.

    ``status``: how the facility is since then; None: as it was. ``opens_ticket``: whether a ticket is opened for its faults.
    """

    items: Sequence[Found]
    parts: Sequence[Part] = ()
    done_at: datetime | None = None
    note: str = ""
    at: Point | None = None
    status: FacilityStatus | None = None
    opens_ticket: bool = False
    expected_version: int | None = None


async def finish(viewer: Viewer, order_id: str, report: Report) -> WorkOrder:
    """Report the work done: the whole checklist, the parts. What is due next follows from it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (it is another organisation's; see ``check_found``, ``check_parts``, ``check_done_at``;
    a place where none is asked for, none where it is), ILLEGAL_MOVE (of two who finish it the second), CONFLICT (the same was
    done at the same moment) and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        order, facility = await taken(viewer, order_id, "workOrderFinish", report.expected_version)
        await check_doer(viewer, order)
        moment = now()
        done_at = check_done_at((report.done_at or moment).astimezone(zone()), order.planned_on, moment)
        items = await WorkOrderItem.filter(work_order_id=order.id).order_by("place")
        faults = await _keep_found(items, report.items)
        await _keep_parts(order, check_parts(report.parts))
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("The same was done on this facility at the same moment.", "该设施在同一时刻已有同类作业记录。"),
                path=("done_at",),
                hint=Text("Give the time at which this one was done, or leave it be.", "请核对完成时间，勿重复上报。"),
            )
        ):
            order = await move(
                viewer,
                order,
                "workOrderFinish",
                WorkOrderMove.FINISH,
                done_at=done_at,
                done_by_id=viewer.account_id,
                faults=len(faults),
                note=written(report.note, "note", NOTE_MAX, least=0),
                distance_m=await _distance(order, report.at),
            )
        if report.status is not None:
            permit(viewer, "facilityReportStatus", facility)
            facility = await report_status(actor_of(viewer), facility, report.status, done_at, order.note[:REASON_MAX])
        if faults and report.opens_ticket:
            order = await _open_ticket(viewer, order, facility, faults)
        await wind(facility)
        return order


async def _keep_found(items: Sequence[WorkOrderItem], given: Sequence[Found]) -> list[WorkOrderItem]:
    """Keep what was found; answers the items with a fault."""
    found = check_found([_as_item(item) for item in items], given)
    for item in items:
        each = found[item.code]
        item.result, item.reading, item.note = each.result, each.reading, each.note
        await item.save(update_fields=["result", "reading", "note"])
    return [item for item in items if item.result is ItemResult.FAULT]


def _as_item(item: WorkOrderItem) -> Item:
    return Item(item.code, stored(item.words), item.unit)


async def _keep_parts(order: WorkOrder, parts: Sequence[Part]) -> None:
    """Keep the parts; those of a report that was rejected make room."""
    await WorkOrderPart.filter(work_order_id=order.id).delete()
    rows = [
        WorkOrderPart(
            place=place,
            work_order_id=order.id,
            compound_id=order.compound_id,
            street_id=order.street_id,
            **vars(part),
        )
        for place, part in enumerate(parts)
    ]
    await WorkOrderPart.bulk_create(rows)


async def _distance(order: WorkOrder, at: Point | None) -> int | None:
    """How far from the compound's point they stood; where they stood is not kept."""
    if order.asks_location != (at is not None):
        raise invalid(
            ("latitude",),
            Text("Where it was done is not said.", "未提供作业位置。")
            if order.asks_location
            else Text("Where it was done is not asked for.", "此项作业不要求提供位置。"),
            Text("Give latitude and longitude: the plan asks for them.", "计划要求提供位置，请填写经纬度。")
            if order.asks_location
            else Text("Leave the location out.", "请勿填写位置。"),
        )
    if at is None:
        return None
    check_point(at)
    compound = await Compound.get(id=order.compound_id)
    if compound.latitude is None or compound.longitude is None:
        return None
    return round(distance_m(Point(compound.latitude, compound.longitude), at))


async def _open_ticket(viewer: Viewer, order: WorkOrder, facility: Facility, faults: Sequence[WorkOrderItem]) -> WorkOrder:
    lines = [f"{item.words['zh-CN']}：{item.note}" for item in faults]
    ticket = await open_ticket(
        viewer,
        order.compound_id,
        kind=TicketKind.REPAIR,
        title=f"{facility.name}：{order.kind.zh}发现异常"[:TITLE_MAX],
        description="\n".join(lines),
        facility_id=facility.id,
    )
    order.fault_ticket_id = ticket.id
    await order.save(update_fields=["fault_ticket_id"])
    return order


async def countersign(viewer: Viewer, order_id: str, *, expected_version: int | None = None) -> WorkOrder:
    """Agree that it is done, as the safety manager of those who answer for the facility.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whoever did the work, and who does not answer for it), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        order, _ = await taken(viewer, order_id, "workOrderCountersign", expected_version)
        await _check_signer(viewer, order)
        changes = {"signed_at": now(), "signed_by_id": viewer.account_id}
        return await move(viewer, order, "workOrderCountersign", WorkOrderMove.COUNTERSIGN, **changes)


async def reject(viewer: Viewer, order_id: str, reason: str, *, expected_version: int | None = None) -> WorkOrder:
    """Say that it is not done, and why: it is to be done again, and counts for nothing until then.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (as ``countersign``; no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        order, facility = await taken(viewer, order_id, "workOrderReject", expected_version)
        await _check_signer(viewer, order)
        given = written(reason, "reason", REASON_MAX)
        changes = {"objection": given, "rejections": order.rejections + 1}
        order = await move(viewer, order, "workOrderReject", WorkOrderMove.REJECT, **changes)
        await wind(facility)
        return order


async def _check_signer(viewer: Viewer, order: WorkOrder) -> None:
    """Refuses (INVALID) who did the work, and whoever does not answer for the facility.

    For it answers the property company, or where there is none the community's office. What these did themselves is
    countersigned by an office: the community's for a company, the street's for the community.
    """
    doer, own = order.organisation_id, works_for(viewer)
    if doer in own or viewer.account_id == order.done_by_id:
        raise invalid(
            ("id",),
            Text("Whoever did the work does not countersign it.", "作业单位不能签认自己的作业。"),
            Text("Let the safety manager of the user's side do it.", "请由使用单位的安全管理员签认。"),
        )
    user = await user_of(order.compound_id, today())
    if user in own or (user in {doer, None} and is_office(viewer)):
        return
    raise invalid(
        ("id",),
        Text("You do not answer for this facility.", "您所在单位不是该设施的使用管理单位。"),
        Text("Let the safety manager of the user's side do it.", "请由使用单位的安全管理员签认。"),
    )
