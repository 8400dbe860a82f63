"""Grids that are split and merged: nothing is lost, and what was stays on record."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.organisations import OrganisationKind
from domain.points import Point
from domain.refusals import RefusalCode, Refused
from domain.search import SearchKind
from domain.territory import CompoundKind, GovernanceMode, PlaceKind
from models import Compound, Fact, Organisation, Place, RoleBinding, TicketRoute
from models.calendar import now, today
from models.connection import query
from models.organisations import create
from models.roles import grant_role
from models.search.finding import search
from models.stations import open_station
from models.territory import add_compound, rename_place, set_grid, set_place_outline, set_place_point
from models.territory.succession import MOVES, merge_grid, split_grid
from models.tickets.routing import set_route
from models.viewers import viewer_of
from tests.builders import a_code, a_community, a_compound, a_grid, a_role, a_street, an_account, an_organisation
from tests.models.ticket_world import refusal, somebody
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("database")

#: Columns that refer to places, and why they need not move: they say where it lies, what it became, or are the street.
_STAY = {("place", "parent_id"), ("place", "became_id"), ("place", "split_from_id"), ("compound", "community_id")}
_MOVED = {
    *(("compound", "grid_id"), ("role_binding", "place_id")),
    *(("station", "grid_id"), ("organisation", "place_id"), ("ticket_route", "place_id")),
}


_COMPOUND: dict[str, Any] = {
    "code": "C-1",
    "name": "康桥",
    "address": "中山路街道1号",
    "kind": CompoundKind.PROPERTY_MANAGED,
    "governance": GovernanceMode.COMPANY,
}


class World:
    """Two grids of a community: two compounds in the first, one in the second."""

    street: Place
    community: Place
    first: Place
    second: Place
    compounds: list[Compound]
    officer: Viewer


@pytest.fixture
async def world(database: Any) -> World:
    made = World()
    made.street = await a_street()
    made.community = await a_community(made.street)
    made.first, made.second = await a_grid(made.community), await a_grid(made.community)
    made.compounds = [await a_compound(made.community, grid_id=grid.id) for grid in (made.first, made.first, made.second)]
    made.officer = await somebody(Role.STREET_OFFICER, place=made.street)
    return made


async def test_a_merged_grid_ends_and_all_that_was_its_moves(world: World):
    await rename_place(world.officer, world.first.id, "海棠网格")
    team = await an_organisation(world.street, kind=OrganisationKind.GRID_TEAM, place_id=world.first.id)
    worker = await an_account(street_id=world.street.id, organisation_id=team.id)
    await a_role(worker, Role.GRID_WORKER, place=world.first)
    coming = await an_account(street_id=world.street.id)
    await a_role(coming, Role.GRID_WORKER, place=world.first, starts_on=today() + timedelta(days=3))
    for place in (world.first, world.second):
        where = {"place_id": place.id, "organisation_id": team.id, "street_id": world.street.id}
        await TicketRoute.create(set_at=now(), **where)
    await TicketRoute.create(set_at=now(), category="PARKING", **where | {"place_id": world.first.id})
    merged = await merge_grid(world.officer, world.first.id, world.second.id, expected_version=2)
    assert (merged.ended_on, merged.became_id, merged.version) == (today(), world.second.id, 3)
    assert await Compound.filter(grid_id=world.second.id).count() == 3
    assert (await Organisation.get(id=team.id)).place_id == world.second.id
    live = await TicketRoute.filter(removed_at=None)
    assert {(route.place_id, route.category) for route in live} == {(world.second.id, None), (world.second.id, "PARKING")}
    sight = await viewer_of(worker.id)
    assert sight is not None
    assert {*sight.reach[Role.GRID_WORKER]["compound"]} == {compound.id for compound in world.compounds}  # pyright: ignore[reportArgumentType]
    held = await RoleBinding.filter(account_id=worker.id).order_by("starts_on")
    assert [(each.place_id, each.ends_on) for each in held] == [
        (world.first.id, today() - timedelta(days=1)),
        (world.second.id, None),
    ]
    assert [each.place_id for each in await RoleBinding.filter(account_id=coming.id)] == [world.second.id]
    assert await Fact.filter(action="gridMerge").count() == 5
    assert await search(world.officer, "海棠网格", [SearchKind.PLACE]) == []
    for act in (
        merge_grid(world.officer, world.second.id, world.first.id),
        merge_grid(world.officer, world.first.id, world.second.id),
        split_grid(world.officer, world.first.id, code="x", name="x", compound_ids=[world.compounds[0].id]),
        set_grid(world.officer, world.compounds[0].id, world.first.id),
    ):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE


async def test_nothing_is_done_with_a_grid_that_has_ended(world: World):
    administrator = await somebody(Role.ADMINISTRATOR, place=world.street)
    market, other = [await a_grid(world.community, kind=PlaceKind.BUSINESS_GRID, name="集市") for _ in range(2)]
    company = await an_organisation(world.street)
    account = await an_account(street_id=world.street.id)
    await merge_grid(world.officer, world.first.id, world.second.id)
    await merge_grid(world.officer, market.id, other.id)
    gone, team = world.first.id, {"kind": OrganisationKind.GRID_TEAM, "code": a_code("T"), "name": "网格组"}
    door = {"code": a_code("S"), "name": "驿站", "address": "一号", "point": Point(29.3, 105.9)}
    for act, field in (
        (rename_place(world.officer, gone, "新名"), "id"),
        (set_place_point(world.officer, gone, Point(29.3, 105.9)), "id"),
        (set_place_outline(world.officer, gone, None), "id"),
        (add_compound(world.officer, gone, **_COMPOUND), "place_id"),
        (create(world.officer, gone, **team), "place_id"),
        (open_station(world.officer, market.id, organisation_id=company.id, **door), "grid_id"),
        (set_route(world.officer, gone, organisation_id=company.id), "over_id"),
        (grant_role(administrator, account.id, Role.GRID_WORKER, gone), "bound_id"),
    ):
        refused = await refusal(act)
        assert (refused.code, refused.path) == (RefusalCode.ILLEGAL_MOVE, (field,))
    assert await search(world.officer, "新名") == []


async def test_who_takes_a_role_while_the_grid_ends_does_not_take_it_over_the_ended_one(world: World):
    administrator = await somebody(Role.ADMINISTRATOR, place=world.street)
    account = await an_account(street_id=world.street.id)
    begun = asyncio.Event()

    async def grant() -> Any:
        await begun.wait()
        return await grant_role(administrator, account.id, Role.GRID_WORKER, world.first.id)

    granting = asyncio.create_task(grant())
    async with in_transaction():
        await merge_grid(world.officer, world.first.id, world.second.id)
        begun.set()
        await until(lambda: query("SELECT pid FROM pg_locks WHERE NOT granted"), what="whoever grants to wait")
    refused = await refusal(granting)
    assert (refused.code, refused.path) == (RefusalCode.ILLEGAL_MOVE, ("bound_id",))
    assert await RoleBinding.filter(account_id=account.id).count() == 0


async def test_a_part_of_a_grid_becomes_a_grid_and_the_rest_stays(world: World):
    worker = await somebody(Role.GRID_WORKER, place=world.first)
    assert worker.account_id
    part = await split_grid(
        world.officer, world.first.id, code=a_code("G"), name="新网格", compound_ids=[world.compounds[0].id], expected_version=1
    )
    assert (part.kind, part.parent_id, part.split_from_id) == (PlaceKind.GRID, world.community.id, world.first.id)
    assert [(await Compound.get(id=each.id)).grid_id for each in world.compounds] == [
        part.id,
        world.first.id,
        world.second.id,
    ]
    sight = await viewer_of(worker.account_id)
    assert sight is not None
    assert sight.reach[Role.GRID_WORKER]["compound"] == (world.compounds[1].id,)  # pyright: ignore[reportArgumentType]
    assert [hit.subject_id for hit in await search(world.officer, "xwg")] == [part.id]


async def test_what_cannot_be_split_or_merged_is_named_with_a_remedy(world: World):
    elsewhere = await a_grid(await a_community(world.street))
    market = await a_grid(world.community, kind=PlaceKind.BUSINESS_GRID)
    here = [compound.id for compound in world.compounds[:2]]

    def split(ids: list[str], **given: Any) -> Any:
        about = {"code": a_code("G"), "name": "新网格", **given}
        return split_grid(world.officer, world.first.id, compound_ids=ids, **about)

    for act, field in (
        (merge_grid(world.officer, world.first.id, world.first.id), "into_id"),
        (merge_grid(world.officer, world.first.id, elsewhere.id), "into_id"),
        (merge_grid(world.officer, world.first.id, market.id), "into_id"),
        (merge_grid(world.officer, world.community.id, world.first.id), "id"),
        (merge_grid(world.officer, world.first.id, (await a_grid()).id), "into_id"),
        (merge_grid(world.officer, world.first.id, world.second.id, expected_version=7), "expected_version"),
        (split([]), "compound_ids"),
        (split(here), "compound_ids"),
        (split([world.compounds[2].id]), "compound_ids"),
        (split([(await a_compound()).id]), "compound_ids"),
        (split(here[:1], code=world.second.code), "code"),
        (split(here[:1], name=""), "name"),
        (split_grid(world.officer, world.community.id, code="x", name="x", compound_ids=here[:1]), "id"),
    ):
        assert (await refusal(act)).path == (field,)
    assert await Place.filter(ended_on__not_isnull=True).count() == 0
    assert await Fact.all().count() == 0


async def test_of_two_grids_merged_into_each_other_at_once_one_goes_on(world: World):
    acts = [merge_grid(world.officer, *ids) for ids in ((world.first.id, world.second.id), (world.second.id, world.first.id))]
    done = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Place", "Refused"]
    (refused,) = (each for each in done if isinstance(each, Refused))
    assert refused.code is RefusalCode.ILLEGAL_MOVE
    assert await Place.filter(parent_id=world.community.id, ended_on=None).count() == 1
    assert len({each.grid_id for each in await Compound.filter(community_id=world.community.id)}) == 1


async def test_nothing_that_refers_to_a_grid_is_forgotten(world: World):
    rows = await query(
        "SELECT DISTINCT c.conrelid::regclass::text AS child, a.attname::text AS name FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
        " WHERE c.contype = 'f' AND c.confrelid = 'place'::regclass AND a.attname NOT IN ('street_id', 'grid_kind')"
    )
    referring = {(row["child"], row["name"]) for row in rows}
    assert referring - _STAY == _MOVED, "say in models/territory/succession.py how it moves"
    assert all(
        any(f"UPDATE {table} " in move for move in MOVES)
        for table, _ in _MOVED - {("compound", "grid_id"), ("role_binding", "place_id")}
    )
