"""Repairs (物业报修): what is late at the desk, what nobody does, what comes back. The rules, in one table."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Limits
from domain.words import Text
from domain.working_time import Stretch, passed

from .rules import TOLD_BY_DEADLINES, Figure, Module, Rule

_OWN = "product default"
_MARGIN = Text("So far below it is over.", "低于限值多少视为恢复。")

RESPONSE_LATE = Rule(
    key="repairs.response_late",
    version=1,
    name=Text("Response late", "报修响应超时"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures={
        "late_hours": Figure(
            Text("So long after it was to be accepted, or attended to.", "受理或到场超时时长。"), 0, "h", 0, 720, _OWN
        ),
        "margin_hours": Figure(_MARGIN, 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MINOR,
    message=Text(
        "Repair {place} was not accepted, or not attended to, in time.",
        "报修{place}未按时受理或到场。",
    ),
    told_by=TOLD_BY_DEADLINES,
)

FIX_LATE = Rule(
    key="repairs.fix_late",
    version=1,
    name=Text("Repair late", "维修超时"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_hours", "margin_hours")),
    figures={
        "late_hours": Figure(Text("So long after it was to be done.", "办结超时时长。"), 0, "h", 0, 720, _OWN),
        "margin_hours": Figure(_MARGIN, 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text("Repair {place} was not done in time.", "报修{place}未按时办结。"),
    told_by=TOLD_BY_DEADLINES,
)

UNASSIGNED = Rule(
    key="repairs.unassigned",
    version=2,
    name=Text("Nobody assigned", "报修未派人"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("wait_percent", "margin_percent")),
    figures={
        "wait_percent": Figure(
            Text(
                "Accepted, and nobody assigned for so much of the time that there was to accept it: urgent repairs have less.",
                "受理后未派人的时长占受理时限的比例，紧急报修时限更短。",
            ),
            100,
            "%",
            10,
            1000,
            _OWN,
        ),
        "margin_percent": Figure(_MARGIN, 0, "%", 0, 9, _OWN),
    },
    severity=Severity.MINOR,
    message=Text("Repair {place} was accepted, and nobody has been assigned since.", "报修{place}已受理，至今未安排处理人。"),
)

REOPENED = Rule(
    key="repairs.reopened",
    version=1,
    name=Text("Opened again and again", "报修反复重开"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("times", "margin_times")),
    figures={
        "times": Figure(
            Text("Opened again so often, and in hand.", "重新打开次数，且尚未办结。"), 2, "", 1, 20, _OWN, whole=True
        ),
        "margin_times": Figure(_MARGIN, 0, "", 0, 0, _OWN, whole=True),
    },
    severity=Severity.MINOR,
    message=Text(
        "Repair {place} was opened again {value} times: what was done did not help.",
        "报修{place}已重新打开 {value} 次，此前的处理未解决问题。",
    ),
    again_after=timedelta(days=7),
)

THIRD_FAILURE = Rule(
    key="repairs.third_failure",
    version=1,
    name=Text("Fails again and again", "同一设施多次故障"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("times", "margin_times")),
    figures={
        "times": Figure(Text("Failures in the window.", "时段内故障次数。"), 3, "", 2, 20, _OWN, whole=True),
        "margin_times": Figure(_MARGIN, 0, "", 0, 1, _OWN, whole=True),
        "window_days": Figure(Text("Window.", "统计时段。"), 30, "d", 1, 90, _OWN),
        "apart_hours": Figure(
            Text(
                "A device's fault so near to a repair, or after another fault, is the same failure.",
                "设备故障与报修或前一次故障相隔不足该时长的，视为同一次故障。",
            ),
            24,
            "h",
            1,
            168,
            _OWN,
        ),
    },
    severity=Severity.MINOR,
    message=Text(
        "{place} failed {value} times within {window_days} days: look for the cause.",
        "{place}在 {window_days} 天内发生故障 {value} 次，请查找根本原因。",
    ),
    again_after=timedelta(days=30),
)


#: Who has waited for longer is told to have waited for so long.
_LONGEST_WAIT = timedelta(days=90)


def waited_percent(
    accepted_at: datetime, allowed: Stretch, counts: Callable[[datetime], Iterator[Stretch]], now: datetime
) -> int:
    """Since a repair was accepted, what part of the time has passed that there was to accept it (``allowed``), in percent.

    ``counts``: the stretches, from a moment on, in which that time passes: always, or while people work.
    """
    begins, due = allowed
    there_was = max(passed(counts(begins), (), due), timedelta(minutes=1))
    return round(100 * (passed(counts(max(accepted_at, now - _LONGEST_WAIT)), (), now) / there_was))


def failures(repairs: Iterable[datetime], faults: Iterable[datetime], limits: Limits, now: datetime) -> int:
    """How often a facility failed in the window of THIRD_FAILURE's figures up to ``now``.

    ``repairs``: when repairs of it were reported, each a failure. ``faults``: when its devices told of a fault: of a failure
    that no repair near it in time, and no fault shortly before, tells of already.
    """
    since, apart = now - timedelta(days=limits["window_days"]), timedelta(hours=limits["apart_hours"])
    known = list(repairs)
    counted = sum(at > since for at in known)
    last: datetime | None = None
    for at in sorted(faults):
        same = (last is not None and at - last < apart) or any(abs(at - other) < apart for other in known)
        last = at
        counted += not same and at > since
    return counted


MODULE = Module(
    key="repairs",
    name=Text("Repairs", "物业报修"),
    about=Text(
        "Repairs that are late, that nobody does, that come back; facilities that fail again and again.",
        "报修超时、无人处理、反复重开，以及多次故障的设施。",
    ),
    rules=(RESPONSE_LATE, FIX_LATE, UNASSIGNED, REOPENED, THIRD_FAILURE),
)
