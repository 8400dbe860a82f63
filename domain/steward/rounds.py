"""What is told of rounds that are not gone: a rule for each kind, of the module that watches over it.

The figure is how many of a plan's rounds were missed one after the other, or not gone to their end. A round that is gone ends it,
one that was opened to make up for it too.
"""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked
from domain.words import Text

from .rules import OWN, Figure, Rule, Worse


def _missed(key: str, name: Text, *, missed: int, major: int, severity: Severity = Severity.MINOR, clause: str = OWN) -> Rule:
    return Rule(
        key=key,
        version=1,
        name=name,
        kinds=frozenset(),
        metric=None,
        condition=Checked(Above("missed", "margin")),
        figures={
            "missed": Figure(Text("So many rounds missed running.", "连续漏巡次数。"), missed, "", 1, 30, clause, whole=True),
            "major_missed": Figure(Text("From so many on it is major.", "达到即为重要告警。"), major, "", 1, 90, OWN, whole=True),
            "margin": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "", 0, 29, OWN, whole=True),
        },
        severity=severity,
        worse=(Worse("major_missed", Severity.MAJOR),),
        message=Text(
            "{place}: {value} rounds running were missed or not gone to their end.",
            "{place}：连续 {value} 次漏巡或未完成。",
        ),
        again_after=timedelta(days=7),
    )


CHECK_OVERDUE = _missed(
    "fire_safety.check_overdue",
    Text("Fire patrol or check overdue", "防火巡查检查逾期"),
    missed=1,
    major=3,
    clause="应急管理部令第 5 号 第三十四、三十五条",
)
PATROL_MISSED = _missed("security.patrol_missed", Text("Patrol missed", "漏巡"), missed=1, major=4)
ROTA_MISSED = _missed("environment.rota_missed", Text("Cleaning rota missed", "保洁轮值缺失"), missed=2, major=7)
GREENING_MISSED = _missed("environment.greening_missed", Text("Greening plan missed", "绿化养护缺失"), missed=1, major=3)
PEST_MISSED = _missed("environment.pest_missed", Text("Pest control missed", "病媒防制缺失"), missed=1, major=2)
