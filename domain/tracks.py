"""What a rule remembers about a device between batches of samples, and what late samples change.

A ``Track`` is the memory of a condition's fold now and two older ones. Samples in order are folded into the memory now;
when one comes late, the stored samples since an old memory are folded twice, without it and with it, and the episodes
that differ are what it changed. How the alerts told so far are brought in line with them is in ``domain/corrections.py``.

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
from datetime import datetime, timedelta
from typing import Any

from .alerts import Severity
from .conditions import Change, Grade, Limits, Memory, Sample, Sampled, Tally, Watches, Zone, alike, step

#: How far behind the newest sample a late one may lie and still be judged as if it had come in time.
LATENESS = timedelta(hours=24)


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
    """What is kept between batches: the memory ``now``, and two older ones of which ``base`` is at least LATENESS old.

    ``busy_at``: the newest sample before or after which the fold was not at rest.
    """

    base: Memory
    mark: Memory
    now: Memory
    busy_at: datetime

    def packed(self) -> dict[str, Any]:
        """As JSON values. Memories that are one are written once."""
        state: dict[str, Any] = {"busy_at": self.busy_at.isoformat(), "now": _packed(self.now)}
        if self.mark != self.now:
            state["mark"] = _packed(self.mark)
        if self.base != self.mark:
            state["base"] = _packed(self.base)
        return state


def standing(since: datetime, newest: datetime, tally: Tally) -> Track:
    """The track of a condition of which only this is known: it holds since ``since``, held at ``newest``, and was so seen."""
    memory = Memory(newest, raised_at=since, tally=tally)
    return Track(memory, memory, memory, newest)


def unpacked(state: Mapping[str, Any]) -> Track:
    """The track that ``Track.packed`` wrote."""
    now = _unpacked(state["now"])
    mark = _unpacked(state["mark"]) if "mark" in state else now
    base = _unpacked(state["base"]) if "base" in state else mark
    return Track(base, mark, now, datetime.fromisoformat(state["busy_at"]))


def _packed(memory: Memory) -> dict[str, Any]:
    state: dict[str, Any] = {"at": memory.at.isoformat()}
    if memory.bad_since is not None:
        state["bad_since"] = memory.bad_since.isoformat()
    if memory.onsets:
        state["onsets"] = [onset.isoformat() for onset in memory.onsets]
    if memory.raised_at is not None and memory.tally is not None:
        tally = memory.tally
        newest = tally.newest
        state["raised_at"] = memory.raised_at.isoformat()
        state["tally"] = [tally.count, tally.severity, newest.time.isoformat(), newest.value]
    return state


def _unpacked(state: Mapping[str, Any]) -> Memory:
    bad_since, raised_at = (datetime.fromisoformat(state[name]) if name in state else None for name in ("bad_since", "raised_at"))
    onsets = tuple(datetime.fromisoformat(onset) for onset in state.get("onsets", ()))
    tally = None
    if "tally" in state:
        count, severity, time, value = state["tally"]
        tally = Tally(count, Severity(severity), Sample(datetime.fromisoformat(time), value))
    return Memory(datetime.fromisoformat(state["at"]), bad_since, onsets, raised_at, tally)


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

    def history_from(self, track: Track | None, newest: datetime) -> datetime:
        """The time after which all stored samples are needed to judge late ones. ``newest``: of those known before."""
        return newest - self.lateness if track is None else track.base.at

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
        track = track or self._resting(newest)
        until = known[-1].time if known else track.base.at
        _, before, _ = self._fold(track.base, known)
        marked = bisect_right(history, track.mark.at, key=_time)
        mark, after, busy_then = self._fold(track.base, history[:marked])
        now, after, busy_now = self._fold(mark, history[marked:], after)
        kept = self._kept(replace(track, mark=replace(mark, at=track.mark.at), now=now), busy_now or busy_then)
        return _verdict(kept, until, before, after, fresh)

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
