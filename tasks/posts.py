"""The checks of staffed posts: which of them have too few people, and for how long."""

from collections.abc import Mapping
from datetime import datetime

from domain.posts import PostKind
from domain.steward.access import GUARD_POST_UNSTAFFED
from domain.steward.fire_safety.staff import CONTROL_ROOM_SHORT
from domain.words import Text
from models.posts import settle_all

from .clock import check
from .steward.finding import Found, bring_in_line


@check(
    "fire_safety.control_rooms",
    module=CONTROL_ROOM_SHORT.module,
    cron="* * * * *",
    does=Text("Find the fire control rooms with too few people.", "查找缺岗的消防控制室。"),
)
async def find_control_rooms(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every control room that has had too few certified people for too long; end those of others."""
    return await _find(PostKind.CONTROL_ROOM, CONTROL_ROOM_SHORT.key, now)


@check(
    "access.guard_posts",
    module=GUARD_POST_UNSTAFFED.module,
    cron="* * * * *",
    does=Text("Find the guard posts with too few people.", "查找缺岗的门岗。"),
)
async def find_guard_posts(now: datetime) -> Mapping[str, int]:
    """Raise an alert for every guard post that has had too few people for too long; end those of others."""
    return await _find(PostKind.GUARD_POST, GUARD_POST_UNSTAFFED.key, now)


async def _find(kind: PostKind, rule: str, now: datetime) -> Mapping[str, int]:
    short = await settle_all(kind, now)
    found = [
        Found(
            subject_id=row["id"],
            value=(now - row["short_since"]).total_seconds() / 60,
            place=row["place"],
            compound_id=row["compound_id"],
            street_id=row["street_id"],
            more={"unit": "min", "least": row["least_staff"], "since": row["short_since"].isoformat()},
        )
        for row in short
    ]
    return await bring_in_line(rule, found, now)
