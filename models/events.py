"""Events as they came in, and the readings taken from them. Both tables are partitioned by month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any, NamedTuple

import asyncpg
from tortoise import fields

from domain.access import Reach
from domain.events import ROUND_SCAN
from domain.facilities import DeviceKind
from domain.steward import MODULES

from .rows import Row
from .work import CHANNEL


class Event(Row):
    """A CloudEvent accepted by the intake; partitioned by ``received_at``.

    Unique on (organisation, source, event_id) through the table ``event_receipt``. ``subject``: the code of what it speaks of;
    of a point of a round its id, since whoever knows the code could scan from afar.
    """

    prefix = "evt"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    source = fields.CharField(max_length=300)
    event_id = fields.CharField(max_length=200)
    type = fields.CharField(max_length=100)
    subject = fields.CharField(max_length=100)
    time = fields.DatetimeField()
    received_at = fields.DatetimeField()
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    device_id = fields.CharField(max_length=30, null=True)
    facility_id = fields.CharField(max_length=30, null=True)

    class Meta:
        table = "event"


class Reading(Row):
    """One metric of one device at one time; partitioned by ``time``; unique on (device, metric, time).

    Booleans are stored as 0 and 1.
    """

    device_id = fields.CharField(max_length=30, primary_key=True)
    metric = fields.CharField(max_length=40)
    time = fields.DatetimeField()
    value = fields.FloatField()

    class Meta:
        table = "reading"


class Incoming(NamedTuple):
    """An event that an intake key brought, checked as far as it can be without the database.

    ``key_id``: the IntakeKey it came with. ``stale``: too old to be stored; looked up only, so that a late redelivery
    is still known. ``data``: JSON text. ``kinds``: of readings, the kinds of device that report all of them; None: any.
    """

    id: str
    key_id: str
    source: str
    event_id: str
    type: str
    of_device: bool
    subject: str
    time: datetime
    data: str
    stale: bool
    kinds: Collection[DeviceKind] | None = None


class Outcome(IntEnum):
    """What became of an incoming event."""

    ACCEPTED = 0
    DUPLICATE = 1
    FOREIGN = 2  # no such device, facility or point, or none under a current mandate: nobody is told which
    STALE = 3
    KEY_CLOSED = 4
    REFUSED = 5  # the database cannot hold it, now or ever
    UNDECIDED = 6  # the database failed at it; it may be sent again
    OTHER_KIND = 7  # readings of a device that does not measure all of this


class Stored(NamedTuple):
    """What became of an event.

    ``kind``: of the device that it speaks of, where it is OTHER_KIND; where it is ACCEPTED, all modules that watch devices of
    this kind are switched off in the compound.
    """

    outcome: Outcome
    kind: DeviceKind | None = None


#: Most event ids in one work row.
EVENTS_PER_WORK = 500

#: Between the values of a column: a control character, which no attribute may hold and JSON text escapes.
_SEPARATOR = "\x1f"


def _column(parameter: int) -> str:
    """A column of values that comes as one text: the driver needs a tenth of the time that an array takes it."""
    return f"string_to_array(${parameter}, E'\\x1f')"


def _watching() -> str:
    """The kinds of device and the modules that watch them, as rows; without kinds that are watched whatever is off."""
    rules = [rule for module in MODULES for rule in module.rules]
    always = {kind for rule in rules if rule.about_life for kind in rule.kinds}
    pairs = sorted({(kind, rule.module) for rule in rules for kind in rule.kinds - always})
    return ", ".join(f"('{kind}', '{module}')" for kind, module in pairs)


#: Whether all that watches devices of a kind is switched off in the compound of an event: nearly always the first look ends it.
_UNWATCHED = f"""(
    EXISTS (SELECT FROM module_switch o WHERE o.compound_id = judged.compound_id)
    AND (
        SELECT bool_and(EXISTS (SELECT FROM module_switch o WHERE o.compound_id = judged.compound_id AND o.module = w.module))
        FROM (VALUES {_watching()}) AS w (kind, module) WHERE w.kind = judged.kind
    )
)"""

# One statement is one transaction and one journey. It asks for key, device and mandate itself, at the moment of storing:
# nothing that a process remembers can let an event through after a mandate has ended or a key was revoked.
#
# It is planned once, without knowing how many events come (see INTAKE_SESSION), so every step is written such that the
# only sensible plan is linear: lateral look-ups by unique key, scalar subqueries (never hashed over a whole table), and
# `(…) IN (…) IS TRUE` (always hashed, never a nested loop over the events). Receipts are taken in key order: two
# statements that bring the same events wait for one another and cannot deadlock.
_STORE = f"""
WITH incoming AS (
    SELECT *
    FROM unnest(
        {_column(1)}, {_column(2)}, {_column(3)}, {_column(4)}, {_column(5)}, {_column(6)}::bool[], {_column(7)},
        {_column(8)}::timestamptz[], {_column(9)}, {_column(10)}::bool[], {_column(11)}
    ) WITH ORDINALITY AS incoming (id, key_id, source, event_id, type, of_device, subject, time, data, stale, kinds, n)
), judged AS (
    SELECT i.*, k.organisation_id, w.street_id, w.compound_id, w.device_id, w.facility_id, w.kind, w.point_id,
        i.kinds = '*' OR strpos(i.kinds, ' ' || w.kind || ' ') > 0 AS fits,
        k.organisation_id IS NOT NULL AND NOT i.stale AND coalesce((
            SELECT true FROM mandate m
            WHERE m.compound_id = w.compound_id AND m.organisation_id = k.organisation_id
                AND m.starts_on <= $12 AND (m.ends_on IS NULL OR m.ends_on >= $12)
            LIMIT 1
        ), false) AS permitted
    FROM incoming i
    LEFT JOIN LATERAL (
        SELECT organisation_id FROM intake_key
        WHERE id = i.key_id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        LIMIT 1
    ) k ON true
    LEFT JOIN LATERAL (
        (SELECT street_id, compound_id, id AS device_id, facility_id, kind, NULL AS point_id FROM device
        WHERE i.of_device AND code = i.subject AND retired_at IS NULL LIMIT 1)
        UNION ALL
        (SELECT street_id, compound_id, NULL, id, NULL, NULL FROM facility
        WHERE NOT i.of_device AND i.type <> '{ROUND_SCAN}' AND code = i.subject LIMIT 1)
        UNION ALL
        (SELECT street_id, compound_id, NULL, NULL, NULL, id FROM round_point
        WHERE i.type = '{ROUND_SCAN}' AND code = i.subject AND ended_at IS NULL LIMIT 1)
    ) w ON true
), first AS (
    SELECT DISTINCT ON (organisation_id, source, event_id) * FROM judged
    WHERE permitted AND fits
    ORDER BY organisation_id, source, event_id, n
), receipt AS (
    INSERT INTO event_receipt (organisation_id, source, event_id)
    SELECT organisation_id, source, event_id FROM first ORDER BY organisation_id, source, event_id
    ON CONFLICT DO NOTHING
    RETURNING organisation_id, source, event_id
), stored AS (
    INSERT INTO event
        (id, source, event_id, type, subject, time, data, organisation_id, street_id, compound_id, device_id, facility_id)
    SELECT id, source, event_id, type, coalesce(point_id, subject), time, data::jsonb, organisation_id, street_id, compound_id,
        device_id, facility_id
    FROM first
    WHERE ((organisation_id, source, event_id) IN (SELECT organisation_id, source, event_id FROM receipt)) IS TRUE
    RETURNING id
), work AS (
    INSERT INTO work (kind, payload)
    SELECT 'events', jsonb_build_object('events', jsonb_agg(id ORDER BY id))
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / {EVENTS_PER_WORK} AS part FROM stored) parts
    GROUP BY part
)
SELECT array_agg(
    CASE
        WHEN organisation_id IS NULL THEN {Outcome.KEY_CLOSED:d}
        WHEN id IN (SELECT id FROM stored) THEN {Outcome.ACCEPTED:d}
        WHEN permitted AND fits OR (
            SELECT true FROM event_receipt r
            WHERE r.organisation_id = judged.organisation_id AND r.source = judged.source AND r.event_id = judged.event_id
        ) THEN {Outcome.DUPLICATE:d}
        WHEN stale THEN {Outcome.STALE:d}
        WHEN permitted THEN {Outcome.OTHER_KIND:d}
        ELSE {Outcome.FOREIGN:d}
    END
    ORDER BY n
) AS outcomes, array_agg(CASE WHEN permitted AND (NOT fits OR {_UNWATCHED}) THEN kind END ORDER BY n) AS kinds FROM judged
"""

#: How a connection that stores events must be set.
INTAKE_SESSION = {"synchronous_commit": "on", "plan_cache_mode": "force_generic_plan", "jit": "off"}


async def store(connection: asyncpg.Connection[Any], events: Sequence[Incoming], today: date) -> list[Stored]:
    """Store the events and their work in one transaction; says what became of each, in order. Each is kept whole or not at all.

    An event is kept once per (organisation, source, event_id), also when it is twice among ``events`` or comes again
    later; a redelivery is a DUPLICATE even when the mandate has ended since. ``today`` is the date in the street's time
    zone, by which mandates are current. All is on disk when this returns; ring() then. Raises asyncpg errors, and
    ValueError for a control character.
    """
    columns = [_SEPARATOR.join(column) for column in zip(*map(_texts, events), strict=True)]
    if any(column.count(_SEPARATOR) != len(events) - 1 for column in columns):
        raise ValueError("a value holds a control character")
    row = await connection.fetchrow(_STORE, *columns, today)
    assert row is not None
    return [_stored(*each) for each in zip(row["outcomes"], row["kinds"], strict=True)]


def _texts(event: Incoming) -> tuple[str, ...]:
    of_device, stale = "01"[event.of_device], "01"[event.stale]
    kinds = "*" if event.kinds is None else f" {' '.join(event.kinds)} "
    return (*event[:5], of_device, event.subject, event.time.isoformat(), event.data, stale, kinds)


_STORED = [Stored(outcome) for outcome in Outcome]


def _stored(outcome: int, kind: str | None) -> Stored:
    told = kind is not None and outcome in {Outcome.OTHER_KIND, Outcome.ACCEPTED}
    return Stored(Outcome(outcome), DeviceKind(kind)) if told else _STORED[outcome]


async def ring(connection: asyncpg.Connection[Any]) -> None:
    """Tell the relays that there is work. They look by themselves too: a lost call costs a second."""
    await connection.execute(f"SELECT pg_notify('{CHANNEL}', '')")
