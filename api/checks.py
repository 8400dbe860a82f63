"""Checks of the clock, as GraphQL shows them: they are of the installation and of no street."""

from datetime import datetime
from typing import Any, cast

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from domain.checks import CheckResult
from models.calendar import zone
from models.checks import Standing, checks_for

graphql_enum(CheckResult)


@strawberry.type(description="Check (定时检查): something done on a schedule, once however many clocks run.")
class Check:
    name: str = strawberry.field(description="Its name, for checkRun (名称).")
    module: str = strawberry.field(description="Steward module, or the noun that it looks after (模块).")
    cadence: str = strawberry.field(description="When it is due (频次): a cron expression in the street's time zone.")
    does: str = strawberry.field(description="What it does, in the language of the request (说明).")
    last_run: datetime | None = strawberry.field(description="When it last ran to its end (上次运行).")
    next_run: datetime = strawberry.field(description="When it is due next (下次运行).")
    last_result: CheckResult = strawberry.field(description="How its newest due moment went (上次结果).")
    last_found: JSON | None = strawberry.field(description="What the last run counted (上次统计), by name.")
    last_problem: str = strawberry.field(description="Kind of the fault that the newest run met (故障类别); empty: none.")


def shown(standing: Standing, language: str) -> Check:
    """A check in the reader's language."""
    return Check(
        name=standing.name,
        module=standing.module,
        cadence=standing.cadence,
        does=standing.does.say(language),
        last_run=standing.last_run_at and standing.last_run_at.astimezone(zone()),
        next_run=standing.next_run_at.astimezone(zone()),
        last_result=standing.result,
        last_found=cast("JSON | None", standing.found),
        last_problem=standing.problem,
    )


async def _checks(info: strawberry.Info[Context, Any]) -> list[Check]:
    return [shown(standing, info.context.language) for standing in await checks_for(info.context.viewer)]


checks = strawberry.field(
    _checks, description="Checks (定时检查) of the whole installation; none for those who neither run the street nor the system."
)
