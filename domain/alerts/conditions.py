"""When samples make a condition hold: simple, held for a duration, repeated in a window, missing for a duration; or a check.

Everything goes by event time. A condition is a fold over a device's samples in the order of their times; ``step`` is
one step of it, and what it remembers (``Memory``) is small and bounded. How samples that come late are folded in where
they belong is in ``domain/alerts/tracks.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from .words import Severity

#: The figures of a rule for one device: name → number in the figure's unit.
Limits = Mapping[str, float]
#: Whether a rule watches at a moment (event time). What is seen while it does not is good, whatever it is.
Watches = Callable[[datetime], bool]


class Sample(NamedTuple):
    """One value of one metric of one device at its event time (aware). Yes is 1, no is 0."""

    time: datetime
    value: float


class Zone(Enum):
    """Where a value lies: it raises, it clears, or (hysteresis) it does neither."""

    BAD = auto()
    BETWEEN = auto()
    GOOD = auto()


@dataclass(frozen=True)
class Flag:
    """A yes/no metric: yes is bad."""

    def zone(self, value: float, _limits: Limits) -> Zone:
        return Zone.BAD if self.reaches(value, 0.5) else Zone.GOOD

    def reaches(self, value: float, bound: float) -> bool:
        return value >= bound


@dataclass(frozen=True)
class Above:
    """Bad from ``limit`` upwards; good again under ``limit`` − ``margin``. ``size``: the sign of the value does not matter."""

    limit: str
    margin: str
    size: bool = False

    def zone(self, value: float, limits: Limits) -> Zone:
        if self.reaches(value, limits[self.limit]):
            return Zone.BAD
        return Zone.BETWEEN if self.reaches(value, limits[self.limit] - limits[self.margin]) else Zone.GOOD

    def reaches(self, value: float, bound: float) -> bool:
        """Whether ``value`` is as bad as ``bound``, or worse."""
        return (abs(value) if self.size else value) >= bound


@dataclass(frozen=True)
class Below:
    """Bad under ``limit``; good again from ``limit`` + ``margin`` upwards."""

    limit: str
    margin: str

    def zone(self, value: float, limits: Limits) -> Zone:
        if self.reaches(value, limits[self.limit]):
            return Zone.BAD
        return Zone.BETWEEN if self.reaches(value, limits[self.limit] + limits[self.margin]) else Zone.GOOD

    def reaches(self, value: float, bound: float) -> bool:
        """Whether ``value`` is worse than ``bound``."""
        return value < bound


Level = Flag | Above | Below


@dataclass(frozen=True)
class Simple:
    """Raised by the first bad sample, cleared by the first good one."""

    level: Level


@dataclass(frozen=True)
class Held:
    """Raised when every sample has been bad for ``minutes``; cleared by the first good one."""

    level: Level
    minutes: str


@dataclass(frozen=True)
class Repeated:
    """Raised when it turned bad ``times`` times within ``hours``; cleared by a good sample when it has not for ``hours``."""

    level: Level
    times: str
    hours: str


@dataclass(frozen=True)
class Missing:
    """Raised when nothing was heard for more than ``hours``; cleared when something was, less than ``hours`` − ``margin`` ago.

    Judged by the clock. The margin counts for half of the hours at most; None: there is none.
    """

    hours: str
    margin: str | None = None

    def zone(self, limits: Limits, last_seen_at: datetime | None, now: datetime) -> Zone:
        """Where somebody heard from last at ``last_seen_at`` lies at ``now``. Who was never heard is not missed."""
        if last_seen_at is None:
            return Zone.GOOD
        silence, hours = (now - last_seen_at) / timedelta(hours=1), limits[self.hours]
        if silence > hours:
            return Zone.BAD
        margin = min(limits[self.margin], hours / 2) if self.margin else 0.0
        return Zone.BETWEEN if silence > hours - margin else Zone.GOOD


@dataclass(frozen=True)
class Checked:
    """Judged on the clock, of what a check of the module finds: raised by a bad figure, cleared by a good one or by none."""

    level: Above | Below


Sampled = Simple | Held | Repeated
Condition = Sampled | Missing | Checked


#: How bad a value is that the condition finds bad.
Grade = Callable[[float], Severity]


def alike(_value: float) -> Severity:
    """A grade for conditions that know but one."""
    return Severity.MINOR


@dataclass(frozen=True, slots=True)
class Tally:
    """What was seen of a condition since it holds: in how many samples, how bad at worst, and the newest of them."""

    count: int
    severity: Severity
    newest: Sample

    def plus(self, sample: Sample, severity: Severity) -> "Tally":
        """With one more sample, newer than all."""
        return Tally(self.count + 1, severity if severity.worse_than(self.severity) else self.severity, sample)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the fold knows after the sample at ``at``.

    ``bad_since``: the first of the unbroken run of bad samples that ends now. ``onsets``: when it turned bad within the
    window (``Repeated`` only). ``raised_at``: the condition holds, since that sample; ``tally``: what was seen since.
    """

    at: datetime
    bad_since: datetime | None = None
    onsets: tuple[datetime, ...] = ()
    raised_at: datetime | None = None
    tally: Tally | None = None

    @property
    def at_rest(self) -> bool:
        """Nothing is remembered but the time."""
        return self.bad_since is None and self.raised_at is None and not self.onsets


class Change(Enum):
    """What a sample did: the condition began to hold, was seen again, or ended."""

    RAISED = auto()
    REPEATED = auto()
    CLEARED = auto()


def step(
    condition: Sampled,
    limits: Limits,
    memory: Memory,
    sample: Sample,
    grade: Grade = alike,
    watches: Watches | None = None,
) -> tuple[Memory, Change | None]:
    """The memory after ``sample``, which is newer than ``memory.at``, and what it changed. ``watches``: None: always."""
    zone = condition.level.zone(sample.value, limits) if watches is None or watches(sample.time) else Zone.GOOD
    bad_since = (memory.bad_since or sample.time) if zone is Zone.BAD else None
    seen, onsets, over = zone is Zone.BAD, (), zone is Zone.GOOD
    match condition:
        case Simple():
            met = seen
        case Held():
            met = bad_since is not None and sample.time - bad_since >= timedelta(minutes=limits[condition.minutes])
        case Repeated():
            window, times = sample.time - timedelta(hours=limits[condition.hours]), int(limits[condition.times])
            seen = bad_since == sample.time
            onsets = (*(onset for onset in memory.onsets if onset > window), *((sample.time,) if seen else ()))[-times:]
            met, over = seen and len(onsets) == times, over and not onsets
    if memory.raised_at is None or memory.tally is None:
        if not met:
            return Memory(sample.time, bad_since, onsets), None
        return Memory(sample.time, bad_since, onsets, sample.time, Tally(1, grade(sample.value), sample)), Change.RAISED
    if over:
        return Memory(sample.time, bad_since, onsets), Change.CLEARED
    tally = memory.tally.plus(sample, grade(sample.value)) if seen else memory.tally
    return Memory(sample.time, bad_since, onsets, memory.raised_at, tally), Change.REPEATED if seen else None
