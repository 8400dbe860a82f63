"""What a rule remembers about a device between batches of samples, and what late samples change.

A ``Track`` is the memory of a condition's fold now and two older ones. Samples in order are folded into the memory now;
when one comes late, the stored samples since an old memory are folded again, and what that tells is compared with what
was told before.

Promise. Samples of one metric have distinct times. Let every sample come, in any order, any number of times and in any
batches, but none with a time more than ``LATENESS`` before the newest that came earlier. Then, once all have come and
figures have not changed on the way:

- the memory now equals that of folding all samples in order, so the condition holds or not as it would have;
- every episode (from raising to clearing) of the fold in order overlaps one that was told, and no two of those told
  were open at once; neighbours that a late sample set apart may share one;
- what was told too early, because a sample that would have prevented it came late, is cleared; of a simple condition
  nothing is told too early;
- a late sample never clears, and never hides, what newer samples tell.

Samples that come in order tell exactly the episodes of the fold, however they are batched.

A sample later than that is kept as a reading and not judged.
"""

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .conditions import Change, Limits, Memory, Sample, Sampled, Watches, Zone, step

#: How far behind the newest sample a late one may lie and still be judged as if it had come in time.
LATENESS = timedelta(hours=24)


@dataclass(slots=True)
class Episode:
    """One time that the condition held: since when, the samples that showed it, and the one that ended it (None: it holds)."""

    raised_at: datetime
    samples: list[Sample]
    cleared: Sample | None = None

    def meets(self, since: datetime, until: datetime) -> bool:
        """Whether it held at some time from ``since`` up to ``until``."""
        return self.raised_at <= until and (self.cleared is None or self.cleared.time > since)


@dataclass(frozen=True)
class Track:
    """What is kept between batches: the memory ``now``, and two older ones of which ``base`` is at least LATENESS old.

    ``busy_at``: the newest sample before or after which the fold was not at rest.
    """

    base: Memory
    mark: Memory
    now: Memory
    busy_at: datetime

    def packed(self) -> dict[str, Any]:
        """As JSON values."""
        memories = {"base": self.base, "mark": self.mark, "now": self.now}
        return {"busy_at": self.busy_at.isoformat(), **{name: _packed(memory) for name, memory in memories.items()}}


def standing(since: datetime, newest: datetime) -> Track:
    """The track of a condition of which only this is known: it began to hold at ``since`` and held at ``newest``."""
    memory = Memory(newest, raised_at=since)
    return Track(memory, memory, memory, newest)


def unpacked(state: Mapping[str, Any]) -> Track:
    """The track that ``Track.packed`` wrote."""
    base, mark, now = (_unpacked(state[name]) for name in ("base", "mark", "now"))
    return Track(base, mark, now, datetime.fromisoformat(state["busy_at"]))


def _packed(memory: Memory) -> dict[str, Any]:
    return {
        "at": memory.at.isoformat(),
        "bad_since": memory.bad_since and memory.bad_since.isoformat(),
        "onsets": [onset.isoformat() for onset in memory.onsets],
        "raised_at": memory.raised_at and memory.raised_at.isoformat(),
    }


def _unpacked(state: Mapping[str, Any]) -> Memory:
    bad_since, raised_at = (state[name] and datetime.fromisoformat(state[name]) for name in ("bad_since", "raised_at"))
    onsets = tuple(datetime.fromisoformat(onset) for onset in state["onsets"])
    return Memory(datetime.fromisoformat(state["at"]), bad_since, onsets, raised_at)


@dataclass(frozen=True)
class Verdict:
    """What samples tell beyond what was told before.

    ``track``: to be kept; None: nothing need be. ``repeats``: more samples of the episode that was open. ``cleared``:
    the sample that ended it. ``past``: episodes that were not told and are over. ``raised``: the one that is open now.
    """

    track: Track | None
    repeats: tuple[Sample, ...] = ()
    cleared: Sample | None = None
    past: tuple[Episode, ...] = ()
    raised: Episode | None = None


