"""Work orders from plans: made ahead of the day, moved with it, and taken back where nobody has begun and nothing is due."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from domain.upkeep import (
    CHECKLISTS,
    OPEN,
    UNTOUCHED,
    Plan,
    UpkeepKind,
    WorkOrderSource,
    WorkOrderState,
)
from models.calendar import now
from models.facilities import Facility
from models.facts import Actor, record

from .rows import UpkeepDue, WorkOrder, WorkOrderItem
from .sides import doer_of

SYSTEM = Actor("system:upkeep")


async def create_order(facility: Facility, kind: UpkeepKind, actor: Actor, **columns: Any) -> WorkOrder:
    """A new order with its checklist. The caller holds the facility's row, and has looked that none of its kind is open."""
    order = await WorkOrder.create(
        kind=kind,
        state=WorkOrderState.PLANNED,
        opened_at=now(),
        facility_id=facility.id,
        compound_id=facility.compound_id,
        street_id=facility.street_id,
        **columns,
    )
    items = [
        WorkOrderItem(
            place=place,
            code=item.code,
            words=item.words.both(),
            unit=item.unit,
            work_order_id=order.id,
            compound_id=order.compound_id,
            street_id=order.street_id,
        )
        for place, item in enumerate(CHECKLISTS[kind])
    ]
    await WorkOrderItem.bulk_create(items)
    after = {"kind": kind, "state": order.state, "due_on": order.due_on and order.due_on.isoformat()}
    await record(actor, "workOrderOpen", order, after=after)
    return order


async def settle_orders(facility: Facility, dues: Sequence[tuple[UpkeepDue, Plan]], today: date) -> None:
    """Bring the orders that plans made in line with what is due now. The caller holds the facility's row."""
    orders = await WorkOrder.filter(facility_id=facility.id, state__in=sorted(OPEN)).order_by("id").select_for_update()
    by_kind = {order.kind: order for order in orders}
    wanted: dict[UpkeepKind, tuple[UpkeepDue, Plan]] = {}
    for row, plan in dues:
        if row.due_on is not None and row.due_on - timedelta(days=plan.ahead_days) <= today:
            wanted[row.kind] = row, plan
    for kind, order in by_kind.items():
        if order.source is not WorkOrderSource.PLAN or order.state not in UNTOUCHED:
            continue
        if kind not in wanted or order.compound_id != facility.compound_id:
            await _take_back(order)
        elif order.due_on != wanted[kind][0].due_on:
            order.due_on = wanted[kind][0].due_on
            order.version += 1
            await order.save(update_fields=["due_on", "version"])
    kept = {kind for kind, order in by_kind.items() if order.state is not WorkOrderState.CANCELLED}
    for kind, (row, plan) in wanted.items():
        if kind not in kept and not await _refused(facility.id, row):
            await create_order(
                facility,
                kind,
                SYSTEM,
                source=WorkOrderSource.PLAN,
                planned_on=today,
                due_on=row.due_on,
                asks_location=plan.asks_location,
                organisation_id=await doer_of(facility.compound_id, kind, today),
            )


async def _refused(facility_id: str, row: UpkeepDue) -> bool:
    """Whether somebody cancelled the order for this due day, and said why: it does not come back by itself."""
    cancelled = WorkOrder.filter(
        facility_id=facility_id, kind=row.kind, due_on=row.due_on, state=WorkOrderState.CANCELLED, source=WorkOrderSource.PLAN
    )
    return await cancelled.exclude(objection="").exists()


async def _take_back(order: WorkOrder) -> None:
    """Nobody has begun, and it is not due any more: it was done with something else, or the facility stands."""
    before, order.state = order.state, WorkOrderState.CANCELLED
    order.version += 1
    await order.save(update_fields=["state", "version"])
    await record(SYSTEM, "workOrderCancel", order, before={"state": before}, after={"state": order.state})
