"""Complaints (投诉管理): answers that are late, what many say at once, who was not content. The rules, in one table."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Limits
from domain.words import Text

from .rules import TOLD_BY_DEADLINES, Figure, Module, Rule, Worse

_OWN = "product default"
_MARGIN = Text("So far below it is over.", "低于限值多少视为恢复。")

REPLY_LATE = Rule(
    key="complaints.reply_late",
    version=1,
    name=Text("First reply late", "首次答复超时"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures={
        "late_hours": Figure(Text("So long after the first reply was due.", "首次答复超时时长。"), 0, "h", 0, 720, _OWN),
        "margin_hours": Figure(_MARGIN, 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MINOR,
    message=Text("{place} had no first reply in time.", "{place}未按时首次答复。"),
    told_by=TOLD_BY_DEADLINES,
)

CLOSING_LATE = Rule(
    key="complaints.closing_late",
    version=1,
    name=Text("Closing late", "办结超时"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures={
        "late_hours": Figure(Text("So long after it was to be done.", "办结超时时长。"), 0, "h", 0, 720, _OWN),
        "margin_hours": Figure(_MARGIN, 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text("{place} was not done in time.", "{place}未按时办结。"),
    told_by=TOLD_BY_DEADLINES,
)

#: Fewer homes than these are never told of as a number: it would come near to naming them.
LEAST_HOMES = 3

CLUSTER = Rule(
    key="complaints.cluster",
    version=1,
    name=Text("Many complain of the same", "同类投诉集中"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("homes", "margin_homes")),
    figures={
        "homes": Figure(
            Text("Homes with an open complaint of one class.", "对同一类问题投诉未办结的户数。"),
            LEAST_HOMES,
            "",
            LEAST_HOMES,
            100,
            _OWN,
            whole=True,
        ),
        "many_homes": Figure(
            Text("Worse from so many homes on.", "达到该户数即更严重。"), 10, "", LEAST_HOMES, 1000, _OWN, whole=True
        ),
        "margin_homes": Figure(_MARGIN, 0, "", 0, 2, _OWN, whole=True),
        "window_hours": Figure(Text("Window.", "统计时段。"), 168, "h", 1, 720, _OWN),
    },
    severity=Severity.MINOR,
    worse=(Worse("many_homes", Severity.MAJOR),),
    message=Text(
        "{value} homes complained of the same within {window_hours} h: {place}.",
        "{place}：{window_hours} 小时内有 {value} 户反映同类问题。",
    ),
    again_after=timedelta(days=7),
)

DISSATISFIED = Rule(
    key="complaints.dissatisfied",
    version=1,
    name=Text("Many are not content", "不满意率高"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("share_percent", "margin_percent")),
    figures={
        "share_percent": Figure(
            Text("Share of those asked, or who rated, who were not content.", "评价或回访中不满意的比例。"), 30, "%", 5, 100, _OWN
        ),
        "margin_percent": Figure(_MARGIN, 5, "%", 0, 5, _OWN),
        "least_said": Figure(
            Text("Where so many have said anything.", "评价或回访的最少件数。"), 5, "", 3, 100, _OWN, whole=True
        ),
        "window_days": Figure(Text("Window.", "统计时段。"), 30, "d", 1, 90, _OWN),
    },
    severity=Severity.WARNING,
    message=Text(
        "{value} % of those who said what they think of the work at {place} in {window_days} days were not content.",
        "{place}近 {window_days} 天的评价和回访中，不满意占 {value}%。",
    ),
    again_after=timedelta(days=30),
)


def homes_of_late(last: Iterable[datetime], limits: Limits, now: datetime) -> int:
    """How many homes complained within the window of CLUSTER's figures; ``last``: when each did last."""
    since = now - timedelta(hours=limits["window_hours"])
    return sum(at > since for at in last)


def dissatisfied_percent(said: Iterable[tuple[datetime, bool]], limits: Limits, now: datetime) -> float:
    """Percent of those not content among all who said what they think within the window; 0 where too few said anything.

    ``said``: when, and whether they were not content.
    """
    since = now - timedelta(days=limits["window_days"])
    low = [unhappy for at, unhappy in said if at > since]
    return round(100 * sum(low) / len(low), 1) if len(low) >= limits["least_said"] else 0.0


MODULE = Module(
    key="complaints",
    name=Text("Complaints", "投诉管理"),
    about=Text(
        "Complaints, suggestions and enquiries that are answered late; what many say at once; who was not content.",
        "投诉、建议和咨询答复超时，同类投诉集中，不满意较多。",
    ),
    rules=(REPLY_LATE, CLOSING_LATE, CLUSTER, DISSATISFIED),
)
