"""Who is missing, by the rules of any module that watch for silence: found by the clock, cleared when heard of again.

Silence goes by event time too: it began when the device was last heard of, and is an alert from the moment at which that was
too long ago, whenever the check ran. A reading that comes late, and shows that the device was never silent for so long,
withdraws the alert.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.alerts.conditions import Missing, Zone
from domain.steward import Module, Rule, Rulebook
from domain.words import Text
from models.alerts import Gone, Sight, Sighting, clear_gone, raise_once, rules_of, told_of, withdraw
from models.connection import query
from models.work import add
from tasks.clock import check
from tasks.work import handles

from .batch import Batch
from .judging import Key, Situation, watches_of
from .telling import Teller, places_of

#: The kind of the work rows that go on where a check had more to do than one transaction should hold.
KIND = "silence"
#: Devices of one rule that one transaction takes, and locks.
_AT_ONCE = 500

_THRESHOLDS = """
LEFT JOIN threshold own ON own.rule = $1 AND own.device_id = d.id
LEFT JOIN threshold facility ON facility.rule = $1 AND facility.facility_id = d.facility_id
LEFT JOIN threshold compound ON compound.rule = $1 AND compound.compound_id = d.compound_id
    AND compound.facility_id IS NULL AND compound.device_id IS NULL
LEFT JOIN threshold street ON street.rule = $1 AND street.street_id = d.street_id AND street.compound_id IS NULL
"""


def _nearest(name: str, default: str, least: str, most: str) -> str:
    """A figure of device d, as SQL: the nearest override that is a number in the figure's range, or the default."""
    nearest = ", ".join(
        f"CASE WHEN jsonb_typeof({owner}.values -> {name}) = 'number' THEN CASE WHEN ({owner}.values -> {name})::float8"
        f" BETWEEN {least} AND {most} THEN ({owner}.values -> {name})::float8 END END"
        for owner in ("own", "facility", "compound", "street")
    )
    return f"coalesce({nearest}, {default})"


_HOURS, _MARGIN = _nearest("$6::text", "k.hours", "$7", "$8"), _nearest("$9::text", "k.margin", "$10", "$11")

#: $1: rule; $2, $3, $4: kinds of device, their hours and margins; $5: streets; $6 to $8: the figure of the hours, least, most;
#: $9 to $11: that of the margin; $12: now. Devices of the rule, with their own figures.
_WATCHED = f"""
SELECT d.id, d.compound_id, d.street_id, d.facility_id, d.last_seen_at, {_HOURS} AS hours, {_MARGIN} AS margin
FROM unnest($2::text[], $3::float8[], $4::float8[]) AS k (kind, hours, margin)
"""

#: $13: how long a person's clearing is kept, $14: at most so many, $15: the module, if it can be switched off for the rule.
#: None is asked for its own hours that is silent for less than the fewest that anything of the rule has. Devices that somebody
#: else has locked wait.
_SILENT = f"""
WITH fewest AS (
    SELECT least((SELECT min(hours) FROM unnest($3::float8[]) AS hours), min(CASE WHEN jsonb_typeof(values -> $6::text) = 'number'
        THEN greatest((values -> $6::text)::float8, $7::float8) END)) * interval '1 hour' AS hours
    FROM threshold WHERE rule = $1
), silent AS (
    {_WATCHED} JOIN device d ON d.kind = k.kind AND d.retired_at IS NULL
        AND d.last_seen_at < $12::timestamptz - (SELECT hours FROM fewest)
    {_THRESHOLDS} WHERE d.street_id = ANY($5)
)
SELECT s.id, s.compound_id, s.street_id, s.facility_id, s.last_seen_at, s.hours, s.margin
FROM silent s JOIN device locked ON locked.id = s.id
WHERE s.last_seen_at < $12::timestamptz - s.hours * interval '1 hour' AND locked.last_seen_at = s.last_seen_at
AND NOT EXISTS (
    SELECT FROM alert a WHERE a.rule = $1 AND a.subject_id = s.id AND (
        a.state = 'OPEN' OR (a.cleared_by_id IS NOT NULL AND a.cleared_at > $12::timestamptz - $13::interval)
    )
) AND NOT EXISTS (SELECT FROM module_switch o WHERE o.compound_id = s.compound_id AND o.module = $15)
ORDER BY s.last_seen_at, s.id LIMIT $14
FOR NO KEY UPDATE OF locked SKIP LOCKED
"""

#: Silent no longer, though not heard of again: by other figures. $13: at most so many.
_OVER = f"""
SELECT * FROM (
    {_WATCHED} JOIN device d ON d.kind = k.kind JOIN alert a ON a.rule = $1 AND a.subject_id = d.id AND a.state = 'OPEN'
    {_THRESHOLDS} WHERE d.street_id = ANY($5)) AS open
WHERE last_seen_at >= $12::timestamptz - (hours - least(margin, hours / 2)) * interval '1 hour'
ORDER BY id LIMIT $13
"""


