"""Monthly fire reports; what is counted is in domain/fire_reports.py."""

from datetime import date
from typing import Annotated

import strawberry

from api.context import Context
from api.read.errors import refuse
from domain.fire_reports import MONTHS_BACK, month_of
from domain.upkeep import months_later
from models.calendar import today
from models.fire_reports import fire_report as read_report


@strawberry.type(description="What was done for fire safety in a month (消防月报): of one compound, or of several added up.")
class FireReport:
    month: date = strawberry.field(description="First day of the month (月份).")
    compounds: int = strawberry.field(description="Of how many compounds (小区数).")
    kept: int = strawberry.field(description="Of how many of them it is kept, and changes no more (已归档小区数).")
    rounds_planned: int = strawberry.field(
        description="Fire patrols and checks that were to be over by now (应完成消防巡查检查)."
    )
    rounds_done: int = strawberry.field(description="Of these, those that were gone in full (已完成).")
    rounds_incomplete: int = strawberry.field(description="Those of which points were left out (未走完).")
    rounds_missed: int = strawberry.field(description="Those that nobody went (漏巡).")
    hazards_found: int = strawberry.field(description="Hazards that were found in the month (本月发现隐患).")
    major_hazards_found: int = strawberry.field(description="Of these, major ones (其中重大隐患).")
    hazards_closed: int = strawberry.field(
        description="Hazards that were put right and looked at again in the month (本月整改销案)."
    )
    hazards_open: int = strawberry.field(description="Hazards that were open at its end (月末未销案).")
    hazards_late: int = strawberry.field(description="Of these, those that were to be put right by then (其中逾期未整改).")
    drills: int = strawberry.field(description="Evacuation drills that were held (疏散演练).")
    trainings: int = strawberry.field(description="Trainings that were held (消防培训).")
    participants: int = strawberry.field(description="Heads that took part in both (参加人次).")
    alerts: int = strawberry.field(description="Fire alerts that were raised in the month (消防告警).")
    alerts_real: int = strawberry.field(description="Of these, real ones (真实).")
    alerts_false: int = strawberry.field(description="False alarms (误报).")
    alerts_test: int = strawberry.field(description="Tests (测试).")
    alerts_duplicate: int = strawberry.field(description="Duplicates (重复).")
    alerts_unknown: int = strawberry.field(description="Those of which nobody has said what they were (未填写结果).")
    control_room_gaps: int = strawberry.field(description="How often a control room was short of people (消控室人员不足次数).")
    control_room_gap_minutes: int = strawberry.field(description="For how many minutes in all (消控室人员不足分钟数).")
    without_keeper: int = strawberry.field(description="Compounds whose fire safety nobody kept at its end (月末无人负责的小区).")


async def _fire_report(
    info: strawberry.Info[Context, None],
    of: Annotated[
        strawberry.ID,
        strawberry.argument(description="A compound; or a grid, community, village or street, whose compounds are added up."),
    ],
    month: Annotated[
        date | None, strawberry.argument(description="Any day of the month (月份); none: the one that runs.")
    ] = None,
) -> FireReport | None:
    day, now = month or today(), today()
    if not months_later(now, -MONTHS_BACK) <= day < month_of(now)[1]:
        raise refuse("BAD_USER_INPUT", f"month: not to come, and at most {MONTHS_BACK} months ago; it is {day}.")
    told = await read_report(info.context.viewer, of, day)
    return told and FireReport(month=told.month, compounds=told.compounds, kept=told.kept, **told.figures)


fire_report = strawberry.field(
    _fire_report,
    description="What was done for fire safety in a month (消防月报): counted as of now until it is kept, some days after the"
    " month; only compounds whose figures the viewer may see are added up, and null is told where there is none.",
)
