"""How soon, how often and how far alerts of each severity are told: figures with defaults, which a street may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import Severity


@dataclass(frozen=True)
class Range:
    """What a figure may be: whole numbers from ``least`` to ``most``, and what it is unless a street says otherwise."""

    default: float
    least: float
    most: float


@dataclass(frozen=True)
class CareFigure:
    """A number that the care for alerts goes by: what it means, its unit, and what it may be for each severity."""

    meaning: Text
    unit: str
    ranges: Mapping[Severity, Range]


#: Per figure and severity: what it is unless a street says otherwise, and in brackets the least and the most that it may be.
#: What is CRITICAL is always told, at once, and always climbs: a street may only say how fast.
_RANGES = """
                CRITICAL      MAJOR         MINOR          WARNING
tell            1 [1 1]       1 [0 1]       1 [0 1]        1 [0 1]
wait_seconds    0 [0 0]       30 [0 3600]   300 [0 3600]   900 [0 3600]
repeat_minutes  5 [1 60]      60 [0 1440]   0 [0 1440]     0 [0 1440]
repeat_times    24 [1 100]    3 [0 100]     0 [0 100]      0 [0 100]
climb_minutes   5 [1 30]      30 [0 1440]   0 [0 1440]     0 [0 1440]
flap_times      5 [2 100]     5 [2 100]     4 [2 100]      4 [2 100]
flap_minutes    60 [5 1440]   60 [5 1440]   240 [5 1440]   1440 [5 1440]
calm_minutes    15 [1 1440]   15 [1 1440]   60 [1 1440]    120 [1 1440]
return_minutes  30 [1 1440]   30 [1 1440]   30 [1 1440]    30 [1 1440]
"""

_MEANINGS = {
    "tell": Text("Whether anybody is told: 1, or 0 for lists only.", "是否通知：1 为通知，0 为仅列表显示。"),
    "wait_seconds": Text("Waits so long for others to go together with.", "合并通知的等待时间。"),
    "repeat_minutes": Text("Told again after so long while nobody takes note; 0: never.", "无人确认时的重复间隔，0 为不重复。"),
    "repeat_times": Text("Told again so often at most.", "最多重复次数。"),
    "climb_minutes": Text(
        "Climbs a rung after so long without anybody taking note; 0: never.", "无人确认时的升级间隔，0 为不升级。"
    ),
    "flap_times": Text("Raised so often within the window, it is held back until it stays.", "时段内反复出现多少次视为抖动。"),
    "flap_minutes": Text("That window.", "抖动统计时段。"),
    "calm_minutes": Text("Held back, it is told once it has stayed for so long.", "抖动后持续多久才通知。"),
    "return_minutes": Text(
        "So long after its gateway is back, a sensor that is still silent is told of.", "网关恢复后多久仍失联才通知。"
    ),
}
_UNITS = {"seconds": "s", "minutes": "min"}


def _figures(table: str) -> dict[str, CareFigure]:
    head, *rows = table.strip().splitlines()
    severities = [Severity(name) for name in head.split()]
    made: dict[str, CareFigure] = {}
    for row in rows:
        name, *numbers = row.replace("[", " ").replace("]", " ").split()
        triples = [Range(*map(float, numbers[at : at + 3])) for at in range(0, len(numbers), 3)]
        unit = _UNITS.get(name.rpartition("_")[2], "")
        made[name] = CareFigure(_MEANINGS[name], unit, dict(zip(severities, triples, strict=True)))
    return made


#: Every figure.
FIGURES: Mapping[str, CareFigure] = _figures(_RANGES)


def figures(severity: Severity, changed: Mapping[str, float] | None = None) -> dict[str, float]:
    """The figures of a severity, with those that a street has of its own in place of the defaults.

    What is stored and does not fit (any more) counts for nothing: a wrong figure must not keep an alert back.
    """
    return {
        name: value
        if (value := (changed or {}).get(name)) is not None and _fits(figure.ranges[severity], value)
        else figure.ranges[severity].default
        for name, figure in FIGURES.items()
    }


def check_figures(severity: Severity, values: Mapping[str, object]) -> dict[str, float]:
    """The values as figures of the severity.

    Refuses (INVALID, naming the field and the remedy) an empty set, an unknown figure, and what is out of its range.
    """
    if not values:
        raise _invalid(("values",), Text("No figure is given.", "未填写任何参数。"), _names(FIGURES))
    return {name: _checked(severity, name, value) for name, value in values.items()}


def _checked(severity: Severity, name: str, value: object) -> float:
    figure = FIGURES.get(name)
    if figure is None:
        like = get_close_matches(name, FIGURES, n=1)
        raise _invalid(
            ("values", name), Text(f"There is no figure {name!r}.", f"没有名为 {name!r} 的参数。"), _names(like or FIGURES)
        )
    allowed = figure.ranges[severity]
    if isinstance(value, bool) or not isinstance(value, int | float) or not _fits(allowed, value):
        unit = f" {figure.unit}" if figure.unit else ""
        raise _invalid(
            ("values", name),
            Text(f"{name} cannot be that for {severity} alerts.", f"{severity.zh}告警的 {name} 不能是该值。"),
            Text(
                f"Give a whole number from {allowed.least:g} to {allowed.most:g}{unit}.",
                f"请填写 {allowed.least:g} 到 {allowed.most:g}{unit} 之间的整数。",
            ),
        )
    return float(value)


def _fits(allowed: Range, value: float) -> bool:
    return allowed.least <= value <= allowed.most and value == int(value)


def _names(names: Mapping[str, CareFigure] | list[str]) -> Text:
    listed = [f"{name} ({FIGURES[name].unit})" if FIGURES[name].unit else name for name in names]
    return Text(f"Use {', '.join(listed)}.", f"可用：{'、'.join(listed)}。")


def _invalid(path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=path, hint=hint)
