"""The plan of a demo street: places, compounds, buildings and units, decided by a seed before any row is written."""

from collections.abc import Sequence
from itertools import count
from math import ceil

from domain.territory import PlaceKind

from . import names
from .drafts import Draft, draft_all, governance, share_homes, share_residents, spread, style
from .ids import Ids, lots
from .plans import BuildingPlan, CompoundPlan, PlacePlan, StreetPlan, UnitPlan
from .size import SIZES, Scale

SEED = 20_230_101


def plan(scale: Scale, seed: int = SEED) -> StreetPlan:
    """The street at ``scale``: the same seed gives the same street, ids included."""
    size = SIZES[scale]
    ids = Ids(seed, "places")
    code, name = names.STREET
    street = PlacePlan(ids.new("plc"), code, PlaceKind.STREET, name, None)
    communities = [
        *(PlacePlan(ids.new("plc"), c, PlaceKind.COMMUNITY, n, street.id) for c, n in names.COMMUNITIES[: size.communities]),
        *(PlacePlan(ids.new("plc"), c, PlaceKind.VILLAGE, n, street.id) for c, n in names.VILLAGES[: size.villages]),
    ]
    random = lots(seed, "street")
    drafts = draft_all(size, communities, random)
    homes = share_homes(size, drafts, random)
    residents = share_residents(size, drafts, homes, random)
    grids: dict[str, list[PlacePlan]] = {place.id: _grids(place, drafts, ids) for place in communities}
    turns = {place.id: count() for place in communities}
    compounds = [
        _compound(seed, ordinal, draft, of_homes, of_residents, grids[draft.community.id], next(turns[draft.community.id]))
        for ordinal, (draft, of_homes, of_residents) in enumerate(zip(drafts, homes, residents, strict=True))
    ]
    business = [
        PlacePlan(
            ids.new("plc"), f"{street.code}-B{n}", PlaceKind.BUSINESS_GRID, f"{name}网格", communities[n % len(communities)].id
        )
        for n, name in enumerate(names.BUSINESS_GRIDS[: size.business_grids], 1)
    ]
    everyday = [grid for of_place in grids.values() for grid in of_place]
    return StreetPlan(seed, size, street, communities, [*everyday, *business], compounds)


def _grids(place: PlacePlan, drafts: Sequence[Draft], ids: Ids) -> list[PlacePlan]:
    """A grid for every three compounds or so, four at least."""
    number = max(4, ceil(sum(draft.community is place for draft in drafts) / 3))
    return [
        PlacePlan(ids.new("plc"), f"{place.code}-G{n:02}", PlaceKind.GRID, f"{place.name}第{n}网格", place.id)
        for n in range(1, number + 1)
    ]


def _compound(
    seed: int, ordinal: int, draft: Draft, homes: int, residents: int, grids: Sequence[PlacePlan], turn: int
) -> CompoundPlan:
    random = lots(seed, f"{draft.code}/plan")
    ids = Ids(seed, f"{draft.code}/plan", ordinal)
    return CompoundPlan(
        id=ids.new("cmp"),
        ordinal=ordinal,
        code=draft.code,
        name=draft.name,
        kind=draft.kind,
        governance=governance(draft, random),
        address=f"中山路街道{random.choice(names.ROADS)}{random.randint(1, 400)}号",
        latitude=round(29.356 + random.uniform(-0.03, 0.03), 6),
        longitude=round(105.918 + random.uniform(-0.035, 0.035), 6),
        year=draft.year,
        homes=homes,
        residents=residents,
        community=draft.community,
        grid=grids[turn % len(grids)],
        buildings=_buildings(ids, draft.code, homes, draft.style or style(draft, homes, random)),
    )


def _buildings(ids: Ids, code: str, homes: int, style: tuple[int, int, int]) -> list[BuildingPlan]:
    """Buildings that hold exactly ``homes`` homes, spread evenly over as few units as it takes."""
    storeys, per_floor, units_each = style
    units = ceil(homes / (storeys * per_floor))
    shares = spread(homes, [1.0] * units)
    buildings: list[BuildingPlan] = []
    for number, first in enumerate(range(0, units, units_each), 1):
        own = f"{code}-{number}"
        inside = [
            UnitPlan(ids.new("unt"), f"{own}-{n}", f"{n}单元", share, per_floor)
            for n, share in enumerate(shares[first : first + units_each], 1)
        ]
        buildings.append(BuildingPlan(ids.new("bld"), own, number, storeys, inside))
    return buildings
