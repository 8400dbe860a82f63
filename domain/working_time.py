"""Working time: the hours of a working day, the days that are worked, and how time passes that is not held up.

Everything here is exact: moments are compared and added in UTC, wherever the street's clock stands.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from .refusals import RefusalCode, Refused
from .words import Text, Word

#: A stretch of time: from the first moment to the second, which is no longer in it.
Stretch = tuple[datetime, datetime]

_DAY = 24 * 60
_SPANS_MAX = 6
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_END = datetime.max.replace(tzinfo=UTC)


class WorkingDays(Word):
    """Which days are worked."""

    OFFICIAL = "OFFICIAL", "法定工作日", "The official calendar, make-up weekends included."
    EVERY_DAY = "EVERY_DAY", "每天", "Every day of the year."


@dataclass(frozen=True, order=True)
class Span:
    """Working hours of a day without a break, in minutes from midnight; ``ends`` is 1440 for midnight after it."""

    begins: int
    ends: int

    def __str__(self) -> str:
        return f"{_clock(self.begins)}-{_clock(self.ends)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


#: What holds where nobody has set hours.
SPANS = (Span(9 * 60, 12 * 60), Span(14 * 60, 18 * 60))


def spans_of(texts: Sequence[str], field: str) -> tuple[Span, ...]:
    """Hours such as ``09:00-12:00``, in order.

    Refuses (INVALID, naming ``field``) none at all, more than six, what is written otherwise, what ends before it
    begins, and hours that overlap.
    """
    if not 1 <= len(texts) <= _SPANS_MAX:
        raise _refused(
            field,
            Text(f"These are {len(texts)} working hours of a day.", f"共填写了 {len(texts)} 段工作时间。"),
            Text(f"Give 1 to {_SPANS_MAX}, such as 09:00-12:00.", f"请填写 1 到 {_SPANS_MAX} 段，例如 09:00-12:00。"),
        )
    spans = tuple(sorted(_span(text, field) for text in texts))
    for one, other in pairwise(spans):
        if other.begins < one.ends:
            raise _refused(
                field,
                Text(f"{one} and {other} overlap.", f"{one} 与 {other} 重叠。"),
                Text("Let one end before the other begins, or give them as one.", "请错开时间，或合并为一段。"),
            )
    return spans


def _span(text: str, field: str) -> Span:
    read = _SPAN.fullmatch(text.strip())
    numbers = [int(part) for part in read.groups()] if read else [0, 0, 0, 0]
    span = Span(numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3])
    if not span.begins < span.ends <= _DAY:
        raise _refused(
            field,
            Text(f"{text[:40]!r} is no working time of a day.", f"{text[:40]!r} 不是有效的工作时间。"),
            Text(
                "Write it like 09:00-12:00; it ends after it begins, at 24:00 at the latest.",
                "请按 09:00-12:00 的格式填写；结束须晚于开始，最晚 24:00。",
            ),
        )
    return span


def _refused(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


@dataclass(frozen=True)
class Timetable:
    """When people work: ``spans`` (in order, not overlapping) of every day that ``works``, on the clocks of ``zone``."""

    spans: Sequence[Span]
    works: Callable[[date], bool]
    zone: tzinfo

    def day_of(self, moment: datetime) -> date:
        """The street's date of a moment."""
        return moment.astimezone(self.zone).date()

    def stretches_of(self, day: date) -> Iterator[Stretch]:
        """The working stretches of a day, in order; none of a day that is not worked."""
        if self.works(day):
            for span in self.spans:
                yield self._moment(day, span.begins), self._moment(day, span.ends)

    def midnight_after(self, day: date) -> datetime:
        """When a day is over."""
        return self._moment(day, _DAY)

    def stretches(self, since: datetime) -> Iterator[Stretch]:
        """The working stretches from a moment on, without an end."""
        day = self.day_of(since)
        while True:
            for begins, ends in self.stretches_of(day):
                if ends > since:
                    yield max(begins, since), ends
            day += timedelta(days=1)

    def _moment(self, day: date, minutes: int) -> datetime:
        if minutes == _DAY:
            day, minutes = day + timedelta(days=1), 0
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)


def all_time(since: datetime) -> Iterator[Stretch]:
    """Time that never stops, as one stretch."""
    yield since, _END


def running(stretches: Iterable[Stretch], pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches outside the pauses (in order, not overlapping)."""
    for begins, ends in stretches:
        left = begins
        for paused, resumed in pauses:
            if resumed <= left or paused >= ends:
                continue
            if left < paused:
                yield left, paused
            left = resumed
        if left < ends:
            yield left, ends


def elapse(stretches: Iterable[Stretch], pauses: Sequence[Stretch], amount: timedelta) -> datetime:
    """The moment at which so much time of the stretches (endless), the pauses left out, has passed; an amount over 0."""
    for begins, ends in running(stretches, pauses):
        if ends - begins >= amount:
            return begins + amount
        amount -= ends - begins
    raise ValueError("the stretches have an end")


def passed(stretches: Iterable[Stretch], pauses: Sequence[Stretch], until: datetime) -> timedelta:
    """How much time of the stretches, the pauses left out, has passed up to a moment."""
    total = timedelta()
    for begins, ends in running(stretches, pauses):
        if begins >= until:
            break
        total += min(ends, until) - begins
    return total


def close_after(timetable: Timetable, start: datetime, days: int, pauses: Sequence[Stretch]) -> datetime:
    """When business ends on the last of so many (1 or more) working days, counted from the day after ``start``.

    (Civil Code art. 201, 203.) Working time during the pauses puts it off by as much, and no other time does.
    """
    day, worked = timetable.day_of(start), timedelta()
    midnight = timetable.midnight_after(day)
    while days:
        day += timedelta(days=1)
        if hours := list(timetable.stretches_of(day)):
            worked += sum((ends - begins for begins, ends in hours), timedelta())
            days -= 1
    return elapse(timetable.stretches(midnight), pauses, worked)
