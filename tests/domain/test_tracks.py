"""Samples that come late, twice and in any batches tell what they would have told in order."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.conditions import Below, Flag, Held, Memory, Repeated, Sample, Sampled, Simple
from domain.tracks import Judge, Track, Verdict, unpacked

START = datetime(2025, 3, 1, tzinfo=UTC)
LATENESS = timedelta(minutes=20)
LIMITS = {"low": 100.0, "margin": 5.0, "minutes": 5.0, "times": 2.0, "hours": 0.25}
LOW = Below("low", "margin")
CONDITIONS: list[Sampled] = [Simple(LOW), Held(LOW, "minutes"), Repeated(LOW, "times", "hours"), Simple(Flag())]
#: Bad, between and good.
VALUES = (40.0, 102.0, 140.0)

Span = tuple[datetime, datetime | None]


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def episodes_by_looking_back(condition: Sampled, samples: Sequence[Sample]) -> list[Span]:
    """The slow, obvious evaluator: at every sample look back over all that came before."""
    spans: list[Span] = []

    def bad(index: int) -> bool:
        return samples[index].value < 100

    for index, (time, value) in enumerate(samples):
        run = index
        while run > 0 and bad(run - 1):
            run -= 1
        turned = [
            other.time
            for n, other in enumerate(samples[: index + 1])
            if bad(n) and (n == 0 or not bad(n - 1)) and other.time > time - timedelta(hours=0.25)
        ]
        match condition:
            case Simple():
                met, over = bad(index), value >= 105
            case Held():
                met, over = bad(index) and time - samples[run].time >= timedelta(minutes=5), value >= 105
            case Repeated():
                met, over = bad(index) and run == index and len(turned) >= 2, value >= 105 and not turned
        holds = bool(spans) and spans[-1][1] is None
        if not holds and met:
            spans.append((time, None))
        elif holds and over:
            spans[-1] = (spans[-1][0], time)
    return spans


class Told:
    """A device with one rule, as the tasks keep it: its readings, the track as JSON, and the alerts told.

    ``shared``: episodes as they were known at some time, of which an alert told: what a late sample takes off such a one
    shares its alert.
    """

    def __init__(self, condition: Sampled) -> None:
        self.judge = Judge(condition, LIMITS, LATENESS)
        self.readings: dict[datetime, float] = {}
        self.state: str | None = None
        self.alerts: list[Span] = []
        self.shared: set[Span] = set()

    @property
    def track(self) -> Track | None:
        return unpacked(json.loads(self.state)) if self.state else None

    @property
    def open(self) -> bool:
        return any(cleared is None for _, cleared in self.alerts)

    def hear(self, batch: Sequence[Sample]) -> Verdict | None:
        newest = max(self.readings, default=None)
        fresh = sorted({sample.time: sample for sample in batch if sample.time not in self.readings}.values())
        self.readings |= dict(fresh)
        if not fresh or (self.state is None and self.judge.quiet(fresh)):
            return None
        if newest is None or fresh[0].time > newest:
            verdict = self.judge.advance(self.track, newest, fresh)
        else:
            since = self.judge.history_from(self.track, newest)
            history = sorted(Sample(time, value) for time, value in self.readings.items() if time > since)
            verdict = self.judge.amend(self.track, newest, history, {sample.time for sample in fresh})
        self._tell(verdict)
        known = episodes_by_looking_back(self.judge.condition, [Sample(*each) for each in sorted(self.readings.items())])
        self.shared |= {span for span in known if any(overlap(span, alert) for alert in self.alerts)}
        self.state = json.dumps(verdict.track.packed()) if verdict.track else None
        return verdict

    def _tell(self, verdict: Verdict) -> None:
        for sample in verdict.repeats:
            (at,) = (n for n, alert in enumerate(self.alerts) if alert[1] is None)
            self.alerts[at] = (min(self.alerts[at][0], sample.time), None)
        if verdict.cleared:
            (at,) = (n for n, alert in enumerate(self.alerts) if alert[1] is None)
            self.alerts[at] = (self.alerts[at][0], verdict.cleared.time)
        self.alerts += [(episode.raised_at, episode.cleared.time) for episode in verdict.past if episode.cleared]
        if verdict.raised:
            assert not self.open, "two alerts open"
            self.alerts.append((verdict.raised.raised_at, None))


def overlap(one: Span, other: Span) -> bool:
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


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
def test_any_delivery_ends_where_the_one_in_order_does(
    condition: Sampled, delivery: tuple[list[Sample], list[list[Sample]]]
) -> None:
    samples, batches = delivery
    told, in_order = Told(condition), Told(condition)
    for batch in batches:
        told.hear(batch)
    for sample in samples:
        in_order.hear([sample])
    expected = episodes_by_looking_back(condition, samples)

    assert in_order.alerts == expected
    assert told.open == in_order.open
    mine, other = (each.track.now if each.track else Memory(samples[-1].time) for each in (told, in_order))
    assert mine == other
    for episode in expected:
        assert any(overlap(episode, span) for span in (*told.alerts, *told.shared)), "nobody was told"
    if isinstance(condition, Simple):
        assert all(any(overlap(episode, alert) for episode in expected) for alert in told.alerts), "a false alert"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CONDITIONS[:3]), deliveries())
def test_in_order_it_does_not_matter_how_samples_are_batched(
    condition: Sampled, delivery: tuple[list[Sample], list[list[Sample]]]
) -> None:
    samples, batches = delivery
    told, left = Told(condition), list(samples)
    for size in map(len, batches):
        told.hear(left[:size])
        left = left[size:]
    told.hear(left)
    assert told.alerts == episodes_by_looking_back(condition, samples)


def heard(condition: Sampled, *batches: Sequence[tuple[float, float]]) -> list[Span]:
    told = Told(condition)
    for batch in batches:
        told.hear([Sample(minute(minutes), value) for minutes, value in batch])
    return told.alerts


def test_a_late_good_sample_does_not_clear_what_newer_ones_tell() -> None:
    assert heard(Simple(LOW), [(0, 140)], [(5, 40)], [(3, 140)]) == [(minute(5), None)]


def test_a_late_bad_sample_does_not_hide_that_it_is_good_again() -> None:
    assert heard(Simple(LOW), [(0, 140)], [(8, 140)], [(5, 40)]) == [(minute(5), minute(8))]


def test_a_late_sample_that_splits_an_open_episode_leaves_the_one_alert_open() -> None:
    assert heard(Simple(LOW), [(1, 40)], [(5, 40)], [(3, 140)]) == [(minute(1), None)]


def test_what_was_told_too_early_is_cleared() -> None:
    held = Held(LOW, "minutes")
    assert heard(held, [(0, 40)], [(5, 40)], [(4, 140)]) == [(minute(5), minute(5))]


def test_a_late_sample_that_completes_a_hold_raises() -> None:
    assert heard(Held(LOW, "minutes"), [(0, 140)], [(6, 40)], [(1, 40)]) == [(minute(6), None)]


def test_a_sample_that_is_too_late_is_not_judged() -> None:
    assert heard(Simple(LOW), [(0, 140)], [(60, 140)], [(39, 40)]) == []
    assert heard(Simple(LOW), [(0, 140)], [(60, 140)], [(41, 40)]) == [(minute(41), minute(60))]


def test_nothing_is_kept_of_a_device_that_has_been_well_for_long() -> None:
    told = Told(Simple(LOW))
    told.hear([Sample(minute(0), 40)])
    told.hear([Sample(minute(1), 140)])
    assert told.track
    told.hear([Sample(minute(20), 140)])
    assert told.track
    told.hear([Sample(minute(21), 140)])
    assert told.track is None


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_track_survives_being_stored(condition: Sampled) -> None:
    told = Told(condition)
    verdict = told.hear([Sample(minute(n), 40.0 if n % 3 else 140.0) for n in range(9)])
    assert verdict is not None
    assert verdict.track == told.track
