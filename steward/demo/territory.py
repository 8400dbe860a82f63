"""Rows of the territory: places, compounds, buildings, units, homes."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

import orjson

from domain.territory import HomeUse
from models.search.words import words as words_of

from .ids import Ids, lots
from .plans import CompoundPlan, StreetPlan

PLACE = ("id", "code", "kind", "name", "parent_id", "street_id")
COMPOUND = (
    *("id", "code", "name", "kind", "governance", "address", "latitude", "longitude", "handed_over_year"),
    *("outline", "home_count", "resident_count", "street_id", "community_id", "grid_id"),
)
BUILDING = ("id", "code", "name", "storeys", "height_m", "compound_id", "street_id")
UNIT = ("id", "code", "name", "building_id", "compound_id", "street_id")
HOME = ("id", "code", "name", "floor", "area_m2", "use", "residents", "unit_id", "compound_id", "street_id")

WORD = ("subject_id", "kind", "street_id", "word", "weight")

Record = tuple[Any, ...]

#: Compounds whose outline somebody has drawn: the two that are told about.
_DRAWN = 2
_MOST_RESIDENTS = 6
_RESIDENTS = range(_MOST_RESIDENTS + 1)
_WEIGHTS = (6, 14, 24, 29, 16, 8, 3)
_AREAS = [Decimal(tenths) / 10 for tenths in range(380, 1450, 7)]


def places(plan: StreetPlan) -> Iterator[Record]:
    """Parents before children."""
    for place in plan.places:
        yield place.id, place.code, place.kind, place.name, place.parent_id, plan.street.id


def compounds(plan: StreetPlan) -> Iterator[Record]:
    """Compounds with the counts that their homes add up to."""
    for c in plan.compounds:
        yield (
            *(c.id, c.code, c.name, c.kind, c.governance, c.address, c.latitude, c.longitude, c.year),
            *(_outline(c) if c.ordinal < _DRAWN else None, c.homes, c.residents, plan.street.id, c.community.id, c.grid.id),
        )


def buildings(plan: StreetPlan) -> Iterator[Record]:
    """Buildings, compound by compound."""
    for compound in plan.compounds:
        for b in compound.buildings:
            yield b.id, b.code, b.name, b.storeys, Decimal(b.height_m), compound.id, plan.street.id


def units(plan: StreetPlan) -> Iterator[Record]:
    """Units, building by building."""
    for compound in plan.compounds:
        for building in compound.buildings:
            for unit in building.units:
                yield unit.id, unit.code, unit.name, building.id, compound.id, plan.street.id


def homes(plan: StreetPlan) -> Iterator[Record]:
    """Homes, unit by unit."""
    for compound in plan.compounds:
        yield from homes_of(plan, compound)


def homes_of(plan: StreetPlan, compound: CompoundPlan) -> Iterator[Record]:
    """The homes of one compound; the same each time."""
    new = Ids(plan.seed, f"{compound.code}/homes", compound.ordinal).new
    random = lots(plan.seed, f"{compound.code}/homes")
    residents = iter(_living(compound.homes, compound.residents, random))
    areas = random.choices(_AREAS, k=max(unit.per_floor for unit in compound.units))
    street_id, compound_id = plan.street.id, compound.id
    for building in compound.buildings:
        for unit in building.units:
            prefix, label, unit_id, per_floor = f"{unit.code}-", f"{building.name}{unit.name}", unit.id, unit.per_floor
            for n in range(unit.homes):
                floor, door = n // per_floor + 1, n % per_floor + 1
                living = next(residents)
                use = HomeUse.RESIDENTIAL if living else HomeUse.VACANT
                yield (
                    *(new("hom"), f"{prefix}{floor:02}{door:02}", f"{label}{floor}-{door}", floor, areas[door - 1]),
                    *(use, living, unit_id, compound_id, street_id),
                )


def words(plan: StreetPlan, organisations: Iterable[Record]) -> Iterator[Record]:
    """The words by which places, compounds and organisations (rows of an id, a code, a kind and a name) are found."""
    for place in plan.places:
        yield from words_of(place.id, place.name, place.code, plan.street.id)
    for compound in plan.compounds:
        yield from words_of(compound.id, compound.name, compound.code, plan.street.id, compound.address)
    for id_, code, _, name, *_ in organisations:
        yield from words_of(id_, name, code, plan.street.id)


def _outline(compound: CompoundPlan) -> str:
    """A square around the compound, as GeoJSON."""
    west, south = round(compound.longitude - 0.001, 6), round(compound.latitude - 0.001, 6)
    east, north = round(west + 0.002, 6), round(south + 0.002, 6)
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return orjson.dumps({"type": "Polygon", "coordinates": [corners]}).decode()


def _living(homes: int, residents: int, random: Random) -> list[int]:
    """How many live in each home: ``residents`` in all, none to six in each, some homes empty."""
    living = random.choices(_RESIDENTS, _WEIGHTS, k=homes)
    missing = residents - sum(living)
    step = 1 if missing > 0 else -1
    while missing:
        for n in range(homes):
            if not missing:
                break
            if 0 <= living[n] + step <= _MOST_RESIDENTS and random.random() < 0.5:
                living[n] += step
                missing -= step
    return living
