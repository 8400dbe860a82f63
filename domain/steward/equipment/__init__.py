"""Equipment (设施设备): its rules, those of lifts and those of all else. All is read from here, documents included."""

from domain.steward.rules import Module
from domain.words import Text

from . import lifts, plant
from .lifts import (
    INSPECTION_DUE,
    LIFT_STANDS_STILL,
    MAINTENANCE_OVERDUE,
    PASSENGERS_TRAPPED,
    RESCUE_LATE,
)
from .plant import POWER_LOST

MODULE = Module(
    key="equipment",
    name=Text("Equipment", "设施设备"),
    about=Text(
        "Lifts and who is shut in one; pumps, power, tanks and manholes; what is due of them.",
        "电梯运行与困人，水泵、供电、水箱、井盖，以及维保检验到期。",
    ),
    rules=(*lifts.RULES, *plant.RULES),
)

__all__ = [
    "INSPECTION_DUE",
    "LIFT_STANDS_STILL",
    "MAINTENANCE_OVERDUE",
    "MODULE",
    "PASSENGERS_TRAPPED",
    "POWER_LOST",
    "RESCUE_LATE",
]
