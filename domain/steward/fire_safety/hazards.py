"""What is told of hazards that are not put right in time: a rule for each grade, whose figures are also their limits."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked
from domain.steward.rules import Figure, Rule
from domain.words import Text

_OWN = "product default"


def _figures(days: float, recheck_days: float, community_hours: float, street_hours: float) -> dict[str, Figure]:
    return {
        "days": Figure(
            Text("To be put right within so many days of being found.", "发现后整改期限。"), days, "d", 0.25, 90, _OWN
        ),
        "recheck_days": Figure(
            Text("To be looked at again within so many days of being put right.", "整改后复查期限。"),
            recheck_days,
            "d",
            0.25,
            30,
            _OWN,
        ),
        "community_hours": Figure(
            Text("Late for so long, the community is told.", "逾期多久升级至社区。"), community_hours, "h", 0, 720, _OWN
        ),
        "street_hours": Figure(
            Text("Late for so long, the street is told.", "逾期多久升级至街道。"), street_hours, "h", 0, 1440, _OWN
        ),
        "late_hours": Figure(Text("Late for so long, an alert is raised.", "逾期多久告警。"), 0, "h", 0, 168, _OWN),
        "margin_hours": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "h", 0, 24, _OWN),
    }


HAZARD_OVERDUE = Rule(
    key="fire_safety.hazard_overdue",
    version=1,
    name=Text("Hazard past its deadline", "隐患逾期未整改"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures=_figures(7, 3, 24, 72),
    severity=Severity.MINOR,
    message=Text(
        "A hazard at {place} is past its deadline.",
        "{place}隐患逾期未处理。",
    ),
    again_after=timedelta(days=7),
)

MAJOR_HAZARD_OVERDUE = Rule(
    key="fire_safety.major_hazard_overdue",
    version=1,
    name=Text("Major hazard past its deadline", "重大隐患逾期未整改"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures=_figures(3, 1, 4, 24),
    severity=Severity.MAJOR,
    message=Text(
        "A major hazard at {place} is past its deadline.",
        "{place}重大隐患逾期未处理。",
    ),
    again_after=timedelta(days=1),
)

#: What is told of hazards, in the order of the documents.
RULES = (HAZARD_OVERDUE, MAJOR_HAZARD_OVERDUE)
