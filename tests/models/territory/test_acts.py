"""Places, compounds and homes as the street's people draw, name and count them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role, Viewer
from domain.points import Point
from domain.refusals import RefusalCode
from domain.territory import CompoundKind, GovernanceMode, HomeUse, PlaceKind
from models import Compound, Fact, Home, Place
from models.territory import (
    HomePlan,
    add_building,
    add_compound,
    add_homes,
    add_place,
    add_unit,
    rename_compound,
    rename_place,
    set_address,
    set_area,
    set_compound_outline,
    set_compound_point,
    set_counts,
    set_governance,
    set_grid,
    set_kind,
    set_place_outline,
    set_place_point,
    set_residents,
    set_use,
    set_year,
)
from tests.builders import a_building, a_code, a_community, a_compound, a_grid, a_home, a_street, a_unit
from tests.models.ticket_world import refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

_AREA: Any = {"type": "Polygon", "coordinates": [[[105.9, 29.3], [105.91, 29.3], [105.9, 29.31], [105.9, 29.3]]]}


class World:
    """A street with a community and a grid in it, a compound in that, and who looks after them."""

    street: Place
    community: Place
    grid: Place
    compound: Compound
    officer: Viewer
    clerk: Viewer
    worker: Viewer


@pytest.fixture
async def world(database: Any) -> World:
    made = World()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.grid = await a_grid(made.community)
    made.compound = await a_compound(made.community, grid_id=made.grid.id)
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    made.clerk = await somebody(Role.COMMUNITY_STAFF, place=made.community)
    made.worker = await somebody(Role.GRID_WORKER, place=made.grid)
    return made


def _compound(**given: Any) -> dict[str, Any]:
    about = {"code": a_code("C"), "name": "康桥", "kind": CompoundKind.PROPERTY_MANAGED, "address": "中山路街道1号"}
    return {"governance": GovernanceMode.COMPANY, **about, **given}


async def test_the_tree_is_built_from_the_street_to_the_door(world: World):
    village = await add_place(world.officer, world.street.id, PlaceKind.VILLAGE, code=a_code("V"), name="双河口村")
    grid = await add_place(world.officer, village.id, PlaceKind.GRID, code=a_code("G"), name="第一网格")
    market = await add_place(world.officer, village.id, PlaceKind.BUSINESS_GRID, code=a_code("G"), name="商圈网格")
    assert {grid.street_id, market.street_id} == {world.street.id}
    compound = await add_compound(world.officer, grid.id, **_compound(year=2008, point=Point(29.3, 105.9), homes=2, residents=5))
    assert (compound.community_id, compound.grid_id, compound.street_id) == (village.id, grid.id, world.street.id)
    clerk = await somebody(Role.COMMUNITY_STAFF, place=village)
    building = await add_building(clerk, compound.id, code=a_code("B"), name="24幢", storeys=33, height_m=Decimal("99.00"))
    unit = await add_unit(clerk, building.id, code=a_code("U"), name="1单元")
    plans = [HomePlan(a_code("H"), f"{n}-1", n, Decimal("89.50"), residents=n) for n in (1, 2)]
    await add_homes(clerk, unit.id, [*plans, HomePlan(a_code("H"), "底商", 1, Decimal(30), HomeUse.COMMERCIAL)])
    homes = await Home.filter(compound_id=compound.id).order_by("name")
    assert [(home.use, home.residents) for home in homes] == [("RESIDENTIAL", 1), ("RESIDENTIAL", 2), ("COMMERCIAL", 0)]
    assert await Fact.filter(subject_id=unit.id).values_list("action", flat=True) == ["unitAdd", "homesAdd"]


async def test_every_change_counts_a_version_and_is_on_record(world: World):
    compound_id, officer = world.compound.id, world.clerk
    for act, given in (
        (rename_compound, ("康桥生活公园",)),
        (set_address, ("棠城大道24号",)),
        (set_kind, (CompoundKind.UNMANAGED,)),
        (set_governance, (GovernanceMode.SELF_RUN,)),
        (set_year, (None,)),
        (set_counts, (1_504, 3_000)),
        (set_compound_point, (Point(29.356, 105.918),)),
        (set_compound_outline, (_AREA,)),
    ):
        assert (await act(officer, compound_id, *given)).version > world.compound.version
        again: Any = await act(officer, compound_id, *given)
        assert again.version == (await Compound.get(id=compound_id)).version
    compound = await Compound.get(id=compound_id)
    assert (compound.version, compound.outline, compound.home_count) == (9, _AREA, 1_504)
    facts = await Fact.filter(subject_id=compound_id)
    assert len(facts) == 8
    told = {fact.action: fact.after for fact in facts}
    assert told["compoundSetOutline"] == {"outline": {"corners": 3}}
    assert told["compoundRename"] == {"called": "康桥生活公园"}
    assert (await set_compound_outline(officer, compound_id, None)).outline is None
    place = await rename_place(world.officer, world.grid.id, "第二网格")
    place = await set_place_point(world.officer, place.id, Point(29.3, 105.9))
    place = await set_place_outline(world.officer, place.id, _AREA)
    assert (place.name, place.version, place.outline) == ("第二网格", 4, _AREA)


async def test_a_home_is_counted_by_the_grid_and_the_record_does_not_say_how_many_live_there(world: World):
    home = await a_home(compound_id=world.compound.id, street_id=world.street.id)
    await set_residents(world.worker, home.id, 4, expected_version=1)
    (fact,) = await Fact.filter(subject_id=home.id)
    assert (fact.before, fact.after) == ({}, {})
    assert (await refusal(set_use(world.worker, home.id, HomeUse.VACANT))).code is RefusalCode.FORBIDDEN
    assert (await set_use(world.clerk, home.id, HomeUse.OFFICE)).use is HomeUse.OFFICE
    home = await set_area(world.clerk, home.id, Decimal("120.25"), expected_version=3)
    assert (home.residents, home.area_m2, home.version) == (4, Decimal("120.25"), 4)


async def test_of_two_who_change_one_thing_at_once_one_is_told_that_it_changed(world: World):
    names = [rename_compound(world.clerk, world.compound.id, name, expected_version=1) for name in ("东", "西")]
    answers = await asyncio.gather(*names, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Compound", "Refused"]
    (refused,) = (answer for answer in answers if not isinstance(answer, Compound))
    assert getattr(refused, "code", None) is RefusalCode.STALE_VERSION


async def test_a_compound_moves_to_another_grid_of_its_street_only(world: World):
    hillside = await a_grid(await a_community(world.street))
    moved = await set_grid(world.officer, world.compound.id, hillside.id)
    assert (moved.grid_id, moved.community_id) == (hillside.id, hillside.parent_id)
    moved = await set_grid(world.officer, world.compound.id, world.community.id)
    assert (moved.grid_id, moved.community_id) == (None, world.community.id)
    for wrong in (world.street, await a_grid(world.community, kind=PlaceKind.BUSINESS_GRID)):
        assert (await refusal(set_grid(world.officer, world.compound.id, wrong.id))).path == ("place_id",)
    far = await a_grid()
    assert (await refusal(set_grid(world.officer, world.compound.id, far.id))).code is RefusalCode.NOT_FOUND
    assert (await refusal(set_grid(world.clerk, world.compound.id, world.grid.id))).code is RefusalCode.FORBIDDEN
    both = Viewer(
        world.officer.account_id,
        reach={r: {k: (*v, far.street_id) for k, v in held.items()} for r, held in world.officer.reach.items()},
    )
    assert (await refusal(set_grid(both, world.compound.id, far.id))).path == ("place_id",)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda w: add_place(w.officer, w.street.id, PlaceKind.GRID, code="x", name="x"), "parent_id"),
        (lambda w: add_place(w.officer, w.grid.id, PlaceKind.GRID, code="x", name="x"), "parent_id"),
        (lambda w: add_place(w.officer, w.community.id, PlaceKind.STREET, code="x", name="x"), "parent_id"),
        (lambda w: add_place(w.officer, w.community.id, PlaceKind.GRID, code=w.grid.code, name="x"), "code"),
        (lambda w: add_place(w.officer, w.community.id, PlaceKind.GRID, code=" ", name="x"), "code"),
        (lambda w: add_place(w.officer, w.community.id, PlaceKind.GRID, code="x", name="x" * 121), "name"),
        (lambda w: add_compound(w.officer, w.street.id, **_compound()), "place_id"),
        (lambda w: add_compound(w.officer, w.grid.id, **_compound(code=w.compound.code)), "code"),
        (lambda w: add_compound(w.officer, w.grid.id, **_compound(year=3000)), "handed_over_year"),
        (lambda w: add_compound(w.officer, w.grid.id, **_compound(homes=-1)), "home_count"),
        (lambda w: add_compound(w.officer, w.grid.id, **_compound(point=Point(105.9, 29.3))), "latitude"),
        (lambda w: rename_compound(w.clerk, w.compound.id, "\0"), "name"),
        (lambda w: set_address(w.clerk, w.compound.id, ""), "address"),
        (lambda w: set_year(w.clerk, w.compound.id, 12), "handed_over_year"),
        (lambda w: set_counts(w.clerk, w.compound.id, 0, 1_000_001), "resident_count"),
        (lambda w: set_compound_outline(w.clerk, w.compound.id, {"type": "Point"}), "outline"),
        (lambda w: set_place_outline(w.officer, w.grid.id, []), "outline"),
        (lambda w: add_building(w.clerk, w.compound.id, code="x", name="x", storeys=0), "storeys"),
        (lambda w: add_building(w.clerk, w.compound.id, code="x", name="x", storeys=1, height_m=Decimal("NaN")), "height_m"),
    ],
)
async def test_what_is_wrong_is_named_with_a_remedy(world: World, act: Callable[[World], Awaitable[Any]], field: str):
    assert (await refusal(act(world))).path == (field,)


async def test_homes_are_added_all_together_or_not_at_all(world: World):
    home = await a_home(await a_unit(await a_building(world.compound)))
    good = HomePlan("H-good", "1-1", 1, Decimal(50))
    for plans in (
        [],
        [good] * 2,
        [good, HomePlan(home.code, "1-2", 1, Decimal(50))],
        [good, HomePlan("H-2", "", 1, Decimal(50))],
        [good, HomePlan("H-2", "1-2", 999, Decimal(50))],
        [good, HomePlan("H-2", "1-2", 1, Decimal("0.001"))],
        [good, HomePlan("H-2", "1-2", 1, Decimal(50), residents=101)],
        [HomePlan(f"H-{n}", "1-2", 1, Decimal(50)) for n in range(201)],
    ):
        assert (await refusal(add_homes(world.clerk, home.unit_id, plans))).path == ("homes",)
    assert await Home.filter(code="H-good").count() == 0


async def test_the_database_keeps_street_community_and_grid_together(world: World):
    other = await a_community()
    for wrong in ({"street_id": other.street_id}, {"community_id": other.id}, {"grid_id": (await a_grid(other)).id}):
        with pytest.raises(IntegrityError):
            await Compound.filter(id=world.compound.id).update(**wrong)
    with pytest.raises(IntegrityError):
        await Place.filter(id=world.grid.id).update(parent_id=other.id)
