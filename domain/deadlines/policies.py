"""What is promised for which tickets: the figures, their defaults, and what figures may be set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.refusals import RefusalCode, Refused
from domain.tickets import TicketKind, TicketPriority
from domain.words import Text

from .words import Goal, Measure

#: The most of each measure that a limit may be.
_MOST: Mapping[Measure, int] = {Measure.MINUTES: 525_600, Measure.WORKING_MINUTES: 60_000, Measure.WORKING_DAYS: 250}
_ESCALATE_MOST, _PAUSE_MOST = 43_200, 129_600
#: How far before and after today a street's own working days and holidays may lie.
BACK_DAYS, AHEAD_DAYS = 31, 800


@dataclass(frozen=True)
class Policy:
    """How long a goal may take, and what happens on the way.

    ``amount`` of ``measure``; a warning when ``warn_percent`` of it has passed; once late, one level of the ladder up, and
    again every ``escalate_minutes``. ``pause_minutes``: for how long, all together, a ticket may be paused (with CLOSE only).
    """

    amount: int
    measure: Measure
    warn_percent: int = 80
    escalate_minutes: int = 1_440
    pause_minutes: int | None = None


_M, _WM, _WD = Measure.MINUTES, Measure.WORKING_MINUTES, Measure.WORKING_DAYS

_EMERGENCY: Mapping[Goal, Policy] = {
    Goal.ACCEPT: Policy(10, _M, escalate_minutes=30),
    Goal.ON_SITE: Policy(30, _M, escalate_minutes=30),
    Goal.CLOSE: Policy(1_440, _M, escalate_minutes=120, pause_minutes=240),
}
_URGENT: Mapping[Goal, Policy] = {
    Goal.ACCEPT: Policy(30, _M, escalate_minutes=60),
    Goal.ON_SITE: Policy(120, _M, escalate_minutes=60),
    Goal.CLOSE: Policy(2_880, _M, escalate_minutes=240, pause_minutes=1_440),
}
_ORDINARY: Mapping[Goal, Policy] = {
    Goal.ACCEPT: Policy(240, _WM),
    Goal.ON_SITE: Policy(1, _WD),
    Goal.CLOSE: Policy(3, _WD, pause_minutes=14_400),
}
_COMPLAINT: Mapping[Goal, Policy] = {
    Goal.ACCEPT: Policy(240, _WM),
    Goal.FIRST_REPLY: Policy(1, _WD),
    Goal.CLOSE: Policy(7, _WD, pause_minutes=14_400),
}
_OTHERS: Mapping[Goal, Policy] = {
    Goal.ACCEPT: Policy(1, _WD),
    Goal.FIRST_REPLY: Policy(3, _WD),
    Goal.CLOSE: Policy(15, _WD, pause_minutes=21_600),
}
_REPAIR = {TicketPriority.EMERGENCY: _EMERGENCY, TicketPriority.URGENT: _URGENT, TicketPriority.ORDINARY: _ORDINARY}
_ELSE = {TicketKind.COMPLAINT: _COMPLAINT, TicketKind.SUGGESTION: _OTHERS, TicketKind.ENQUIRY: _OTHERS}

#: What is promised where nobody has set anything else (the product's defaults, not law). Every kind and priority has CLOSE.
DEFAULTS: Mapping[tuple[TicketKind, TicketPriority], Mapping[Goal, Policy]] = {
    (kind, priority): _ELSE.get(kind, repair) for kind in TicketKind for priority, repair in _REPAIR.items()
}


def _within(value: int, least: int, most: int, field: str, what: Text, more: Text = Text("", "")) -> None:  # noqa: B008 - frozen
    if not least <= value <= most:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{what.en} cannot be {value}.", f"{what.zh}不能为 {value}。"),
            path=(field,),
            hint=Text(f"Give {least:,} to {most:,}.{more.en}", f"请填写 {least:,} 到 {most:,}。{more.zh}"),
        )


def checked_policy(goal: Goal, policy: Policy) -> Policy:
    """The policy as it may be set for a goal.

    Refuses (INVALID, naming the field) a limit that is none or too long, a warning that would come after the breach or
    at once, an escalation at shorter intervals than five minutes, and pauses that are too long or of a goal that is not CLOSE.
    """
    _within(
        policy.amount, 1, _MOST[policy.measure], "amount", Text(f"A limit in {policy.measure}", f"时限（{policy.measure.zh}）")
    )
    _within(
        policy.warn_percent,
        1,
        99,
        "warn_percent",
        Text("The warning", "预警比例"),
        Text(" It is a percentage of the limit: a warning comes before the breach.", "预警按时限的百分比计算，须早于超时。"),
    )
    _within(policy.escalate_minutes, 5, _ESCALATE_MOST, "escalate_minutes", Text("The interval in minutes", "升级间隔（分钟）"))
    if policy.pause_minutes is None:
        return policy
    _within(policy.pause_minutes, 0, _PAUSE_MOST, "pause_minutes", Text("Minutes of pauses", "暂停总时长（分钟）"))
    if goal is not Goal.CLOSE:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{goal} has no pauses of its own.", f"“{goal.zh}”不单独限制暂停。"),
            path=("pause_minutes",),
            hint=Text("Set them with CLOSE: a ticket is paused as a whole.", "请在“办结”时限中设置：工单整体暂停。"),
        )
    return policy


def checked_day(day: date, today: date) -> date:
    """A day that may still be made a working day or a holiday; refuses (INVALID) one that is far from today."""
    first, last = today - timedelta(days=BACK_DAYS), today + timedelta(days=AHEAD_DAYS)
    if not first <= day <= last:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{day} is too far from today.", f"{day} 距今过远。"),
            path=("day",),
            hint=Text(f"Choose a day from {first} to {last}.", f"请选择 {first} 至 {last} 之间的日期。"),
        )
    return day


def checked_until(until: datetime | None, now: datetime, bound: datetime) -> datetime:
    """When a pause that begins now ends by itself: at ``until``, or at ``bound``, when all pauses are used up.

    Refuses (INVALID) an ``until`` that has passed or lies beyond the bound, and any pause where none are left.
    """
    if bound <= now:
        raise Refused(
            RefusalCode.INVALID,
            Text("This ticket has no pauses left.", "该工单的暂停时长已用完。"),
            path=("id",),
            hint=Text(
                "Finish it, or ask the street office for a policy with longer pauses.",
                "请尽快办理，或联系街道调整暂停时长。",
            ),
        )
    if until is None:
        return bound
    if not now < until <= bound:
        last = bound.astimezone(until.tzinfo)
        raise Refused(
            RefusalCode.INVALID,
            Text("The pause cannot last until then.", "暂停不能持续到该时间。"),
            path=("until",),
            hint=Text(
                f"Choose a moment from now to {last:%Y-%m-%d %H:%M}, when all pauses are used up.",
                f"请选择现在至 {last:%Y-%m-%d %H:%M}（暂停时长用完）之间的时间。",
            ),
        )
    return until
