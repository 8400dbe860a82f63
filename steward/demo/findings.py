"""What the steward's rules find in the incidents of the demo's devices, by the very code that judges live readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from domain.alerts import Severity
from domain.alerts.conditions import Missing, Sample, Sampled
from domain.alerts.tracks import Judge, Track
from domain.events import METRICS
from domain.facilities import DeviceKind
from domain.steward import RULES, Rule
from domain.words import Text

from .sensors import Readings, incident, quiet


@dataclass(frozen=True, slots=True)
class Sight:
    """One time at which a rule's condition was seen."""

    at: datetime
    value: float
    severity: Severity
    reading: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a device breaks. ``heard``: its readings, oldest first. ``track``: what the rule remembers, if anything."""

    rule: Rule
    kind: DeviceKind
    sights: Sequence[Sight]
    heard: Sequence[tuple[datetime, Readings]]
    track: Track | None

    @property
    def severity(self) -> Severity:
        """The worst seen."""
        return min((sight.severity for sight in self.sights), key=lambda severity: severity.rank)

    @property
    def module(self) -> str:
        """The key of the steward's module that found it."""
        return self.rule.key.partition(".")[0]

    @property
    def actor(self) -> str:
        """Who records it."""
        return f"system:{self.module}"

    def message(self, place: str) -> Text:
        """What the alert says of the newest sight."""
        return self.rule.say(place, self.sights[-1].value, self.rule.limits(self.kind))

    def ticket_title(self, place: str) -> Text | None:
        """What the emergency ticket is called; None: the alert opens none."""
        return self.rule.ticket_title(place, self.severity)


def find(kind: DeviceKind, began: datetime, lots: Random) -> Finding | None:
    """What is found when a device of ``kind`` has an incident; None: no rule minds it."""
    heard = [(began + after, readings) for after, readings in incident(kind, lots)]
    findings = (_judged(rule, kind, heard) for rule in RULES.values() if kind in rule.kinds)
    return next((finding for finding in findings if finding), None)


def _judged(rule: Rule, kind: DeviceKind, heard: Sequence[tuple[datetime, Readings]]) -> Finding | None:
    """What the rule finds in these readings."""
    metric, limits = rule.metric, rule.limits(kind)
    if not isinstance(rule.condition, Sampled) or metric is None:
        return None
    samples = [Sample(at, float(readings[metric])) for at, readings in heard if metric in readings]
    grade = partial(rule.severity_of, limits=limits)
    verdict = Judge(rule.condition, limits, grade=grade).advance(None, None, samples) if samples else None
    if verdict is None or not verdict.after or verdict.after[-1].cleared:
        return None
    sights = [
        Sight(sample.time, sample.value, rule.severity_of(sample.value, limits), _reading(metric, sample))
        for sample in verdict.after[-1].samples
    ]
    return Finding(rule, kind, sights, heard, verdict.track)


def _reading(metric: str, sample: Sample) -> dict[str, Any]:
    """A sample as alerts keep it."""
    known = METRICS[metric]
    value = bool(sample.value) if known.boolean else sample.value
    return {"metric": metric, "value": value, "unit": known.unit, "time": sample.time.isoformat()}


def silence(kind: DeviceKind, noticed: datetime, lots: Random) -> Finding | None:
    """What is found when a device of ``kind`` has not been heard of for too long; None: no rule minds it."""
    for rule in RULES.values():
        if isinstance(rule.condition, Missing) and kind in rule.kinds:
            limits = rule.limits(kind)
            hours = limits[rule.condition.hours]
            last = noticed - timedelta(hours=hours, minutes=1)
            sight = Sight(noticed, hours, rule.severity_of(hours, limits), {"last_seen_at": last.isoformat()})
            return Finding(rule, kind, [sight], [(last, quiet(kind, lots))], None)
    return None
