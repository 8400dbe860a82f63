"""What a check finds of whoever must be there: the control rooms."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked
from domain.steward.rules import Figure, Rule
from domain.words import Text

_OWN = "product default"

CONTROL_ROOM_SHORT = Rule(
    key="fire_safety.control_room_short",
    version=1,
    name=Text("Control room short of staff", "消防控制室缺岗"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("short_minutes", "margin_minutes")),
    figures={
        "short_minutes": Figure(
            Text("Too few certified people for so long.", "持证值班人员不足的时长。"),
            10,
            "min",
            1,
            120,
            "product default; 24 h, two certified people a shift: MEM Order 5 (2021) art. 26",
        ),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, _OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "{place} has had too few certified people for more than {short_minutes} min.",
        "{place}持证值班人员不足已超过 {short_minutes} 分钟。",
    ),
    again_after=timedelta(hours=1),
)

#: In the order of the documents.
RULES = (CONTROL_ROOM_SHORT,)
