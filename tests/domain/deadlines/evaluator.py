"""A slow and obvious way to find a deadline: minute by minute, day by day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

from domain.deadlines import Measure, Pause, Policy, TicketPauseReason
from domain.working_time import SPANS, Span, Timetable

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_FIRST = datetime(2026, 1, 1, tzinfo=SHANGHAI)


def works(day: date) -> bool:
    """The official calendar; what it does not know, by the week."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def a_timetable(spans: Sequence[Span] = SPANS) -> Timetable:
    return Timetable(tuple(spans), works, SHANGHAI)


def at(text: str) -> datetime:
    """A moment of the street."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def a_pause(
    begins: datetime, ends: datetime, reason: TicketPauseReason = TicketPauseReason.PARTS, *, is_open: bool = False
) -> Pause:
    return Pause(begins, ends, reason, is_open)


def slow_due(policy: Policy, start: datetime, pauses: Sequence[Pause], timetable: Timetable) -> datetime:
    """When the limit ends, for starts and pauses at whole minutes in Shanghai, whose clocks are never put forward."""
    minute, left = _minutes(start), policy.amount
    stopped = [(_minutes(pause.begins), _minutes(pause.ends)) for pause in pauses]
    days = policy.measure is Measure.WORKING_DAYS
    if days:
        minute += 1_440 - minute % 1_440
        left *= sum(span.ends - span.begins for span in timetable.spans)
    while left:
        day, of_day = divmod(minute, 1_440)
        if policy.measure is Measure.MINUTES:
            counts = True
        else:
            counts = any(span.begins <= of_day < span.ends for span in timetable.spans) and _works(day)
        if counts and not any(begins <= minute < ends for begins, ends in stopped):
            left -= 1
        minute += 1
    return _FIRST + minute * MINUTE


def _minutes(moment: datetime) -> int:
    return (moment - _FIRST) // MINUTE


@cache
def _works(day: int) -> bool:
    return works(_FIRST.date() + day * DAY)
