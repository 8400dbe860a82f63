"""What must become of the alerts that were told, now that samples say more, or say otherwise.

An alert is matched with the episode that it tells. One that is open stays with the episode that is open, so that whoever
looks after it goes on doing so; an episode that nothing tells becomes a new alert; an alert of an episode that never was,
or that turned out to be part of another's, is withdrawn.

What a person cleared stays as they left it. Of the episode that it told only what was seen ``again_after`` later counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .conditions import Grade, Sample
from .tracks import Episode, Verdict
from .words import Severity


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it was told: first and last seen, cleared (None: it is open) and whether a person cleared it."""

    id: str
    since: datetime
    seen_at: datetime
    cleared_at: datetime | None
    by_person: bool
    count: int
    severity: Severity

    def tells(self, episode: Episode, until: datetime) -> bool:
        """Whether it told of a time at which the episode held. ``until``: the newest sample when it was told."""
        if episode.cleared is not None and self.since >= episode.cleared.time:
            return False
        if self.by_person:
            return episode.raised_at <= self.seen_at
        return episode.raised_at < self.cleared_at if self.cleared_at else episode.raised_at <= max(until, self.seen_at)


@dataclass(frozen=True, slots=True)
class Telling:
    """What an alert has to tell.

    ``newest``: None: what the alert has. ``sights``: samples that it did not tell before. ``heard``: people were told of
    that time already.
    """

    since: datetime
    count: int
    severity: Severity
    newest: Sample | None
    cleared: Sample | None
    sights: tuple[Sample, ...]
    heard: bool = False

    def differs_from(self, told: Told) -> bool:
        """Whether it is not what ``told`` says already."""
        seen_at = self.newest.time if self.newest else told.seen_at
        cleared_at = self.cleared.time if self.cleared else None
        now_is = (self.since, self.count, self.severity, seen_at, cleared_at)
        return now_is != (told.since, told.count, told.severity, told.seen_at, told.cleared_at)


@dataclass(frozen=True)
class Corrections:
    """Alerts that are new, those that have something else to tell, and those that never were."""

    new: list[Telling] = field(default_factory=list[Telling])
    changed: list[tuple[Told, Telling]] = field(default_factory=list[tuple[Told, Telling]])
    withdrawn: list[Told] = field(default_factory=list[Told])


def corrections(verdict: Verdict, alerts: Sequence[Told], again_after: timedelta, grade: Grade) -> Corrections:
    """What must become of ``alerts``: those of the rule and subject that may tell of the verdict's episodes."""
    touched = (*verdict.before, *verdict.after)
    about = [alert for alert in alerts if any(alert.tells(episode, verdict.until) for episode in touched)]
    system = sorted(
        (alert for alert in about if not alert.by_person), key=lambda alert: (alert.cleared_at is not None, alert.since)
    )
    matched, found = _matched(system, verdict), Corrections()
    for alert in system:
        if alert.id not in matched.values():
            found.withdrawn.append(alert)
    by_id = {alert.id: alert for alert in system}
    for number, episode in enumerate(verdict.after):
        alert = by_id.get(matched.get(number, ""))
        ends = [each.cleared_at for each in about if each.by_person and each.cleared_at and each.tells(episode, verdict.until)]
        if ends:
            telling = _again(verdict, episode, alert, max(ends) + again_after, grade)
        else:
            heard = any(each.tells(episode, verdict.until) for each in system)
            telling = _whole(verdict, episode, new=alert is None, heard=heard)
        if telling is None:
            continue
        if alert is None:
            found.new.append(telling)
        elif telling.differs_from(alert):
            found.changed.append((alert, telling))
    return found


def _matched(alerts: Sequence[Told], verdict: Verdict) -> dict[int, str]:
    """The ids of alerts by the number of the episode after that each tells. The open alert comes first."""
    matched: dict[int, str] = {}
    for alert in alerts:
        free = [
            (number, episode)
            for number, episode in enumerate(verdict.after)
            if number not in matched and alert.tells(episode, verdict.until)
        ]
        if free:
            best = min(
                free,
                key=lambda each: (
                    alert.cleared_at is None and each[1].cleared is not None,
                    each[1].raised_at != alert.since,
                    each[0],
                ),
            )
            matched[best[0]] = alert.id
    return matched


def _whole(verdict: Verdict, episode: Episode, *, new: bool, heard: bool) -> Telling:
    tally = episode.tally
    sights = tuple(sample for sample in episode.samples if new or verdict.is_fresh(sample)) or (tally.newest,) * new
    return Telling(episode.raised_at, tally.count, tally.severity, tally.newest, episode.cleared, sights, heard)


def _again(verdict: Verdict, episode: Episode, alert: Told | None, after: datetime, grade: Grade) -> Telling | None:
    """What is to be told of an episode of which a person cleared an alert; ``alert``: that which tells it since."""
    samples = [sample for sample in episode.samples if sample.time > after and (alert is None or verdict.is_fresh(sample))]
    severities = [grade(sample.value) for sample in samples] + ([alert.severity] if alert else [])
    if not severities:
        return None
    worst = min(severities, key=lambda severity: severity.rank)
    newest = samples[-1] if samples else None
    if alert is None:
        return Telling(samples[0].time, len(samples), worst, newest, episode.cleared, tuple(samples))
    if newest is not None and newest.time < alert.seen_at:
        newest = None
    return Telling(alert.since, alert.count + len(samples), worst, newest, episode.cleared, tuple(samples))
