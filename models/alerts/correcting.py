"""What samples change in alerts that were told before: seen again, cleared, and put right when samples come late.

Where the tale goes on, facts are those of raising.py. Where it was told wrongly, ``alertAmend`` and ``alertWithdraw`` say so,
and the alert's list has an entry AMENDED or WITHDRAWN. What a person cleared stays as they left it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import connections
from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.alerts import AlertState, Severity, corrections
from domain.words import Text
from models.connection import query
from models.facts import Actor, record

from .raising import OCCURRENCES, Sight, Told, alerts_of, occurrence, occurrences_of, record_clear, record_worsen
from .rows import AlertOccurrence

#: $1: rules, $2: devices, $3: what was last seen before, and is over, is left out.
_TOLD = """
WITH k AS (SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS k (rule, device_id, since))
SELECT id, rule, subject_id, severity, count, first_seen_at, last_seen_at, cleared_at, cleared_by_id FROM alert WHERE id IN (
    SELECT a.id FROM k JOIN alert a ON a.rule = k.rule AND a.subject_id = k.device_id AND a.state = 'OPEN'
    UNION ALL
    SELECT a.id FROM k JOIN alert a ON a.device_id = k.device_id AND a.last_seen_at >= k.since
    WHERE a.rule = k.rule AND a.state = 'CLEARED'
) ORDER BY id FOR NO KEY UPDATE
"""

#: Whoever took note of something milder, has not taken note of what is worse.
_CHANGE = """
UPDATE alert a SET state = CASE WHEN s.cleared_at IS NULL THEN 'OPEN' ELSE 'CLEARED' END, cleared_at = s.cleared_at,
    severity = s.severity, severity_rank = s.severity_rank, count = s.count, first_seen_at = s.first_seen_at,
    last_seen_at = coalesce(s.last_seen_at, a.last_seen_at), message = coalesce(s.message, a.message),
    reading = coalesce(s.reading, a.reading), rule_version = coalesce(s.rule_version, a.rule_version),
    acknowledged_at = CASE WHEN s.severity_rank >= a.severity_rank THEN a.acknowledged_at END,
    acknowledged_by_id = CASE WHEN s.severity_rank >= a.severity_rank THEN a.acknowledged_by_id END,
    version = a.version + s.moved
FROM jsonb_to_recordset($1::jsonb) AS s (id text, severity text, severity_rank smallint, count int, first_seen_at timestamptz,
    last_seen_at timestamptz, cleared_at timestamptz, message jsonb, reading jsonb, rule_version int, moved int)
