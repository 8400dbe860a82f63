"""From fresh readings to verdicts, for the rules of any module: load what they need, judge, store what they remember."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from tortoise.fields.data import JSON_DUMPS

from domain.alerts import Severity
from domain.alerts.conditions import Limits, Sample, Sampled, Tally, Watches
from domain.alerts.tracks import Judge, Track, Verdict, standing, unpacked
from domain.facilities import DeviceKind
from domain.steward import Module, Rule
from models.alerts import RuleState, overrides_of
from models.calendar import is_working_day, zone
from models.connection import query
from models.ids import new_id
from models.modules import switched_off

from .batch import Batch, Heard, Stream

#: A rule's key and a device's id.
Key = tuple[str, str]


@dataclass(frozen=True)
class Judged:
    """What a rule found at a device, and by which figures."""

    rule: Rule
    device: Heard
    judge: Judge
    verdict: Verdict

    @property
    def key(self) -> Key:
        return self.rule.key, self.device.id

    @property
    def limits(self) -> Limits:
        return self.judge.limits


def owners_of(device: Heard) -> tuple[str, ...]:
    """Whose figures count for the device, the nearest last."""
    return (device.street_id, device.compound_id, *((device.facility_id,) if device.facility_id else ()), device.id)


class Figures:
    """The figures of rules for devices: of each name the nearest of device, facility, compound, street and the rule's own."""

    def __init__(self, overrides: Mapping[tuple[str, str], Mapping[str, float]]) -> None:
        self._overrides = overrides
        self._changed = {rule for rule, _ in overrides}
        self._defaults: dict[tuple[str, str, DeviceKind], Limits] = {}

    def of(self, rule: Rule, device: Heard) -> Limits:
        if rule.key in self._changed:
            return rule.limits(device.kind, *(self._overrides.get((rule.key, owner), {}) for owner in owners_of(device)))
        limits = self._defaults.get((device.street_id, rule.key, device.kind))
        if limits is None:
            limits = self._defaults[device.street_id, rule.key, device.kind] = rule.limits(device.kind)
        return limits


@dataclass(frozen=True)
class Standing:
    """An alert that is open: since when, and what was seen of it. ``heard_at``: of silence, when it began."""

    since: datetime
    tally: Tally
    heard_at: datetime | None


@dataclass(frozen=True)
class Situation:
    """What must be known before a batch is judged.

    ``open``: the alerts that are open about its devices. ``off``: the modules that are switched off, by compound.
    """

    figures: Figures
    tracks: Mapping[Key, Track]
    open: Mapping[Key, Standing]
    off: Mapping[str, frozenset[str]]

    def watches(self, rule: Rule, device: Heard) -> bool:
        """Whether the rule watches where the device is."""
        return rule.about_life or rule.module not in self.off.get(device.compound_id, ())


_OPEN = """
SELECT rule, subject_id, first_seen_at, last_seen_at, count, severity, reading
FROM alert WHERE state = 'OPEN' AND subject_id = ANY($1) AND rule = ANY($2)
"""
_STATES = "SELECT rule, subject_id, state FROM rule_state WHERE subject_id = ANY($1) AND rule = ANY($2)"
_HISTORY = """
SELECT r.device_id, r.metric, r.time, r.value
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS k (device_id, metric, since)
JOIN reading r ON r.device_id = k.device_id AND r.metric = k.metric AND r.time > k.since
ORDER BY r.device_id, r.metric, r.time
"""
_KEEP = """
INSERT INTO rule_state (id, rule, subject_id, state)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
ON CONFLICT (rule, subject_id) DO UPDATE SET state = excluded.state
"""
_FORGET = """
DELETE FROM rule_state s USING unnest($1::text[], $2::text[]) AS k (rule, subject_id)
WHERE s.rule = k.rule AND s.subject_id = k.subject_id
"""


async def load(batch: Batch) -> Situation:
    """The figures, memories and open alerts of all rules for the devices of the batch."""
    devices = list(batch.devices)
    rules = sorted({key for book in batch.rules.values() for key in book.rules})
    owners = {owner for device in batch.devices.values() for owner in owners_of(device)}
    states = await query(_STATES, devices, rules)
    alerts = await query(_OPEN, devices, rules)
    return Situation(
        Figures(await overrides_of(rules, owners, batch.rules)),
        {(row["rule"], row["subject_id"]): unpacked(orjson.loads(row["state"])) for row in states},
        {(row["rule"], row["subject_id"]): _standing(row) for row in alerts},
        await switched_off(device.compound_id for device in batch.devices.values()),
    )


