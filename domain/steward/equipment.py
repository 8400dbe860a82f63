"""Equipment (设施设备): the rules, in one table. Everything about them, documents included, is read from here."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Flag, Simple
from domain.facilities import DeviceKind
from domain.words import Text

from .rules import Figure, Module, Rule

_OWN = "product default"

PASSENGERS_TRAPPED = Rule(
    key="equipment.trapped",
    version=1,
    name=Text("Passengers trapped", "电梯困人"),
    kinds=frozenset({DeviceKind.LIFT_SENSOR}),
    metric="passengers_trapped",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.CRITICAL,
    message=Text(
        "Passengers are trapped at {place}: whoever rescues must be there within 30 minutes.",
        "{place}电梯困人，救援人员须在 30 分钟内到达。",
    ),
    ticket=Text("Passengers trapped: {place}", "电梯困人：{place}"),
    again_after=timedelta(0),
)

LIFT_FAULT = Rule(
    key="equipment.lift_fault",
    version=1,
    name=Text("Lift fault", "电梯故障"),
    kinds=frozenset({DeviceKind.LIFT_SENSOR}),
    metric="lift_fault",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The lift reports a fault at {place}.", "{place}电梯报故障。"),
)

LIFT_STANDS_STILL = Rule(
    key="equipment.lift_stands_still",
    version=1,
    name=Text("Lift out of service", "电梯长时间停用"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("still_hours", "margin_hours")),
    figures={
        "still_hours": Figure(Text("Out of service for so long.", "停用时长。"), 24, "h", 1, 720, _OWN),
        "margin_hours": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "h", 0, 24, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "{place} has been out of service for more than {still_hours} h.",
        "{place}停用已超过 {still_hours} 小时。",
    ),
    again_after=timedelta(days=7),
)

MODULE = Module(
    key="equipment",
    name=Text("Equipment", "设施设备"),
    about=Text("Lifts, and who is shut in one.", "电梯运行与困人。"),
    rules=(PASSENGERS_TRAPPED, LIFT_FAULT, LIFT_STANDS_STILL),
)
