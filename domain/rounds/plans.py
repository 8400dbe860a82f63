"""Plans of rounds: how often, for how long each is open, and what is asked of whoever goes. Data with clauses, all changeable."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from domain.notices import clock_time
from domain.organisations import MandateService
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import months_later
from domain.words import Text

from .checklists import FIRE_CHECK_ITEMS, FIRE_PATROL_ITEMS, Item
from .words import RoundKind, RoundMeasure

_K, _M, _S = RoundKind, RoundMeasure, MandateService

NAME_MAX, CLAUSE_MAX, PLACE_MAX = 60, 120, 120
TIMES_MAX, POINTS_MAX = 24, 50
#: How near a point one may be asked to stand, in metres: nearer than a phone can tell is no rule.
METRES = (20, 2_000)
#: How far ahead a plan may begin, and shortest time for which a round is open, in minutes.
AHEAD, WINDOW_MIN = timedelta(days=366), 5
_EVERY: Mapping[RoundMeasure, tuple[int, int]] = {_M.DAYS: (1, 366), _M.WEEKS: (1, 53), _M.MONTHS: (1, 24)}
#: Days of the shortest step of a measure, and of the longest.
_DAYS: Mapping[RoundMeasure, int] = {_M.DAYS: 1, _M.WEEKS: 7, _M.MONTHS: 28}
_DAYS_MOST: Mapping[RoundMeasure, int] = {**_DAYS, _M.MONTHS: 31}
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Plan:
    """How often a round is gone: at ``times`` of every so many days, weeks or months, each open for ``window_minutes``.

    ``ordered``: point by point. ``asks_photo``: at each point. ``within_m``: who scans must say where they stand, so many
    metres from the point at most; None: nobody is asked. ``clause``: on what it stands.
    """

    measure: RoundMeasure
    every: int
    times: tuple[str, ...]
    window_minutes: int
    clause: str
    ordered: bool = False
    asks_photo: bool = False
    within_m: int | None = None


@dataclass(frozen=True)
class Kind:
    """What a kind of rounds is: the module that watches over it, who does it first of all, its usual plan and checklist.

    ``lawful``: the law asks for it; only the community or the street makes it less.
    """

    module: str
    services: tuple[MandateService, ...]
    plan: Plan
    items: tuple[Item, ...] = ()
    lawful: bool = False


_OWN = "产品默认"
_FIRE = "应急管理部令第 5 号"

#: Every kind of rounds. What is done by nobody's mandate is the community's.
KINDS: Mapping[RoundKind, Kind] = {
    _K.FIRE_PATROL: Kind(
        "fire_safety",
        (_S.FULL, _S.SECURITY),
        Plan(_M.DAYS, 1, ("08:00",), 720, f"{_FIRE} 第三十四、五十条"),
        FIRE_PATROL_ITEMS,
        lawful=True,
    ),
    _K.FIRE_CHECK: Kind(
        "fire_safety",
        (_S.FULL,),
        Plan(_M.MONTHS, 1, ("08:00",), 7 * _DAY_MINUTES, f"{_FIRE} 第三十五条"),
        FIRE_CHECK_ITEMS,
        lawful=True,
    ),
    _K.SECURITY_PATROL: Kind(
        "security", (_S.SECURITY, _S.FULL), Plan(_M.DAYS, 1, ("03:00", "09:00", "15:00", "21:00"), 120, _OWN)
    ),
    _K.CLEANING: Kind("environment", (_S.CLEANING, _S.FULL), Plan(_M.DAYS, 1, ("06:00",), 720, _OWN)),
    _K.GREENING: Kind("environment", (_S.GREENING, _S.FULL), Plan(_M.MONTHS, 1, ("08:00",), 5 * _DAY_MINUTES, _OWN)),
    _K.PEST_CONTROL: Kind("environment", (_S.CLEANING, _S.FULL), Plan(_M.MONTHS, 3, ("08:00",), 7 * _DAY_MINUTES, _OWN)),
}


def days(plan: Plan, first: date, since: date, until: date) -> Iterator[date]:
    """The days from ``since`` to ``until`` (both included) on which rounds are gone, counted from the plan's ``first`` day."""
    step = max(0, (since - first).days // (_DAYS[plan.measure] * plan.every) - 2) if plan.measure is not _M.MONTHS else 0
    if plan.measure is _M.MONTHS:
        step = max(0, ((since.year - first.year) * 12 + since.month - first.month) // plan.every - 1)
    while (day := _step(plan, first, step)) <= until:
        if day >= since:
            yield day
        step += 1


def _step(plan: Plan, first: date, steps: int) -> date:
    if plan.measure is _M.MONTHS:
        return months_later(first, steps * plan.every)
    return first + timedelta(days=steps * plan.every * _DAYS[plan.measure])


@dataclass(frozen=True)
class Window:
    """When a round may be gone, ``closes_at`` not included."""

    opens_at: datetime
    closes_at: datetime


def windows(plan: Plan, first: date, last: date | None, since: datetime, until: datetime, zone: tzinfo) -> list[Window]:
    """The windows of the plan's rounds that open from ``since`` (included) to ``until`` (not included).

    ``first`` and ``last``: the plan's days, the last included; None: it goes on. No two windows of a plan overlap, not even
    where a clock is put back.
    """
    day = timedelta(days=1)
    begin, end = max(first, since.astimezone(zone).date() - day), until.astimezone(zone).date()
    beyond = end + plan.every * _DAYS_MOST[plan.measure] * day
    opening = [
        datetime.combine(each, time.fromisoformat(clock), zone).astimezone(UTC)
        for each in days(plan, first, begin, beyond)
        for clock in plan.times
    ]
    length = timedelta(minutes=plan.window_minutes)
    made = [Window(one, min(one + length, other)) for one, other in pairwise(sorted(opening))]
    return [
        each
        for each in made
        if since <= each.opens_at < until and (last is None or each.opens_at.astimezone(zone).date() <= last)
    ]


def check_plan(plan: Plan) -> Plan:
    """The plan as it is kept: its times in order, each once. Refuses (INVALID, naming the field) what cannot be gone."""
    least, most = _EVERY[plan.measure]
    if not least <= plan.every <= most:
        raise invalid(
            ("every",),
            Text(f"An interval of {plan.every} is none.", f"间隔 {plan.every} 无效。"),
            Text(f"With {plan.measure}, give {least} to {most}.", f"按{plan.measure.zh}计时，间隔应为 {least} 到 {most}。"),
        )
    if not 1 <= len(plan.times) <= TIMES_MAX:
        raise invalid(
            ("times",),
            Text(f"{len(plan.times)} times of day cannot be.", f"每日时间点 {len(plan.times)} 个，无效。"),
            Text(f"Give 1 to {TIMES_MAX} times like 08:00.", f"请填写 1 到 {TIMES_MAX} 个时间，例如 08:00。"),
        )
    times = tuple(sorted({f"{clock_time(each, 'times'):%H:%M}" for each in plan.times}))
    kept = replace(plan, times=times, clause=written(plan.clause, "clause", CLAUSE_MAX))
    longest = _gap(kept)
    if not WINDOW_MIN <= plan.window_minutes <= longest:
        raise invalid(
            ("window_minutes",),
            Text(f"A round cannot be open for {plan.window_minutes} minutes.", f"巡查时段 {plan.window_minutes} 分钟无效。"),
            Text(
                f"Give {WINDOW_MIN} to {longest} minutes: it must end before the next one begins.",
                f"请填写 {WINDOW_MIN} 到 {longest} 分钟，须在下一次开始前结束。",
            ),
        )
    if plan.within_m is not None and not METRES[0] <= plan.within_m <= METRES[1]:
        raise invalid(
            ("within_m",),
            Text(f"Within {plan.within_m} m cannot be asked.", f"距离 {plan.within_m} 米无效。"),
            Text(
                f"Give {METRES[0]} to {METRES[1]} metres, or none: nobody is asked where they stand.",
                f"请填写 {METRES[0]} 到 {METRES[1]} 米；不要求位置则留空。",
            ),
        )
    return kept


def _gap(plan: Plan) -> int:
    """Minutes from one round to the next, where they are nearest."""
    minutes = [each.hour * 60 + each.minute for each in map(time.fromisoformat, plan.times)]
    over = _DAYS[plan.measure] * plan.every * _DAY_MINUTES
    return min([other - one for one, other in pairwise(minutes)] + [minutes[0] + over - minutes[-1]])


def check_days(starts_on: date, ends_on: date | None, today: date) -> None:
    """Refuses (INVALID, naming the field) a plan that begins in the past or too far ahead, or ends before it begins."""
    if not today <= starts_on <= today + AHEAD:
        raise invalid(
            ("starts_on",),
            Text(f"A plan cannot begin on {starts_on}.", f"开始日期 {starts_on} 无效。"),
            Text("Let it begin today or in the coming year: what is past was not gone by it.", "请填写今天起一年内的日期。"),
        )
    if ends_on is not None and ends_on < starts_on:
        raise invalid(
            ("ends_on",),
            Text("The plan would end before it begins.", "结束日期早于开始日期。"),
            Text(f"Give a day from {starts_on} on, or none.", f"请填写 {starts_on} 及之后的日期，或留空。"),
        )


def invalid(path: Sequence[str], message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=tuple(path), hint=hint)
