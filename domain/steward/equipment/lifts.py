"""Lifts (电梯): who is shut in, what is wrong with a lift, and what is due of it."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Flag, Repeated, Simple
from domain.facilities import DeviceKind
from domain.steward.rules import OWN, UPKEEP_TELLS, Figure, Rule, Worse
from domain.words import Text

_SENSOR = frozenset({DeviceKind.LIFT_SENSOR})

PASSENGERS_TRAPPED = Rule(
    key="equipment.trapped",
    version=1,
    name=Text("Passengers trapped", "电梯困人"),
    kinds=_SENSOR,
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
    kinds=_SENSOR,
    metric="lift_fault",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The lift reports a fault at {place}.", "{place}电梯报故障。"),
)

RESCUE_LATE = Rule(
    key="equipment.rescue_late",
    version=1,
    name=Text("Rescue late", "救援超时"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("arrive_minutes", "margin_minutes")),
    figures={
        "arrive_minutes": Figure(
            Text("Nobody has arrived so long after the signal.", "困人信号后多久无人到场。"),
            *(30, "min", 5, 60, "TSG T5002-2017 art. 5(4): 30 min in a municipality, 60 min elsewhere"),
        ),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 5, OWN),
    },
    severity=Severity.CRITICAL,
    message=Text(
        "Passengers have been trapped at {place} for {value} min and nobody has reported there, limit {arrive_minutes} min.",
        "{place}困人已 {value} 分钟，尚无人员到场，限值 {arrive_minutes} 分钟。",
    ),
    again_after=timedelta(0),
)

LIFT_OFF_FLOOR = Rule(
    key="equipment.lift_off_floor",
    version=1,
    name=Text("Lift stopped between floors", "电梯非平层停梯"),
    kinds=_SENSOR,
    metric="off_floor",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The lift stands between floors at {place}.", "{place}电梯非平层停梯。"),
)

LIFT_RUNS_OPEN = Rule(
    key="equipment.lift_runs_open",
    version=1,
    name=Text("Lift runs with an open door", "电梯开门走梯"),
    kinds=_SENSOR,
    metric="door_open_running",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The lift runs with an open door at {place}: stop it.", "{place}电梯开门走梯，请立即停梯。"),
)

LIFT_DOOR_FAULTS = Rule(
    key="equipment.lift_door_faults",
    version=1,
    name=Text("Repeated door faults", "电梯门反复故障"),
    kinds=_SENSOR,
    metric="door_fault",
    condition=Repeated(Flag(), times="times", hours="window_hours"),
    figures={
        "times": Figure(Text("Faults in the window.", "时段内故障次数。"), 3, "", 2, 20, OWN, whole=True),
        "window_hours": Figure(Text("Window.", "统计时段。"), 24, "h", 1, 168, OWN),
    },
    severity=Severity.MINOR,
    message=Text(
        "The doors at {place} failed {times} times within {window_hours} h.", "{place}门在 {window_hours} 小时内故障 {times} 次。"
    ),
)

LIFT_FAULTS = Rule(
    key="equipment.lift_faults",
    version=1,
    name=Text("Repeated lift faults", "电梯反复故障"),
    kinds=_SENSOR,
    metric="lift_fault",
    condition=Repeated(Flag(), times="times", hours="window_hours"),
    figures={
        "times": Figure(Text("Faults in the window.", "时段内故障次数。"), 3, "", 2, 20, OWN, whole=True),
        "window_hours": Figure(Text("Window.", "统计时段。"), 168, "h", 1, 720, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "The lift at {place} failed {times} times within {window_hours} h: look for the cause.",
        "{place}电梯在 {window_hours} 小时内故障 {times} 次，请查明原因。",
    ),
    again_after=timedelta(days=7),
)

LIFT_STANDS_STILL = Rule(
    key="equipment.lift_stands_still",
    version=1,
    name=Text("Lift out of service", "电梯长时间停用"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("still_hours", "margin_hours")),
    figures={
        "still_hours": Figure(Text("Out of service for so long.", "停用时长。"), 24, "h", 1, 720, OWN),
        "margin_hours": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "h", 0, 24, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "{place} has been out of service for more than {still_hours} h.",
        "{place}停用已超过 {still_hours} 小时。",
    ),
    again_after=timedelta(days=7),
)

MAINTENANCE_OVERDUE = Rule(
    key="equipment.maintenance_overdue",
    version=1,
    name=Text("Lift maintenance overdue", "电梯维保超期"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("late_days", "margin_days")),
    figures={
        "late_days": Figure(
            Text("So many days after the due day.", "超过应维保日的天数。"),
            1,
            "d",
            1,
            30,
            "TSG T5002-2017: every 15 days",
            whole=True,
        ),
        "serious_days": Figure(Text("From here on it is serious.", "达到即严重。"), 3, "d", 1, 60, OWN, whole=True),
        "margin_days": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "d", 0, 10, OWN, whole=True),
    },
    severity=Severity.WARNING,
    worse=(Worse("serious_days", Severity.MAJOR),),
    message=Text("Maintenance of {place} is {value} days overdue.", "{place}维保已超期 {value} 天。"),
    again_after=timedelta(days=7),
    told_by=UPKEEP_TELLS,
)

INSPECTION_DUE = Rule(
    key="equipment.inspection_due",
    version=1,
    name=Text("Lift inspection due", "电梯检验到期"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Below("left_days", "margin_days")),
    figures={
        "left_days": Figure(
            Text("Fewer days than these are left.", "剩余天数少于此值。"),
            *(31, "d", 1, 180, "Special Equipment Safety Law art. 40: applied for a month before"),
            whole=True,
        ),
        "expired_days": Figure(Text("Under this it has expired.", "低于即已过期。"), 0, "d", 0, 30, OWN, whole=True),
        "margin_days": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 0, "d", 0, 30, OWN, whole=True),
    },
    severity=Severity.WARNING,
    worse=(Worse("expired_days", Severity.MAJOR),),
    message=Text(
        "The inspection of {place} is due in {value} days (negative: it has expired).",
        "{place}距检验到期还有 {value} 天（负数为已过期）。",
    ),
    again_after=timedelta(days=7),
    told_by=UPKEEP_TELLS,
)

RULES = (
    PASSENGERS_TRAPPED,
    RESCUE_LATE,
    LIFT_FAULT,
    LIFT_FAULTS,
    LIFT_OFF_FLOOR,
    LIFT_RUNS_OPEN,
    LIFT_DOOR_FAULTS,
    LIFT_STANDS_STILL,
    MAINTENANCE_OVERDUE,
    INSPECTION_DUE,
)
