"""What surrounds the register of facilities in the story: zones that cameras cover, sheets that were sent, and jobs."""

from __future__ import annotations

from typing import Any

import models
from domain.facilities import FacilityKind, ZoneKind
from domain.jobs import JobKind, JobState
from domain.sheets import ImportState, SheetKind

from .desk import SERVERS
from .story import a_moment, plant, planted
from .world import Ground


async def registers(world: Ground, compound: str) -> None:
    """A zone that the first facility covers, and one import in each state that is not to be worked on."""
    row, told = world.stored, world.told
    street, camera, place = told[compound].street, f"{compound} facility 1", {"compound_id": row[compound].id}
    place |= {"street_id": row[compound].street_id}
    for n in range(2):
        columns: dict[str, Any] = {"kind": world.of(ZoneKind), "ended_at": None, **place}
        zone = await models.Zone.create(**planted(models.Zone, columns))
        name = f"{compound} zone {n}"
        world.keep(name, zone, street, compound, links={"compound": told[compound]})
        told[name].values["covered"] = True
        columns = {"zone_id": zone.id, "facility_id": row[camera].id, **place}
        covers = await models.ZoneCamera.create(**planted(models.ZoneCamera, columns))
        links = {"zone": told[name], "facility": told[camera], "compound": told[compound]}
        world.keep(f"{name} camera", covers, street, compound, links=links)
    sheet = next(each for each in world.story.of_type["File"] if compound in each.compounds)
    starter = "officer of the north"
    for state in (ImportState.READY, ImportState.DONE):
        columns = {
            "state": state,
            "kind": SheetKind.FACILITIES,
            "facility_kind": FacilityKind.LIFT,
            "file_id": sheet.id,
            "started_by_id": row[starter].id,
            **place,
        }
        columns |= {"faults": [], "checked_at": a_moment(), "finished_at": a_moment() if state is ImportState.DONE else None}
        made = await models.SheetImport.create(**planted(models.SheetImport, columns))
        links = {"file": sheet, "compound": told[compound], "startedBy": told[starter], "book": None}
        world.keep(f"{compound} import {state}", made, street, compound, links=links)
    for state in JobState:
        columns = {
            "state": state,
            "subject_id": made.id,
            "started_by_id": row[starter].id,
            "done": plant(),
            "total": plant(),
            **place,
        }
        columns |= {"message": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}, "organisation_id": row[SERVERS[compound]].id}
        columns["kind"] = JobKind.SHEET_CHECK if state is JobState.RUNNING else JobKind.BILL_RUN
        job = await models.Job.create(**planted(models.Job, columns | {"ended_at": a_moment() if state.over else None}))
        links = {"subject": told[f"{compound} import {ImportState.DONE}"], "compound": told[compound]}
        links |= {"organisation": told[SERVERS[compound]], "startedBy": told[starter]}
        world.keep(f"{compound} job {state}", job, street, links=links, desk=SERVERS[compound], person=starter)
