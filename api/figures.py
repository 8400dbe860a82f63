"""Key figures of compounds, by day and by month; what they are is in domain/figures.py."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

import models
from api.context import Context
from api.coverage import MONTHS_MAX, months_of
from api.enums import graphql_enum
from api.read.declare import column, computed, node, one
from domain.figures import KeyFigure
from models.calendar import today
from models.figures import trend as read_trend

graphql_enum(KeyFigure)


@node(models.CompoundFigures, "Key figures (关键指标) of a compound on one day, noted in the night after it.")
class CompoundFigures:
    day = column("The day (日期).", filter=True, sort=True)
    open_tickets = column("Tickets neither closed nor cancelled at its end (在办工单).")
    overdue_tickets = column("Of these, those whose work was not done by the deadline (超时工单).")
    closed_tickets = column("Tickets that were closed on it (办结工单).")
    ratings = column("Ratings that were given on it (评价数).")
    score_sum = column("What these gave together, 1 to 5 each (评分合计).")
    open_alerts = computed(
        int,
        "({row}.critical_alerts + {row}.major_alerts + {row}.minor_alerts + {row}.warning_alerts)",
        "Alerts that were open at its end (未解除告警).",
    )
    critical_alerts = column("Of these, critical ones (紧急).")
    major_alerts = column("Of these, major ones (重要).")
    minor_alerts = column("Of these, minor ones (一般).")
    warning_alerts = column("Of these, warnings (提示).")
    facilities_out = column("Facilities out of service at its end (停用设施).")
    overdue_fees = column("Yuan open of bills that were due (逾期欠费); null: of one or two homes.")
    fees_due = column(
        "Yuan of fees that fell due in the 365 days up to it (应收), without what was credited; null: of one or two homes."
    )
    fees_paid = column("Of these, yuan that were paid (实收), rounded to a percent where one or two homes lack something.")
    has_party_organisation = column("Whether a Party branch guided it (党的组织覆盖).")
    has_party_work = column("Whether there was Party work (党的工作覆盖).")
    has_owners_body = column("Whether it had a body of the owners or residents (业主组织覆盖).")
    has_company = column("Whether a property company served it (物业服务覆盖).")
    has_joint_office = column("Whether it had a joint office (合署办公覆盖).")
    taken_at = column("When it was noted (采集时间).")
    compound = one("Compound", "Compound (小区).", filter=True)


@strawberry.type(description="A key figure in one month (月度指标).")
class TrendPoint:
    month: date = strawberry.field(description="First day of the month (月份).")
    until: date = strawberry.field(description="The last of its days that was noted (截至日期).")
    value: Decimal | None = strawberry.field(description="The figure (数值); null: a mean or a share of nothing.")
    compounds: int = strawberry.field(description="Of how many compounds something was noted (小区数).")
    count: int | None = strawberry.field(description="Of how many ratings a mean is (评价数); null for other figures.")


async def _trend(
    info: strawberry.Info[Context, None],
    of: Annotated[
        strawberry.ID,
        strawberry.argument(description="A compound; or a grid, community, village or street, whose compounds are added up."),
    ],
    figure: Annotated[KeyFigure, strawberry.argument(description="Which figure (指标).")],
    months: Annotated[int, strawberry.argument(description=f"How many months (月数), 1 to {MONTHS_MAX}.")] = 12,
    until: Annotated[date | None, strawberry.argument(description="The day at which it ends (截止日期); none: today.")] = None,
) -> list[TrendPoint]:
    points = await read_trend(info.context.viewer, of, figure, months=months_of(months), until=until or today())
    return [
        TrendPoint(month=each.month, until=each.until, value=each.value, compounds=each.compounds, count=each.count)
        for each in points
    ]


trend = strawberry.field(
    _trend,
    description="A key figure by month (指标趋势): what stood at its end, or happened in it. Months of which nothing was"
    " noted are left out; only compounds whose figures the viewer may see are added up.",
)
