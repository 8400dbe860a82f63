"""The care for alerts in time: every minute what is due, and at once when a group that waits is to be told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.words import Text
from models.alerts.caring import AT_ONCE, look
from models.alerts.keeping import KIND
from models.alerts.retired import clear_retired
from models.alerts.sources import count_sources
from models.work import add

from .clock import check
from .work import handles

#: The kind of the work rows that go on clearing alerts of retired devices.
RETIRED = "alert.retired"


@handles(KIND)
async def look_here(payload: dict[str, Any]) -> None:
    """Do what is due in one compound and module, or everywhere (``{}``)."""
    place = {"compound_id": payload["compound"], "module": payload["module"]} if payload else {}
    await _look(datetime.now(UTC), payload, **place)


@check(
    "alerts.care",
    module="alerts",
    cron="* * * * *",
    does=Text(
        "Tell, repeat and escalate alerts that are due, and take up what is held back no more.",
        "处理到期的告警通知、重复、升级及恢复。",
    ),
)
async def care(now: datetime) -> Mapping[str, int]:
    """Do what is due everywhere."""
    return {"looked_at": await _look(now, {})}


async def _look(moment: datetime, payload: dict[str, Any], **place: str) -> int:
    """Look at as much as one transaction should hold; where there may be more, it is left as work of its own."""
    looked_at = await look(moment, **place)
    if looked_at >= AT_ONCE:
        await add(KIND, payload)
    return looked_at


@check(
    "alerts.retired",
    module="alerts",
    cron="* * * * *",
    does=Text("Clear the alerts of devices that were taken out of service.", "解除已停用设备的告警。"),
)
async def retired(now: datetime) -> Mapping[str, int]:
    """Clear the open alerts of devices that are not watched any more."""
    return {"cleared": await _clear(now)}


@handles(RETIRED)
async def clear_more(_: dict[str, Any]) -> None:
    """Go on with it."""
    await _clear(datetime.now(UTC))


async def _clear(moment: datetime) -> int:
    cleared = await clear_retired(moment, AT_ONCE)
    if cleared >= AT_ONCE:
        await add(RETIRED, {})
    return cleared


@check(
    "alerts.sources",
    module="alerts",
    cron="*/10 * * * *",
    does=Text("Count where the alerts of the last 30 days came from.", "统计近 30 天告警来源。"),
)
async def sources(now: datetime) -> Mapping[str, int]:
    """Count anew where alerts came from."""
    return {"sources": await count_sources(at=now)}
