"""Digests: what waited is told at its time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from domain.words import Text
from models.hearing import withhold_held
from models.notices import DIGEST_KIND, remind, tell_what_waited
from tasks.clock import PLATFORM, check
from tasks.work import handles

log = structlog.stdlib.get_logger(__name__)


@handles(DIGEST_KIND)
async def digest_one(payload: dict[str, Any]) -> None:
    """The work of kind ``digest``."""
    channel_id, moment = payload["channel"], datetime.now(UTC)
    withheld = await withhold_held(channel_id, moment)
    waited = await tell_what_waited(channel_id, moment)
    log.info("told what waited", channel=channel_id, notices=waited, withheld=withheld)


@check(
    "notices.held",
    module=PLATFORM,
    cron="*/10 * * * *",
    does=Text("Tell what should have been told in a digest, and was not.", "补发逾期未发出的通知汇总。"),
)
async def notices_held(now: datetime) -> Mapping[str, int]:
    """Leave work again for the channels whose digest is overdue."""
    return {"channels": await remind(now)}
