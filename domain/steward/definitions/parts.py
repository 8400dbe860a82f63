"""The parts of a definition: figures, condition and schedule, each read and written down."""

import re
from collections.abc import Mapping
from datetime import time

from domain.alerts.conditions import Above, Below, Checked, Condition, Flag, Held, Level, Missing, Repeated, Simple
from domain.alerts.schedules import WEEKDAYS, Schedule, Span
from domain.events import Metric
from domain.facilities import DeviceKind
from domain.steward.rules import Figure
from domain.words import Text

from .places import Spot, one_of

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MOST_FIGURES, _MOST_SPANS = 10, 21
_OWN = "the street's own figure"

#: What the forms of a condition need besides a level; what the levels need.
FORMS: Mapping[str, tuple[str, ...]] = {
    "SIMPLE": (),
    "HELD": ("minutes",),
    "REPEATED": ("times", "hours"),
    "MISSING": ("hours",),
}
_LEVELS: Mapping[str, tuple[str, ...]] = {"YES": (), "ABOVE": ("limit", "margin"), "BELOW": ("limit", "margin")}
#: What a figure in that part means, where nothing else is said.
_MEANINGS: Mapping[str, Text] = {
    "limit": Text("Raised from here on.", "达到即报警。"),
    "margin": Text("So far from the limit it is over.", "偏离限值多少视为恢复。"),
    "minutes": Text("For so long without a break.", "持续时间。"),
    "times": Text("So often in the window.", "时段内次数。"),
    "hours": Text("Hours that count.", "计时时段。"),
}


def parts_of(condition: Condition) -> dict[str, str]:
    """Part of the condition → the name of the figure in it."""
    level = None if isinstance(condition, Missing) else condition.level
    parts = {"limit": level.limit, "margin": level.margin} if isinstance(level, Above | Below) else {}
    match condition:
        case Held():
            parts["minutes"] = condition.minutes
        case Repeated():
            parts |= {"times": condition.times, "hours": condition.hours}
        case Missing():
            parts |= {"hours": condition.hours} | ({"margin": condition.margin} if condition.margin else {})
        case Simple() | Checked():
            pass
    return parts


def reach_of(part: str, metric: Metric | None, *, size: bool = False) -> tuple[float, float, str, bool]:
    """What a figure in a part can be: least, most, unit, whole. The spans of time bound what a rule must remember."""
    match part:
        case "minutes":
            return 0, 1440, "min", False
        case "times":
            return 1, 20, "", True
        case "hours":
            return 0.1, 720, "h", False
        case _:
            low, high, unit = (metric.low, metric.high, metric.unit) if metric else (0.0, 0.0, "")
            if part == "margin":
                return (0, high - low, unit, False) if metric else (0, 360, "h", False)
            return (0 if size else low), (max(abs(low), high) if size else high), unit, False


def condition_packed(condition: Condition) -> dict[str, object]:
    """The condition as JSON values."""
    packed: dict[str, object] = {"form": type(condition).__name__.upper()}
    if not isinstance(condition, Missing):
        level = condition.level
        packed["level"] = "YES" if isinstance(level, Flag) else type(level).__name__.upper()
        if isinstance(level, Above):
            packed["size"] = level.size
    return packed | parts_of(condition)


def condition_read(spot: Spot, metric: Metric | None) -> Condition:
    """The condition that stands here; the figures that it names are checked elsewhere."""
    form = Spot(spot.object().get("form"), (*spot.path, "form")).choice(FORMS)
    if form == "MISSING":
        margin = spot.object(("form", "hours", "margin")).get("margin")
        return Missing(_named(spot.at("hours")), None if margin is None else _named(spot.at("margin")))
    if metric is None:
        raise spot.at("form").fails(
            Text(f"{form} needs a metric.", f"{form} 需要指定监测指标。"),
            Text("Name a metric, or use MISSING.", "请指定指标，或改用 MISSING。"),
        )
    word = spot.at("level").choice(_LEVELS)
    if metric.boolean != (word == "YES"):
        raise spot.at("level").fails(
            Text(f"{metric.name} is no metric for {word}.", f"指标{metric.zh}不适用 {word}。"),
            one_of(("YES",) if metric.boolean else ("ABOVE", "BELOW")),
        )
    spot.object(("form", "level", *_LEVELS[word], *FORMS[form], *(("size",) if word == "ABOVE" else ())))
    level = _level(spot, word)
    match form:
        case "SIMPLE":
            return Simple(level)
        case "HELD":
            return Held(level, _named(spot.at("minutes")))
        case _:
            return Repeated(level, _named(spot.at("times")), _named(spot.at("hours")))


def _level(spot: Spot, word: str) -> Level:
    if word == "YES":
        return Flag()
    limit, margin = _named(spot.at("limit")), _named(spot.at("margin"))
    return Above(limit, margin, spot.at("size").yes()) if word == "ABOVE" else Below(limit, margin)


