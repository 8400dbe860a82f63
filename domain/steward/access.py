"""Access (门禁访客): the rules, in one table. Everything about them, documents included, is read from here."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Flag, Simple
from domain.facilities import DeviceKind
from domain.words import Text

from .rules import Figure, Module, Rule

_OWN = "product default"
_GATES = frozenset({DeviceKind.GATE_STATE})

GATE_OFFLINE = Rule(
    key="access.gate_offline",
    version=1,
    name=Text("Gate offline", "门禁离线"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("offline_minutes", "margin_minutes")),
    figures={
        "offline_minutes": Figure(Text("Offline for so long.", "离线时长。"), 5, "min", 1, 1440, _OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, _OWN),
    },
    severity=Severity.MINOR,
    message=Text(
        "{place} has been offline for more than {offline_minutes} min: whoever comes home must be let in by hand.",
        "{place}离线已超过 {offline_minutes} 分钟，请人工放行居民。",
    ),
)

GATE_HELD_OPEN = Rule(
    key="access.gate_held_open",
    version=1,
    name=Text("Gate held open", "门长时间开启"),
    kinds=_GATES,
    metric="open_seconds",
    condition=Simple(Above("open_seconds", "margin_seconds")),
    figures={
        "open_seconds": Figure(Text("Open for so long.", "开启时长。"), 300, "s", 30, 86_400, _OWN),
        "margin_seconds": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "s", 0, 20, _OWN),
    },
    severity=Severity.WARNING,
    message=Text(
        "{place} has stood open for {value} s, limit {open_seconds} s.", "{place}已开启 {value} 秒，限值 {open_seconds} 秒。"
    ),
)

GATE_FORCED = Rule(
    key="access.gate_forced",
    version=1,
    name=Text("Gate forced", "门被强行开启"),
    kinds=_GATES,
    metric="forced",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("{place} was opened by force.", "{place}被强行开启。"),
    again_after=timedelta(0),
)

GUARD_POST_UNSTAFFED = Rule(
    key="access.guard_post_unstaffed",
    version=1,
    name=Text("Guard post unstaffed", "门岗缺岗"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("short_minutes", "margin_minutes")),
    figures={
        "short_minutes": Figure(Text("Too few for so long.", "缺岗时长。"), 15, "min", 1, 1440, _OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, _OWN),
    },
    severity=Severity.MINOR,
    message=Text("{place} has had too few people for more than {short_minutes} min.", "{place}缺岗已超过 {short_minutes} 分钟。"),
    again_after=timedelta(hours=4),
)

PASS_LEFT_OPEN = Rule(
    key="access.pass_left_open",
    version=1,
    name=Text("Visitor passes left open", "访客通行码未闭环"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("open_hours", "margin_hours")),
    figures={
        "open_hours": Figure(Text("Open for so long after its time.", "到期后未登记离开的时长。"), 2, "h", 0, 720, _OWN),
        "margin_hours": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "h", 0, 24, _OWN),
    },
    severity=Severity.WARNING,
    message=Text(
        "At {place} visitors have not been noted as leaving more than {open_hours} h after their passes ended.",
        "{place}有访客通行码到期超过 {open_hours} 小时仍未登记离开。",
    ),
)

MODULE = Module(
    key="access",
    name=Text("Access", "门禁访客"),
    about=Text(
        "Gates and guard posts, and visitors of whom nothing is known but how many. No resident is ever kept out.",
        "出入口、门岗与访客；访客只记人数，任何情形不得阻止居民回家。",
    ),
    rules=(GATE_OFFLINE, GATE_HELD_OPEN, GATE_FORCED, GUARD_POST_UNSTAFFED, PASS_LEFT_OPEN),
)
