"""What the system does to alerts: raise, see again, worsen, clear. Each act takes many at once, inside the caller's transaction.

Facts tell what people wait for: ``alertRaise``, ``alertWorsen``, ``alertClear``. A mere repetition moves ``count``,
``last_seen_at``, ``message`` and ``reading`` without a fact, so that a device which reports every minute does not flood
the feed, and without a new ``version``, so that it does not make a person's act stale. What late readings change in
alerts told before is in correcting.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import connections
from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.alerts import AlertState, Severity
from domain.words import Text
from models.facts import Actor, record
from models.ids import new_id

from .rows import Alert, AlertOccurrence

#: Repetitions of one alert that are listed one by one; later ones are only counted.
OCCURRENCES = 100


@dataclass(frozen=True)
class Sight:
    """One time that the system saw a condition: event time, how bad, and the reading as JSON values."""

    at: datetime
    severity: Severity
    reading: dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """All that was seen of a condition: since when, how often, how bad at worst, and the newest sight."""

    since: datetime
    count: int
    severity: Severity
    newest: Sight


@dataclass(frozen=True)
class Sighting:
    """What the system saw of one rule at one subject: one or more sights, oldest first. ``message`` speaks of the newest.

    ``whole``: all that was seen, where that is more than the sights. ``heard``: people were told of that time already.
    """

    rule: str
    rule_version: int
    module: str
    subject_id: str
    compound_id: str
    street_id: str
    message: Text
    sights: tuple[Sight, ...]
    device_id: str | None = None
    facility_id: str | None = None
    whole: Seen | None = None
    heard: bool = False

    @property
    def seen(self) -> Seen:
        """All that was seen."""
        if self.whole is not None:
            return self.whole
        worst = min((sight.severity for sight in self.sights), key=lambda severity: severity.rank)
        return Seen(self.sights[0].at, len(self.sights), worst, self.sights[-1])

    @property
    def key(self) -> tuple[str, str]:
        return self.rule, self.subject_id


@dataclass(frozen=True)
class Gone:
    """The condition of a rule at a subject has ended, as the sight tells; its severity does not matter."""

    rule: str
    subject_id: str
    at: datetime
    reading: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An alert and what became of it: ``new``, grown ``worse``, open ``again`` after it was cleared, ``over``, or merely seen.

    ``over``: it was cleared, or withdrawn. ``heard``: people were told of that time already, by another alert.
    """

    alert: Alert
    new: bool = False
    worse: bool = False
    again: bool = False
    over: bool = False
    heard: bool = False


_SEEN = """
jsonb_to_recordset($1::jsonb) AS s (id text, rule text, rule_version int, module text, severity text, severity_rank smallint,
    subject_id text, sights int, first_seen_at timestamptz, last_seen_at timestamptz, cleared_at timestamptz, message jsonb,
    reading jsonb, device_id text, facility_id text, compound_id text, street_id text)
"""
_OPEN = "a.rule = s.rule AND a.subject_id = s.subject_id AND a.state = 'OPEN'"

#: Whoever took note, took note of something milder: nobody has of this.
_WORSEN = f"""
UPDATE alert a SET severity = s.severity, severity_rank = s.severity_rank, version = a.version + 1,
    acknowledged_at = NULL, acknowledged_by_id = NULL
FROM {_SEEN} WHERE {_OPEN} AND s.severity_rank < a.severity_rank
RETURNING a.id
"""

_INSERT = f"""
INSERT INTO alert (id, rule, rule_version, module, severity, severity_rank, state, subject_id, count, first_seen_at, last_seen_at,
    cleared_at, message, reading, device_id, facility_id, compound_id, street_id)
SELECT id, rule, rule_version, module, severity, severity_rank, CASE WHEN cleared_at IS NULL THEN 'OPEN' ELSE 'CLEARED' END,
    subject_id, sights, first_seen_at, last_seen_at, cleared_at, message, reading, device_id, facility_id, compound_id, street_id
FROM {_SEEN} ORDER BY rule, subject_id
"""

#: The newest sight gives message, reading and version of the rule.
_RAISE = f"""
{_INSERT}
ON CONFLICT (rule, subject_id) WHERE state = 'OPEN' DO UPDATE SET
    count = alert.count + excluded.count,
    first_seen_at = least(alert.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(alert.last_seen_at, excluded.last_seen_at),
    message = CASE WHEN excluded.last_seen_at >= alert.last_seen_at THEN excluded.message ELSE alert.message END,
    reading = CASE WHEN excluded.last_seen_at >= alert.last_seen_at THEN excluded.reading ELSE alert.reading END,
    rule_version = CASE WHEN excluded.last_seen_at >= alert.last_seen_at THEN excluded.rule_version ELSE alert.rule_version END
RETURNING id, rule, subject_id, count
"""

_CLEAR = f"""
UPDATE alert a SET state = 'CLEARED', cleared_at = greatest(s.cleared_at, a.first_seen_at), version = a.version + 1
FROM {_SEEN} WHERE {_OPEN}
RETURNING a.id, a.rule, a.subject_id
"""


async def raise_once(actor: Actor, sightings: Sequence[Sighting]) -> list[Told]:
    """Raise an alert for each sighting; where one is open for its rule and subject, count the sights there instead.

    Each (rule, subject) at most once in ``sightings``. Safe against others doing the same at the same time: the
    database keeps the one open alert.
    """
    if not sightings:
        return []
    by_key = {sighting.key: sighting for sighting in sightings}
    async with in_transaction():
        rows = [_row(sighting) for sighting in sightings]
        made = {row["id"] for row in rows}
        worse = {row["id"] for row in await _query(_WORSEN, rows)}
        found = await _query(_RAISE, rows)
        alerts = await alerts_of(row["id"] for row in found)
        told = [Told(alerts[row["id"]], row["id"] in made, row["id"] in worse) for row in found]
        occurrences: list[AlertOccurrence] = []
        for each in told:
            occurrences += occurrences_of(each, by_key[each.alert.rule, each.alert.subject_id].sights)
            if each.new:
                await _record_raise(actor, each.alert)
            elif each.worse:
                await record_worsen(actor, each.alert)
        await AlertOccurrence.bulk_create(occurrences)
        return told


