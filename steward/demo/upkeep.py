"""Upkeep in the demo street: how lift 24 stood still lawfully, and the work of finding out what is due of everything."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from domain.upkeep import InspectionResult, UpkeepKind

from .equipment import Equipment
from .facilities import LIFT_24
from .ids import Ids
from .plans import StreetPlan

_OF_FACILITY = ("facility_id", "compound_id", "street_id")
#: Tables with their columns.
TABLES: dict[str, tuple[str, ...]] = {
    "suspension": ("id", "starts_on", "ends_on", "filed_on", "filing", "cause", *_OF_FACILITY),
    "inspection": ("id", "kind", "result", "done_on", "until", "body", "report_number", "recorded_at", *_OF_FACILITY),
}
#: The workers find out what is due as soon as they run.
WORK = """
INSERT INTO work (kind, payload) SELECT 'upkeep.all', jsonb_build_object('street', street_id, 'kind', kind) FROM facility
WHERE kind IN ('LIFT', 'PUMP', 'TANK', 'HYDRANT', 'EXTINGUISHER', 'FIRE_PANEL', 'DISTRIBUTION_BOX') GROUP BY street_id, kind
"""


def rows(street: StreetPlan, fitted: Equipment, now: datetime) -> dict[str, Iterator[tuple[Any, ...]]]:
    """What was written down of lift 24: it was reported as suspended, and passes its inspection every year since."""
    places = [
        (facility.id, compound.id, street.street.id)
        for compound in street.compounds
        for facility in fitted.facilities_of(compound)
        if facility.code == LIFT_24
    ]
    ids = Ids(street.seed, "upkeep")
    days = (date(2022, 4, 18), date(2023, 8, 21), date(2022, 4, 29))
    stops = [(ids.new("sus"), *days, "渝特停告〔2022〕024 号", "曳引机损坏，待更换", *place) for place in places]
    done = now.date() - timedelta(days=120)
    about = (UpkeepKind.LIFT_INSPECTION.value, InspectionResult.PASSED.value, done, done + timedelta(days=365))
    report = ("重庆市特检院（示例）", "示例 TJ-024", now - timedelta(days=119))
    return {"suspension": iter(stops), "inspection": iter([(ids.new("isp"), *about, *report, *place) for place in places])}
