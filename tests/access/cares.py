"""What is done about the alerts of the story: silences, the care for each alert, where alerts came from, figures of streets."""

from __future__ import annotations

from itertools import product
from typing import Any

import models
from domain.alerts import AlertState, Severity
from domain.alerts.care import CareRung, CareStanding
from domain.tickets.categories import TicketCategory
from tests import builders as build

from .desk import WORKERS, Desk
from .story import a_moment, plant, planted


async def cares(world: Desk) -> None:
    """In each compound, and in each street."""
    for compound in "KLMPS":
        await _care(world, compound)
        await _complaints(world, compound)
    await _policies(world)


async def _care(world: Desk, compound: str) -> None:
    """A silence; the care for each alert about the devices; where alerts came from."""
    row, told, street = world.stored, world.told, world.told[compound].street
    place = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
    around = {"compound": told[compound], "device": told[f"{compound} device 2"]}
    columns: dict[str, Any] = {
        "worst": Severity.MINOR,
        "module": f"~{plant()}~",
        "rule": f"~{plant()}~",
        "device_id": row[f"{compound} device 2"].id,
        "created_by_id": row[WORKERS[compound]].id,
        "ends_at": a_moment(day=1),
        **place,
    }
    silence = await models.Silence.create(**planted(models.Silence, columns))
    world.keep(f"{compound} silence", silence, street, compound, links=around | {"createdBy": told[WORKERS[compound]]})
    for n, state in product((1, 2), AlertState):
        await _cared_for(world, compound, f"{compound} alert {n} {state}", f"{compound} alert 1 OPEN")
        columns = {"device_id": row[f"{compound} device {n}"].id, "rule": f"~{plant()}~", **place}
        columns["subject_id"] = row[f"{compound} device {n}"].id
        source = await models.AlertSource.create(**planted(models.AlertSource, columns))
        links = {"compound": told[compound], "device": told[f"{compound} device {n}"]}
        world.keep(f"source {source.id}", source, street, compound, links=links)


async def _cared_for(world: Desk, compound: str, alert: str, parent: str) -> None:
    row, told, worker = world.stored, world.told, WORKERS[compound]
    columns: dict[str, Any] = {
        "standing": CareStanding.SILENCED,
        "told_severity": world.of(Severity),
        "rung": world.of(CareRung),
        **{name: a_moment() for name in ("said_at", "look_at", "shelved_until")},
        "group_id": f"~{plant()}~",
        "shelved_by_id": row[worker].id,
        "silence_id": row[f"{compound} silence"].id,
        "parent_alert_id": row[parent].id,
        "alert_id": row[alert].id,
        "subject_id": row[alert].subject_id,
        "compound_id": row[compound].id,
        "street_id": row[compound].street_id,
    }
    care = await models.AlertCare.create(**planted(models.AlertCare, columns))
    links = {"silence": told[f"{compound} silence"], "parentAlert": told[parent], "alert": told[alert]}
    links |= {"compound": told[compound], "shelvedBy": told[worker]}
    world.keep(f"care {care.id}", care, told[compound].street, compound, links=links)
    told[alert].links["care"] = told[f"care {care.id}"]


async def _complaints(world: Desk, compound: str) -> None:
    """What many complain of at once, an alert about it, and one about each ticket."""
    row, told, street = world.stored, world.told, world.told[compound].street
    place = {"compound_id": row[compound].id, "street_id": row[compound].street_id}
    columns: dict[str, Any] = {"category": world.of(TicketCategory), **place}
    cluster = await models.ComplaintCluster.create(**planted(models.ComplaintCluster, columns))
    world.keep(f"{compound} cluster", cluster, street, compound, links={"compound": told[compound]})
    tickets = [name for name, each in told.items() if each.type == "Ticket" and compound in each.compounds]
    for subject in (f"{compound} cluster", *tickets):
        columns = {
            "severity": (severity := world.of(Severity)),
            "severity_rank": severity.rank,
            "state": AlertState.OPEN,
            "outcome": None,
            "cleared_at": None,
            "module": "complaints",
            "acknowledged_by_id": row[WORKERS[compound]].id,
            "subject_id": row[subject].id,
            "device_id": None,
            "facility_id": None,
            "message": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
        }
        alert = await build.an_alert(row[f"{compound} device 1"], **planted(models.Alert, columns))
        links = {"compound": told[compound], "acknowledgedBy": told[WORKERS[compound]], "subject": told[subject]}
        none = dict.fromkeys(("device", "facility", "ticket", "care"))
        world.keep(f"alert {alert.id}", alert, street, compound, links=links | none)


async def _policies(world: Desk) -> None:
    """One of each street."""
    for street in ("north", "south"):
        columns = {"severity": world.of(Severity), "street_id": world.stored[street].id}
        policy = await models.AlertPolicy.create(**planted(models.AlertPolicy, columns))
        world.keep(f"policy {policy.id}", policy, street)
