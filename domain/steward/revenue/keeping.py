"""What is told of owners' money: whether it lasts, and whether they are told of it."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked
from domain.steward.rules import OWN, Figure, Rule, Worse
from domain.words import Text

_CODE = "Civil Code art. 282, 943"


def _margin(unit: str) -> Figure:
    return Figure(Text("So far off the limit it is over.", "离限值多少视为恢复。"), 0, unit, 0, 3, OWN)


RUNS_DRY = Rule(
    key="revenue.runs_dry",
    version=1,
    name=Text("Owners' money runs out", "业主资金即将不足"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Below("months", "margin_months")),
    figures={
        "months": Figure(
            Text("Fewer months left than this, as it goes.", "按现有趋势不足多少个月。"), 6, "mo", 1, 12, OWN, whole=True
        ),
        "worse_months": Figure(Text("Worse under this.", "不足多少个月加重级别。"), 3, "mo", 1, 12, OWN, whole=True),
        "margin_months": Figure(
            Text("So many more it is over.", "恢复到限值以上多少个月视为恢复。"), 1, "mo", 0, 6, OWN, whole=True
        ),
    },
    severity=Severity.WARNING,
    worse=(Worse("worse_months", Severity.MAJOR),),
    message=Text("{place}: as it goes, the money lasts for {value} months.", "{place}：按现有趋势，资金约 {value} 个月后不足。"),
    again_after=timedelta(days=30),
)

COMMON_INCOME_UNDISCLOSED = Rule(
    key="revenue.common_income_undisclosed",
    version=1,
    name=Text("Common-area income not disclosed", "公共收益未公示"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures={
        "days": Figure(
            Text(
                "So long after the quarter in which there was some, and no statement tells of it.",
                "取得公共收益的季度结束后多少天仍未公示。",
            ),
            45,
            "d",
            1,
            365,
            _CODE,
            whole=True,
        ),
        "worse_days": Figure(Text("Worse from here on.", "达到即加重级别。"), 135, "d", 1, 730, OWN, whole=True),
        "margin_days": _margin("d"),
    },
    severity=Severity.MINOR,
    worse=(Worse("worse_days", Severity.MAJOR),),
    message=Text(
        "{place}: common-area income has not been disclosed for {value} days after its quarter.",
        "{place}：公共收益在季度结束 {value} 天后仍未公示。",
    ),
    again_after=timedelta(days=30),
)

#: In the order of the documents.
RULES = (RUNS_DRY, COMMON_INCOME_UNDISCLOSED)
