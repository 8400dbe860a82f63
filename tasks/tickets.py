"""The checks that draw whose reporters are called back, close what nobody confirms, find what was left by those who have left."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.words import Text
from models import tickets
from models.calendar import zone
from models.tickets.closing import KIND as CLOSING
from models.tickets.closing import close_unconfirmed, leave_due
from models.tickets.handing_over import KIND as HANDING_OVER
from models.tickets.handing_over import hand_over, leave_all
from settings import load

from .clock import check
from .work import handles

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


@check(
    "tickets.unconfirmed",
    module="tickets",
    cron="10 9-18 * * *",
    does=Text("Close the tickets that nobody confirms, after telling so.", "提醒并办结逾期未确认的工单。"),
)
async def unconfirmed(now: datetime) -> dict[str, int]:
    """Leave the work of telling of tickets that will be closed, and of closing those whose time is over."""
    return {"tickets": await leave_due(now, load())}


@handles(CLOSING, splits="tickets", background=True)
async def close_tickets(payload: dict[str, Any]) -> None:
    """Tell of, or close, those of ``{"tickets": [id, …]}`` that nobody has confirmed."""
    await close_unconfirmed(payload["tickets"], datetime.now(UTC), load())


@check(
    "tickets.left_behind",
    module="tickets",
    cron="10 0 * * *",
    does=Text("Hand over open tickets of organisations that have left a compound.", "移交已退出小区的单位的未结工单。"),
)
async def left_behind(_: datetime) -> dict[str, int]:
    """Leave the work of handing over what organisations have in hand where no mandate of theirs is left."""
    return {"organisations": await leave_all()}


@handles(HANDING_OVER)
async def hand_tickets_over(payload: dict[str, Any]) -> None:
    """Hand over the open tickets of ``{"compound": id, "organisation": id}``."""
    count = await hand_over(payload["compound"], payload["organisation"])
    log.info("tickets are handed over", tickets=count)
