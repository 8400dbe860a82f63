"""Digests: what waited is told at its time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from domain.words import Text
from models.hearing import withhold_all
from models.notices import DIGEST_KIND, digests, remind, tell_what_waited
from models.work import add
from tasks.clock import check
from tasks.work import handles

log = structlog.stdlib.get_logger(__name__)


@handles(DIGEST_KIND)
async def digest_one(payload: dict[str, Any]) -> None:
    """The work of kind ``digest``; where more waits than one digest takes, the rest is left as work of its own."""
    channel_id, moment = payload["channel"], datetime.now(UTC)
    held = await digests.waiting(channel_id, moment)
    withheld = await withhold_all(held)
    waited = await tell_what_waited(channel_id, moment, [notice.id for notice in held])
    if len(held) >= digests.AT_ONCE:
        await add(DIGEST_KIND, {"channel": channel_id})
    log.info("told what waited", channel=channel_id, notices=waited, withheld=withheld)


@check(
    "notices.held",
    module="notices",
    cron="*/10 * * * *",
    does=Text("Tell what should have been told in a digest, and was not.", "补发逾期未发出的通知汇总。"),
)
async def notices_held(now: datetime) -> Mapping[str, int]:
    """Leave work again for the channels whose digest is overdue."""
    return {"channels": await remind(now)}
