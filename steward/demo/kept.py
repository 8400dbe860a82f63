"""What is kept of the demo street's facilities."""

import json
from datetime import date, timedelta
from typing import Any

from domain.facilities import Agent, FacilityKind, scrap_date

from .facilities import FacilityPlan
from .ids import lots

_MAKER = "巴渝电梯（示例）"


def kept(seed: int, facility: FacilityPlan, today: date) -> tuple[str, date | None]:
    """What is kept of a facility, as JSON, and the day by which it must be taken out."""
    draws, since = lots(seed, f"{facility.code}/attributes"), facility.history[0][1].date()
    values: dict[str, Any] = {}
    match facility.kind:
        case FacilityKind.LIFT:
            stops = facility.building.storeys if facility.building else 18
            values = {"in_use_since": str(since), "stops": stops, "rated_load_kg": draws.choice([800, 1000]), "maker": _MAKER}
        case FacilityKind.EXTINGUISHER:
            made = today - timedelta(days=draws.randint(30, 3_600) if draws.random() > 1 / 200 else 3_700)
            values = {"agent": str(Agent.POWDER), "made_on": str(made), "mass_kg": 4}
        case FacilityKind.CAMERA:
            values = {"resolution_mp": 4, "storage_days": draws.choice([15, 30, 30, 90]), "in_use_since": str(since)}
        case FacilityKind.CHARGING_SHED:
            values = {"sockets": draws.randint(4, 40), "sprinklers": draws.random() < 0.5}
        case FacilityKind.TANK:
            values = {"volume_m3": draws.choice([18, 36, 50])}
        case FacilityKind.FIRE_LANE:
            values = {"width_m": draws.choice([3.5, 4, 4.5, 6]), "height_m": draws.choice([4, 4.5, 6])}
        case _:
            pass
    return json.dumps(values, ensure_ascii=False), scrap_date(facility.kind, values)
