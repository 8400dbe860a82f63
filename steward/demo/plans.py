"""What a demo street is made of, before any row is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.territory import CompoundKind, GovernanceMode, PlaceKind

from .size import Size


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """A place; a street has no parent."""

    id: str
    code: str
    kind: PlaceKind
    name: str
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A stairwell with ``homes`` homes, ``per_floor`` on each floor from the first up."""

    id: str
    code: str
    name: str
    homes: int
    per_floor: int


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """A building; ``number`` counts from 1 inside its compound."""

    id: str
    code: str
    number: int
    storeys: int
    units: Sequence[UnitPlan]

    @property
    def name(self) -> str:
        return f"{self.number}幢"

    @property
    def height_m(self) -> int:
        return 3 * self.storeys

    @property
    def has_lift(self) -> bool:
        return self.storeys > 8


@dataclass(frozen=True, slots=True)
class CompoundPlan:
    """A compound. ``ordinal`` is its place in the order of writing; ``homes`` and ``residents`` are exact."""

    id: str
    ordinal: int
    code: str
    name: str
    kind: CompoundKind
    governance: GovernanceMode
    address: str
    latitude: float
    longitude: float
    year: int
    homes: int
    residents: int
    community: PlacePlan
    grid: PlacePlan
    buildings: Sequence[BuildingPlan]

    @property
    def units(self) -> Iterator[UnitPlan]:
        for building in self.buildings:
            yield from building.units


@dataclass(frozen=True)
class StreetPlan:
    """Everything that stands in the street. The first compound is Kangqiao Life Park, the second Shuren Courtyard."""

    seed: int
    size: Size
    street: PlacePlan
    communities: Sequence[PlacePlan]
    grids: Sequence[PlacePlan]
    compounds: Sequence[CompoundPlan]

    @property
    def places(self) -> list[PlacePlan]:
        """Parents before children."""
        return [self.street, *self.communities, *self.grids]

    @property
    def buildings(self) -> int:
        return sum(len(compound.buildings) for compound in self.compounds)

    @property
    def units(self) -> int:
        return sum(len(building.units) for compound in self.compounds for building in compound.buildings)

    @property
    def homes(self) -> int:
        return sum(compound.homes for compound in self.compounds)

    @property
    def residents(self) -> int:
        return sum(compound.residents for compound in self.compounds)

    @property
    def kangqiao(self) -> CompoundPlan:
        return self.compounds[0]

    @property
    def shuren(self) -> CompoundPlan:
        return self.compounds[1]
