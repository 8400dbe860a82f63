"""What is gone round in the compounds of the story: plans with their points, rounds, and what was scanned on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.rounds import RoundBasis, RoundKind, RoundMeasure, RoundSource, RoundState, ScanFault, ScanSource

from .desk import SERVERS, WORKERS, Desk
from .story import Told, a_moment, plant, planted

_DAY = date(2024, 6, 1)


async def rounds(world: Desk) -> None:
    """In each compound a plan of the street's fire code and one of the company's, with points, rounds and scans."""
    for hazard in world.story.of_type["Hazard"]:
        hazard.links["scan"] = None
    for compound in "KLMPS":
        for basis in (RoundBasis.CHECK, None):
            await _plan(world, compound, basis)


async def _plan(world: Desk, compound: str, basis: RoundBasis | None) -> None:
    told, street, server = world.told, world.told[compound].street, SERVERS[compound]
    place = {"compound_id": world.stored[compound].id, "street_id": world.stored[compound].street_id}
    columns: dict[str, Any] = {
        "kind": RoundKind.FIRE_CHECK if basis else RoundKind.SECURITY_PATROL,
        "basis": basis,
        "measure": RoundMeasure.DAYS,
        "times": ["08:00"],
        "ordered": True,
        "asks_photo": True,
        "within_m": plant(),
        "starts_on": _DAY,
        "ends_on": None if basis else date(2099, 1, 1),
        "organisation_id": world.stored[server].id,
        **place,
    }
    plan = await models.RoundPlan.create(**planted(models.RoundPlan, columns))
    name = f"rounds {plan.id}"
    world.keep(name, plan, street, compound, links={"organisation": told[server], "compound": told[compound]})
    await world.done(name, compound, "officer of the north")
    for number in range(2):
        await _point(world, compound, name, number, place)
    for state in (RoundState.DONE, RoundState.MISSED):
        await _round(world, compound, name, state, place)


async def _point(world: Desk, compound: str, plan: str, number: int, place: dict[str, Any]) -> None:
    told = world.told
    building, facility = f"{compound} building 1", f"{compound} facility 1"
    columns: dict[str, Any] = {
        "code": f"~{plant()}~",
        "latitude": 29.3,
        "longitude": 105.9,
        "items": [{"code": "1", "en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}],
        "basis": RoundBasis.CHECK if number else None,
        "ended_at": a_moment() if number else None,
        "fault": ScanFault.NO_ROUND,
        "fault_at": a_moment(),
        "building_id": world.stored[building].id,
        "facility_id": world.stored[facility].id,
        "plan_id": world.stored[plan].id,
        **place,
    }
    point = await models.RoundPoint.create(**planted(models.RoundPoint, columns))
    links = {"building": told[building], "facility": told[facility], "plan": told[plan], "compound": told[compound]}
    world.keep(f"{plan} point {number}", point, told[compound].street, compound, links=links)


async def _round(world: Desk, compound: str, plan: str, state: RoundState, place: dict[str, Any]) -> None:
    """A round that was gone, scanned and photographed; and one that was missed."""
    told, street, worker, server = world.told, world.told[compound].street, WORKERS[compound], SERVERS[compound]
    columns: dict[str, Any] = {
        "kind": world.stored[plan].kind,
        "state": state,
        "source": RoundSource.HAND,
        "opens_at": a_moment(),
        "closes_at": a_moment(day=1),
        "started_at": a_moment(),
        "ended_at": a_moment(),
        "plan_id": world.stored[plan].id,
        "organisation_id": world.stored[server].id,
        **dict.fromkeys(("started_by_id", "ended_by_id"), world.stored[worker].id),
        **place,
    }
    row = await models.Round.create(**planted(models.Round, columns))
    name = f"round {row.id}"
    links: dict[str, Told | None] = {"plan": told[plan], "compound": told[compound], "organisation": told[server]}
    world.keep(name, row, street, compound, links=links | dict.fromkeys(("startedBy", "endedBy"), told[worker]))
    told[name].values["openNow"] = False
    await world.done(name, compound, worker)
    photo = {
        "subject_id": row.id,
        "media_type": "image/png",
        "sha256": f"{plant():a>64}",
        "uploaded_by_id": world.stored[worker].id,
        **place,
    }
    file = await models.File.create(**planted(models.File, photo))
    world.keep(f"file {file.id}", file, street, compound, links={"of": told[name], "uploadedBy": told[worker]})
    last: Any = None
    for number in range(2):
        scan = {
            "source": ScanSource.PHONE,
            "answers": [{"item": "1", "answer": "NOT_OK", "note": f"~{plant()}~"}],
            "distance_m": plant(),
            "photo_id": None if number else file.id,
            "point_id": world.stored[f"{plan} point {number}"].id,
            "round_id": row.id,
            **place,
        }
        last = made = await models.RoundScan.create(**planted(models.RoundScan, scan))
        around: dict[str, Told | None] = {"point": told[f"{plan} point {number}"], "round": told[name]}
        around["photo"] = None if number else told[f"file {file.id}"]
        world.keep(f"scan {made.id}", made, street, compound, links=around)
        told[f"scan {made.id}"].values["distance"] = made.distance_m
    hazards = [each for each in world.story.of_type["Hazard"] if each.compounds == told[compound].compounds]
    hazards[0].links["scan"] = told[f"scan {last.id}"]
    await models.Hazard.filter(id=hazards[0].id).update(scan_id=last.id)
