"""The work of bill runs: a piece of a run in each transaction, until it is through."""

from typing import Any

from models.bill_runs import STEP, TAKE_BACK, step, take_back

from .work import handles


@handles(STEP, background=True)
async def go_on(payload: dict[str, Any]) -> None:
    """Bill, or try out, the next homes of ``{"run": id}``."""
    await step(payload["run"])


@handles(TAKE_BACK, background=True)
async def go_back(payload: dict[str, Any]) -> None:
    """Take back the next bills of ``{"run": id, "actor": id, "after": id of the last bill}``."""
    await take_back(payload["run"], payload["actor"], payload["after"])