@dataclass(frozen=True)
class Judge:
    """Judges the samples of one metric of one device by one rule's condition, that device's figures and the rule's hours."""

    condition: Sampled
    limits: Limits
    lateness: timedelta = LATENESS
    watches: Watches | None = None

    def quiet(self, samples: Sequence[Sample]) -> bool:
        """Whether none of the samples is bad: without a track they change nothing, however late they are."""
        level = self.condition.level
        return all(level.zone(sample.value, self.limits) is not Zone.BAD for sample in samples)

    def history_from(self, track: Track | None, newest: datetime) -> datetime:
        """The time after which all stored samples are needed to judge late ones. ``newest``: of those known before."""
        return newest - self.lateness if track is None else track.base.at

    def advance(self, track: Track | None, newest: datetime | None, samples: Sequence[Sample]) -> Verdict:
        """Judge samples, in order and all newer than ``newest`` of those known before (None: none was)."""
        track = track or self._resting(newest or samples[0].time)
        now, episodes, busy_at = self._fold(track.now, samples)
        kept = self._kept(replace(track, now=now), busy_at)
        return _reconciled(_carried(track.now), track.now.at, episodes, samples[-1], kept)

    def amend(self, track: Track | None, newest: datetime, history: Sequence[Sample], fresh: Container[datetime]) -> Verdict:
        """Judge samples of which some are late.

        ``history``: all samples after ``history_from``, in order. ``fresh``: the times of those not judged before; one
        that is not in the history is too late and not judged.
        """
        known = [sample for sample in history if sample.time not in fresh]
        if len(known) == len(history):
            return Verdict(track)
        track = track or self._resting(newest)
        _, told, _ = self._fold(track.base, known)
        marked = bisect_right(history, track.mark.at, key=_time)
        mark, episodes, busy_then = self._fold(track.base, history[:marked])
        now, episodes, busy_now = self._fold(mark, history[marked:], episodes)
        kept = self._kept(replace(track, mark=replace(mark, at=track.mark.at), now=now), busy_now or busy_then)
        return _reconciled(told, known[-1].time if known else track.base.at, episodes, history[-1], kept)

    def _resting(self, newest: datetime) -> Track:
        memory = Memory(newest - self.lateness)
        return Track(memory, memory, memory, memory.at)

    def _kept(self, track: Track, busy_at: datetime | None) -> Track | None:
        busy_at = max(track.busy_at, busy_at or track.busy_at)
        if track.now.at_rest and track.now.at - busy_at >= self.lateness:
            return None
        if track.now.at - track.mark.at >= self.lateness:
            return Track(track.mark, track.now, track.now, busy_at)
        return replace(track, busy_at=busy_at)

    def _fold(
        self, memory: Memory, samples: Sequence[Sample], episodes: list[Episode] | None = None
    ) -> tuple[Memory, list[Episode], datetime | None]:
        """The memory after all samples, the episodes (going on with those given), and the newest sample that was not idle."""
        episodes = _carried(memory) if episodes is None else episodes
        busy_at = None
        for sample in samples:
            rested = memory.at_rest
            memory, change = step(self.condition, self.limits, memory, sample, self.watches)
            if not (rested and memory.at_rest):
                busy_at = sample.time
            match change:
                case Change.RAISED:
                    episodes.append(Episode(sample.time, [sample]))
                case Change.REPEATED:
                    episodes[-1].samples.append(sample)
                case Change.CLEARED:
                    episodes[-1].cleared = sample
                case None:
                    pass
        return memory, episodes, busy_at


def _time(sample: Sample) -> datetime:
    return sample.time


def _carried(memory: Memory) -> list[Episode]:
    return [] if memory.raised_at is None else [Episode(memory.raised_at, [])]


def _reconciled(
    told: Sequence[Episode], told_until: datetime, episodes: Sequence[Episode], newest: Sample, track: Track | None
) -> Verdict:
    """What ``episodes`` tell beyond ``told``, which knew the samples up to ``told_until``."""
    going_on = told[-1] if told and told[-1].cleared is None else None
    spans = [(episode.raised_at, episode.cleared.time if episode.cleared else told_until) for episode in told]
    same: list[Episode] = []
    past: list[Episode] = []
    raised = None
    for episode in episodes:
        if going_on is not None and episode.meets(going_on.raised_at, told_until):
            same.append(episode)
        elif episode.cleared is None:
            raised = episode
        elif not any(episode.meets(*span) for span in spans):
            past.append(episode)
    if going_on is None:
        return Verdict(track, past=tuple(past), raised=raised)
    seen = {sample.time for sample in going_on.samples}
    repeats = tuple(sample for episode in same for sample in episode.samples if sample.time not in seen)
    return Verdict(track, repeats, same[-1].cleared if same else newest, tuple(past), raised)
