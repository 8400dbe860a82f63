"""How big a demo street is. ``STREET`` has the true figures of Zhongshan Road Street; ``SMALL`` the same structure in little."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.territory import CompoundKind

Scale = Literal["street", "small"]


@dataclass(frozen=True)
class Size:
    """Figures that a plan meets exactly, unless called shares or averages."""

    communities: int
    villages: int
    business_grids: int
    compounds: Mapping[CompoundKind, int]
    homes: Mapping[CompoundKind, int]
    residents: int
    companies: int
    tickets: int
    alerts: int


STREET = Size(
    communities=16,
    villages=6,
    business_grids=6,
    compounds={CompoundKind.PROPERTY_MANAGED: 212, CompoundKind.UNMANAGED: 412, CompoundKind.RESETTLEMENT: 11},
    homes={CompoundKind.PROPERTY_MANAGED: 94_000, CompoundKind.UNMANAGED: 42_000, CompoundKind.RESETTLEMENT: 14_000},
    residents=426_000,
    companies=40,
    tickets=3_000,
    alerts=200,
)
SMALL = Size(
    communities=2,
    villages=1,
    business_grids=1,
    compounds={CompoundKind.PROPERTY_MANAGED: 8, CompoundKind.UNMANAGED: 4, CompoundKind.RESETTLEMENT: 2},
    homes={CompoundKind.PROPERTY_MANAGED: 2_900, CompoundKind.UNMANAGED: 250, CompoundKind.RESETTLEMENT: 400},
    residents=9_000,
    companies=3,
    tickets=240,
    alerts=30,
)
SIZES: Mapping[Scale, Size] = {"street": STREET, "small": SMALL}
