"""Rounds on the clock: plans that the fire code asks for, rounds that are made ahead, and those whose time has passed."""

from datetime import datetime
from typing import Any

import structlog

from domain.words import Text
from models import rounds

from .clock import check
from .work import handles

log = structlog.stdlib.get_logger(__name__)


@check(
    "fire_safety.plans",
    module="fire_safety",
    cron="20 3 * * *",
    does=Text(
        "Plan the fire patrols and checks that the code asks for, by the kind of building.",
        "按楼栋类别生成法定防火巡查、检查计划。",
    ),
)
async def plan_fire(now: datetime) -> dict[str, int]:
    """Leave the work of making the plans that are missing, and of adding the buildings that are missing in them."""
    compounds = await rounds.leave_fire(now)
    log.info("fire rounds are planned", compounds=compounds)
    return {"compounds": compounds}


@check(
    "rounds.make",
    module="rounds",
    cron="5 * * * *",
    does=Text("Make the rounds of the coming days.", "生成未来数日的巡查任务。"),
)
async def make(now: datetime) -> dict[str, int]:
    """Leave the work of making the rounds that come."""
    plans = await rounds.leave_plans(now)
    log.info("rounds are made", plans=plans)
    return {"plans": plans}


@check(
    "rounds.close",
    module="rounds",
    cron="*/5 * * * *",
    does=Text("Close the rounds whose time has passed: done, incomplete or missed.", "结束到时的巡查：完成、未完成或漏巡。"),
)
async def close(now: datetime) -> dict[str, int]:
    """Leave the work of closing the rounds whose time has passed."""
    over = await rounds.leave_over(now)
    if over:
        log.info("rounds are closed", rounds=over)
    return {"rounds": over}


@handles(rounds.FIRE, splits="compounds", background=True)
async def plan_fire_of(payload: dict[str, Any]) -> None:
    """Plan the fire rounds of ``{"compounds": [id, …]}``."""
    await rounds.plan_fire(payload["compounds"])


@handles(rounds.MAKE, splits="plans", background=True)
async def make_of(payload: dict[str, Any]) -> None:
    """Make the rounds of ``{"plans": [id, …]}``."""
    await rounds.make_rounds(payload["plans"])


@handles(rounds.CLOSE, splits="rounds")
async def close_of(payload: dict[str, Any]) -> None:
    """Close ``{"rounds": [id, …]}``."""
    await rounds.close_rounds(payload["rounds"])
