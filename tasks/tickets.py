"""The check that draws whose reporters are called back."""

from datetime import datetime

import structlog

from domain.words import Text
from models import tickets
from models.calendar import zone
from settings import load

from .clock import check

log = structlog.stdlib.get_logger(__name__)


@check(
    "tickets.call_backs",
    module="tickets",
    cron="30 6 * * *",
    does=Text("Draw from yesterday's closed tickets whose reporters are called back.", "从前一天办结的工单中抽取回访对象。"),
)
async def call_backs(now: datetime) -> dict[str, int]:
    """Draw from the day that is over, and from those of the last week whose turn was missed."""
    drawn = await tickets.draw(now.astimezone(zone()).date(), load().ticket_call_back_percent)
    log.info("call-backs drawn", call_backs=drawn)
    return {"call_backs": drawn}
