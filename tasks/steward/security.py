"""Security: what is looked for on the clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import floor

from domain.events import ONLINE
from domain.facilities import DeviceKind
from domain.steward.security import CAMERA_OFFLINE, MODULE, ONLINE_RATE, SILENT, ZONES_UNCOVERED
from domain.words import Text
from models.connection import query
from models.facilities.zones import COVERED
from tasks.clock import check

from .finding import Found, bring_in_line
from .lasting import lasting

#: Per compound: the cameras that were ever heard of, and those of which an alert says that they are off line, or silent.
_RATES = """
SELECT c.id, c.street_id, c.name, count(*)::int AS cameras, count(a.subject_id)::int AS off
FROM device d JOIN compound c ON c.id = d.compound_id
LEFT JOIN (SELECT DISTINCT subject_id FROM alert WHERE rule = ANY($2::text[]) AND state = 'OPEN') a ON a.subject_id = d.id
WHERE d.kind = $1 AND d.retired_at IS NULL AND d.last_seen_at IS NOT NULL
GROUP BY c.id HAVING count(a.subject_id) > 0 ORDER BY c.id
"""
_BARE = f"""
SELECT c.id, c.street_id, c.name, count(*)::int AS zones FROM zone z JOIN compound c ON c.id = z.compound_id
WHERE z.ended_at IS NULL AND NOT {COVERED.format(row="z")} GROUP BY c.id ORDER BY c.id
"""


@check(
    "security.cameras",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the cameras that are off line, and where too many are.", "查找离线摄像头及在线率过低的小区。"),
)
async def find_cameras(now: datetime) -> Mapping[str, int]:
    """Raise alerts for cameras off line and compounds with too many of them, and end those that are well again.

    A compound's share goes by the alerts of its cameras: figures of their own, and what people have cleared, count there too.
    """
    cameras = await bring_in_line(CAMERA_OFFLINE.key, await lasting(DeviceKind.CAMERA_STATE, ONLINE, now, says=False), now)
    compounds = await bring_in_line(ONLINE_RATE.key, await _rates(), now)
    return {"raised": cameras["raised"] + compounds["raised"], "over": cameras["over"] + compounds["over"]}


async def _rates() -> Sequence[Found]:
    return [
        Found(
            subject_id=row["id"],
            value=floor(1_000 * (row["cameras"] - row["off"]) / row["cameras"]) / 10,
            place=row["name"],
            compound_id=row["id"],
            street_id=row["street_id"],
            more={"unit": "%", "cameras": row["cameras"], "offline": row["off"]},
        )
        for row in await query(_RATES, DeviceKind.CAMERA_STATE, [CAMERA_OFFLINE.key, SILENT.key])
    ]


@check(
    "security.zones",
    module=MODULE.key,
    cron="35 * * * *",
    does=Text("Find the declared zones that no camera covers.", "查找无监控覆盖的登记区域。"),
)
async def find_bare_zones(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every compound with declared zones that no camera covers, and end those of compounds without."""
    found = [Found(row["id"], float(row["zones"]), row["name"], row["id"], row["street_id"]) for row in await query(_BARE)]
    return await bring_in_line(ZONES_UNCOVERED.key, found, now)
