"""What else must run: pumps, power, tanks and manholes; and the devices that watch it."""

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Flag, Held, Simple
from domain.facilities import DeviceKind
from domain.steward.rules import OWN, Figure, Rule
from domain.steward.silence import silent
from domain.words import Text

_K = DeviceKind

PUMP_FAULT = Rule(
    key="equipment.pump_fault",
    version=1,
    name=Text("Pump fault", "水泵故障"),
    kinds=frozenset({_K.PUMP_STATE}),
    metric="pump_fault",
    condition=Simple(Flag()),
    figures={},
    severity=Severity.MAJOR,
    message=Text("The pump reports a fault at {place}.", "{place}水泵报故障。"),
)

POWER_LOST = Rule(
    key="equipment.power_lost",
    version=1,
    name=Text("Power lost", "市电中断"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("lost_minutes", "margin_minutes")),
    figures={
        "lost_minutes": Figure(Text("Without mains supply for so long.", "市电中断时长。"), 5, "min", 1, 720, OWN),
        "margin_minutes": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "min", 0, 60, OWN),
    },
    severity=Severity.MAJOR,
    message=Text("No mains supply at {place} for {value} min.", "{place}市电已中断 {value} 分钟。"),
)

TANK_LOW = Rule(
    key="equipment.tank_low",
    version=1,
    name=Text("Tank low", "水箱液位过低"),
    kinds=frozenset({_K.TANK_LEVEL}),
    metric="water_level_cm",
    condition=Held(Below("low_cm", "margin_cm"), "held_minutes"),
    figures={
        "low_cm": Figure(
            Text("Too low under this; set it for each tank.", "低于即过低，请按水箱设置。"), 50, "cm", 1, 2_000, OWN
        ),
        "margin_cm": Figure(Text("So far above it is over.", "高于限值多少视为恢复。"), 10, "cm", 0, 500, OWN),
        "held_minutes": Figure(Text("For so long without a break.", "持续时间。"), 10, "min", 0, 1_440, OWN),
    },
    severity=Severity.MAJOR,
    message=Text("The water at {place} stands at {value} cm, limit {low_cm} cm.", "{place}液位 {value} cm，限值 {low_cm} cm。"),
)

MANHOLE_MOVED = Rule(
    key="equipment.manhole_moved",
    version=1,
    name=Text("Manhole cover moved", "井盖移位"),
    kinds=frozenset({_K.MANHOLE_SENSOR}),
    metric="tilt_degrees",
    condition=Simple(Above("tilt_degrees", "margin_degrees", size=True)),
    figures={
        "tilt_degrees": Figure(Text("Moved from here on, either way.", "任一方向达到即移位。"), 10, "°", 5, 90, OWN),
        "margin_degrees": Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 2, "°", 0, 4, OWN),
    },
    severity=Severity.MAJOR,
    message=Text(
        "The manhole cover at {place} has tilted by {value}°, limit {tilt_degrees}°: somebody may fall.",
        "{place}井盖倾斜 {value}°，限值 {tilt_degrees}°，有跌落危险。",
    ),
)

SILENT = silent("equipment", {_K.LIFT_SENSOR, _K.PUMP_STATE, _K.POWER_STATE, _K.TANK_LEVEL, _K.MANHOLE_SENSOR})

RULES = (PUMP_FAULT, POWER_LOST, TANK_LOW, MANHOLE_MOVED, SILENT)
