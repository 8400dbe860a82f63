"""Fire safety in the compounds of the story: hazards and who puts them right, drills, pacts."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.deadlines import DeadlineLevel
from domain.fire_drills import FireDrillKind, FireDrillState
from domain.hazards import HazardGrade, HazardOutcome, HazardSource, HazardState

from .desk import SERVERS, WORKERS, Desk
from .story import a_moment, planted
from .upkeep import attach


async def fire(world: Desk) -> None:
    """In each compound."""
    for compound in "KLMPS":
        for state in HazardState:
            await _hazard(world, compound, state)
        await _held(world, compound)


async def _hazard(world: Desk, compound: str, state: HazardState) -> None:
    told, row, worker = world.told, world.stored, WORKERS[compound]
    facility, alert, building = f"{compound} facility 1", f"{compound} alert 1 OPEN", f"{compound} building 1"
    known, rectified, closed = state is not HazardState.REPORTED, state is HazardState.RECTIFIED, state is HazardState.CLOSED
    columns: dict[str, Any] = {
        "state": state,
        "grade": world.of(HazardGrade),
        "source": HazardSource.ALERT,
        "level": DeadlineLevel.COMMUNITY,
        "outcome": HazardOutcome.DUPLICATE if closed else None,
        "assigned_at": a_moment() if known else None,
        "rectified_at": a_moment() if rectified else None,
        "recheck_by": a_moment() if rectified else None,
        "closed_at": a_moment() if closed else None,
        "facility_id": row[facility].id,
        "building_id": row[building].id,
        "organisation_id": row[SERVERS[compound]].id,
        "alert_id": row[alert].id,
        "compound_id": row[compound].id,
        "street_id": row[compound].street_id,
        **dict.fromkeys(("found_by_id", "assignee_id"), row[worker].id),
        "rectified_by_id": row[worker].id if rectified else None,
        "closed_by_id": row[worker].id if closed else None,
    }
    hazard = await models.Hazard.create(**planted(models.Hazard, columns))
    name = f"hazard {hazard.id}"
    links = {
        "facility": told[facility],
        "building": told[building],
        "compound": told[compound],
        "organisation": told[SERVERS[compound]],
        "alert": told[alert],
        "rectifiedBy": told[worker] if rectified else None,
        "closedBy": told[worker] if closed else None,
        **dict.fromkeys(("foundBy", "assignee"), told[worker]),
    }
    world.keep(name, hazard, told[compound].street, compound, links=links)
    told[name].values["late"] = not closed
    await attach(world, compound, name)
    await world.done(name, compound, worker)


async def _held(world: Desk, compound: str) -> None:
    """Two drills and two pacts."""
    told, row = world.told, world.stored
    around = {"compound": told[compound], "organisation": told[SERVERS[compound]]}
    place = {
        "organisation_id": row[SERVERS[compound]].id,
        "compound_id": row[compound].id,
        "street_id": row[compound].street_id,
    }
    for n, state in enumerate((FireDrillState.HELD, FireDrillState.PLANNED)):
        day = date(2024, 6, 1 + n)
        went = {"held_on": day, "participants": 99, "residents": 9, "minutes": 12} if not n else {}
        columns: dict[str, Any] = {"kind": world.of(FireDrillKind), "state": state, "planned_on": day, **went, **place}
        drill = await models.FireDrill.create(**planted(models.FireDrill, columns))
        world.keep(f"drill {drill.id}", drill, told[compound].street, compound, links=dict(around))
        await world.done(f"drill {drill.id}", compound, WORKERS[compound])
        days = {"signed_on": date(2020 + n, 1, 1), "ends_on": date(2020 + n, 6, 1)}
        pact = await models.FirePact.create(**planted(models.FirePact, {"duties": ["PATROL"], **days, **place}))
        world.keep(f"pact {pact.id}", pact, told[compound].street, compound, links=dict(around))
        await world.done(f"pact {pact.id}", compound, WORKERS[compound])
