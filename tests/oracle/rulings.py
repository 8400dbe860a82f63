"""Figures of everything that can have them; versions of rules in every state, dry runs and what they found."""

from __future__ import annotations

from typing import Any

import models
from domain.alerts import Severity
from domain.alerts.versions import DryRunState, RuleVersionState
from tests import builders as build

from .hostile import MOMENTS, Making


async def fill_rulings(m: Making, streets: list[models.Place]) -> None:
    """Figures of everything that can have them; versions of rules in every state, dry runs and what they found."""
    for device in await models.Device.all().order_by("id"):
        for owner in ({}, {"device_id": device.id}, {"facility_id": device.facility_id} if device.facility_id else {}):
            place = {"street_id": device.street_id, "compound_id": m.maybe([device.compound_id])}
            given: dict[str, Any] = {
                "rule": m.code(),
                "values": m.json(),
                **place,
                **(owner and {"compound_id": device.compound_id, **owner}),
            }
            await models.Threshold.create(id=m.id(models.Threshold), **given)
    for street in streets:
        devices = await models.Device.filter(street_id=street.id).order_by("id")
        for state in (*RuleVersionState, RuleVersionState.RETIRED):
            said: dict[str, Any] = {"module": m.text(40), "state": state, "definition": m.json(), "drafted_at": m.moment()}
            version = await build.a_rule_version(street, id=m.id(models.AlertRuleVersion), **said)
            for run_state in m.of([[], [DryRunState.RUNNING, DryRunState.DONE], [DryRunState.FAILED]]):
                counts: dict[str, Any] = {"alert_count": m.of([0, 2147483647]), "started_at": m.moment()}
                run = await build.a_dry_run(version, id=m.id(models.AlertRuleDryRun), state=run_state, **counts)
                for device in devices[: m.of([0, 1, 9])]:
                    first = m.moment()
                    await models.DryRunAlert.create(
                        id=m.id(models.DryRunAlert),
                        severity=m.of(Severity),
                        first_seen_at=first,
                        last_seen_at=max(first, m.moment()),
                        cleared_at=m.maybe(MOMENTS),
                        count=m.of([1, 2147483647]),
                        message=m.words(),
                        device_id=device.id,
                        dry_run_id=run.id,
                        compound_id=device.compound_id,
                        street_id=street.id,
                    )
