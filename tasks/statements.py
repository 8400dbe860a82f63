"""Statements on the clock: drafted once their period is over, and told to those who live there once they are published."""

from datetime import datetime
from typing import Any

from domain.words import Text
from models import statements
from models.calendar import today

from .clock import check
from .work import handles


@check(
    "revenue.drafts",
    module="revenue",
    cron="40 4 * * *",
    does=Text("Draft the statements of periods that are over.", "为已结束的期间起草收支公示表。"),
)
async def draft(now: datetime) -> dict[str, int]:
    """Leave the work of drafting the statements that are missing."""
    return {"books": await statements.leave_drafts(now)}


@handles(statements.DRAFT, splits="books", background=True)
async def draft_of(payload: dict[str, Any]) -> None:
    """Draft the statements of ``{"books": [id, …]}``."""
    for book_id in payload["books"]:
        await statements.draft_due(book_id, today())


@handles(statements.TELL, background=True)
async def tell(payload: dict[str, Any]) -> None:
    """Tell those who live there of ``{"statement": id}``, who come after the account ``after``."""
    await statements.tell_residents(payload["statement"], payload["after"])
