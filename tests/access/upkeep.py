"""What is done to the facilities of the story: what is due, work orders, inspections, suspensions, and the streets' plans."""

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

from .desk import SERVERS, WORKERS, Desk
from .story import Told, a_moment, plant, planted

_DAY = date(2024, 6, 1)


async def upkeep(world: Desk) -> None:
    """In each compound, and in each street."""
    for facility in world.story.of_type["Facility"]:
        facility.links["nextDue"] = None
    for compound in "KLMPS":
        await _of_facility(world, compound, f"{compound} facility 1")
    for street, compound in (("north", ""), ("south", ""), ("north", "K")):
        await _plan(world, street, compound)


def _words() -> dict[str, str]:
    return {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}


async def _of_facility(world: Desk, compound: str, name: str) -> None:
    """Two of everything; of what is due the first comes next."""
    facility, told, street = world.stored[name], world.told, world.told[compound].street
    place = {"facility_id": facility.id, "compound_id": facility.compound_id, "street_id": facility.street_id}
    around: dict[str, Told | None] = {"facility": told[name], "compound": told[compound]}
    for n, kind in enumerate((UpkeepKind.LIFT_HALF_MONTH, UpkeepKind.LIFT_YEAR)):
        columns: dict[str, Any] = {
            "kind": kind,
            "state": DueState.RUNNING,
            "source": world.of(PlanSource),
            "cadence": _words(),
            "why": _words(),
            "due_on": _DAY,
            "last_on": _DAY,
            "apply_by": _DAY,
            "since": _DAY,
            "next_of_id": None if n else facility.id,
            **place,
        }
        due = await models.UpkeepDue.create(**planted(models.UpkeepDue, columns))
        world.keep(f"due {due.id}", due, street, compound, links=dict(around))
        values = told[f"due {due.id}"].values
        values |= {"what": kind, "due": _DAY, "last": _DAY, "overdue": True}
        if not n:
            told[name].links["nextDue"] = told[f"due {due.id}"]
        await _order(world, compound, kind, place, around)
        columns = {"kind": kind, "result": InspectionResult.PASSED, "done_on": _DAY, "until": date(2030, 1, 1), **place}
        columns["recorded_by_id"] = world.stored[WORKERS[compound]].id
        row = await models.Inspection.create(**planted(models.Inspection, columns))
        world.keep(f"inspection {row.id}", row, street, compound, links=around | {"recordedBy": told[WORKERS[compound]]})
        await attach(world, compound, f"inspection {row.id}")
        days = {"starts_on": date(2020 + n, 1, 1), "ends_on": None if n else date(2020, 6, 1), "filed_on": _DAY}
        stop = await models.Suspension.create(**planted(models.Suspension, {**days, **place}))
        world.keep(f"suspension {stop.id}", stop, street, compound, links=dict(around))


async def _order(world: Desk, compound: str, kind: UpkeepKind, place: dict[str, Any], around: dict[str, Told | None]) -> None:
    """An order that was done, with its checklist and parts."""
    told, street, worker = world.told, world.told[compound].street, WORKERS[compound]
    ticket, signed = told[f"{compound} alert 1 OPEN"].links["ticket"], kind is UpkeepKind.LIFT_YEAR
    columns: dict[str, Any] = {
        "kind": kind,
        "state": WorkOrderState.COUNTERSIGNED if signed else WorkOrderState.DONE,
        "source": WorkOrderSource.TICKET,
        "planned_on": _DAY,
        "due_on": _DAY,
        "asks_location": False,
        "started_at": a_moment(),
        "done_at": a_moment(),
        "signed_at": a_moment() if signed else None,
        "distance_m": 111,
        "organisation_id": world.stored[SERVERS[compound]].id,
        **dict.fromkeys(("assignee_id", "opened_by_id", "signed_by_id" if signed else "done_by_id"), world.stored[worker].id),
        **dict.fromkeys(("ticket_id", "fault_ticket_id"), ticket and ticket.id),
        **place,
    }
    order = await models.WorkOrder.create(**planted(models.WorkOrder, columns))
    name = f"order {order.id}"
    links = around | {
        "organisation": told[SERVERS[compound]],
        "doneBy": None,
        "signedBy": None,
        "ticket": ticket,
        "faultTicket": ticket,
    }
    links |= dict.fromkeys(("assignee", "openedBy", "signedBy" if signed else "doneBy"), told[worker])
    world.keep(name, order, street, compound, links=links)
    told[name].values["distance"] = 111
    of = {"work_order_id": order.id, "compound_id": order.compound_id, "street_id": order.street_id}
    for _ in range(2):
        columns = {"words": _words(), "result": world.of(ItemResult), "reading": Decimal("1.500"), **of}
        item = await models.WorkOrderItem.create(**planted(models.WorkOrderItem, columns))
        world.keep(f"item {item.id}", item, street, compound, links={"workOrder": told[name]})
        columns = {"quantity": Decimal("2.000"), "unit_price": Decimal("35.500"), **of}
        part = await models.WorkOrderPart.create(**planted(models.WorkOrderPart, columns))
        world.keep(f"part {part.id}", part, street, compound, links={"workOrder": told[name]})
    await attach(world, compound, name)
    await world.done(name, compound, worker)


async def attach(world: Desk, compound: str, name: str) -> None:
    """A file of the row called so."""
    worker = WORKERS[compound]
    columns = {
        "subject_id": world.stored[name].id,
        "media_type": "image/png",
        "sha256": f"{plant():a>64}",
        "uploaded_by_id": world.stored[worker].id,
        "compound_id": world.stored[compound].id,
        "street_id": world.stored[compound].street_id,
    }
    file = await models.File.create(**planted(models.File, columns))
    links = {"of": world.told[name], "uploadedBy": world.told[worker]}
    world.keep(f"file {file.id}", file, world.told[compound].street, compound, links=links)


async def _plan(world: Desk, street: str, compound: str) -> None:
    facility = f"{compound} facility 1"
    columns = {
        "facility_kind": FacilityKind.LIFT,
        "kind": UpkeepKind.CHECK,
        "measure": CadenceMeasure.DAYS,
        "asks_location": True,
        "off": False,
        "compound_id": world.stored[compound].id if compound else None,
        "facility_id": world.stored[facility].id if compound else None,
        "street_id": world.stored[street].id,
    }
    plan = await models.UpkeepPlan.create(**planted(models.UpkeepPlan, columns))
    links = (
        {"compound": world.told[compound], "facility": world.told[facility]} if compound else {"compound": None, "facility": None}
    )
    world.keep(f"plan {plan.id}", plan, street, links=links)
