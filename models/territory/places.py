"""Adding places: communities and villages below the street, grids and business grids below these."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.territory import CODE_MAX, NAME_MAX, PARENTS, PlaceKind
from domain.texts import written
from domain.words import Text
from models.facts import record
from models.permits import actor_of, permitted

from .editing import made
from .rows import Place


async def add_place(viewer: Viewer, parent_id: str, kind: PlaceKind, *, code: str, name: str) -> Place:
    """A place below another.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, a kind that does not lie below the parent's) and CONFLICT (the code is taken).
    """
    code, name = written(code, "code", CODE_MAX), written(name, "name", NAME_MAX)
    async with in_transaction():
        parent = await permitted(Place, parent_id, viewer, "placeAdd", path=("parent_id",))
        if parent.kind not in PARENTS[kind]:
            raise Refused(
                RefusalCode.INVALID,
                Text(
                    f"A {kind.lower().replace('_', ' ')} does not lie below a {parent.kind.lower().replace('_', ' ')}.",
                    f"{parent.kind.zh}之下不能设{kind.zh}。",
                ),
                path=("parent_id",),
                hint=_HINT,
            )
        place = Place(code=code, kind=kind, name=name, parent_id=parent.id, street_id=parent.street_id)
        await made(place)
        place = await Place.get(id=place.id)
        await record(actor_of(viewer), "placeAdd", place, after={"kind": kind, "parent_id": parent.id})
        return place


_HINT = Text(
    "Communities and villages lie below a street, grids and business grids below these.",
    "社区、村设在街道之下，网格、商圈网格设在社区、村之下。",
)
