"""Access: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.events import ONLINE
from domain.facilities import DeviceKind
from domain.steward.access import GATE_OFFLINE, MODULE, PASS_LEFT_OPEN
from domain.words import Text
from models.passes import AT_ONCE, keep, left_open
from models.work import add
from tasks.clock import check
from tasks.work import handles

from .finding import Found, bring_in_line
from .lasting import lasting

#: The kind of the work row that a check leaves where there may be more passes.
KIND = "passes"


@check(
    "access.gates",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the gates that have been offline for too long.", "查找离线过久的门禁。"),
)
async def find_gates(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every gate that has said for too long that it is offline, and end those of gates that are back."""
    return await bring_in_line(GATE_OFFLINE.key, await lasting(DeviceKind.GATE_STATE, ONLINE, now, says=False), now)


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
