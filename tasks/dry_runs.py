"""Dry runs of rules: the stored readings of a street's devices are gone through, some seconds' worth at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog

from domain.alerts.conditions import Limits, Sample
from domain.alerts.versions import DryRunState
from domain.facilities import DeviceKind
from domain.refusals import Refused
from domain.steward import Rule
from domain.steward.definitions import unpacked
from domain.steward.dry_runs import Trial, WouldBe
from models import AlertRuleDryRun, AlertRuleVersion, DryRunAlert
from models.alerts import overrides_of, rules_of
from models.alerts.versions import DRY_RUN
from models.connection import query

from .steward.batch import Heard
from .steward.judging import Figures, owners_of, watches_of
from .steward.telling import places_of
from .work import handles

log = structlog.stdlib.get_logger(__name__)

#: Alerts that are listed of a run; later ones are only counted.
LISTED = 1_000
#: Readings that a run goes through; it ends there, and says how many devices it looked at.
MOST_READINGS = 5_000_000
#: Seconds after which a piece of work lets others have their turn.
_SLICE = 2.0
_DEVICES, _PAGE = 50, 20_000

_NEXT = """
SELECT id, kind, compound_id, facility_id FROM device
WHERE street_id = $1 AND kind = ANY($2::text[]) AND retired_at IS NULL AND id > $3 ORDER BY id LIMIT $4
"""
_READINGS = """
SELECT time, value FROM reading WHERE device_id = $1 AND metric = $2 AND time > $3 AND time <= $4 ORDER BY time LIMIT $5
"""
_HEARD = """
SELECT DISTINCT time, 0::float8 AS value FROM reading WHERE device_id = $1 AND $2::text IS NULL AND time > $3 AND time <= $4
ORDER BY time LIMIT $5
"""


@handles(DRY_RUN, background=True)
async def handle(payload: dict[str, Any]) -> timedelta | None:
    """Go on with the run for some seconds; it comes again until it has been through."""
    run = await AlertRuleDryRun.select_for_update(of=("alert_rule_dry_run",)).get_or_none(id=payload["run"])
    if run is None or run.state is not DryRunState.RUNNING:
        return None
    version = await AlertRuleVersion.get(id=run.version_id)
    try:
        rule = unpacked(version.rule, version.number, version.definition)
    except Refused:
        log.warning("rule version does not fit any more", version=version.id)
        run.state = DryRunState.FAILED
    else:
        await _go_on(run, rule)
    if run.state is not DryRunState.RUNNING:
        run.finished_at = datetime.now(UTC)
    await run.save()
    return timedelta(0) if run.state is DryRunState.RUNNING else None


async def _go_on(run: AlertRuleDryRun, rule: Rule) -> None:
    started = monotonic()
    rules = await rules_of([run.street_id])
    current = rules[run.street_id].rules.get(rule.key)
    while True:
        rows = await query(_NEXT, run.street_id, sorted(rule.kinds), run.cursor, _DEVICES)
        devices = [
            Heard(row["id"], DeviceKind(row["kind"]), run.street_id, row["compound_id"], row["facility_id"], run.until, ())
            for row in rows
        ]
        owners = {owner for device in devices for owner in owners_of(device)}
        tried = Figures(await overrides_of([rule.key], owners, {run.street_id: rules[run.street_id].overlaid([rule])}))
        held = Figures(await overrides_of([rule.key], owners, rules))
        places = await places_of(device.id for device in devices)
        for device in devices:
            limits = tried.of(rule, device)
            alerts = await _tried(run, rule, limits, device)
            if current is not None and device.kind in current.kinds:
                run.current_count += len(await _tried(run, current, held.of(current, device), device))
            await _list(run, rule, limits, device, places[device.id], alerts)
            run.cursor, run.devices_done = device.id, min(run.devices_done + 1, run.devices)
            if run.readings >= MOST_READINGS:
                run.state = DryRunState.DONE
                return
            if monotonic() - started > _SLICE:
                return
        if len(devices) < _DEVICES:
            run.state = DryRunState.DONE
            return


async def _tried(run: AlertRuleDryRun, rule: Rule, limits: Limits, device: Heard) -> list[WouldBe]:
    """What the rule would have raised about the device in the time of the run."""
    trial, since = Trial(rule, limits, watches_of(rule)), run.since
    statement = _READINGS if rule.metric else _HEARD
    while run.readings < MOST_READINGS and (page := await query(statement, device.id, rule.metric, since, run.until, _PAGE)):
        trial.feed(Sample(row["time"], row["value"]) for row in page)
        run.readings, since = run.readings + len(page), page[-1]["time"]
    trial.end(run.until)
    return trial.alerts


async def _list(run: AlertRuleDryRun, rule: Rule, limits: Limits, device: Heard, place: str, alerts: Sequence[WouldBe]) -> None:
    """Keep the first of the alerts, and count them all."""
    await DryRunAlert.bulk_create(
        DryRunAlert(
            severity=alert.severity,
            first_seen_at=alert.first_seen_at,
            last_seen_at=alert.last_seen_at,
            cleared_at=alert.cleared_at,
            count=alert.count,
            message=rule.say(place, alert.value, limits).both(),
            device_id=device.id,
            dry_run_id=run.id,
            compound_id=device.compound_id,
            street_id=device.street_id,
        )
        for alert in alerts[: max(LISTED - run.alert_count, 0)]
    )
    run.alert_count += len(alerts)
