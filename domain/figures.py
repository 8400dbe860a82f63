"""Key figures (关键指标) of a compound: what is noted of every day, and how a month is told from its days."""

from collections.abc import Mapping
from dataclasses import dataclass

from .words import Word


class KeyFigure(Word):
    """What is noted of a compound at the end of every day."""

    OPEN_TICKETS = "OPEN_TICKETS", "在办工单", "Tickets neither closed nor cancelled."
    OVERDUE_TICKETS = "OVERDUE_TICKETS", "超时工单", "Tickets whose work was not done by their deadline."
    CLOSED_TICKETS = "CLOSED_TICKETS", "办结工单", "Tickets that were closed."
    SATISFACTION = "SATISFACTION", "满意度", "Mean of the ratings that were given, 1 to 5."
    OPEN_ALERTS = "OPEN_ALERTS", "未解除告警", "Alerts that were not cleared."
    CRITICAL_ALERTS = "CRITICAL_ALERTS", "未解除紧急告警", "Of these, critical ones."
    MAJOR_ALERTS = "MAJOR_ALERTS", "未解除重要告警", "Of these, major ones."
    MINOR_ALERTS = "MINOR_ALERTS", "未解除一般告警", "Of these, minor ones."
    WARNING_ALERTS = "WARNING_ALERTS", "未解除提示告警", "Of these, warnings."
    FACILITIES_OUT = "FACILITIES_OUT", "停用设施", "Facilities out of service."
    OVERDUE_FEES = "OVERDUE_FEES", "逾期欠费", "Yuan of bills that were due and not paid."
    COLLECTION_RATE = (
        "COLLECTION_RATE",
        "收缴率",
        "Percent that was paid of the fees that fell due in the 365 days before; what was credited is not due.",
    )
    PARTY_ORGANISATION = "PARTY_ORGANISATION", "党的组织覆盖", "Compounds that a Party branch guides."
    PARTY_WORK = "PARTY_WORK", "党的工作覆盖", "Compounds with Party work."
    OWNERS_BODY = "OWNERS_BODY", "业主组织覆盖", "Compounds with a body of the owners or residents."
    COMPANY = "COMPANY", "物业服务覆盖", "Compounds that a property company serves."
    JOINT_OFFICE = "JOINT_OFFICE", "合署办公覆盖", "Compounds with a joint office."


class MonthBy(Word):
    """How a month's value follows from its days."""

    LAST = "LAST", "月末值", "What stood at the end: the last day of the month that was noted, of each compound."
    SUM = "SUM", "合计", "What happened on all its days together."
    MEAN = "MEAN", "平均", "A sum divided by another."
    SHARE = "SHARE", "占比", "What stood at the end, in percent of something else that stood then, all compounds together."


@dataclass(frozen=True)
class Measure:
    """How a figure is told: from which columns of a day, and how a month follows from them. ``of``: what a mean or a share is
    divided by.
    """

    month_by: MonthBy
    columns: tuple[str, ...]
    of: str = ""


_LAST = MonthBy.LAST
_SEVERITIES = ("critical_alerts", "major_alerts", "minor_alerts", "warning_alerts")
#: Figures that are no column of their own.
_MADE: Mapping[KeyFigure, Measure] = {
    KeyFigure.CLOSED_TICKETS: Measure(MonthBy.SUM, ("closed_tickets",)),
    KeyFigure.SATISFACTION: Measure(MonthBy.MEAN, ("score_sum",), of="ratings"),
    KeyFigure.COLLECTION_RATE: Measure(MonthBy.SHARE, ("fees_paid",), of="fees_due"),
    KeyFigure.OPEN_ALERTS: Measure(_LAST, _SEVERITIES),
    **{
        figure: Measure(_LAST, (f"has_{figure.lower()}",))
        for figure in (
            *(KeyFigure.PARTY_ORGANISATION, KeyFigure.PARTY_WORK, KeyFigure.OWNERS_BODY, KeyFigure.COMPANY),
            KeyFigure.JOINT_OFFICE,
        )
    },
}
#: How each figure is told.
MEASURES: Mapping[KeyFigure, Measure] = {figure: _MADE.get(figure) or Measure(_LAST, (figure.lower(),)) for figure in KeyFigure}
