"""Setting plans: how often a street has something done, everywhere, in one compound or to one facility."""

from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.texts import written
from domain.upkeep import CLAUSE_MAX, Plan, UpkeepKind, check_cadence, check_days, check_kind, invalid
from domain.words import Text
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, found, not_found, permit
from models.rows import Row
from models.territory import Compound, Place
from models.work import add, ringing

from .rows import UpkeepPlan
from .work import KIND_ALL, leave

_PLANNED = frozenset(UpkeepKind) - {UpkeepKind.REPAIR}
_PLACES: dict[str, type[Row]] = {each.prefix: each for each in (Place, Compound, Facility)}


async def set_plan(
    viewer: Viewer,
    place_id: str,
    facility_kind: FacilityKind,
    kind: UpkeepKind,
    plan: Plan | None,
    *,
    reset: bool = False,
) -> UpkeepPlan | None:
    """How often ``kind`` is done to facilities of a kind in a street, a compound, or to one of them; ``reset``: as the wider
    place or the default has it.

    All that is due is worked out anew. Refuses NOT_FOUND, FORBIDDEN and INVALID (see ``check_cadence``; a place that is no
    street, a kind that such facilities do not have).
    """
    async with ringing(), in_transaction():
        place = await _place(viewer, place_id)
        if isinstance(place, Facility) and place.kind is not facility_kind:
            raise invalid(
                ("facility_kind",),
                Text("The facility is of another kind.", "设施类别不符。"),
                Text(f"It is {place.kind}.", f"该设施为“{place.kind.zh}”。"),
            )
        check_kind(kind, facility_kind, among=_PLANNED)
        of: dict[str, Any] = {"facility_kind": facility_kind, "kind": kind, **_columns(place)}
        stored = await UpkeepPlan.get_or_none(**of)
        before, row = _told(stored), stored
        if reset:
            if stored is not None:
                await stored.delete()
            row = None
        else:
            row = (stored or UpkeepPlan(**of)).update_from_dict(_figures(plan))
            await row.save(force_create=stored is None)
        named = {"kind": kind, "facility_kind": facility_kind}
        await record(actor_of(viewer), "upkeepPlanSet", place, before=named | before, after=named | _told(row))
        if isinstance(place, Facility):
            await leave([place.id])
        else:
            await add(KIND_ALL, {"street": of["street_id"], "kind": facility_kind})
        return row


async def _place(viewer: Viewer, place_id: str) -> Row:
    model = _PLACES.get(place_id[:3])
    if model is None:
        raise not_found(("place_id",))
    place = await found(model, place_id, viewer, path=("place_id",))
    permit(viewer, "upkeepPlanSet", place)
    if isinstance(place, Place) and place.kind is not PlaceKind.STREET:
        raise invalid(
            ("place_id",),
            Text("Communities, villages and grids have no plans of their own.", "社区、村和网格不能单独设置计划。"),
            Text("Name the street, a compound or a facility.", "请选择街道、小区或设施。"),
        )
    # Two at once for the same place: the second waits for the first.
    return await model.select_for_update(of=(model._meta.db_table,)).get(id=place.pk)  # pyright: ignore[reportPrivateUsage]


def _columns(place: Row) -> dict[str, str | None]:
    match place:
        case Compound():
            return {"street_id": place.street_id, "compound_id": place.id, "facility_id": None}
        case Facility():
            return {"street_id": place.street_id, "compound_id": place.compound_id, "facility_id": place.id}
        case _:
            return {"street_id": place.pk, "compound_id": None, "facility_id": None}


def _figures(plan: Plan | None) -> dict[str, object]:
    if plan is None:
        raise Refused(
            RefusalCode.INVALID,
            Text("There is no measure.", "缺少计量方式。"),
            path=("measure",),
            hint=Text(
                "Give a measure with its interval or days, or reset: true.", "请填写计量方式及间隔或日期，或设置 reset: true。"
            ),
        )
    cadence = check_cadence(plan.cadence)
    return {
        "measure": cadence.measure,
        "every": cadence.every,
        "numbers": list(cadence.numbers),
        "months": list(cadence.months),
        "ahead_days": check_days(plan.ahead_days, "ahead_days"),
        "warn_days": check_days(plan.warn_days, "warn_days"),
        "asks_location": plan.asks_location,
        "off": plan.off,
        "clause": written(plan.clause, "clause", CLAUSE_MAX),
    }


def _told(row: UpkeepPlan | None) -> dict[str, object]:
    if row is None:
        return {}
    names = ("measure", "every", "numbers", "months", "ahead_days", "warn_days", "asks_location", "off")
    return {name: getattr(row, name) for name in names}
