"""Mutations that split and merge grids; the acts are in models/territory/succession.py."""

import strawberry

from api.context import Context
from api.mutations.payloads import ChangeInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models.territory import succession


@strawberry.input(description="A grid to merge into another.")
class GridMergeInput(ChangeInput):
    into_id: strawberry.ID = strawberry.field(description="Grid (网格) of the same kind and community that takes it in.")


@bound("What gridMerge answers.")
class GridMergePayload(Payload):
    place = by_id("Place", "subject_id", description="The grid, ended (网格); null when refused.")


@mutation("Merge a grid into another (合并网格): what lies in it and who looks after it go along; it keeps its history.")
async def grid_merge(context: Context, given: GridMergeInput) -> GridMergePayload:
    done = await succession.merge_grid(context.viewer, given.id, given.into_id, expected_version=given.expected_version)
    return GridMergePayload(subject_id=done.id)


@strawberry.input(description="A grid, and what of it is to be a grid of its own.")
class GridSplitInput(ChangeInput):
    code: str = strawberry.field(description="Code of the new grid (编码), 1 to 40 characters.")
    name: str = strawberry.field(description="Name of the new grid (名称), 1 to 120 characters.")
    compound_ids: list[strawberry.ID] = strawberry.field(
        description="Compounds (小区) that go to the new grid.", default_factory=list
    )
    station_ids: list[strawberry.ID] = strawberry.field(
        description="Warm stations (驿站) that go to the new grid.", default_factory=list
    )


@bound("What gridSplit answers.")
class GridSplitPayload(Payload):
    place = by_id("Place", "subject_id", description="The new grid (网格); null when refused.")


@mutation("Split a part of a grid off as a grid of its own (拆分网格); the rest stays, and so do those who look after it.")
async def grid_split(context: Context, given: GridSplitInput) -> GridSplitPayload:
    done = await succession.split_grid(
        *(context.viewer, given.id),
        code=given.code,
        name=given.name,
        compound_ids=given.compound_ids,
        station_ids=given.station_ids,
        expected_version=given.expected_version,
    )
    return GridSplitPayload(subject_id=done.id)