async def record_past(actor: Actor, sightings: Sequence[tuple[Sighting, Sight]]) -> list[Told]:
    """Store alerts that are over already: each with the sight that ended it. Facts tell that they were raised, and cleared."""
    if not sightings:
        return []
    async with in_transaction():
        rows = [_row(sighting, cleared_at=end.at) for sighting, end in sightings]
        await _query(_INSERT, rows)
        alerts = await alerts_of(row["id"] for row in rows)
        occurrences: list[AlertOccurrence] = []
        for (sighting, end), row in zip(sightings, rows, strict=True):
            alert = alerts[row["id"]]
            occurrences += [*occurrences_of(Told(alert, new=True), sighting.sights), occurrence(alert, "CLEARED", end)]
            await _record_raise(actor, alert)
            await record_clear(actor, alert)
        await AlertOccurrence.bulk_create(occurrences)
        return [
            Told(alerts[row["id"]], new=True, over=True, heard=sighting.heard)
            for (sighting, _), row in zip(sightings, rows, strict=True)
        ]


async def clear_gone(actor: Actor, gone: Sequence[Gone]) -> list[Told]:
    """Clear the open alerts whose condition has ended; their outcome stays to be told by a person. Answers those cleared."""
    if not gone:
        return []
    ends = {(each.rule, each.subject_id): each for each in gone}
    async with in_transaction():
        rows = await _query(
            _CLEAR, [{"rule": each.rule, "subject_id": each.subject_id, "cleared_at": each.at.isoformat()} for each in gone]
        )
        alerts = await alerts_of(row["id"] for row in rows)
        occurrences: list[AlertOccurrence] = []
        for alert in alerts.values():
            end = ends[alert.rule, alert.subject_id]
            occurrences.append(occurrence(alert, "CLEARED", Sight(end.at, alert.severity, end.reading)))
            await record_clear(actor, alert)
        await AlertOccurrence.bulk_create(occurrences)
        return [Told(alert, over=True) for alert in alerts.values()]


def _row(sighting: Sighting, cleared_at: datetime | None = None) -> dict[str, Any]:
    seen = sighting.seen
    return {
        "id": new_id(Alert.prefix),
        "rule": sighting.rule,
        "rule_version": sighting.rule_version,
        "module": sighting.module,
        "severity": seen.severity,
        "severity_rank": seen.severity.rank,
        "subject_id": sighting.subject_id,
        "sights": seen.count,
        "first_seen_at": seen.since.isoformat(),
        "last_seen_at": seen.newest.at.isoformat(),
        "cleared_at": cleared_at and cleared_at.isoformat(),
        "message": sighting.message.both(),
        "reading": seen.newest.reading,
        "device_id": sighting.device_id,
        "facility_id": sighting.facility_id,
        "compound_id": sighting.compound_id,
        "street_id": sighting.street_id,
    }


async def _query(statement: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return await connections.get("default").execute_query_dict(statement, [JSON_DUMPS(rows)])


async def alerts_of(ids: Iterable[str]) -> dict[str, Alert]:
    """The alerts with these ids."""
    return {alert.id: alert for alert in await Alert.filter(id__in=list(ids)).order_by("rule", "subject_id")}


async def _record_raise(actor: Actor, alert: Alert) -> None:
    after = {"state": AlertState.OPEN, "rule": alert.rule, "severity": alert.severity}
    await record(actor, "alertRaise", alert, after=after)


async def record_worsen(actor: Actor, alert: Alert) -> None:
    """Say that the alert has become as bad as it is, and that nobody has taken note of it as such."""
    await record(actor, "alertWorsen", alert, after={"severity": alert.severity, "acknowledged_at": None})


async def record_clear(actor: Actor, alert: Alert) -> None:
    """Say that the alert was open, and is cleared."""
    await record(actor, "alertClear", alert, before={"state": AlertState.OPEN}, after={"state": AlertState.CLEARED})


def occurrence(alert: Alert, kind: str, sight: Sight) -> AlertOccurrence:
    """An entry of the alert's list, not stored yet. ``kind``: RAISED, REPEATED, WORSENED, CLEARED, AMENDED or WITHDRAWN."""
    return AlertOccurrence(
        kind=kind,
        at=sight.at,
        severity=sight.severity,
        reading=sight.reading,
        alert_id=alert.id,
        compound_id=alert.compound_id,
        street_id=alert.street_id,
    )


def occurrences_of(told: Told, sights: Sequence[Sight]) -> list[AlertOccurrence]:
    """The sights as occurrences: the first of a new alert raised it, one that was worse worsened it, the others repeated it."""
    occurrences: list[AlertOccurrence] = []
    severity = sights[0].severity if told.new else None
    for place, sight in enumerate(sights):
        if told.new and not place:
            kind = "RAISED"
        elif sight.severity.worse_than(severity) if severity else told.worse and sight.severity is told.alert.severity:
            kind, severity = "WORSENED", sight.severity
        elif told.alert.count - len(sights) + place >= OCCURRENCES:
            continue
        else:
            kind = "REPEATED"
        occurrences.append(occurrence(told.alert, kind, sight))
    return occurrences
