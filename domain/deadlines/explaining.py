"""A deadline in words: what was promised, from when, what was left out, and so until when."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.words import Text
from domain.working_time import Timetable

from .planning import Pause, Plan
from .policies import Policy
from .words import Goal, Measure, PolicySource

_DONE = {
    Goal.ACCEPT: Text("To be accepted", "受理"),
    Goal.ON_SITE: Text("Somebody to be on the spot", "到场"),
    Goal.FIRST_REPLY: Text("To be answered", "首次答复"),
    Goal.CLOSE: Text("To be done", "办结"),
}
_WHOSE = {
    PolicySource.ORGANISATION: Text("set for the organisation", "承办单位规定"),
    PolicySource.STREET: Text("set for the street", "街道规定"),
    PolicySource.DEFAULT: Text("default", "默认规定"),
}


def _limit(policy: Policy) -> Text:
    amount, working = policy.amount, policy.measure is Measure.WORKING_MINUTES
    if policy.measure is Measure.WORKING_DAYS:
        return Text(_many(amount, "working day"), f"{amount} 个工作日")
    if amount % 60 == 0:
        hours = amount // 60
        return Text(_many(hours, "working hour" if working else "hour"), f"{hours} 个{'工作' if working else ''}小时")
    return Text(_many(amount, "working minute" if working else "minute"), f"{amount} {'工作' if working else ''}分钟")


def _many(amount: int, what: str) -> str:
    return f"{amount} {what}" if amount == 1 else f"{amount} {what}s"


def _span(span: timedelta) -> Text:
    minutes = max(round(span.total_seconds() / 60), 1)
    days, rest = divmod(minutes, 1_440)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "d", "天"), (hours, "h", "小时"), (minutes, "min", "分钟")]
    return Text(
        " ".join(f"{amount} {en}" for amount, en, _ in parts if amount),
        "".join(f"{amount}{zh}" for amount, _, zh in parts if amount),
    )


def policy_words(policy: Policy, source: PolicySource) -> Text:
    """What was promised, and by whom: ``3 working days (default)``."""
    limit, whose = _limit(policy), _WHOSE[source]
    return Text(f"{limit.en} ({whose.en})", f"{limit.zh}（{whose.zh}）")


def explained(
    goal: Goal,
    policy: Policy,
    source: PolicySource,
    start: datetime,
    plan: Plan,
    pauses: Sequence[Pause],
    timetable: Timetable,
    handed_on: datetime | None = None,
) -> Text:
    """Why a deadline falls when it does. ``handed_on``: when another organisation took the ticket over."""

    def local(moment: datetime) -> str:
        return f"{moment.astimezone(timetable.zone):%Y-%m-%d %H:%M}"

    done, promise = _DONE[goal], policy_words(policy, source)
    en = [f"{done.en} within {promise.en} of {local(start)}: by {local(plan.due)}."]
    zh = [f"自 {local(start)} 起 {promise.zh}内{done.zh}：截止 {local(plan.due)}。"]
    off = (
        Text(f" {_many(plan.days_off, 'day')} off in between not counted.", f"其间 {plan.days_off} 个非工作日不计。")
        if plan.days_off
        else Text("", "")
    )
    spans = "、".join(map(str, timetable.spans))
    if policy.measure is Measure.WORKING_DAYS:
        en.append(f"Counted from the day after, to the close of business on the last day.{off.en}")
        zh.append(f"从次日起算，至最后一个工作日业务时间结束。{off.zh}")
    elif policy.measure is Measure.WORKING_MINUTES:
        en.append(f"Only working hours count ({spans.replace('、', ', ')}).{off.en}")
        zh.append(f"仅计工作时间（{spans}）。{off.zh}")
    if handed_on is not None:
        en.append(
            f"Handed on at {local(handed_on)}: counted by the figures of whoever handles it now, and still from {local(start)}."
        )
        zh.append(f"{local(handed_on)} 转办：按现承办单位的时限计算，仍自 {local(start)} 起算。")
    counted = [pause for pause in pauses if start < pause.ends and pause.begins < plan.due]
    if counted:
        total = _span(sum((pause.ends - max(pause.begins, start) for pause in counted), timedelta()))
        reasons = dict.fromkeys(pause.reason for pause in counted)
        some = Text("", "") if policy.measure is Measure.MINUTES else Text(", as far as in working hours", "中的工作时间")
        en.append(f"Pauses not counted: {total.en} ({', '.join(r.replace('_', ' ').lower() for r in reasons)}){some.en}.")
        zh.append(f"扣除暂停 {total.zh}{some.zh}（{'、'.join(r.zh for r in reasons)}）。")
        if counted[-1].open:
            en.append(f"Paused now, until {local(counted[-1].ends)} at the latest.")
            zh.append(f"当前暂停中，最迟至 {local(counted[-1].ends)} 恢复计时。")
    return Text(" ".join(en), "".join(zh))
