"""When a station or a service point is open: round the clock or by hours, and closed for a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.notices import clock_time
from domain.refusals import RefusalCode, Refused
from domain.words import Text

_DAY = timedelta(days=1)
#: How far back a closure may begin that is only written down now, and how far ahead it may be planned.
CLOSURE_BACK, CLOSURE_AHEAD = timedelta(days=7), timedelta(days=400)


@dataclass(frozen=True)
class Hours:
    """From ``opens`` until ``closes``, every day; over midnight where it closes at the earlier one."""

    opens: time
    closes: time

    @classmethod
    def of(cls, opens: str | None, closes: str | None) -> "Hours | None":
        """Hours as people write them, ``08:00`` and ``20:00``; None (round the clock) where both are missing.

        Refuses (INVALID, naming the field) one without the other, what is no time of day, and hours without length.
        """
        if opens is None and closes is None:
            return None
        if opens is None or closes is None:
            raise Refused(
                RefusalCode.INVALID,
                Text("Hours need a beginning and an end.", "开放时间须同时填写开始和结束。"),
                path=("opens" if opens is None else "closes",),
                hint=Text("Give both, or neither for round the clock.", "请同时填写；24 小时开放请都留空。"),
            )
        hours = cls(clock_time(opens, "opens"), clock_time(closes, "closes"))
        if hours.opens == hours.closes:
            raise Refused(
                RefusalCode.INVALID,
                Text("It would close as it opens.", "开始与结束时间相同。"),
                path=("closes",),
                hint=Text("Give two times; leave both out for round the clock.", "请填写两个不同的时间；24 小时开放请都留空。"),
            )
        return hours

    def hold(self, moment: datetime) -> bool:
        """Whether it is open at ``moment``, which is in the street's time zone."""
        now = moment.time()
        return self.opens <= now < self.closes if self.opens < self.closes else now >= self.opens or now < self.closes

    def end(self, moment: datetime) -> datetime:
        """The first moment after ``moment`` at which it closes."""
        day = moment.replace(hour=self.closes.hour, minute=self.closes.minute, second=0, microsecond=0)
        return day if day > moment else day + _DAY


@dataclass(frozen=True)
class Closure:
    """Closed from ``starts`` (included) to ``ends`` (not included; None: until further notice)."""

    starts: datetime
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return self.starts <= moment and (self.ends is None or moment < self.ends)

    def overlaps(self, other: "Closure") -> bool:
        """Whether some moment lies in both."""
        first, second = (self, other) if self.starts <= other.starts else (other, self)
        return first.ends is None or second.starts < first.ends


@dataclass(frozen=True)
class Opening:
    """When something is open: ``hours`` (None: round the clock) but for ``closures``."""

    hours: Hours | None = None
    closures: tuple[Closure, ...] = ()

    def at(self, moment: datetime) -> bool:
        """Whether it is open at ``moment``, which is in the street's time zone."""
        return (self.hours is None or self.hours.hold(moment)) and not any(one.holds(moment) for one in self.closures)

    def until(self, moment: datetime) -> datetime | None:
        """When it closes next, having been open at ``moment``; None: nobody has said."""
        ends = [one.starts for one in self.closures if one.starts > moment]
        if self.hours is not None:
            ends.append(self.hours.end(moment))
        return min(ends, default=None)


def check_closure(closure: Closure, others: Iterable[Closure], now: datetime) -> None:
    """Refuses (INVALID, naming the field) a closure that ends before it begins or has ended already, and one that begins
    too long ago or too far ahead; (CONFLICT) one that overlaps another of the station."""
    if closure.ends is not None and closure.ends <= closure.starts:
        raise _invalid(
            "ends_at",
            Text("The closure would end before it begins.", "结束时间不晚于开始时间。"),
            Text("Give an end after the beginning, or none: until further notice.", "请填写晚于开始的结束时间；未定请留空。"),
        )
    if not now - CLOSURE_BACK <= closure.starts <= now + CLOSURE_AHEAD:
        raise _invalid(
            "starts_at",
            Text("The closure begins too long ago, or too far ahead.", "开始时间过早或过晚。"),
            Text("Let it begin between a week ago and 400 days from now.", "开始时间应在一周前至 400 天后之间。"),
        )
    for other in sorted(others, key=lambda each: each.starts):
        if closure.overlaps(other):
            ends = f"{other.ends:%Y-%m-%d %H:%M}" if other.ends else ""
            raise Refused(
                RefusalCode.CONFLICT,
                Text(
                    f"It is closed then already: {other.starts:%Y-%m-%d %H:%M} – {ends or 'until further notice'}.",
                    f"该时段已登记停用：{other.starts:%Y-%m-%d %H:%M} – {ends or '未定'}。",
                ),
                path=("starts_at",),
                hint=Text("Reopen it first, or close it at another time.", "请先恢复开放，或另选时间。"),
            )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
