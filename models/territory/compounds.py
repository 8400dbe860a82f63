"""Adding compounds, moving them to another grid, and what their register counts."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.points import Point
from domain.refusals import RefusalCode, Refused
from domain.territory import (
    ADDRESS_MAX,
    CODE_MAX,
    COMMUNITIES,
    COUNT_MAX,
    NAME_MAX,
    CompoundKind,
    GovernanceMode,
    PlaceKind,
    within,
)
from domain.texts import written
from domain.words import Text
from models.facts import record
from models.permits import actor_of, found, permit, permitted, unchanged

from .editing import change, changed, made, point_columns, year_column
from .rows import Compound, Place


async def add_compound(
    viewer: Viewer,
    place_id: str,
    *,
    code: str,
    name: str,
    kind: CompoundKind,
    governance: GovernanceMode,
    address: str,
    year: int | None = None,
    point: Point | None = None,
    homes: int = 0,
    residents: int = 0,
) -> Compound:
    """A compound in a grid, or in a community or village that has none for it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, figures, a place of another kind) and CONFLICT (the code is taken).
    """
    columns = {
        "code": written(code, "code", CODE_MAX),
        "name": written(name, "name", NAME_MAX),
        "address": written(address, "address", ADDRESS_MAX),
        "kind": kind,
        "governance": governance,
        **year_column(year),
        **point_columns(point),
        **_counts(homes, residents),
    }
    async with in_transaction():
        place = await permitted(Place, place_id, viewer, "compoundAdd", path=("place_id",))
        compound = Compound(**columns, **_lies_in(place, "place_id"), street_id=place.street_id)
        await made(compound)
        compound = await Compound.get(id=compound.id)
        after = {"kind": kind, "governance": governance, "community_id": compound.community_id, "grid_id": compound.grid_id}
        await record(actor_of(viewer), "compoundAdd", compound, after=after)
        return compound


async def set_grid(viewer: Viewer, compound_id: str, place_id: str, *, expected_version: int | None = None) -> Compound:
    """Move a compound to a grid of its street, or to a community or village that has none for it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (another street, a place of another kind) and STALE_VERSION.
    """
    async with in_transaction():
        permit(viewer, "compoundSetGrid", await found(Compound, compound_id, viewer))
        place = await found(Place, place_id, viewer, path=("place_id",), lock=True)  # before the compound, as where grids merge
        compound = await permitted(Compound, compound_id, viewer, "compoundSetGrid")
        unchanged(compound.version, expected_version)
        if place.street_id != compound.street_id:
            raise Refused(
                RefusalCode.INVALID,
                Text("The place is of another street.", "该地域不属于本街道。"),
                path=("place_id",),
                hint=Text("Name a place of the compound's street.", "请选择小区所在街道的地域。"),
            )
        return await changed(viewer, compound, "compoundSetGrid", _lies_in(place, "place_id"))


def _lies_in(place: Place, field: str) -> dict[str, str | None]:
    """The columns that say where a compound lies. Refuses INVALID (a place of another kind) and ILLEGAL_MOVE (it has ended)."""
    place.check_living(field)
    if place.kind is PlaceKind.GRID:
        return {"community_id": place.parent_id, "grid_id": place.id}
    if place.kind in COMMUNITIES:
        return {"community_id": place.id, "grid_id": None}
    raise Refused(
        RefusalCode.INVALID,
        Text(f"No compound lies in a {place.kind.lower().replace('_', ' ')} itself.", f"小区不能直接设在{place.kind.zh}之下。"),
        path=(field,),
        hint=Text("Name a grid, a community or a village.", "请选择网格、社区或村。"),
    )


async def set_counts(
    viewer: Viewer, compound_id: str, homes: int, residents: int, *, expected_version: int | None = None
) -> Compound:
    """What the register says of how many homes and residents there are.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (figures) and STALE_VERSION.
    """
    return await change(Compound, compound_id, viewer, "compoundSetCounts", _counts(homes, residents), expected_version)


def _counts(homes: int, residents: int) -> dict[str, int]:
    for field, count in (("home_count", homes), ("resident_count", residents)):
        within(count, field, 0, COUNT_MAX)
    return {"home_count": homes, "resident_count": residents}
