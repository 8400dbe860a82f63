"""Alerts of the demo street: the newest open, the others cleared, by themselves or by a person who told the outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from domain.alerts import AlertOutcome, AlertState
from domain.facilities import DeviceKind
from domain.words import Text

from .accounts import People
from .devices import DevicePlan
from .equipment import Equipment
from .facts import FactPlan
from .findings import Finding, find, silence
from .ids import Ids, lots
from .organisations import Bodies
from .plans import CompoundPlan, StreetPlan
from .sensors import quiet

ALERT = (
    *("id", "rule", "rule_version", "module", "severity", "severity_rank", "state", "subject_id", "count", "first_seen_at"),
    *("last_seen_at", "acknowledged_at", "acknowledged_by_id", "cleared_at", "cleared_by_id", "outcome"),
    *("message", "reading", "version", "device_id", "facility_id", "compound_id", "street_id"),
)
OCCURRENCE = ("id", "kind", "at", "severity", "reading", "alert_id", "compound_id", "street_id")
RULE_STATE = ("id", "rule", "subject_id", "state")
READING = ("device_id", "metric", "time", "value")

_DAYS, _OPEN_HOURS = 60, 20
_OPEN, _SILENT, _KANGQIAO = 0.3, 0.12, 0.06
_K = DeviceKind
_KINDS = (
    *(_K.SMOKE, _K.SMOKE, _K.SMOKE, _K.GAS, _K.HYDRANT_PRESSURE, _K.PIPE_PRESSURE, _K.RESIDUAL_CURRENT, _K.CABLE_TEMPERATURE),
    *(_K.PUMP_STATE, _K.MANHOLE_SENSOR, _K.CHARGING_SOCKET, _K.CAMERA_STATE, _K.BARRIER_STATE, _K.BIN_SENSOR),
)
_HEARD_EACH = 2


@dataclass(frozen=True, slots=True)
class Course:
    """What people did about an alert. ``cleared_by`` None: it cleared by itself; ``outcome_at``: when a person told it."""

    acknowledged_at: datetime | None = None
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    outcome: AlertOutcome | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """An alert on a device; ``handler`` is the account that deals with it."""

    id: str
    finding: Finding
    device: DevicePlan
    compound: CompoundPlan
    handler: str
    course: Course

    @property
    def is_open(self) -> bool:
        return self.course.cleared_at is None

    @property
    def place(self) -> str:
        """Where it is, in the words of its message."""
        building = self.device.facility.building
        return " ".join(part for part in (self.compound.name, building and building.name, self.device.name) if part)

    @property
    def message(self) -> Text:
        return self.finding.message(self.place)

    @property
    def ticket_title(self) -> Text | None:
        """What its emergency ticket is called; None: it opens none."""
        return self.finding.ticket_title(self.place)

    @property
    def version(self) -> int:
        """Raised with every change that people wait for."""
        by_itself = self.course.cleared_at is not None and self.course.cleared_by is None
        return 1 + sum(map(bool, (self.course.acknowledged_at, by_itself, self.course.outcome_at)))


def alerts(plan: StreetPlan, of_street: Bodies, who: People, what: Equipment, now: datetime) -> list[AlertPlan]:
    """Alerts of the last sixty days in the order of raising; each on a device of its own."""
    draws, ids = lots(plan.seed, "alerts"), Ids(plan.seed, "alerts")
    sensed = [compound for compound in plan.compounds if what.devices_of(compound)]
    still_open = round(_OPEN * plan.size.alerts)
    begun = sorted(now - timedelta(days=1 + draws.random() * _DAYS) for _ in range(plan.size.alerts - still_open))
    begun += sorted(now - timedelta(hours=0.5 + draws.random() * _OPEN_HOURS) for _ in range(still_open))
    raised: list[AlertPlan] = []
    used: set[str] = set()
    while len(raised) < len(begun):
        at = begun[len(raised)].replace(microsecond=0).astimezone(UTC)
        compound = plan.kangqiao if draws.random() < _KANGQIAO else draws.choice(sensed)
        kind = draws.choice(_KINDS)
        fitting = [device for device in what.devices_of(compound) if device.kind is kind and device.id not in used]
        finding = silence(kind, at, draws) if draws.random() < _SILENT else find(kind, at, draws)
        if not fitting or not finding:
            continue
        device = draws.choice(fitting)
        used.add(device.id)
        handler = draws.choice(who.staff[of_street.handling[compound.id].id]).id
        course = _course(finding, handler, draws, now, is_open=len(raised) >= len(begun) - still_open)
        raised.append(AlertPlan(ids.new("alr"), finding, device, compound, handler, course))
    return raised


def _course(finding: Finding, handler: str, draws: Random, now: datetime, *, is_open: bool) -> Course:
    """Most are acknowledged; those that are not open were cleared by hand, or by themselves and half of them explained later."""
    seen = finding.sights[-1].at
    soon, then, later = sorted(seen + timedelta(minutes=draws.randint(2, 300)) for _ in range(3))
    acknowledged_at = soon if draws.random() < 0.7 and soon < now else None
    outcome = draws.choices(list(AlertOutcome), (50, 30, 12, 8))[0]
    by_hand, told = draws.random() < 0.45, draws.random() < 0.5
    if is_open:
        return Course(acknowledged_at)
    if by_hand:
        return Course(acknowledged_at, then, handler, outcome, then)
    return Course(acknowledged_at, then, None, outcome, later) if told else Course(acknowledged_at, then)


def rows(plan: StreetPlan, all_alerts: Sequence[AlertPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of alerts."""
    for a in all_alerts:
        rule, sights, severity, course = a.finding.rule, a.finding.sights, a.finding.severity, a.course
        yield (
            *(a.id, rule.key, rule.version, a.finding.module, severity, severity.rank),
            *(AlertState.OPEN if a.is_open else AlertState.CLEARED, a.device.id, len(sights), sights[0].at, sights[-1].at),
            *(course.acknowledged_at, a.handler if course.acknowledged_at else None),
            *(course.cleared_at, course.cleared_by, course.outcome),
            *(_json(a.message.both()), _json(sights[-1].reading), a.version, a.device.id, a.device.facility.id),
            *(a.compound.id, plan.street.id),
        )


