"""What a rule remembers about a device between batches of samples, and what late samples change.

A ``Track`` is the memory of a condition's fold now and some older ones, the further back the fewer. Samples in order are
folded into the memory now. When one comes late, the stored samples since the newest memory that is older are folded twice,
without it and with it, and the episodes that differ are what it changed: what is little late costs little. How the alerts
told so far are brought in line with them is in ``domain/alerts/corrections.py``.

Promise. Samples of one metric have distinct times. Let every sample come, in any order, any number of times and in any
batches, but none with a time more than ``LATENESS`` before the newest that came earlier. Then, once all have come, and
if neither the figures nor a person changed anything on the way:

- the memory now equals that of folding all samples in order;
- the alerts that stand (all but those withdrawn) are the episodes of that fold, one each: first and last seen, cleared,
  count and severity. At no time are two of them open.

A sample later than that is kept as a reading and not judged.
"""

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from .conditions import Change, Grade, Limits, Memory, Sample, Sampled, Tally, Watches, Zone, alike, step
from .words import Severity

#: How far behind the newest sample a late one may lie and still be judged as if it had come in time.
LATENESS = timedelta(hours=24)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The share of the lateness that lies between the newest marks of a track, at least.
_STEP = 1 / 288
#: Neighbours of a mark that lie no further apart than so many times their age do without it.
_SPARSE = 3


@dataclass(slots=True)
class Episode:
    """One time that the condition held: since when, what was seen of it, and the sample that ended it (None: it holds).

    ``samples``: of what was seen, that since the fold began.
    """

    raised_at: datetime
    tally: Tally
    samples: list[Sample]
    cleared: Sample | None = None

    @property
    def key(self) -> tuple[datetime, Tally, Sample | None]:
        """All that an alert tells of it."""
        return self.raised_at, self.tally, self.cleared


@dataclass(frozen=True)
class Track:
    """What is kept between batches: the memory ``now``, and older ones, ``marks``, of which the first is LATENESS old or older.

    ``busy_at``: the newest sample before or after which the fold was not at rest.
    """

    marks: tuple[Memory, ...]
    now: Memory
    busy_at: datetime

    def before(self, earliest: datetime) -> int:
        """The number of the newest mark before ``earliest``; the first if there is none."""
        return max((number for number, mark in enumerate(self.marks) if mark.at < earliest), default=0)

    def packed(self) -> dict[str, Any]:
        """As JSON values."""
        marks = [_packed(mark) for mark in self.marks]
        return {"busy_at": _micros(self.busy_at), "now": _packed(self.now), "marks": marks}


def standing(since: datetime, newest: datetime, tally: Tally) -> Track:
    """The track of a condition of which only this is known: it holds since ``since``, held at ``newest``, and was so seen."""
    memory = Memory(newest, raised_at=since, tally=tally)
    return Track((memory,), memory, newest)


def unpacked(state: Mapping[str, Any]) -> Track:
    """The track that ``Track.packed`` wrote."""
    marks = tuple(_unpacked(mark) for mark in state["marks"])
    return Track(marks, _unpacked(state["now"]), _time_of(state["busy_at"]))


def _packed(memory: Memory) -> dict[str, Any]:
    state: dict[str, Any] = {"at": _micros(memory.at)}
    if memory.bad_since is not None:
        state["bad_since"] = _micros(memory.bad_since)
    if memory.onsets:
        state["onsets"] = [_micros(onset) for onset in memory.onsets]
    if memory.raised_at is not None and memory.tally is not None:
        tally = memory.tally
        state["raised_at"] = _micros(memory.raised_at)
        state["tally"] = [tally.count, tally.severity, _micros(tally.newest.time), tally.newest.value]
    return state


def _unpacked(state: Mapping[str, Any]) -> Memory:
    bad_since, raised_at = (_time_of(state[name]) if name in state else None for name in ("bad_since", "raised_at"))
    onsets = tuple(_time_of(onset) for onset in state.get("onsets", ()))
    tally = None
    if "tally" in state:
        count, severity, time, value = state["tally"]
        tally = Tally(count, Severity(severity), Sample(_time_of(time), value))
    return Memory(_time_of(state["at"]), bad_since, onsets, raised_at, tally)


def _micros(moment: datetime) -> int:
    """Microseconds since 1970: half as long as a date in words."""
    return (moment - _EPOCH) // timedelta.resolution


def _time_of(micros: int) -> datetime:
    return _EPOCH + micros * timedelta.resolution


@dataclass(frozen=True)
class Verdict:
    """What samples tell beyond what was told before.

    ``track``: to be kept; None: nothing need be. ``before``: the episodes that the samples changed, as they were known;
    ``after``: what they are now, and those that are new, in order. ``until``: the newest sample judged before.
    ``fresh``: the times of the samples not judged before; None: those of ``after`` all are.
    """

    track: Track | None
    until: datetime
    before: tuple[Episode, ...] = ()
    after: tuple[Episode, ...] = ()
    fresh: Container[datetime] | None = None

    @property
    def speaks(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.before or self.after)

    @property
    def since(self) -> datetime:
        """When the first of the episodes began."""
        return min(episode.raised_at for episode in (*self.before, *self.after))

    def is_fresh(self, sample: Sample) -> bool:
        """Whether it was not judged before."""
        return self.fresh is None or sample.time in self.fresh


