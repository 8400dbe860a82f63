"""Samples that come late, twice and in any batches tell what they would have told in order."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.alerts.conditions import Below, Flag, Held, Memory, Repeated, Sample, Sampled, Simple
from domain.alerts.corrections import Telling, Told, corrections
from domain.alerts.tracks import Judge, Track, Verdict, unpacked

START = datetime(2025, 3, 1, tzinfo=UTC)
LATENESS = timedelta(minutes=20)
LIMITS = {"low": 100.0, "margin": 5.0, "minutes": 5.0, "times": 2.0, "hours": 0.25}
LOW = Below("low", "margin")
CONDITIONS: list[Sampled] = [Simple(LOW), Held(LOW, "minutes"), Repeated(LOW, "times", "hours"), Simple(Flag())]
#: Very bad, bad, between and good.
VALUES = (20.0, 40.0, 102.0, 140.0)

#: An alert: first seen, cleared, count, severity, last seen.
Standing = tuple[datetime, datetime | None, int, Severity, datetime]


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def grade(value: float) -> Severity:
    return Severity.MAJOR if value < 30 else Severity.MINOR


def episodes_by_looking_back(condition: Sampled, samples: Sequence[Sample]) -> list[Standing]:
    """The slow, obvious evaluator: at every sample look back over all that came before."""
    found: list[tuple[datetime, datetime | None, list[Sample]]] = []

    def bad(index: int) -> bool:
        return samples[index].value < 100

    for index, sample in enumerate(samples):
        run = index
        while run > 0 and bad(run - 1):
            run -= 1
        turned = [
            other.time
            for n, other in enumerate(samples[: index + 1])
            if bad(n) and (n == 0 or not bad(n - 1)) and other.time > sample.time - timedelta(hours=0.25)
        ]
        seen, over = bad(index), sample.value >= 105
        match condition:
            case Simple():
                met = seen
            case Held():
                met = seen and sample.time - samples[run].time >= timedelta(minutes=5)
            case Repeated():
                seen = seen and run == index
                met, over = seen and len(turned) >= 2, over and not turned
        holds = bool(found) and found[-1][1] is None
        if holds and over:
            found[-1] = (found[-1][0], sample.time, found[-1][2])
        elif holds and seen:
            found[-1][2].append(sample)
        elif not holds and met:
            found.append((sample.time, None, [sample]))
    return [
        (since, cleared, len(seen), Severity.MAJOR if any(each.value < 30 for each in seen) else Severity.MINOR, seen[-1].time)
        for since, cleared, seen in found
    ]


class Teller:
    """A device with one rule, as the tasks keep it: its readings, the track as JSON, and the alerts told."""

    def __init__(self, condition: Sampled) -> None:
        self.judge = Judge(condition, LIMITS, LATENESS, grade)
        self.readings: dict[datetime, float] = {}
        self.state: str | None = None
        self.alerts: dict[str, Told] = {}
        self.withdrawn: list[Told] = []

    @property
    def track(self) -> Track | None:
        return unpacked(json.loads(self.state)) if self.state else None

    def hear(self, batch: Sequence[Sample]) -> Verdict | None:
        newest = max(self.readings, default=None)
        fresh = sorted({sample.time: sample for sample in batch if sample.time not in self.readings}.values())
        self.readings |= dict(fresh)
        if not fresh or (self.state is None and self.judge.quiet(fresh)):
            return None
        if newest is None or fresh[0].time > newest:
            verdict = self.judge.advance(self.track, newest, fresh)
        else:
            since = self.judge.history_from(self.track, newest, fresh[0].time)
            history = sorted(Sample(time, value) for time, value in self.readings.items() if time > since)
            verdict = self.judge.amend(self.track, newest, history, {sample.time for sample in fresh})
        self.state = json.dumps(verdict.track.packed()) if verdict.track else None
        self._tell(verdict)
        return verdict

    def _tell(self, verdict: Verdict) -> None:
        told = corrections(verdict, list(self.alerts.values()), timedelta(days=1), grade)
        for alert in told.withdrawn:
            self.withdrawn.append(self.alerts.pop(alert.id))
        for alert, telling in told.changed:
            self.alerts[alert.id] = as_told(alert.id, telling, alert.seen_at)
        for telling in told.new:
            name = f"alert {len(self.alerts) + len(self.withdrawn)}"
            self.alerts[name] = as_told(name, telling, telling.since)
        assert sum(alert.cleared_at is None for alert in self.alerts.values()) <= 1, "two alerts open"

    def standing(self) -> list[Standing]:
        """All that was told and not withdrawn, in order."""
        return sorted((each.since, each.cleared_at, each.count, each.severity, each.seen_at) for each in self.alerts.values())


def as_told(name: str, telling: Telling, seen_at: datetime) -> Told:
    cleared_at = telling.cleared.time if telling.cleared else None
    seen_at = telling.newest.time if telling.newest else seen_at
    return Told(name, telling.since, seen_at, cleared_at, by_person=False, count=telling.count, severity=telling.severity)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Sample], list[list[Sample]]]:
    """Samples in order, and batches of them in another order, some twice, none too late."""
    times = draw(st.lists(st.integers(0, 90), unique=True, min_size=1, max_size=40))
    samples = [Sample(minute(time), draw(st.sampled_from(VALUES))) for time in sorted(times)]
    twice = draw(st.lists(st.sampled_from(samples), max_size=5))
    delay = st.integers(0, 20)
    order = sorted((sample.time + timedelta(minutes=draw(delay)), n, sample) for n, sample in enumerate([*samples, *twice]))
    batches: list[list[Sample]] = [[]]
    for _, _, sample in order:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append(sample)
    return samples, batches


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CONDITIONS[:3]), deliveries())
def test_the_alerts_that_stand_are_the_same_whatever_the_order_of_arrival(
    condition: Sampled, delivery: tuple[list[Sample], list[list[Sample]]]
) -> None:
    samples, batches = delivery
    late, in_order = Teller(condition), Teller(condition)
    for batch in batches:
        late.hear(batch)
    for sample in samples:
        in_order.hear([sample])
    assert in_order.standing() == episodes_by_looking_back(condition, samples)
    assert late.standing() == in_order.standing()
    assert not in_order.withdrawn
    mine, other = (each.track.now if each.track else Memory(samples[-1].time) for each in (late, in_order))
    assert mine == other
    if isinstance(condition, Simple):
        assert not late.withdrawn, "a false alert"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CONDITIONS[:3]), deliveries())
def test_in_order_it_does_not_matter_how_samples_are_batched(
    condition: Sampled, delivery: tuple[list[Sample], list[list[Sample]]]
) -> None:
    samples, batches = delivery
    told, left = Teller(condition), list(samples)
    for size in map(len, batches):
        told.hear(left[:size])
        left = left[size:]
    told.hear(left)
    assert told.standing() == episodes_by_looking_back(condition, samples)


def heard(condition: Sampled, *batches: Sequence[tuple[float, float]]) -> Teller:
    told = Teller(condition)
    for batch in batches:
        told.hear([Sample(minute(minutes), value) for minutes, value in batch])
    return told


def spans(condition: Sampled, *batches: Sequence[tuple[float, float]]) -> list[tuple[datetime, datetime | None]]:
    return [(since, cleared) for since, cleared, *_ in heard(condition, *batches).standing()]


def test_a_late_good_sample_does_not_clear_what_newer_ones_tell() -> None:
    assert spans(Simple(LOW), [(0, 140)], [(5, 40)], [(3, 140)]) == [(minute(5), None)]


def test_a_late_bad_sample_does_not_hide_that_it_is_good_again() -> None:
    assert spans(Simple(LOW), [(0, 140)], [(8, 140)], [(5, 40)]) == [(minute(5), minute(8))]


def test_a_late_sample_that_splits_an_open_episode_leaves_its_alert_open_and_adds_the_part_that_is_over() -> None:
    told = heard(Simple(LOW), [(1, 40)], [(5, 40)], [(3, 140)])
    assert told.standing() == [
        (minute(1), minute(3), 1, Severity.MINOR, minute(1)),
        (minute(5), None, 1, Severity.MINOR, minute(5)),
    ]
    assert told.alerts["alert 0"].cleared_at is None, "whoever looks after it goes on"


def test_what_was_told_too_early_is_withdrawn() -> None:
    told = heard(Held(LOW, "minutes"), [(0, 40)], [(5, 40)], [(4, 140)])
    assert not told.alerts
    assert [alert.since for alert in told.withdrawn] == [minute(5)]


def test_two_alerts_that_a_late_sample_shows_to_be_one_become_one() -> None:
    repeated = Repeated(LOW, "times", "hours")
    batches = [(0, 40), (1, 140), (2, 40), (3, 140)], [(20, 140)], [(21, 40), (22, 140), (23, 40)]
    assert spans(repeated, *batches) == [(minute(2), minute(20)), (minute(23), None)]
    told = heard(repeated, *batches, [(10, 40)], [(11, 140)])
    assert told.standing() == [(minute(2), None, 4, Severity.MINOR, minute(23))]
    assert len(told.withdrawn) == 1


def test_a_late_sample_takes_a_severity_back_that_another_episode_has() -> None:
    told = heard(Simple(LOW), [(1, 40)], [(5, 20)], [(6, 140)], [(3, 140)])
    assert [(since, severity) for since, _, _, severity, _ in told.standing()] == [
        (minute(1), Severity.MINOR),
        (minute(5), Severity.MAJOR),
    ]


def test_a_late_sample_that_completes_a_hold_raises() -> None:
    assert spans(Held(LOW, "minutes"), [(0, 140)], [(6, 40)], [(1, 40)]) == [(minute(6), None)]


def test_a_sample_that_is_too_late_is_not_judged() -> None:
    assert spans(Simple(LOW), [(0, 140)], [(60, 140)], [(39, 40)]) == []
    assert spans(Simple(LOW), [(0, 140)], [(60, 140)], [(41, 40)]) == [(minute(41), minute(60))]


def test_nothing_is_kept_of_a_device_that_has_been_well_for_long() -> None:
    told = Teller(Simple(LOW))
    told.hear([Sample(minute(0), 40)])
    told.hear([Sample(minute(1), 140)])
    assert told.track
    told.hear([Sample(minute(20), 140)])
    assert told.track
    told.hear([Sample(minute(21), 140)])
    assert told.track is None


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_track_survives_being_stored(condition: Sampled) -> None:
    told = Teller(condition)
    verdict = told.hear([Sample(minute(n), 40.0 if n % 3 else 140.0) for n in range(9)])
    assert verdict is not None
    assert verdict.track == told.track


def test_what_is_kept_of_a_device_does_not_grow_and_what_is_a_minute_late_needs_minutes_of_history() -> None:
    """At worst: a reading every ten seconds for three days, the longest window, the most onsets."""
    limits = {**LIMITS, "times": 20.0, "hours": 720.0}
    judge, track, newest, most = Judge(Repeated(LOW, "times", "hours"), limits, grade=grade), None, minute(0), 0
    for n in range(1, 26_000):
        verdict = judge.advance(track, newest, [Sample(minute(n / 6), (140, 40.123456789)[n % 2])])
        track, newest = verdict.track, minute(n / 6)
        assert track is not None
        if n % 50 == 0 and newest > minute(1_440):
            most = max(most, len(json.dumps(track.packed())))
            assert newest - judge.history_from(track, newest, newest - timedelta(minutes=1)) < timedelta(minutes=12)
            assert newest - judge.history_from(track, newest, newest - timedelta(hours=1)) < timedelta(hours=6)
    assert most < 6 * 1024
