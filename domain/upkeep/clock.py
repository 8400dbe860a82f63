"""When something is due: from the plan, what was done, and the times for which a facility was lawfully stopped.

The answer depends on the set of these alone, never on the order in which they were written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.facilities import FacilityStatus
from domain.words import Text

from .cadence import Cadence, months_later
from .plans import APPLY_MONTHS, INSPECTIONS, Plan
from .words import DueState, PlanSource, UpkeepKind

#: Within how many days of its stop the registrar is told of a lift: TSG 08-2017 art. 3.9.
FILED_WITHIN = timedelta(days=30)
#: The status of what is in use.
IN_USE = frozenset({FacilityStatus.IN_SERVICE, FacilityStatus.DEGRADED})


@dataclass(frozen=True)
class Done:
    """It was done on a day. ``due_on``: for which due day, if for one; ``until``: until when a report says that it holds."""

    on: date
    due_on: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Stop:
    """A lift was reported to its registrar as suspended (报停). ``ends_on``: the day of use again; None: it stands still."""

    starts_on: date
    filed_on: date
    filing: str
    ends_on: date | None = None

    @property
    def lawful_from(self) -> date:
        """From when on the clock stands still: from the stop if the registrar was told in time, else from when it was told."""
        return self.starts_on if self.filed_on <= self.starts_on + FILED_WITHIN else self.filed_on


@dataclass(frozen=True)
class Condition:
    """How a facility is on a day."""

    status: FacilityStatus
    status_since: date
    today: date
    stops: tuple[Stop, ...] = ()
    used_since: date | None = None


@dataclass(frozen=True)
class Due:
    """Where a clock stands. ``on``: the day; None unless it runs. ``apply_by``: by when an inspection is to be applied for."""

    state: DueState
    on: date | None
    why: Text
    last: date | None = None
    apply_by: date | None = None


def due(kind: UpkeepKind, plan: Plan, source: PlanSource, since: date, dones: Iterable[Done], facility: Condition) -> Due:
    """When ``kind`` is due next. ``since``: from when on it is kept account of; what was never done counts from there.

    A due day that is missed stays: the next follows from when it is done. While a lift is lawfully stopped the clock stands
    still; what would have been due meanwhile is due on the day of use again, and maintenance is due then in any case, unless
    it was done while the lift stood.
    """
    all_done = sorted(dones, key=lambda done: (done.on, done.until or date.min, done.due_on or date.min))
    last = all_done[-1].on if all_done else None
    if facility.status is FacilityStatus.RETIRED:
        return Due(DueState.ENDED, None, _retired(facility.status_since), last)
    standing, ended = _stops(facility)
    if standing is not None:
        return Due(DueState.STANDING, None, _standing(standing), last)
    day, because = _from_calendar(plan.cadence, since, all_done, facility.used_since)
    if day is None:
        if not facility.used_since:
            return Due(DueState.UNKNOWN, None, _USE_UNKNOWN, last)
        return Due(DueState.ENDED, None, Text("Nothing more is due by the plan.", "按计划不再需要。"), last)
    for stop, again in ended:
        moved = _moved(kind, day, last, stop, again)
        if moved != day:
            day, because = moved, _in_use_again(stop, again)
    words = _why(plan, source, because, _broken(kind, facility))
    ahead = APPLY_MONTHS.get(kind)
    return Due(DueState.RUNNING, day, words, last, months_later(day, -ahead) if ahead else None)


def _from_calendar(cadence: Cadence, since: date, dones: list[Done], used_since: date | None) -> tuple[date | None, Text]:
    """The day by the calendar alone, and from what it follows."""
    if not dones:
        begins = max(since, used_since or since)
        day = cadence.first(begins, used_since)
        return day, Text(f"nothing is on record since {begins}", f"自 {begins} 起无记录")
    last = dones[-1]
    if last.until is not None:
        return last.until, Text(f"the report of {last.on} holds until then", f"{last.on} 的报告有效期至该日")
    counted = max(max(done.on, done.due_on or done.on) for done in dones) if cadence.fixed else last.on
    return cadence.after(counted, used_since), Text(f"last done on {last.on}", f"上次完成于 {last.on}")


def _stops(facility: Condition) -> tuple[Stop | None, list[tuple[Stop, date]]]:
    """The stop for which the clock stands today, and those that are over with the day of use again. Use ends any stop."""
    standing, ended = None, list[tuple[Stop, date]]()
    for stop in sorted(facility.stops, key=lambda each: (each.starts_on, each.filed_on, each.filing, each.ends_on or date.max)):
        again = stop.ends_on
        if again is None and facility.status in IN_USE:
            again = max(facility.status_since, stop.starts_on)
        if stop.lawful_from > facility.today or (again is not None and again <= stop.lawful_from):
            continue
        if again is None or again > facility.today:
            standing = stop
        else:
            ended.append((stop, again))
    return standing, ended


def _moved(kind: UpkeepKind, day: date, last: date | None, stop: Stop, again: date) -> date:
    """The day after a stop that is over."""
    if last is not None and last >= again:
        return day
    if kind in INSPECTIONS:
        return again if stop.lawful_from <= day < again else day
    return max(day, again) if last is not None and last >= stop.lawful_from else again


def _broken(kind: UpkeepKind, facility: Condition) -> Text | None:
    """Why the clock goes on all the same."""
    if facility.status in IN_USE:
        return None
    since = facility.status_since
    if any(stop.ends_on is None for stop in facility.stops):
        return Text(
            f"out of use since {since}, but the clock stands only from when the registrar was told",
            f"{since} 起未使用，但自告知登记机关之日起方可停止计时",
        )
    if kind.startswith("LIFT_"):
        return Text(
            f"out of use since {since}, but not reported to the registrar as suspended: the clock goes on",
            f"{since} 起未使用，但未办理停用（报停）手续，继续计时",
        )
    return Text(f"out of use since {since}: the clock goes on", f"{since} 起未使用，继续计时")


def _why(plan: Plan, source: PlanSource, because: Text, besides: Text | None) -> Text:
    words = plan.cadence.words
    more = Text(f"; {besides.en}", f"；{besides.zh}") if besides else Text("", "")
    return Text(
        f"{words.en} ({source.lower()}: {plan.clause}): {because.en}{more.en}.",
        f"{words.zh}（{source.zh}：{plan.clause}），{because.zh}{more.zh}。",
    )


def _standing(stop: Stop) -> Text:
    late = stop.lawful_from != stop.starts_on
    told = f" (out of use since {stop.starts_on}, told on {stop.filed_on})" if late else ""
    informed = f"（{stop.starts_on} 起未使用，{stop.filed_on} 告知）" if late else ""
    return Text(
        f"Stands still lawfully since {stop.lawful_from}: reported to the registrar as suspended, {stop.filing}{told}."
        " Maintenance is due before it is used again.",
        f"自 {stop.lawful_from} 起依法停止计时：已向登记机关办理停用，{stop.filing}{informed}。恢复使用前须先维保。",
    )


def _in_use_again(stop: Stop, again: date) -> Text:
    return Text(
        f"suspended from {stop.lawful_from} ({stop.filing}), due before it is used again from {again} on",
        f"{stop.lawful_from} 起停用（{stop.filing}），{again} 恢复使用前须完成",
    )


def _retired(since: date) -> Text:
    return Text(f"Taken out for good on {since}: nothing more is due.", f"已于 {since} 报废，不再需要。")


_USE_UNKNOWN = Text(
    "The register does not say since when it is in use (in_use_since).", "台账未填写投用日期（in_use_since），无法计算。"
)
