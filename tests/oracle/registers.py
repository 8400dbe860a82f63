"""Zones with hostile names, cameras that cover them, imports of sheets, and jobs."""

from __future__ import annotations

from datetime import timedelta

import models
from domain.facilities import FacilityKind, ZoneKind
from domain.jobs import JobKind, JobState
from domain.sheets import ImportState, SheetKind

from .hostile import MOMENTS, Making


async def fill_registers(m: Making) -> None:
    """Zones, covered, not covered and withdrawn; imports in every state, with jobs."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    organisations = [organisation.id for organisation in await models.Organisation.all().order_by("id")]
    files = [file.id for file in await models.File.all().order_by("id")]
    facilities = await models.Facility.all().order_by("id")
    for n, facility in enumerate(facilities):
        place = {"compound_id": facility.compound_id, "street_id": facility.street_id}
        named = {"kind": m.of(ZoneKind), "name": f"{m.text(50)}{n}", "declared_at": m.moment(), "ended_at": m.maybe(MOMENTS)}
        zone = await models.Zone.create(id=m.id(models.Zone), **named, **place)
        for other in [each for each in facilities if each.compound_id == facility.compound_id][: m.of([0, 1, 3])]:
            covers = {"since": m.moment(), "zone_id": zone.id, "facility_id": other.id}
            await models.ZoneCamera.create(id=m.id(models.ZoneCamera), **covers, **place)
        state, began = m.of(ImportState), m.moment()
        counted = {"rows": m.of([0, 2147483647]), "bad_rows": m.of([0, 7]), "fault_count": m.of([1, 7]), "faults": []}
        when = {"started_at": began, "finished_at": began + timedelta(seconds=1) if state is ImportState.DONE else None}
        about = {
            "kind": SheetKind.FACILITIES,
            "facility_kind": m.maybe(FacilityKind),
            "file_id": m.of(files),
            "started_by_id": m.maybe(accounts),
        }
        sheet = await models.SheetImport.create(
            id=m.id(models.SheetImport), state=state, checked_at=m.maybe(MOMENTS), **counted, **when, **about, **place
        )
        going, total = m.of(JobState), m.of([0, 2147483647])
        counted = {"done": m.of([0, total]), "total": total, "errors": m.of([0, 7]), "message": m.words()}
        when = {"started_at": began, "changed_at": m.moment(), "ended_at": m.moment() if going.over else None}
        about = {"subject_id": sheet.id, "organisation_id": m.maybe(organisations), "started_by_id": m.maybe(accounts)}
        place = {"compound_id": m.maybe([facility.compound_id]), "street_id": facility.street_id}
        await models.Job.create(id=m.id(models.Job), kind=m.of(JobKind), state=going, **counted, **when, **about, **place)
