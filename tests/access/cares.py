"""What is done about the alerts of the story: silences, the care for each alert, where alerts came from, figures of streets."""

from __future__ import annotations

from itertools import product
from typing import Any

import models
from domain.alerts import AlertState, Severity
from domain.alerts.care import CareRung, CareStanding

from .desk import WORKERS, Desk
from .story import a_moment, plant, planted


async def cares(world: Desk) -> None:
    """In each compound, and in each street."""
    for compound in "KLMPS":
        await _care(world, compound)
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


async def _policies(world: Desk) -> None:
    """One of each street."""
    for street in ("north", "south"):
        columns = {"severity": world.of(Severity), "street_id": world.stored[street].id}
        policy = await models.AlertPolicy.create(**planted(models.AlertPolicy, columns))
        world.keep(f"policy {policy.id}", policy, street)
