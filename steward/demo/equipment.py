"""Everything that stands in the demo street's compounds and senses it, and the rows of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from .devices import DevicePlan, install
from .facilities import FacilityPlan, fit
from .ids import Ids
from .kept import kept
from .plans import CompoundPlan, StreetPlan

FACILITY = (
    *("id", "code", "kind", "name", "status", "status_since", "version", "compound_id", "building_id", "street_id"),
    *("attributes", "scrap_on"),
)
STATUS_CHANGE = ("id", "status", "since", "note", "facility_id", "compound_id", "street_id")
DEVICE = ("id", "code", "kind", "name", "maker", "last_seen_at", "last_reading", "facility_id", "compound_id", "street_id")
#: Makers that do not exist.
_MAKERS = ("渝安传感（示例）", "川北物联（示例）", "巴山电子（示例）")

#: When each device (by id) was last heard, and its readings as JSON.
Heard = Mapping[str, tuple[datetime, str]]


class Equipment:
    """Facilities and devices of each compound as of ``now``."""

    def __init__(self, plan: StreetPlan, now: datetime) -> None:
        self._plan, self._today = plan, now.date()
        self._facilities = {compound.id: fit(plan.seed, compound, now) for compound in plan.compounds}
        self._devices = {
            compound.id: list(install(plan.seed, compound, self._facilities[compound.id])) for compound in plan.compounds
        }

    def facilities_of(self, compound: CompoundPlan) -> Sequence[FacilityPlan]:
        return self._facilities[compound.id]

    def devices_of(self, compound: CompoundPlan) -> Sequence[DevicePlan]:
        return self._devices[compound.id]

    @property
    def facility_count(self) -> int:
        return sum(map(len, self._facilities.values()))

    @property
    def status_change_count(self) -> int:
        return sum(len(facility.history) for facilities in self._facilities.values() for facility in facilities)

    @property
    def device_count(self) -> int:
        return sum(map(len, self._devices.values()))

    def facility_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of facilities, compound by compound."""
        street_id = self._plan.street.id
        for compound_id, facilities in self._facilities.items():
            for f in facilities:
                status, since, _ = f.history[-1]
                building_id = f.building.id if f.building else None
                place = (compound_id, building_id, street_id)
                known = kept(self._plan.seed, f, self._today)
                yield f.id, f.code, f.kind, f.name, status, since, len(f.history), *place, *known

    def status_change_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of status histories; the last entry of each is the facility's status."""
        street_id = self._plan.street.id
        for compound in self._plan.compounds:
            new = Ids(self._plan.seed, f"{compound.code}/status", compound.ordinal).new
            for facility in self._facilities[compound.id]:
                for status, since, note in facility.history:
                    yield new("fsc"), status, since, note, facility.id, compound.id, street_id

    def device_rows(self, heard: Heard) -> Iterator[tuple[Any, ...]]:
        """Rows of devices; those that are not in ``heard`` have not reported yet."""
        street_id, never = self._plan.street.id, (None, "{}")
        for compound_id, devices in self._devices.items():
            for d in devices:
                maker = _MAKERS[int(d.code[-2:]) % len(_MAKERS)]
                yield d.id, d.code, d.kind, d.name, maker, *heard.get(d.id, never), d.facility.id, compound_id, street_id
