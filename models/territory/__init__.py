"""Territory: places, compounds, buildings, units and homes, and what is done with them."""

from .compounds import add_compound, set_counts, set_grid
from .editing import (
    rename_compound,
    rename_place,
    set_address,
    set_compound_outline,
    set_compound_point,
    set_governance,
    set_kind,
    set_place_outline,
    set_place_point,
    set_year,
)
from .homes import HomePlan, add_building, add_homes, add_unit, set_area, set_residents, set_use
from .places import add_place
from .rows import Building, Compound, Home, Place, Unit

__all__ = [
    "Building",
    "Compound",
    "Home",
    "HomePlan",
    "Place",
    "Unit",
    "add_building",
    "add_compound",
    "add_homes",
    "add_place",
    "add_unit",
    "rename_compound",
    "rename_place",
    "set_address",
    "set_area",
    "set_compound_outline",
    "set_compound_point",
    "set_counts",
    "set_governance",
    "set_grid",
    "set_kind",
    "set_place_outline",
    "set_place_point",
    "set_residents",
    "set_use",
    "set_year",
]
