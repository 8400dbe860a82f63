"""Arrears on the clock: homes that are reminded, plans that are kept or not, cases that are over, late fees that are billed."""

from datetime import UTC, date, datetime
from typing import Any

import structlog

from domain.words import Text
from models.arrears import charge_bills, close_paid, leave_reminders, look_after, remind
from models.arrears.late_fees import KIND as LATE_FEES
from models.arrears.reminding import KIND as REMIND
from models.facts import Actor

from .clock import check
from .work import handles

log = structlog.stdlib.get_logger(__name__)


@check(
    "fees.reminders",
    module="fees",
    cron="*/30 9-17 * * *",
    does=Text(
        "Remind homes of bills that are past due, by the ladder of their book, on working days.",
        "按账套的催缴阶梯，在工作日提醒逾期住户。",
    ),
)
async def find_due(now: datetime) -> dict[str, int]:
    """Leave the work of reminding homes of which a step is due; nothing on days off."""
    homes = await leave_reminders(now)
    if homes:
        log.info("homes are to be reminded", homes=homes)
    return {"homes": homes}


@check(
    "fees.plans",
    module="fees",
    cron="10 * * * *",
    does=Text(
        "End instalment plans that are paid or not kept, and cases without debts.",
        "结束已结清或未履行的分期，了结已无逾期的欠费案。",
    ),
)
async def find_over(now: datetime) -> dict[str, int]:
    """End plans and cases that are over: some hundreds of each, the rest with the next run."""
    return {"plans": await look_after(now), "cases": await close_paid(now)}


@handles(REMIND, splits="homes", background=True)
async def remind_of(payload: dict[str, Any]) -> None:
    """Remind ``{"book": id, "homes": [id, …]}``."""
    await remind(payload["book"], payload["homes"], datetime.now(UTC))


@handles(LATE_FEES, splits="bills", background=True)
async def charge_of(payload: dict[str, Any]) -> None:
    """Bill late fees of ``{"book": id, "until": day, "actor": id, "bills": [id, …]}``."""
    await charge_bills(Actor(payload["actor"]), payload["book"], payload["bills"], date.fromisoformat(payload["until"]))
