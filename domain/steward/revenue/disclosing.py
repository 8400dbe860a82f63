"""What is told of statements to the owners that are not published in time; how often there is one stands here as well."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked
from domain.steward.rules import OWN, Figure, Rule, Worse
from domain.words import Text

_CODE = "Civil Code art. 282, 943"

STATEMENT_OVERDUE = Rule(
    key="revenue.statement_overdue",
    version=1,
    name=Text("Statement not published", "收支公示逾期"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures={
        "months": Figure(
            Text("Months that a statement is about (1, 2, 3, 4, 6 or 12).", "每期公示的月数（1、2、3、4、6 或 12）。"),
            3,
            "mo",
            1,
            12,
            _CODE,
            whole=True,
        ),
        "review_days": Figure(
            Text("Days that the owners' body has to review one.", "业主组织审核的天数。"), 15, "d", 1, 60, OWN, whole=True
        ),
        "days": Figure(
            Text("So long after the period it is overdue.", "每期结束后多少天视为逾期。"), 30, "d", 1, 365, _CODE, whole=True
        ),
        "worse_days": Figure(Text("Worse from here on.", "达到即加重级别。"), 120, "d", 1, 730, OWN, whole=True),
        "margin_days": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "d", 0, 30, OWN, whole=True),
    },
    severity=Severity.MINOR,
    worse=(Worse("worse_days", Severity.MAJOR),),
    message=Text(
        "The statement of {place} is not published, {value} days after its period.",
        "{place}的收支情况在期满 {value} 天后仍未公示。",
    ),
    again_after=timedelta(days=30),
)

#: In the order of the documents.
RULES = (STATEMENT_OVERDUE,)
