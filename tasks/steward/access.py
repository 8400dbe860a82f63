"""Access: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.facilities import DeviceKind, FacilityKind
from domain.steward.access import GATE_OFFLINE, MODULE, PASS_LEFT_OPEN
from domain.words import Text
from models.connection import query
from models.passes import AT_ONCE, keep, left_open
from models.work import add
from tasks.clock import check
from tasks.work import handles

from .finding import Found, bring_in_line

#: The kind of the work row that a check leaves where there may be more passes.
KIND = "passes"

#: How far back it is looked since when a gate is offline: further than any figure of the rule goes.
_BACK = timedelta(days=2)
#: $1: now, $2: kind of device, $3: the facilities that another module looks at, $4: how far back. A device that reports every
#: few minutes that it is offline has been so since the first report after the last that said otherwise.
_OFFLINE = """
SELECT d.id, d.facility_id, d.compound_id, d.street_id, concat_ws(' ', c.name, b.name, d.name) AS place,
    greatest(0, extract(epoch FROM $1::timestamptz - coalesce(off.since, $1::timestamptz - $4::interval))::float8 / 60) AS minutes
FROM device d JOIN compound c ON c.id = d.compound_id LEFT JOIN facility f ON f.id = d.facility_id
LEFT JOIN building b ON b.id = f.building_id
CROSS JOIN LATERAL (
    SELECT min(r.time) AS since FROM reading r
    WHERE r.device_id = d.id AND r.metric = 'online' AND r.value = 0 AND r.time > coalesce(
        (SELECT max(o.time) FROM reading o WHERE o.device_id = d.id AND o.metric = 'online' AND o.value = 1
            AND o.time > $1::timestamptz - $4::interval),
        $1::timestamptz - $4::interval)
) off
WHERE d.kind = $2 AND d.retired_at IS NULL AND d.last_reading->>'online' = 'false' AND (f.kind IS NULL OR f.kind <> $3)
"""


@check(
    "access.gates",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the gates that have been offline for too long.", "查找离线过久的门禁。"),
)
async def find_gates(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every gate that has said for too long that it is offline, and end those of gates that are back."""
    rows = await query(_OFFLINE, now, DeviceKind.GATE_STATE, FacilityKind.BARRIER, _BACK)
    found = [
        Found(
            subject_id=row["id"],
            value=row["minutes"],
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            facility_id=row["facility_id"],
            device_id=row["id"],
            more={"metric": "online", "unit": "min"},
        )
        for row in rows
    ]
    return await bring_in_line(GATE_OFFLINE.key, found, now)


@check(
    "access.passes",
    module=MODULE.key,
    cron="*/5 * * * *",
    does=Text(
        "End visitor passes whose time has passed, and find those left open.", "将到期的访客通行码置为过期，查找未登记离开的。"
    ),
)
async def keep_passes(now: datetime) -> Mapping[str, int]:
    """End passes, show the gates those of today, and raise an alert where visitors have not been noted as leaving.

    The alert is of the compound: it names no pass and no home. As many passes as one transaction should hold; where there may
    be more, that is left as work of its own.
    """
    done = await keep(now)
    if AT_ONCE in done.values():
        await add(KIND, {})
    found = [
        Found(
            subject_id=row["compound_id"],
            value=row["hours"],
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            more={"unit": "h", "passes": row["passes"]},
        )
        for row in await left_open(now)
    ]
    return {**done, **await bring_in_line(PASS_LEFT_OPEN.key, found, now)}


@handles(KIND)
async def keep_more(_: dict[str, Any]) -> None:
    """Go on with it."""
    if AT_ONCE in (await keep(datetime.now(UTC))).values():
        await add(KIND, {})
