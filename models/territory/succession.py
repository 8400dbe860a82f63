"""Splitting and merging grids: what ends keeps its row, and whatever lay in it moves, all in one transaction."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.territory import CODE_MAX, NAME_MAX, PlaceKind
from domain.texts import written
from domain.words import Text
from models.accounts import Account, RoleBinding
from models.calendar import today
from models.connection import query
from models.employment import employ
from models.facts import record
from models.permits import actor_of, found, permit, permitted, unchanged
from models.search.words import fill
from models.stations import Station

from .editing import made
from .rows import Compound, Place

GRIDS = frozenset({PlaceKind.GRID, PlaceKind.BUSINESS_GRID})
#: Every column besides the territory's own that refers to a grid which may end: what lay in $1 lies in $2 from now on.
#: Routes that $2 has already are taken back where they would stand twice.
MOVES = (
    "UPDATE station SET grid_id = $2, version = version + 1 WHERE grid_id = $1",
    "UPDATE organisation SET place_id = $2 WHERE place_id = $1",
    """UPDATE ticket_route r SET removed_at = now() WHERE r.place_id = $1 AND r.removed_at IS NULL AND EXISTS (
        SELECT FROM ticket_route o WHERE o.place_id = $2 AND o.removed_at IS NULL
            AND o.kind IS NOT DISTINCT FROM r.kind AND o.category IS NOT DISTINCT FROM r.category)""",
    "UPDATE ticket_route SET place_id = $2 WHERE place_id = $1 AND removed_at IS NULL",
)


async def merge_grid(viewer: Viewer, grid_id: str, into_id: str, *, expected_version: int | None = None) -> Place:
    """The grid, ended today: its compounds, stations, organisations, routes and roles are those of the other from now on.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (itself, no grid, a grid of another kind or community), ILLEGAL_MOVE (one has ended)
    and STALE_VERSION.
    """
    async with in_transaction():
        permit(viewer, "gridMerge", await found(Place, grid_id, viewer))
        await found(Place, into_id, viewer, path=("into_id",))
        if grid_id == into_id:
            raise _invalid("into_id", "A grid is not merged into itself.", "网格不能合并到自身。")
        # Both are locked in one order, so that two who merge each into the other wait, and the second finds an ended one.
        locked = {id_: await found(Place, id_, viewer, lock=True) for id_ in sorted((grid_id, into_id))}
        grid, into = locked[grid_id], locked[into_id]
        unchanged(grid.version, expected_version)
        _check_grid(grid, "id")
        into.check_living("into_id")
        if (into.kind, into.parent_id) != (grid.kind, grid.parent_id):
            raise _invalid("into_id", "The two are not of one kind and community.", "两个网格的类别或所属社区不同。")
        compounds = await Compound.filter(grid_id=grid.id).order_by("id").select_for_update()
        await _move(viewer, "gridMerge", compounds, into)
        for move in MOVES:
            await query(move, grid.id, into.id)
        await _move_roles(viewer, grid, into)
        grid.ended_on, grid.became_id = today(), into.id
        grid.version += 1
        await grid.save(update_fields=["ended_on", "became_id", "version"])
        await fill([grid.id], [])
        after = {"ended_on": grid.ended_on.isoformat(), "became_id": into.id, "count": len(compounds)}
        await record(actor_of(viewer), "gridMerge", grid, after=after)
        return grid


async def _move(viewer: Viewer, act: str, compounds: Sequence[Compound], grid: Place) -> None:
    for compound in compounds:
        before, compound.grid_id = compound.grid_id, grid.id
        compound.version += 1
        await compound.save(update_fields=["grid_id", "version"])
        await record(actor_of(viewer), act, compound, before={"grid_id": before}, after={"grid_id": grid.id})


async def _move_roles(viewer: Viewer, grid: Place, into: Place) -> None:
    """Whoever holds a role over the grid holds it over the other from today on; what was stays on record."""
    first = today()
    last = first - timedelta(days=1)
    current = Q(ends_on=None) | Q(ends_on__gte=first)
    for binding in await RoleBinding.filter(current, place_id=grid.id).select_for_update():
        held = await RoleBinding.filter(current, account_id=binding.account_id, role=binding.role, place_id=into.id)
        if binding.starts_on > last and not held:
            await RoleBinding.filter(id=binding.id).update(place_id=into.id)
        elif binding.starts_on > last:
            await RoleBinding.filter(id=binding.id).delete()
        else:
            await RoleBinding.filter(id=binding.id).update(ends_on=last)
            if not held:
                over = {"place_id": into.id, "street_id": into.street_id}
                days: dict[str, Any] = {"starts_on": first, "ends_on": binding.ends_on}
                await RoleBinding.create(account_id=binding.account_id, role=binding.role, **over, **days)
        account = await Account.get(id=binding.account_id)
        await employ(first, account.id)
        told = {"role": binding.role, "starts_on": first.isoformat()}
        await record(actor_of(viewer), "gridMerge", account, after={**told, "bound": into.id})


async def split_grid(
    viewer: Viewer,
    grid_id: str,
    *,
    code: str,
    name: str,
    compound_ids: Sequence[str] = (),
    station_ids: Sequence[str] = (),
    expected_version: int | None = None,
) -> Place:
    """A new grid with these compounds and stations of another, which keeps the rest, and all who look after it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, no grid, what is not in it, nothing, or everything that is), ILLEGAL_MOVE (it
    has ended), CONFLICT (the code is taken) and STALE_VERSION.
    """
    code, name = written(code, "code", CODE_MAX), written(name, "name", NAME_MAX)
    async with in_transaction():
        grid = await permitted(Place, grid_id, viewer, "gridSplit")
        unchanged(grid.version, expected_version)
        _check_grid(grid, "id")
        compounds = [await found(Compound, id_, viewer, path=("compound_ids",), lock=True) for id_ in sorted({*compound_ids})]
        stations = [await found(Station, id_, viewer, path=("station_ids",), lock=True) for id_ in sorted({*station_ids})]
        for field, rows in (("compound_ids", compounds), ("station_ids", stations)):
            if any(row.grid_id != grid.id for row in rows):
                raise _invalid(field, "Not all of these are in the grid.", "所选对象不全在该网格内。")
        given = len(compounds) + len(stations)
        if not given:
            raise _invalid("compound_ids", "Nothing is split off.", "未选择要拆出的小区或驿站。")
        if given == await Compound.filter(grid_id=grid.id).count() + await Station.filter(grid_id=grid.id).count():
            raise _invalid("compound_ids", "Nothing would be left of the grid.", "拆分后原网格将为空。")
        where: dict[str, Any] = {"kind": grid.kind, "parent_id": grid.parent_id, "street_id": grid.street_id}
        part = Place(code=code, name=name, split_from_id=grid.id, **where)
        await made(part)
        part = await Place.get(id=part.id)
        await _move(viewer, "gridSplit", compounds, part)
        for station in stations:
            station.grid_id = part.id
            station.version += 1
            await station.save(update_fields=["grid_id", "version"])
        grid.version += 1
        await grid.save(update_fields=["version"])
        told = {"count": given}
        await record(actor_of(viewer), "gridSplit", grid, after={**told, "split_off": part.id})
        await record(actor_of(viewer), "gridSplit", part, after={**told, "split_from_id": grid.id})
        return part


def _check_grid(place: Place, field: str) -> None:
    place.check_living(field)
    if place.kind not in GRIDS:
        raise _invalid(field, "Only grids are split and merged.", "只有网格可以拆分或合并。")


def _invalid(field: str, en: str, zh: str) -> Refused:
    hint = Text("Name a grid of the same community, and some of what is in it.", "请选择同一社区的网格及其中的部分对象。")
    return Refused(RefusalCode.INVALID, Text(en, zh), path=(field,), hint=hint)
