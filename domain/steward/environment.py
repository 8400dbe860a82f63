"""Environment (环境绿化): the rules, in one table. Everything about them, documents included, is read from here."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Held, Simple
from domain.facilities import DeviceKind
from domain.words import Text

from .rounds import GREENING_MISSED, PEST_MISSED, ROTA_MISSED
from .rules import OWN, UPKEEP_TELLS, Figure, Module, Rule, Worse
from .silence import silent

_K = DeviceKind

BIN_FULL = Rule(
    key="environment.bin_full",
    version=1,
    name=Text("Bin full", "垃圾桶满溢"),
    kinds=frozenset({_K.BIN_SENSOR}),
    metric="fill_percent",
    condition=Simple(Above("full_percent", "margin_percent")),
    figures={
        "full_percent": Figure(Text("Full from here on.", "达到即满溢。"), 90, "%", 30, 100, OWN),
        "margin_percent": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 20, "%", 0, 29, OWN),
    },
    severity=Severity.MINOR,
    message=Text("The bin at {place} is full: {value} %.", "{place}垃圾桶满溢：{value}%。"),
)

CHLORINE_LOW = Rule(
    key="environment.water_chlorine",
    version=1,
    name=Text("Too little chlorine", "余氯不足"),
    kinds=frozenset({_K.WATER_QUALITY}),
    metric="chlorine_mg_l",
    condition=Held(Below("least_mg_l", "margin_mg_l"), "held_minutes"),
    figures={
        "least_mg_l": Figure(Text("Too little under this.", "低于即不足。"), 0.05, "mg/L", 0.01, 1, "GB 5749"),
        "margin_mg_l": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 0.01, "mg/L", 0, 1, OWN),
        "held_minutes": Figure(Text("For so long without a break.", "持续时间。"), 30, "min", 0, 1_440, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "Chlorine of the water at {place}: {value} mg/L, limit {least_mg_l} mg/L.",
        "{place}余氯 {value} mg/L，限值 {least_mg_l} mg/L。",
    ),
)

TURBIDITY_HIGH = Rule(
    key="environment.water_turbidity",
    version=1,
    name=Text("Water turbid", "浑浊度超标"),
    kinds=frozenset({_K.WATER_QUALITY}),
    metric="turbidity_ntu",
    condition=Held(Above("most_ntu", "margin_ntu"), "held_minutes"),
    figures={
        "most_ntu": Figure(Text("Too turbid from here on.", "达到即超标。"), 1, "NTU", 0.1, 5, "GB 5749"),
        "margin_ntu": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0.1, "NTU", 0, 0.5, OWN),
        "held_minutes": Figure(Text("For so long without a break.", "持续时间。"), 30, "min", 0, 1_440, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "Turbidity of the water at {place}: {value} NTU, limit {most_ntu} NTU.",
        "{place}浑浊度 {value} NTU，限值 {most_ntu} NTU。",
    ),
)


def _overdue(key: str, name: Text, message: Text, clause: str) -> Rule:
    """A rule about what is due of tanks by their plans of upkeep."""
    return Rule(
        key=key,
        version=1,
        name=name,
        kinds=frozenset(),
        metric=None,
        condition=Checked(Above("late_days", "margin_days")),
        figures={
            "late_days": Figure(Text("So many days after the due day.", "超过应办日的天数。"), 1, "d", 1, 90, clause, whole=True),
            "serious_days": Figure(Text("From here on it is serious.", "达到即严重。"), 14, "d", 1, 180, OWN, whole=True),
            "margin_days": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "d", 0, 10, OWN, whole=True),
        },
        severity=Severity.WARNING,
        worse=(Worse("serious_days", Severity.MAJOR),),
        message=message,
        again_after=timedelta(days=7),
        told_by=UPKEEP_TELLS,
    )


TANK_CLEAN_OVERDUE = _overdue(
    "environment.tank_clean_overdue",
    Text("Tank not cleaned", "水箱清洗超期"),
    Text("Cleaning of {place} is {value} days overdue.", "{place}清洗消毒已超期 {value} 天。"),
    "half-yearly, local codes on secondary supply differ",
)
WATER_TEST_OVERDUE = _overdue(
    "environment.water_test_overdue",
    Text("Water not tested", "水质检测超期"),
    Text("The water test of {place} is {value} days overdue.", "{place}水质检测已超期 {value} 天。"),
    "quarterly, local codes on secondary supply differ",
)

SILENT = silent("environment", {_K.BIN_SENSOR, _K.WATER_QUALITY})

MODULE = Module(
    key="environment",
    name=Text("Environment", "环境绿化"),
    about=Text("Waste, the water of tanks, cleaning and greenery.", "垃圾、二次供水、保洁与绿化。"),
    rules=(
        *(BIN_FULL, CHLORINE_LOW, TURBIDITY_HIGH, TANK_CLEAN_OVERDUE, WATER_TEST_OVERDUE),
        *(ROTA_MISSED, GREENING_MISSED, PEST_MISSED, SILENT),
    ),
)
