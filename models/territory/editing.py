"""What places and compounds are called, what kind they are and where they lie: one act changes one of these."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.outlines import Outline, checked_outline, corners
from domain.points import Point, check_point
from domain.refusals import RefusalCode, Refused
from domain.territory import ADDRESS_MAX, NAME_MAX, YEAR_LEAST, CompoundKind, GovernanceMode, within
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.rows import Row
from models.search.words import remember

from .rows import Building, Compound, Home, Place, Unit

V = TypeVar("V", Place, Compound, Home)
#: How facts call columns that others call by the same name.
_CALLED = {"name": "called"}
#: What places and compounds are found by.
_FOUND_BY = {"name", "address"}
#: What a household is like is its own.
_UNTOLD = {"residents"}


def told(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as a fact holds them: an outline by the number of its corners, a household not at all."""
    return {_CALLED.get(name, name): _told(value) for name, value in columns.items() if name not in _UNTOLD}


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {"corners": corners(cast("Outline", value))}
    return str(value) if isinstance(value, Decimal) else value


async def change(
    model: type[V], row_id: str, viewer: Viewer, act: str, changes: dict[str, Any], expected_version: int | None
) -> V:
    """The row after ``act`` changed these columns of it; one that has them already stays as it is.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (a place that has ended) and STALE_VERSION.
    """
    async with in_transaction():
        row = await permitted(model, row_id, viewer, act)
        if isinstance(row, Place):
            row.check_living("id")
        unchanged(row.version, expected_version)
        return await changed(viewer, row, act, changes)


async def changed(viewer: Viewer, row: V, act: str, changes: dict[str, Any]) -> V:
    """The same, of a row that is locked and checked."""
    before = {name: getattr(row, name) for name in changes}
    if before == changes:
        return row
    row.update_from_dict(changes)
    row.version += 1
    await row.save(update_fields=[*changes, "version"])
    if isinstance(row, Place | Compound) and not _FOUND_BY.isdisjoint(changes):
        await remember(row)
    await record(actor_of(viewer), act, row, before=told(before), after=told(changes))
    return row


async def made(row: Place | Compound | Building | Unit | Home) -> None:
    """Store a new row. Refuses (CONFLICT) a code that is taken."""
    model: type[Row] = type(row)
    if not await model.filter(code=row.code).exists():
        async with constrained(_taken()):
            await row.save(force_create=True)
            if isinstance(row, Place | Compound):
                await remember(row)
        return
    raise _taken()


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Something else has this code.", "该编码已被使用。"),
        path=("code",),
        hint=Text("Choose another code.", "请更换编码。"),
    )


def point_columns(point: Point | None) -> dict[str, float | None]:
    """A point as columns; none: nobody knows where. Refuses (INVALID) what is not on the earth."""
    if point is None:
        return {"latitude": None, "longitude": None}
    check_point(point)
    return {"latitude": point.latitude, "longitude": point.longitude}


def year_column(year: int | None) -> dict[str, int | None]:
    """A year of handover as a column. Refuses (INVALID) one to come, or of before there were compounds."""
    if year is not None:
        within(year, "handed_over_year", YEAR_LEAST, today().year)
    return {"handed_over_year": year}


async def rename_place(viewer: Viewer, place_id: str, name: str, *, expected_version: int | None = None) -> Place:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (name), ILLEGAL_MOVE (it has ended) and STALE_VERSION."""
    changes = {"name": written(name, "name", NAME_MAX)}
    return await change(Place, place_id, viewer, "placeRename", changes, expected_version)


async def set_place_point(viewer: Viewer, place_id: str, point: Point | None, *, expected_version: int | None = None) -> Place:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (no point of the earth), ILLEGAL_MOVE (it has ended) and STALE_VERSION."""
    return await change(Place, place_id, viewer, "placeSetPoint", point_columns(point), expected_version)


async def set_place_outline(viewer: Viewer, place_id: str, outline: object, *, expected_version: int | None = None) -> Place:
    """None takes the outline away.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no outline), ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    changes = {"outline": None if outline is None else checked_outline(outline)}
    return await change(Place, place_id, viewer, "placeSetOutline", changes, expected_version)


async def rename_compound(viewer: Viewer, compound_id: str, name: str, *, expected_version: int | None = None) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (name) and STALE_VERSION."""
    changes = {"name": written(name, "name", NAME_MAX)}
    return await change(Compound, compound_id, viewer, "compoundRename", changes, expected_version)


async def set_address(viewer: Viewer, compound_id: str, address: str, *, expected_version: int | None = None) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (address) and STALE_VERSION."""
    changes = {"address": written(address, "address", ADDRESS_MAX)}
    return await change(Compound, compound_id, viewer, "compoundSetAddress", changes, expected_version)


async def set_kind(viewer: Viewer, compound_id: str, kind: CompoundKind, *, expected_version: int | None = None) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION."""
    return await change(Compound, compound_id, viewer, "compoundSetKind", {"kind": kind}, expected_version)


async def set_governance(
    viewer: Viewer, compound_id: str, governance: GovernanceMode, *, expected_version: int | None = None
) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION."""
    return await change(Compound, compound_id, viewer, "compoundSetGovernance", {"governance": governance}, expected_version)


async def set_year(viewer: Viewer, compound_id: str, year: int | None, *, expected_version: int | None = None) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (a year to come, or before 1800) and STALE_VERSION."""
    return await change(Compound, compound_id, viewer, "compoundSetYear", year_column(year), expected_version)


async def set_compound_point(
    viewer: Viewer, compound_id: str, point: Point | None, *, expected_version: int | None = None
) -> Compound:
    """Refuses NOT_FOUND, FORBIDDEN, INVALID (no point of the earth) and STALE_VERSION."""
    return await change(Compound, compound_id, viewer, "compoundSetPoint", point_columns(point), expected_version)


async def set_compound_outline(
    viewer: Viewer, compound_id: str, outline: object, *, expected_version: int | None = None
) -> Compound:
    """None takes the outline away. Refuses NOT_FOUND, FORBIDDEN, INVALID (no outline) and STALE_VERSION."""
    changes = {"outline": None if outline is None else checked_outline(outline)}
    return await change(Compound, compound_id, viewer, "compoundSetOutline", changes, expected_version)
