"""The check that looks at the clocks of tickets every minute, and the work of winding them."""

from datetime import datetime
from typing import Any

import structlog

from domain.words import Text
from models.deadlines import KIND, KIND_ALL, due_tickets, leave_all, wind_all

from .clock import check
from .work import handles

log = structlog.stdlib.get_logger(__name__)


@check(
    "tickets.deadlines",
    module="tickets",
    cron="* * * * *",
    does=Text("Warn of deadlines of tickets, note what is late, bring it up the ladder.", "检查工单时限：预警、超时、升级。"),
)
async def deadlines(now: datetime) -> dict[str, int]:
    """Wind the clocks of tickets whose time has come: to be warned of, late, to be escalated, a pause at its end.

    After downtime each is wound once, to where it stands now.
    """
    tickets = await due_tickets(now)
    if tickets:
        log.info("deadlines have come", tickets=tickets)
    return {"tickets": tickets}


@handles(KIND, splits="tickets")
async def wind_tickets(payload: dict[str, Any]) -> None:
    """Wind the clocks of ``{"tickets": [id, …]}``."""
    await wind_all(payload["tickets"])


@handles(KIND_ALL, background=True)
async def wind_street(payload: dict[str, Any]) -> None:
    """Leave work for all tickets in hand of ``{"street": id, "organisation": id or null}``: what they go by was changed."""
    tickets = await leave_all(payload["street"], payload["organisation"])
    log.info("deadlines are worked out anew", tickets=tickets)