@dataclass(frozen=True)
class Judge:
    """Judges the samples of one metric of one device by one rule's condition, that device's figures and the rule's hours."""

    condition: Sampled
    limits: Limits
    lateness: timedelta = LATENESS
    grade: Grade = alike
    watches: Watches | None = None

    def quiet(self, samples: Sequence[Sample]) -> bool:
        """Whether none of the samples is bad: without a track they change nothing, however late they are."""
        level = self.condition.level
        return all(level.zone(sample.value, self.limits) is not Zone.BAD for sample in samples)

    def history_from(self, track: Track | None, newest: datetime, earliest: datetime) -> datetime:
        """The time after which all stored samples are needed to judge late ones.

        ``newest``: of those known before; ``earliest``: of those not judged before.
        """
        if track is None:
            # Nothing is remembered, so all was at rest for so long: it was just before the earliest, too.
            return max(newest - self.lateness, earliest - timedelta.resolution)
        return track.marks[track.before(earliest)].at

    def advance(self, track: Track | None, newest: datetime | None, samples: Sequence[Sample]) -> Verdict:
        """Judge samples, in order and all newer than ``newest`` of those known before (None: none was)."""
        track = track or self._resting(newest or samples[0].time)
        before = _carried(track.now)
        now, after, busy_at = self._fold(track.now, samples)
        return _verdict(self._kept(replace(track, now=now), busy_at), track.now.at, before, after)

    def amend(self, track: Track | None, newest: datetime, history: Sequence[Sample], fresh: Container[datetime]) -> Verdict:
        """Judge samples of which some are late.

        ``history``: all samples after ``history_from``, in order. ``fresh``: the times of those not judged before; one
        that is not in the history is too late and not judged.
        """
        known = [sample for sample in history if sample.time not in fresh]
        if len(known) == len(history):
            return Verdict(track, newest)
        earliest = next(sample.time for sample in history if sample.time in fresh)
        if track is None:
            start, track = Memory(self.history_from(None, newest, earliest)), self._resting(newest)
        else:
            start = track.marks[track.before(earliest)]
        history = history[bisect_right(history, start.at, key=_time) :]
        known = [sample for sample in history if sample.time not in fresh]
        _, before, _ = self._fold(start, known)
        memory, after, busy_at, done = start, _carried(start), None, 0
        marks = [mark for mark in track.marks if mark.at <= start.at]
        for mark in track.marks[len(marks) :]:
            upto = bisect_right(history, mark.at, key=_time)
            memory, after, busy = self._fold(memory, history[done:upto], after)
            busy_at, done = busy or busy_at, upto
            marks.append(replace(memory, at=mark.at))
        now, after, busy = self._fold(memory, history[done:], after)
        kept = self._kept(Track(tuple(marks), now, track.busy_at), busy or busy_at)
        return _verdict(kept, known[-1].time if known else start.at, before, after, fresh)

    def _resting(self, newest: datetime) -> Track:
        memory = Memory(newest - self.lateness)
        return Track((memory,), memory, memory.at)

    def _kept(self, track: Track, busy_at: datetime | None) -> Track | None:
        now, busy_at = track.now, max(track.busy_at, busy_at or track.busy_at)
        if now.at_rest and now.at - busy_at >= self.lateness:
            return None
        marks = (*track.marks, now) if now.at - track.marks[-1].at >= self.lateness * _STEP else track.marks
        oldest = max((number for number, mark in enumerate(marks) if now.at - mark.at >= self.lateness), default=0)
        kept = [marks[oldest]]
        for mark, newer in pairwise(marks[oldest + 1 :]):
            if newer.at - kept[-1].at > _SPARSE * (now.at - newer.at):
                kept.append(mark)
        return Track((*kept, *marks[oldest + 1 :][-1:]), now, busy_at)

    def _fold(
        self, memory: Memory, samples: Sequence[Sample], episodes: list[Episode] | None = None
    ) -> tuple[Memory, list[Episode], datetime | None]:
        """The memory after all samples, the episodes (going on with those given), and the newest sample that was not idle."""
        episodes = _carried(memory) if episodes is None else episodes
        busy_at = None
        for sample in samples:
            rested = memory.at_rest
            memory, change = step(self.condition, self.limits, memory, sample, self.grade, self.watches)
            if not (rested and memory.at_rest):
                busy_at = sample.time
            match change:
                case Change.RAISED if memory.tally:
                    episodes.append(Episode(sample.time, memory.tally, [sample]))
                case Change.REPEATED if memory.tally:
                    episodes[-1].tally = memory.tally
                    episodes[-1].samples.append(sample)
                case Change.CLEARED:
                    episodes[-1].cleared = sample
                case _:
                    pass
        return memory, episodes, busy_at


def _time(sample: Sample) -> datetime:
    return sample.time


def _carried(memory: Memory) -> list[Episode]:
    return [] if memory.raised_at is None or memory.tally is None else [Episode(memory.raised_at, memory.tally, [])]


def _verdict(
    track: Track | None,
    until: datetime,
    before: Sequence[Episode],
    after: Sequence[Episode],
    fresh: Container[datetime] | None = None,
) -> Verdict:
    """Only what differs."""
    was, now_is = {episode.key for episode in before}, {episode.key for episode in after}
    return Verdict(
        track,
        until,
        tuple(episode for episode in before if episode.key not in now_is),
        tuple(episode for episode in after if episode.key not in was),
        fresh,
    )