@dataclass(frozen=True)
class _Watch:
    """A rule that watches for silence, and the streets where it holds."""

    module: Module
    rule: Rule
    condition: Missing
    streets: list[str]

    def parameters(self, now: datetime) -> list[Any]:
        """What both statements are asked with."""
        rule, condition, kinds = self.rule, self.condition, sorted(self.rule.kinds)
        limits = [rule.limits(kind) for kind in kinds]
        hours, margin = rule.figures[condition.hours], rule.figures.get(condition.margin or "")
        return [
            *(rule.key, kinds, [each[condition.hours] for each in limits]),
            [each[condition.margin] if condition.margin else 0.0 for each in limits],
            self.streets,
            *(condition.hours, hours.least, hours.most),
            *(condition.margin or "", margin.least if margin else 0.0, margin.most if margin else 0.0),
            now,
        ]


@check(
    "devices.silent",
    module="devices",
    cron="* * * * *",
    does=Text("Find the devices that have been silent for too long.", "查找失联设备。"),
)
async def find_silent(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every device that has been silent for too long, and clear those of devices that are not any more.

    Of each rule as many as one transaction should hold; where there may be more, that is left as work of its own.
    """
    books = await rules_of(row["id"] for row in await query("SELECT id FROM place WHERE kind = 'STREET'"))
    found = over = 0
    more = False
    for watch in _watches(books):
        ended = await _end(watch, books, now)
        watches = watches_of(watch.rule)
        missing = await _find(watch, books, now) if watches is None or watches(now) else 0
        found, over, more = found + missing, over + ended, more or max(missing, ended) >= _AT_ONCE
    if more:
        await add(KIND, {})
    return {"silent": found, "over": over}


@handles(KIND)
async def find_more(_: dict[str, Any]) -> None:
    """Go on with it."""
    await find_silent(datetime.now(UTC))


def _watches(books: Mapping[str, Rulebook]) -> list[_Watch]:
    watches: dict[int, _Watch] = {}
    for street, book in books.items():
        for module in book.modules.values():
            for rule in module.rules:
                if isinstance(rule.condition, Missing):
                    watches.setdefault(id(rule), _Watch(module, rule, rule.condition, [])).streets.append(street)
    return list(watches.values())


async def _end(watch: _Watch, books: Mapping[str, Rulebook], now: datetime) -> int:
    teller = Teller(watch.module, rules=books)
    rows = await query(_OVER, *watch.parameters(now), _AT_ONCE)
    gone = [Gone(watch.rule.key, row["id"], now, _heard(row["last_seen_at"])) for row in rows]
    await teller.follow_up(await clear_gone(teller.actor, gone))
    return len(rows)


async def _find(watch: _Watch, books: Mapping[str, Rulebook], now: datetime) -> int:
    rule = watch.rule
    switched = None if rule.about_life else rule.module
    rows = await query(_SILENT, *watch.parameters(now), rule.again_after, _AT_ONCE, switched)
    if rows:
        teller = Teller(watch.module, await places_of(row["id"] for row in rows), books)
        await teller.follow_up(await raise_once(teller.actor, [_sighting(watch, teller, row, now) for row in rows]))
    return len(rows)


def _sighting(watch: _Watch, teller: Teller, row: Mapping[str, Any], now: datetime) -> Sighting:
    rule, last_seen_at = watch.rule, row["last_seen_at"]
    limits = {**rule.limits(min(rule.kinds)), watch.condition.hours: row["hours"]}
    if watch.condition.margin:
        limits[watch.condition.margin] = row["margin"]
    silence = (now - last_seen_at) / timedelta(hours=1)
    since = last_seen_at + timedelta(hours=row["hours"])
    return Sighting(
        rule=rule.key,
        rule_version=rule.version,
        module=watch.module.key,
        subject_id=row["id"],
        device_id=row["id"],
        facility_id=row["facility_id"],
        compound_id=row["compound_id"],
        street_id=row["street_id"],
        message=rule.say(teller.place(row["id"]), float(int(silence)) if silence >= 1 else round(silence, 2), limits),
        sights=(Sight(since, rule.severity_of(silence, limits), _heard(last_seen_at)),),
    )


async def hear_again(module: Module, batch: Batch, situation: Situation) -> None:
    """End the silence of devices that are heard of again; one that only sent old readings is still silent."""
    gone: list[Gone] = []
    never: dict[Key, datetime] = {}
    for (key, device_id), standing in situation.open.items():
        device = batch.devices[device_id]
        rule = batch.rules[device.street_id].rules.get(key)
        if rule is None or rule.module != module.key or not isinstance(rule.condition, Missing):
            continue
        limits = situation.figures.of(rule, device)
        if rule.condition.zone(limits, device.last_seen_at, batch.now) is not Zone.GOOD:
            continue
        heard_at = _first(device.times, standing.heard_at) or device.last_seen_at
        if standing.heard_at and heard_at - standing.heard_at <= timedelta(hours=limits[rule.condition.hours]):
            never[key, device_id] = batch.now
        else:
            gone.append(Gone(key, device_id, heard_at, _heard(heard_at)))
    teller = Teller(module, rules=batch.rules)
    told = await told_of(never)
    never_was = [alert for alerts in told.values() for alert in alerts if alert.cleared_at is None]
    await teller.follow_up(await withdraw(teller.actor, never_was, batch.now))
    await teller.follow_up(await clear_gone(teller.actor, gone))


def _first(times: Sequence[datetime], after: datetime | None) -> datetime | None:
    return min((time for time in times if after is not None and time > after), default=None)


def _heard(last_seen_at: datetime) -> dict[str, Any]:
    return {"last_seen_at": last_seen_at.isoformat()}
