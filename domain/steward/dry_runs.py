"""What a rule would have raised over samples that are stored: a fold from rest, the samples coming in order.

It is what the rule does to readings that come in time, without what people do on the way: nobody clears an alert, and one is
counted for each time that the condition began to hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Change, Limits, Memory, Missing, Sample, Sampled, Watches, step

from .rules import Rule

#: Days of history that a dry run goes through at most, and unless it is said.
MOST_DAYS, USUAL_DAYS = 31, 7


@dataclass
class WouldBe:
    """An alert that would have been: how often it was seen, how bad it was at worst, the value that raised it."""

    first_seen_at: datetime
    last_seen_at: datetime
    value: float
    severity: Severity
    count: int = 1
    cleared_at: datetime | None = None


@dataclass
class Trial:
    """One rule tried on one device: ``feed`` it samples in order, ``end`` it, then read ``alerts``."""

    rule: Rule
    limits: Limits
    watches: Watches | None = None
    alerts: list[WouldBe] = field(default_factory=list[WouldBe])
    _memory: Memory | None = None
    _heard_at: datetime | None = None

    def feed(self, samples: Iterable[Sample]) -> None:
        """Go on with these samples, all newer than those before. Of a rule that watches for silence their times count."""
        if isinstance(self.rule.condition, Missing):
            for sample in samples:
                self._hear(sample.time)
        else:
            for sample in samples:
                self._judge(sample)

    def end(self, until: datetime) -> None:
        """Nothing more was heard up to ``until``."""
        if isinstance(self.rule.condition, Missing) and self._heard_at is not None:
            self._miss(self._heard_at, until)

    def _judge(self, sample: Sample) -> None:
        condition = self.rule.condition
        assert isinstance(condition, Sampled)
        memory = self._memory or Memory(sample.time - timedelta.resolution)
        self._memory, change = step(condition, self.limits, memory, sample, self._grade, self.watches)
        tally = self._memory.tally
        if change is Change.CLEARED:
            self.alerts[-1].cleared_at = sample.time
        elif change is Change.RAISED:
            self.alerts.append(WouldBe(sample.time, sample.time, sample.value, self._grade(sample.value)))
        elif change is Change.REPEATED and tally is not None:
            alert = self.alerts[-1]
            alert.last_seen_at, alert.count, alert.severity = tally.newest.time, tally.count, tally.severity

    def _grade(self, value: float) -> Severity:
        return self.rule.severity_of(value, self.limits)

    def _hear(self, at: datetime) -> None:
        if self._heard_at is not None and self._miss(self._heard_at, at):
            self.alerts[-1].cleared_at = at
        self._heard_at = at

    def _miss(self, since: datetime, until: datetime) -> bool:
        """Note the silence between, if it is one."""
        condition = self.rule.condition
        assert isinstance(condition, Missing)
        hours = self.limits[condition.hours]
        missed_at = since + timedelta(hours=hours)
        if until <= missed_at:
            return False
        self.alerts.append(WouldBe(missed_at, missed_at, hours, self.rule.severity))
        return True