def _standing(row: Mapping[str, Any]) -> Standing:
    reading: dict[str, Any] = orjson.loads(row["reading"])
    value, heard_at = reading.get("value"), reading.get("last_seen_at")
    newest = Sample(row["last_seen_at"], float(value) if isinstance(value, int | float) else 0.0)
    tally = Tally(row["count"], Severity(row["severity"]), newest)
    return Standing(row["first_seen_at"], tally, datetime.fromisoformat(heard_at) if heard_at else None)


async def judge(module: Module, batch: Batch, situation: Situation) -> list[Judged]:
    """What the module's rules find in the batch; what they must remember of it is stored."""
    cases = [case for case in _cases(module, batch, situation) if case.matters]
    history = await _history([case for case in cases if case.late])
    judged = [Judged(case.rule, case.device, case.judge, case.verdict(history)) for case in cases]
    await _remember(judged, situation.tracks)
    return judged


@dataclass(frozen=True)
class _Case:
    """A rule, a device and the fresh samples of the stream that the rule reads."""

    rule: Rule
    device: Heard
    judge: Judge
    track: Track | None
    stream: Stream
    newest: datetime | None
    fresh: Sequence[Sample]

    @property
    def matters(self) -> bool:
        return self.track is not None or not self.judge.quiet(self.fresh)

    @property
    def late(self) -> bool:
        return self.newest is not None and self.fresh[0].time <= self.newest

    def verdict(self, history: Mapping[Stream, Sequence[Sample]]) -> Verdict:
        if self.newest is None or not self.late:
            return self.judge.advance(self.track, self.newest, self.fresh)
        since = self.judge.history_from(self.track, self.newest, self.fresh[0].time)
        samples = [sample for sample in history.get(self.stream, ()) if sample.time > since]
        return self.judge.amend(self.track, self.newest, samples, {sample.time for sample in self.fresh})


def watches_of(rule: Rule) -> Watches | None:
    """When the rule watches, by the street's clock and the official calendar; None: always."""
    schedule = rule.schedule
    return None if schedule is None else lambda moment: schedule.covers(moment.astimezone(zone()), is_working_day)


def _cases(module: Module, batch: Batch, situation: Situation) -> Iterator[_Case]:
    watching = {street: book.modules[module.key].watching for street, book in batch.rules.items()}
    for stream, fresh in batch.fresh.items():
        device = batch.devices[stream[0]]
        for rule in watching[device.street_id].get((device.kind, stream[1]), ()):
            if not isinstance(rule.condition, Sampled) or not situation.watches(rule, device):
                continue
            newest, key = batch.newest[stream], (rule.key, device.id)
            track = situation.tracks.get(key)
            if track is None and key in situation.open:
                alert = situation.open[key]
                track = standing(alert.since, newest or fresh[0].time - timedelta.resolution, alert.tally)
            limits = situation.figures.of(rule, device)
            judge = Judge(rule.condition, limits, grade=partial(rule.severity_of, limits=limits), watches=watches_of(rule))
            yield _Case(rule, device, judge, track, stream, newest, fresh)


async def _history(cases: Sequence[_Case]) -> dict[Stream, list[Sample]]:
    """All stored samples that late ones need, by stream."""
    since: dict[Stream, datetime] = {}
    for case in cases:
        if case.newest is not None:
            start = case.judge.history_from(case.track, case.newest, case.fresh[0].time)
            since[case.stream] = min(start, since.get(case.stream, start))
    samples: dict[Stream, list[Sample]] = {}
    if since:
        for row in await query(_HISTORY, *zip(*since, strict=True), list(since.values())):
            samples.setdefault((row["device_id"], row["metric"]), []).append(Sample(row["time"], row["value"]))
    return samples


async def _remember(judged: Sequence[Judged], before: Mapping[Key, Track]) -> None:
    keep: list[tuple[str, str, str, str]] = []
    forget: list[Key] = []
    for each in judged:
        key, track = (each.rule.key, each.device.id), each.verdict.track
        if track is not None:
            keep.append((new_id(RuleState.prefix), *key, JSON_DUMPS(track.packed())))
        elif key in before:
            forget.append(key)
    if keep:
        await query(_KEEP, *zip(*keep, strict=True))
    if forget:
        await query(_FORGET, *zip(*forget, strict=True))
