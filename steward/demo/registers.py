"""The zones that Kangqiao's cameras are to cover."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from domain.facilities import FacilityKind, ZoneKind

from .equipment import Equipment
from .ids import Ids
from .plans import StreetPlan

ZONE = ("id", "kind", "name", "declared_at", "compound_id", "street_id")
ZONE_CAMERA = ("id", "since", "zone_id", "facility_id", "compound_id", "street_id")
#: When the compound's committee and company agreed that cameras are to cover all ground and garage.
_DECLARED = datetime(2023, 3, 1, 2, tzinfo=UTC)
_ZONES = (
    *((ZoneKind.GROUND, f"地面{n}区") for n in range(1, 7)),
    *((ZoneKind.GARAGE, f"车库{n}区") for n in range(1, 4)),
    *((ZoneKind.ENTRANCE, f"{n}号门") for n in range(1, 3)),
)


class Zones:
    """The zones of Kangqiao; the last of each kind has no camera yet."""

    def __init__(self, street: StreetPlan, fitted: Equipment) -> None:
        self._street = street
        self._compound = next(compound for compound in street.compounds if compound.code == "KQ")
        new = Ids(street.seed, "KQ/zones", self._compound.ordinal).new
        self._zones = [(new("zon"), kind, name) for kind, name in _ZONES]
        facilities = fitted.facilities_of(self._compound)
        cameras = [facility.id for facility in facilities if facility.kind is FacilityKind.CAMERA]
        covered = [zone for zone, follower in zip(self._zones, self._zones[1:], strict=False) if zone[1] is follower[1]]
        self._covers = [(new("zcm"), zone[0], camera) for zone, camera in zip(covered, cameras, strict=False)]

    def zone_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of zones."""
        for id_, kind, name in self._zones:
            yield id_, kind, name, _DECLARED, self._compound.id, self._street.street.id

    def camera_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of what cameras cover."""
        for id_, zone_id, facility_id in self._covers:
            yield id_, _DECLARED, zone_id, facility_id, self._compound.id, self._street.street.id