def occurrences(plan: StreetPlan, all_alerts: Sequence[AlertPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of occurrences: raised, repeated or worsened, cleared."""
    new = Ids(plan.seed, "occurrences").new
    for a in all_alerts:
        worst = None
        for sight in a.finding.sights:
            kind = "RAISED" if worst is None else "WORSENED" if sight.severity.worse_than(worst) else "REPEATED"
            worst = sight.severity if kind != "REPEATED" else worst
            yield new("occ"), kind, sight.at, sight.severity, _json(sight.reading), a.id, a.compound.id, plan.street.id
        if not a.is_open:
            reading = _json(a.finding.sights[-1].reading)
            yield new("occ"), "CLEARED", a.course.cleared_at, a.finding.severity, reading, a.id, a.compound.id, plan.street.id


def rule_states(plan: StreetPlan, all_alerts: Sequence[AlertPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of what rules remember of devices with open alerts, so that the next good reading clears them."""
    new = Ids(plan.seed, "rule states").new
    for a in all_alerts:
        if a.finding.track and a.is_open:
            yield new("rst"), a.finding.rule.key, a.device.id, _json(a.finding.track.packed())


def readings(all_alerts: Sequence[AlertPlan]) -> Iterator[tuple[Any, ...]]:
    """Rows of the readings behind open alerts."""
    for a in all_alerts:
        if a.is_open:
            for at, told in a.finding.heard:
                for metric, value in told.items():
                    yield a.device.id, metric, at, float(value)


def facts(all_alerts: Sequence[AlertPlan]) -> Iterator[FactPlan]:
    """What happened to each alert."""
    for a in all_alerts:
        course, first, is_open = a.course, a.finding.sights[0].at, {"state": AlertState.OPEN}
        raised = {**is_open, "rule": a.finding.rule.key, "severity": a.finding.severity}
        yield FactPlan(first, a.finding.actor, "alertRaise", a.id, None, raised, a.compound.id)
        if course.acknowledged_at:
            noted = {"acknowledged_at": course.acknowledged_at.isoformat()}
            yield FactPlan(course.acknowledged_at, a.handler, "alertAcknowledge", a.id, None, noted, a.compound.id)
        if course.cleared_at and course.cleared_by is None:
            yield FactPlan(
                course.cleared_at, a.finding.actor, "alertClear", a.id, is_open, {"state": AlertState.CLEARED}, a.compound.id
            )
        if course.outcome_at:
            before = {"state": AlertState.OPEN if course.cleared_by else AlertState.CLEARED, "outcome": None}
            after = {"state": AlertState.CLEARED, "outcome": course.outcome}
            yield FactPlan(course.outcome_at, a.handler, "alertClear", a.id, before, after, a.compound.id)


def heard(plan: StreetPlan, all_alerts: Sequence[AlertPlan], what: Equipment, now: datetime) -> dict[str, tuple[datetime, str]]:
    """When devices (by id) were last heard, and their readings: those with open alerts, and a few of the named compounds.

    The others are yet to report, so that a demo left alone for a day is not drowned in alerts of silence.
    """
    draws = lots(plan.seed, "heard")
    last: dict[str, tuple[datetime, str]] = {}
    for compound in (plan.kangqiao, plan.shuren):
        left = dict.fromkeys(DeviceKind, _HEARD_EACH)
        for device in what.devices_of(compound):
            if left[device.kind]:
                left[device.kind] -= 1
                last[device.id] = now - timedelta(seconds=draws.randint(30, 3_000)), _json(quiet(device.kind, draws))
    for a in all_alerts:
        if a.is_open:
            at, told = a.finding.heard[-1]
            last[a.device.id] = at, _json(told)
    return last


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value).decode()
