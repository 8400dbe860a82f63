"""What is done to facilities: hostile words, ties of days, readings at the edge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import models
from domain.facilities import FacilityKind
from domain.upkeep import (
    CadenceMeasure,
    DueState,
    InspectionResult,
    ItemResult,
    PlanSource,
    UpkeepKind,
    WorkOrderSource,
    WorkOrderState,
)

from .hostile import MOMENTS, Making

_DAYS = (date(2024, 2, 29), date(2024, 2, 29), date(2026, 12, 31), date(2999, 12, 31))
_AMOUNTS = ("0.001", "35.500", "999999999.999")


async def fill_upkeep(m: Making, streets: list[models.Place], organisations: list[models.Organisation]) -> None:
    """Of some facilities; a plan of each street and of some facilities."""
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    tickets = await models.Ticket.all().order_by("id").limit(9).values_list("id", flat=True)
    for facility in await models.Facility.all().order_by("id").limit(10):
        place: dict[str, Any] = {"facility_id": facility.id, "compound_id": facility.compound_id, "street_id": facility.street_id}
        for n, kind in enumerate(m.of([list(UpkeepKind)[:1], list(UpkeepKind)[4:7]])):
            runs = m.of([True, True, False])
            state = DueState.RUNNING if runs else m.of([DueState.STANDING, DueState.UNKNOWN, DueState.ENDED])
            due_on = m.of(_DAYS) if runs else None
            due: dict[str, Any] = {
                "state": state,
                "due_on": due_on,
                "apply_by": m.maybe([date(2020, 1, 1)]),
                "last_on": m.maybe(_DAYS),
            }
            words: dict[str, Any] = {
                "source": m.of(PlanSource),
                "cadence": m.words(),
                "why": m.words(),
                "clause": m.text(),
                "since": _DAYS[0],
            }
            due["next_of_id"] = facility.id if runs and not n else None
            await models.UpkeepDue.create(id=m.id(models.UpkeepDue), kind=kind, **due, **words, **place)
            for _ in range(m.of([0, 1, 2])):
                await _order(m, kind, place, organisations, [*accounts], [*tickets])
        for year in range(m.of([0, 1, 2])):
            done: dict[str, Any] = {"kind": m.of(UpkeepKind), "result": InspectionResult.PASSED, "done_on": _DAYS[0]}
            done |= {"until": m.maybe(_DAYS[2:]), "body": m.text(), "report_number": m.code(), "recorded_at": m.moment()}
            by = m.maybe(accounts)
            await models.Inspection.create(id=m.id(models.Inspection), recorded_by_id=by, **done, **place)
            days: dict[str, Any] = {
                "starts_on": date(2020 + year, 1, 1),
                "ends_on": date(2020 + year, 2, 29 - year % 2),
                "filed_on": _DAYS[0],
            }
            said: dict[str, Any] = {"filing": m.text(), "cause": m.text()}
            await models.Suspension.create(id=m.id(models.Suspension), **days, **said, **place)
    facilities = await models.Facility.filter(street_id=streets[0].id).order_by("id").limit(3)
    for street, facility in ((streets[0], None), (streets[1], None), *((streets[0], each) for each in facilities)):
        over: dict[str, Any] = {
            "compound_id": facility and facility.compound_id,
            "facility_id": facility and facility.id,
            "street_id": street.id,
        }
        figures: dict[str, Any] = {"every": m.of([1, 2147483647]), "numbers": m.of([[], [1, 31]]), "months": m.of([[], [12]])}
        figures |= {"ahead_days": m.of([0, 365]), "warn_days": 3, "off": m.of([True, False]), "clause": m.text()}
        of: dict[str, Any] = {"facility_kind": m.of(FacilityKind), "kind": m.of(UpkeepKind), "measure": m.of(CadenceMeasure)}
        await models.UpkeepPlan.create(id=m.id(models.UpkeepPlan), **of, **figures, **over)


async def _order(
    m: Making,
    kind: UpkeepKind,
    place: dict[str, Any],
    organisations: list[models.Organisation],
    accounts: list[Any],
    tickets: list[Any],
) -> None:
    """An order that was cancelled, with a checklist and parts."""
    order = await models.WorkOrder.create(
        id=m.id(models.WorkOrder),
        kind=kind,
        state=WorkOrderState.CANCELLED,
        source=m.of(WorkOrderSource),
        planned_on=m.of(_DAYS),
        due_on=m.maybe(_DAYS),
        opened_at=m.moment(),
        started_at=m.maybe(MOMENTS),
        done_at=m.maybe(MOMENTS),
        rejections=m.of([0, 2147483647]),
        objection=m.text(),
        note=m.text(),
        distance_m=m.maybe([0, 2147483647]),
        organisation_id=m.maybe([each.id for each in organisations]),
        assignee_id=m.maybe(accounts),
        opened_by_id=m.maybe(accounts),
        done_by_id=m.maybe(accounts),
        ticket_id=m.maybe(tickets),
        fault_ticket_id=m.maybe(tickets),
        **place,
    )
    of: dict[str, Any] = {"work_order_id": order.id, "compound_id": order.compound_id, "street_id": order.street_id}
    for place_ in range(m.of([0, 2])):
        found: dict[str, Any] = {"words": m.words(), "unit": m.text(20), "result": m.maybe([ItemResult.OK]), "note": m.text()}
        reading = m.maybe([Decimal("-1.500"), Decimal("0.000")])
        named: dict[str, Any] = {"place": place_ // 2, "code": m.code()}
        await models.WorkOrderItem.create(id=m.id(models.WorkOrderItem), reading=reading, **named, **found, **of)
        amounts = {"quantity": Decimal(m.of(_AMOUNTS)), "unit_price": Decimal(m.of(_AMOUNTS))}
        part: dict[str, Any] = {"place": 0, "name": m.text(), "unit": m.text(20), **amounts}
        await models.WorkOrderPart.create(id=m.id(models.WorkOrderPart), **part, **of)
