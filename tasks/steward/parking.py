"""Parking and charging: what is looked for on the clock."""

from collections.abc import Mapping
from datetime import datetime

from domain.events import ONLINE
from domain.facilities import DeviceKind
from domain.steward.parking import BARRIER_OFFLINE, FIRE_LANE_OCCUPIED, MODULE
from domain.words import Text
from tasks.clock import check

from .finding import bring_in_line
from .lasting import lasting


@check(
    "parking.lanes",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the fire lanes that have been blocked for too long.", "查找被占用的消防通道。"),
)
async def find_blocked_lanes(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every fire lane that has been blocked for too long, and end those of lanes that are free."""
    return await bring_in_line(FIRE_LANE_OCCUPIED.key, await lasting(DeviceKind.LANE_CAMERA, "lane_blocked", now, says=True), now)


@check(
    "parking.barriers",
    module=MODULE.key,
    cron="* * * * *",
    does=Text("Find the barriers that are off line.", "查找离线的道闸。"),
)
async def find_barriers(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every barrier that has been off line for too long, and end those of barriers that are back."""
    return await bring_in_line(BARRIER_OFFLINE.key, await lasting(DeviceKind.BARRIER_STATE, ONLINE, now, says=False), now)
