"""Mutations on the territory: places, compounds, buildings, units and homes."""

from . import compounds, grids, homes, places

#: All of them, in the order of the schema.
TERRITORY = [
    places.place_add,
    places.place_rename,
    places.place_set_point,
    places.place_set_outline,
    grids.grid_merge,
    grids.grid_split,
    compounds.compound_add,
    compounds.compound_rename,
    compounds.compound_set_address,
    compounds.compound_set_kind,
    compounds.compound_set_governance,
    compounds.compound_set_year,
    compounds.compound_set_grid,
    compounds.compound_set_counts,
    compounds.compound_set_point,
    compounds.compound_set_outline,
    homes.building_add,
    homes.unit_add,
    homes.homes_add,
    homes.home_set_use,
    homes.home_set_area,
    homes.home_set_residents,
]
