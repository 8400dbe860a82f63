"""What is told of a compound's fire safety as a whole: who keeps it, drills, and equipment that is too old or not looked at."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked
from domain.steward.rules import Figure, Rule, Worse
from domain.words import Text

_OWN = "product default"
_ORDER = "MEM Order 5 (2021)"
_WEEK = timedelta(days=7)


def _none(unit: str) -> Figure:
    return Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, unit, 0, 30, _OWN)


def _yearly(key: str, clause: str, name: Text, message: Text) -> Rule:
    return Rule(
        key=key,
        version=1,
        name=name,
        kinds=frozenset(),
        metric=None,
        condition=Checked(Above("days", "margin_days")),
        figures={
            "days": Figure(Text("So long after the last, it is overdue.", "距上次多久视为逾期。"), 365, "d", 30, 1_096, clause),
            "margin_days": _none("d"),
        },
        severity=Severity.WARNING,
        message=message,
        again_after=timedelta(days=30),
    )


DRILL_OVERDUE = _yearly(
    "fire_safety.drill_overdue",
    f"{_ORDER} art. 44",
    Text("Evacuation drill overdue", "疏散演练逾期"),
    Text("No evacuation drill was held at {place} for {days} days.", "{place}已 {days} 天未开展疏散演练。"),
)

TRAINING_OVERDUE = _yearly(
    "fire_safety.training_overdue",
    f"{_ORDER} art. 41",
    Text("Fire training overdue", "消防培训逾期"),
    Text("No fire training was held at {place} for {days} days.", "{place}已 {days} 天未开展消防培训。"),
)

EQUIPMENT_SCRAP_DUE = Rule(
    key="fire_safety.equipment_scrap_due",
    version=1,
    name=Text("Fire equipment too old", "消防器材到期报废"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Below("warn_days", "margin_days")),
    figures={
        "warn_days": Figure(
            Text("Fewer days left than this until it must be scrapped.", "距报废日不足多少天即提醒。"),
            30,
            "d",
            0,
            365,
            "GB 50444-2008",
        ),
        "past_days": Figure(Text("Worse from so few days left on.", "不足多少天加重级别。"), 0, "d", -365, 365, "GB 50444-2008"),
        "margin_days": _none("d"),
    },
    severity=Severity.WARNING,
    worse=(Worse("past_days", Severity.MINOR),),
    message=Text(
        "Extinguishers at {place} must be scrapped, or within {warn_days} days will have to be.",
        "{place}有灭火器已到或将在 {warn_days} 天内到报废期限。",
    ),
    again_after=_WEEK,
)

UPKEEP_OVERDUE = Rule(
    key="fire_safety.upkeep_overdue",
    version=1,
    name=Text("Fire equipment not looked at", "消防设施检查检测逾期"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_days", "margin_days")),
    figures={
        "late_days": Figure(
            Text("So long after the day (of which people are told at once).", "超过到期日多久（到期日当天已另行通知）。"),
            7,
            "d",
            1,
            180,
            _OWN,
        ),
        "margin_days": _none("d"),
    },
    severity=Severity.MINOR,
    message=Text(
        "A check or test of fire equipment at {place} is more than {late_days} days late.",
        "{place}消防设施检查检测逾期超过 {late_days} 天。",
    ),
    again_after=_WEEK,
)

NOBODY_RESPONSIBLE = Rule(
    key="fire_safety.nobody_responsible",
    version=1,
    name=Text("Nobody keeps its fire safety", "消防安全无人负责"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures={
        "days": Figure(
            Text("Neither a company nor a fire pact for so long.", "无物业服务且无消防公约多久。"),
            7,
            "d",
            1,
            365,
            f"{_ORDER} art. 10",
        ),
        "margin_days": _none("d"),
    },
    severity=Severity.MINOR,
    message=Text(
        "Nobody keeps the fire safety of {place}: no company serves it, and no fire pact is in force.",
        "{place}消防安全无人负责：无物业服务，也无有效的消防公约。",
    ),
    again_after=timedelta(days=30),
)

#: In the order of the documents.
RULES = (NOBODY_RESPONSIBLE, DRILL_OVERDUE, TRAINING_OVERDUE, EQUIPMENT_SCRAP_DUE, UPKEEP_OVERDUE)
