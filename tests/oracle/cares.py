"""Gateways, silences, the care for alerts, where alerts came from, and figures of streets: as nasty as the rest."""

from __future__ import annotations

from typing import Any

import models
from domain.alerts import Severity
from domain.alerts.care import CareRung, CareStanding

from .hostile import MOMENTS, Making


async def fill_cares(m: Making, streets: list[models.Place]) -> None:
    """Gateways, silences of little and of much, the care for alerts, where alerts came from, figures of streets."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    devices = await models.Device.all().order_by("id")
    for device in devices:
        near = [other.id for other in devices if other.compound_id == device.compound_id and other.id < device.id]
        await models.Device.filter(id=device.id).update(maker=m.text(120), parent_id=m.maybe(near))
    silences: list[str] = []
    for device in devices[::2]:
        named = {"compound_id": m.of([device.compound_id, device.compound_id, None]), "street_id": device.street_id}
        named |= {"device_id": m.maybe([device.id]), "module": m.maybe([m.text(40)]), "rule": m.text()}
        columns = {
            "starts_at": MOMENTS[-3],
            "ends_at": m.of(MOMENTS[:7]),
            "why": m.code(500),
            "created_by_id": m.maybe(accounts),
        }
        worst = m.of([Severity.MAJOR, Severity.WARNING])
        silence = await models.Silence.create(id=m.id(models.Silence), worst=worst, created_at=m.moment(), **named, **columns)
        silences.append(silence.id)
    alerts = await models.Alert.all().order_by("id")
    for alert in alerts[::2]:
        columns: dict[str, Any] = {name: m.maybe(MOMENTS) for name in ("said_at", "shelved_until", "climbed_at")}
        columns |= {"told_severity": m.maybe(Severity), "rung": m.maybe(CareRung), "group_id": m.maybe([m.text(30)])}
        columns |= {"shelved_by_id": m.maybe(accounts), "shelve_reason": m.text(500), "silence_id": m.of(silences)}
        columns |= {"standing": m.of(CareStanding), "raised_at": m.moment(), "repeats": m.of([0, 2147483647])}
        columns |= {"parent_alert_id": m.maybe([m.of(alerts).id]), "alert_id": alert.id, "subject_id": alert.subject_id}
        columns |= {"rule": alert.rule, "module": alert.module, "compound_id": alert.compound_id, "street_id": alert.street_id}
        await models.AlertCare.create(id=m.id(models.AlertCare), **columns)
        counts = {name: m.of([0, 1, 7]) for name in ("raised", "seen", "confirmed", "false_alarms", "tests", "duplicates")}
        counts |= {"unknown": m.of([0, 2147483647]), "false_percent": m.of([0, 33, 100]), "last_seen_at": m.moment()}
        source = {"rule": m.code(60), "module": m.text(40), "maker": m.text(120), "subject_id": alert.subject_id}
        source |= {"device_id": alert.device_id, "compound_id": alert.compound_id, "street_id": alert.street_id}
        await models.AlertSource.create(id=m.id(models.AlertSource), **counts, **source)
    for street in streets:
        given = {"severity": m.of(Severity), "figures": m.json(), "street_id": street.id}
        await models.AlertPolicy.create(id=m.id(models.AlertPolicy), **given)
