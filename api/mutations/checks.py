"""Running a check now; the act is in models/checks.py."""

import strawberry

from api.checks import Check, shown
from api.context import Context
from models.checks import run_check_now

from .payloads import OnceInput, Payload, mutation


@strawberry.input(description="A check to run.")
class CheckRunInput(OnceInput):
    name: str = strawberry.field(description="Its name (名称), as `checks` tells it.")


@strawberry.type(description="What checkRun answers.")
class CheckRunPayload(Payload):
    check: Check | None = strawberry.field(description="The check (检查) as it stands now; null when refused.", default=None)


@mutation("Let a check run now (立即检查); one that is due or runs already is left alone.")
async def check_run(context: Context, given: CheckRunInput) -> CheckRunPayload:
    standing = await run_check_now(context.viewer, given.name)
    return CheckRunPayload(check=shown(standing, context.language))