WHERE a.id = s.id
"""

_WITHDRAW = """
UPDATE alert SET state = 'WITHDRAWN', cleared_at = greatest($2, first_seen_at), version = version + 1 WHERE id = ANY($1)
"""


async def told_of(keys: Mapping[tuple[str, str], datetime]) -> dict[tuple[str, str], list[corrections.Told]]:
    """The alerts told of (rule, device): the one that is open, and those last seen at the given time or later. Locks them."""
    told: dict[tuple[str, str], list[corrections.Told]] = {}
    if keys:
        for row in await query(_TOLD, *zip(*keys, strict=True), list(keys.values())):
            alert = corrections.Told(
                row["id"],
                row["first_seen_at"],
                row["last_seen_at"],
                row["cleared_at"],
                row["cleared_by_id"] is not None,
                row["count"],
                Severity(row["severity"]),
            )
            told.setdefault((row["rule"], row["subject_id"]), []).append(alert)
    return told


@dataclass(frozen=True)
class Change:
    """An alert as it was told, and what it has to tell from now on.

    ``newest``, ``message`` and ``rule_version`` None: as they are. ``sights``: those to be listed.
    """

    was: corrections.Told
    since: datetime
    count: int
    severity: Severity
    cleared: Sight | None
    sights: tuple[Sight, ...]
    newest: Sight | None = None
    message: Text | None = None
    rule_version: int | None = None

    @property
    def clears(self) -> bool:
        return self.cleared is not None and self.was.cleared_at is None

    @property
    def reopens(self) -> bool:
        return self.cleared is None and self.was.cleared_at is not None

    @property
    def worsens(self) -> bool:
        return self.severity.worse_than(self.was.severity)

    @property
    def amends(self) -> bool:
        """Whether what was told was wrong, and not only not yet all."""
        ends_elsewhere = self.cleared is not None and self.was.cleared_at not in {None, self.cleared.at}
        milder = self.was.severity.worse_than(self.severity)
        return self.since != self.was.since or ends_elsewhere or self.reopens or milder or self.count < self.was.count

    @property
    def moves(self) -> bool:
        """Whether it is more than a repetition."""
        return self.clears or self.worsens or self.amends

    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": self.was.id,
            "severity": self.severity,
            "severity_rank": self.severity.rank,
            "count": self.count,
            "first_seen_at": self.since.isoformat(),
            "cleared_at": self.cleared and self.cleared.at.isoformat(),
            "moved": int(self.moves),
        }
        if self.newest is not None and self.message is not None:
            row |= {
                "last_seen_at": self.newest.at.isoformat(),
                "message": self.message.both(),
                "reading": self.newest.reading,
                "rule_version": self.rule_version,
            }
        return row


async def correct(actor: Actor, changes: Sequence[Change]) -> list[Told]:
    """Let alerts, which ``told_of`` locked, tell what they have to tell; answers those of which it is no mere repetition."""
    if not changes:
        return []
    async with in_transaction():
        # None is opened again before another, which may be the open one of the same rule and subject, is over.
        for part in ([each for each in changes if not each.reopens], [each for each in changes if each.reopens]):
            if part:
                await connections.get("default").execute_query(_CHANGE, [JSON_DUMPS([each.row() for each in part])])
        spoken = [each for each in changes if each.moves or (each.sights and each.count - len(each.sights) < OCCURRENCES)]
        alerts = await alerts_of(each.was.id for each in spoken)
        told: list[Told] = []
        occurrences: list[AlertOccurrence] = []
        for each in spoken:
            alert = alerts[each.was.id]
            one = Told(alert, worse=each.worsens, again=each.reopens, over=each.clears)
            occurrences += occurrences_of(one, each.sights)
            if each.amends:
                occurrences.append(occurrence(alert, "AMENDED", Sight(alert.last_seen_at, alert.severity, alert.reading)))
                before, after = _difference(each)
                await record(actor, "alertAmend", alert, before=before, after=after)
            if each.worsens:
                await record_worsen(actor, alert)
            if each.clears and each.cleared:
                occurrences.append(occurrence(alert, "CLEARED", each.cleared))
                await record_clear(actor, alert)
            if each.moves:
                told.append(one)
        await AlertOccurrence.bulk_create(occurrences)
        return told


async def withdraw(actor: Actor, alerts: Sequence[corrections.Told], now: datetime) -> list[Told]:
    """Withdraw alerts, which ``told_of`` locked: what they told never was, or is part of what another tells."""
    if not alerts:
        return []
    async with in_transaction():
        before = {alert.id: AlertState.CLEARED if alert.cleared_at else AlertState.OPEN for alert in alerts}
        await query(_WITHDRAW, list(before), now)
        rows = (await alerts_of(before)).values()
        await AlertOccurrence.bulk_create(
            occurrence(alert, "WITHDRAWN", Sight(now, alert.severity, alert.reading)) for alert in rows
        )
        for alert in rows:
            await record(actor, "alertWithdraw", alert, before={"state": before[alert.id]}, after={"state": alert.state})
        return [Told(alert, over=True) for alert in rows]


def _difference(change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after, of what differs."""
    was, cleared = change.was, change.cleared
    before = _told(was.since, was.cleared_at, was.severity, was.count)
    after = _told(change.since, cleared.at if cleared else None, change.severity, change.count)
    differing = [name for name, value in before.items() if value != after[name]]
    return {name: before[name] for name in differing}, {name: after[name] for name in differing}


def _told(since: datetime, cleared_at: datetime | None, severity: Severity, count: int) -> dict[str, Any]:
    return {
        "state": AlertState.CLEARED if cleared_at else AlertState.OPEN,
        "severity": severity,
        "count": count,
        "first_seen_at": since.isoformat(),
        "cleared_at": cleared_at and cleared_at.isoformat(),
    }