def _named(spot: Spot) -> str:
    if not isinstance(spot.value, str) or not _NAME.fullmatch(spot.value):
        raise spot.fails(
            Text(f"{spot.path[-1]} names no figure.", f"{spot.path[-1]} 未指定阈值名称。"),
            Text("Give the name of a figure of this rule.", "请填写本规则的阈值名称。"),
        )
    return spot.value


def figure_packed(figure: Figure) -> dict[str, object]:
    """The figure as JSON values."""
    return {
        "value": figure.default,
        "unit": figure.unit,
        "least": figure.least,
        "most": figure.most,
        "whole": figure.whole,
        "kinds": {str(kind): value for kind, value in figure.by_kind.items()},
        "clause": figure.clause,
        "meaning": figure.meaning.both(),
    }


def figures_read(spot: Spot, parts: Mapping[str, str], metric: Metric | None, *, size: bool) -> dict[str, Figure]:
    """The figures that stand here. ``parts``: figure → the part of the condition that it fills."""
    named = spot.object()
    if len(named) > _MOST_FIGURES:
        raise spot.fails(
            Text("These are too many figures.", "阈值过多。"),
            Text(f"Give at most {_MOST_FIGURES}.", f"最多 {_MOST_FIGURES} 个。"),
        )
    for name in parts:
        if name not in named:
            raise spot.at(name).fails(
                Text(f"The condition needs the figure {name}, and it is not there.", f"条件所需的阈值 {name} 缺失。"),
                Text('Give it: {"value": …, "unit": …}.', '请填写：{"value": …, "unit": …}。'),
            )
    for name in named:
        if not _NAME.fullmatch(name) or name in {"place", "value"} or name not in parts:
            raise spot.at(name).fails(
                Text(f"No part of the rule uses a figure {name}.", f"规则中没有用到阈值 {name}。"), one_of(parts, name)
            )
    return {name: _figure(spot.at(name), part, *reach_of(part, metric, size=size)) for name, part in parts.items()}


def _figure(spot: Spot, part: str, low: float, high: float, unit: str, whole: bool) -> Figure:
    spot.object(("value", "unit", "least", "most", "whole", "kinds", "clause", "meaning"))
    unit_given = spot.at("unit")
    if unit_given.value != unit:
        raise unit_given.fails(
            Text(
                f"{spot.path[-1]} is not measured in {unit_given.value!r}.", f"{spot.path[-1]} 的单位不是 {unit_given.value!r}。"
            ),
            Text(f"Give it in {unit!r}, and its value with it.", f"请换算为 {unit!r} 后填写。"),
        )
    least, most = (spot.at(name) if spot.at(name).value is not None else None for name in ("least", "most"))
    lowest = low if least is None else least.number(low, high, unit)
    highest = high if most is None else most.number(lowest, high, unit)
    kinds = spot.at("kinds")
    by_kind = {
        Spot(kind, (*kinds.path, kind)).word(DeviceKind): kinds.at(kind).number(lowest, highest, unit, whole=whole)
        for kind in (kinds.object() if kinds.value is not None else ())
    }
    meaning, clause = spot.at("meaning"), spot.at("clause")
    return Figure(
        meaning=_MEANINGS[part] if meaning.value is None else meaning.text(200),
        default=spot.at("value").number(lowest, highest, unit, whole=whole),
        unit=unit,
        least=lowest,
        most=highest,
        clause=_OWN if clause.value is None else clause.line(200),
        by_kind=by_kind,
        whole=whole,
    )


def schedule_read(spot: Spot) -> Schedule | None:
    """The schedule that stands here; None: none, or one that leaves nothing out."""
    if spot.value is None:
        return None
    spot.object(("working", "hours"))
    hours = spot.at("hours")
    spans = tuple(_span(each) for each in hours.list(_MOST_SPANS)) if hours.value is not None else ()
    schedule = Schedule(spans, spot.at("working").yes())
    return schedule if schedule != Schedule() else None


def _span(spot: Spot) -> Span:
    spot.object(("days", "from", "to"))
    days = frozenset(WEEKDAYS.index(day.choice(WEEKDAYS)) for day in spot.at("days").list(len(WEEKDAYS)))
    if not days:
        raise spot.at("days").fails(Text("No day is given.", "未填写日期。"), one_of(WEEKDAYS))
    return Span(days, _time(spot.at("from")), _time(spot.at("to"), midnight="24:00"))


def _time(spot: Spot, midnight: str = "00:00") -> time:
    if not isinstance(spot.value, str) or not (_TIME.fullmatch(spot.value) or spot.value == midnight):
        raise spot.fails(
            Text(f"{spot.value!r} is no time of day.", f"{spot.value!r} 不是时刻。"),
            Text("Give it as 08:30, up to 23:59; the end of a day is 24:00.", "请按 08:30 的格式填写；一天的结束写作 24:00。"),
        )
    return time() if spot.value == "24:00" else time.fromisoformat(spot.value)
