"""Fire safety: load → judge → record, for every batch of readings; and once a minute, who has fallen silent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tortoise import connections

from domain.conditions import overdue
from domain.facilities import DeviceKind
from domain.steward.fire_safety import MODULE, SILENCE, SILENT
from domain.words import Text
from models.alerts import Gone, Sight, Sighting, clear_gone, raise_once, rules_of
from tasks.clock import check

from .batch import Batch
from .judging import Situation, judge, load
from .telling import Teller, places_of, tell

#: Silent devices found by one run of the check; the rest are found by the next.
_AT_ONCE = 500

#: $1: rule, $2: kinds of device, $3: default hours, $4: now, $5: how long a person's clearing is kept, $6: at most so many.
#: A stored override counts if it is a number; the nearest wins. Devices that somebody else has locked wait.
_SILENT = """
SELECT d.id, d.kind, d.street_id, d.compound_id, d.facility_id, d.last_seen_at, hours
FROM device d
LEFT JOIN threshold own ON own.rule = $1 AND own.device_id = d.id
LEFT JOIN threshold facility ON facility.rule = $1 AND facility.facility_id = d.facility_id
LEFT JOIN threshold compound ON compound.rule = $1 AND compound.compound_id = d.compound_id
    AND compound.facility_id IS NULL AND compound.device_id IS NULL
LEFT JOIN threshold street ON street.rule = $1 AND street.street_id = d.street_id AND street.compound_id IS NULL
CROSS JOIN LATERAL (
    SELECT value::text::float8 AS hours
    FROM unnest(ARRAY[own.values, facility.values, compound.values, street.values,
            jsonb_build_object('silent_hours', $3::float8)]) WITH ORDINALITY AS nearest (figures, place),
        jsonb_extract_path(figures, 'silent_hours') AS value
    WHERE jsonb_typeof(value) = 'number' ORDER BY place LIMIT 1
) AS limits
WHERE d.retired_at IS NULL AND d.kind = ANY($2) AND d.last_seen_at < $4::timestamptz - hours * interval '1 hour'
AND NOT EXISTS (
    SELECT FROM alert a WHERE a.rule = $1 AND a.subject_id = d.id
    AND (a.state = 'OPEN' OR (a.cleared_by_id IS NOT NULL AND a.cleared_at > $4::timestamptz - $5::interval))
)
ORDER BY d.last_seen_at LIMIT $6
FOR NO KEY UPDATE OF d SKIP LOCKED
"""


async def watch(batch: Batch) -> None:
    """Judge a batch of readings by the rules of fire safety, inside the transaction that stored them."""
    situation = await load(MODULE, batch)
    await tell(MODULE, await judge(MODULE, batch, situation), batch)
    await _hear_again(batch, situation)


async def _hear_again(batch: Batch, situation: Situation) -> None:
    """Clear the silence of devices that are heard of again; one that only sent old readings is still silent."""
    gone: list[Gone] = []
    for device in batch.devices.values():
        limits = situation.figures.of(batch.rules[device.street_id].rules[SILENT.key], device)
        if (SILENT.key, device.id) in situation.open and not overdue(SILENCE, limits, device.last_seen_at, batch.now):
            gone.append(Gone(SILENT.key, device.id, device.last_seen_at, _heard(device.last_seen_at)))
    teller = Teller(MODULE)
    await teller.follow_up(await clear_gone(teller.actor, gone))


def _heard(last_seen_at: datetime) -> dict[str, Any]:
    return {"last_seen_at": last_seen_at.isoformat()}


@check(
    "fire_safety.silent",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the devices that have been silent for too long.", "查找失联设备。"),
)
async def find_silent(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every device of fire safety that has been silent for too long."""
    kinds, default = sorted(SILENT.kinds), SILENT.limits(DeviceKind.SMOKE)["silent_hours"]
    rows = await connections.get("default").execute_query_dict(
        _SILENT, [SILENT.key, kinds, default, now, SILENT.again_after, _AT_ONCE]
    )
    if not rows:
        return {"silent": 0}
    places = await places_of(row["id"] for row in rows)
    teller = Teller(MODULE, places, await rules_of(row["street_id"] for row in rows))
    sightings: list[Sighting] = []
    for row in rows:
        silence = (now - row["last_seen_at"]) / timedelta(hours=1)
        limits = {"silent_hours": row["hours"]}
        sightings.append(
            Sighting(
                rule=SILENT.key,
                rule_version=SILENT.version,
                module=MODULE.key,
                subject_id=row["id"],
                device_id=row["id"],
                facility_id=row["facility_id"],
                compound_id=row["compound_id"],
                street_id=row["street_id"],
                message=SILENT.say(places[row["id"]], float(int(silence)), limits),
                sights=(Sight(now, SILENT.severity_of(silence, limits), _heard(row["last_seen_at"])),),
            )
        )
    await teller.follow_up(await raise_once(teller.actor, sightings))
    return {"silent": len(rows)}
