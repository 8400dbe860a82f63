"""Facilities, devices, alerts and events of the nasty database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import models
from domain.alerts import AlertOutcome, AlertState, Severity
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from tests import builders as build

from .hostile import MOMENTS, STRAY, Making


async def sensing(m: Making, compounds: list[models.Compound], organisations: list[models.Organisation]) -> None:
    """Facilities, devices, alerts and events."""
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=7)
    accounts = await models.Account.all().order_by("id")
    for n in range(16):
        compound = compounds[n % len(compounds)]
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        buildings = await models.Building.filter(compound_id=compound.id).values_list("id", flat=True)
        building = m.maybe(buildings)
        units = await models.Unit.filter(building_id=building).values_list("id", flat=True) if building else []
        facility = await build.a_facility(
            compound,
            id=m.id(models.Facility),
            code=m.code(),
            name=m.text(),
            kind=m.of(FacilityKind),
            status=m.of(FacilityStatus),
            status_since=m.moment(),
            building_id=building,
            unit_id=m.maybe(units),
            attributes=m.json(),
            scrap_on=m.maybe([date(2024, 2, 29), date(2999, 12, 31)]),
        )
        for _ in range(m.of([0, 1, 3])):
            history = {"status": m.of(FacilityStatus), "since": m.moment(), "note": m.text()}
            await models.FacilityStatusChange.create(
                id=m.id(models.FacilityStatusChange), facility_id=facility.id, **history, **place
            )
        for _ in range(m.of([0, 1, 2])):
            seen = {"last_seen_at": m.maybe(MOMENTS), "last_reading": m.json(), "kind": m.of(DeviceKind)}
            given: Any = {"facility": facility} if m.of([True, True, False]) else {"compound": compound}
            device = await build.a_device(id=m.id(models.Device), code=m.code(), name=m.text(), **given, **seen)
            for _ in range(m.of([0, 1, 2, 4])):
                await _an_alert(m, device, accounts, place)
            for _ in range(m.of([0, 1, 3])):
                await models.Event.create(
                    id=m.id(models.Event),
                    source=m.text(),
                    event_id=m.code(),
                    type=m.of(["steward.device.reading.v1", m.text()]),
                    subject=device.code,
                    time=m.moment(),
                    received_at=month + timedelta(microseconds=m.of([0, 0, 1, 10])),
                    data=m.json(),
                    organisation_id=m.of(organisations).id,
                    device_id=m.maybe([device.id]),
                    facility_id=m.maybe([facility.id]),
                    **place,
                )


async def _an_alert(m: Making, device: models.Device, accounts: list[models.Account], place: dict[str, str]) -> None:
    state = m.of(AlertState)
    first = m.moment()
    alert = await build.an_alert(
        device,
        id=m.id(models.Alert),
        rule=m.code(),
        severity=m.of(Severity),
        state=state,
        first_seen_at=first,
        last_seen_at=max(first, m.moment()),
        acknowledged_at=m.maybe(MOMENTS),
        acknowledged_by_id=m.maybe([account.id for account in accounts]),
        outcome=m.maybe(AlertOutcome),
        outcome_note=m.text(),
        message=m.words(),
        reading=m.json(),
        device_id=m.maybe([device.id]),
        subject_id=m.of([device.id, device.id, device.facility_id or "", device.compound_id, device.street_id, m.of(STRAY)]),
    )
    for _ in range(m.of([0, 1, 3])):
        occurrence = {"kind": m.text(20), "at": m.moment(), "severity": m.of(Severity), "reading": m.json()}
        await models.AlertOccurrence.create(id=m.id(models.AlertOccurrence), alert_id=alert.id, **occurrence, **place)
