"""The check that looks at what is due of facilities every day, and the work of winding their clocks."""

from datetime import datetime
from typing import Any

import structlog

from domain.words import Text
from models.calendar import zone
from models.upkeep import KIND, KIND_ALL, leave_due, leave_kind, wind_all

from .clock import check
from .work import handles

log = structlog.stdlib.get_logger(__name__)


@check(
    "equipment.upkeep",
    module="equipment",
    cron="10 5 * * *",
    does=Text(
        "Make work orders ahead of the day, warn of what is due, tell what is overdue.",
        "提前生成维保作业单，预警到期，提醒逾期。",
    ),
)
async def upkeep(now: datetime) -> dict[str, int]:
    """Leave the work of winding the clocks of facilities of whose upkeep something comes today, or came while it stood."""
    facilities = await leave_due(now.astimezone(zone()).date())
    log.info("upkeep is looked at", facilities=facilities)
    return {"facilities": facilities}


@handles(KIND, splits="facilities", background=True)
async def wind_facilities(payload: dict[str, Any]) -> None:
    """Wind the clocks of ``{"facilities": [id, …]}``."""
    await wind_all(payload["facilities"])


@handles(KIND_ALL, background=True)
async def wind_kind(payload: dict[str, Any]) -> None:
    """Leave work for all facilities of ``{"street": id, "kind": facility kind}``: their plans were changed."""
    facilities = await leave_kind(payload["street"], payload["kind"])
    log.info("upkeep is worked out anew", facilities=facilities)
