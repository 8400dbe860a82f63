"""Acts on the points of plans: where is scanned, what is asked there, and the code that is printed for it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.points import Point, check_point
from domain.refusals import RefusalCode, Refused
from domain.rounds import KINDS, NAME_MAX, PLACE_MAX, POINTS_MAX, invalid, written_items
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, found, permitted
from models.rows import Row
from models.territory import Building

from .rows import RoundPlan, RoundPoint
from .sides import check_may_loosen

R = TypeVar("R", Building, Facility)
#: Without letters and digits that look alike; as many as leave nothing to guess.
_ALPHABET, _LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 26
_NUMBER_MAX = 999


async def living_plan(viewer: Viewer, plan_id: str, act: str, field: str = "id") -> RoundPlan:
    """The plan, FOR UPDATE, on which the viewer may do ``act``. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it has ended)."""
    row = await permitted(RoundPlan, plan_id, viewer, act, path=(field,))
    if row.ends_on is not None and row.ends_on < today():
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The plan ended on {row.ends_on}.", f"该计划已于 {row.ends_on} 结束。"),
            path=(field,),
            hint=Text("Make a new one.", "请另设计划。"),
        )
    return row


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


@dataclass(frozen=True)
class NewPoint:
    """A point as people give it. ``at``: where it is; None: nobody is asked there where they stand.

    ``items``: what is asked there, in words; None: what the kind of rounds asks.
    """

    name: str
    place: str = ""
    at: Point | None = None
    items: Sequence[str] | None = None
    building_id: str | None = None
    facility_id: str | None = None


async def create_point(
    viewer: Viewer, plan: RoundPlan, given: NewPoint, number: int, moment: datetime, *, path: tuple[str, ...] = ()
) -> RoundPoint:
    """A new point of the plan, which the caller has locked. Refuses (INVALID, NOT_FOUND) texts, places and what is elsewhere."""
    try:
        if given.at is not None:
            check_point(given.at)
        items = KINDS[plan.kind].items if given.items is None else written_items(given.items)
        columns: dict[str, Any] = {
            "name": written(given.name, "name", NAME_MAX),
            "place": written(given.place, "place", PLACE_MAX, least=0),
            "building_id": await _within(Building, given.building_id, viewer, plan, "building_id"),
            "facility_id": await _within(Facility, given.facility_id, viewer, plan, "facility_id"),
        }
    except Refused as refused:
        refused.path = (*path, *map(_camel, refused.path)) if path else refused.path
        raise
    return await RoundPoint.create(
        number=number,
        code=new_code(),
        latitude=given.at and given.at.latitude,
        longitude=given.at and given.at.longitude,
        items=[item.packed() for item in items],
        added_at=moment,
        plan_id=plan.id,
        compound_id=plan.compound_id,
        street_id=plan.street_id,
        **columns,
    )


def _camel(name: str) -> str:
    """A name as it stands in a list of the input: building_id is buildingId there."""
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


async def _within(model: type[R], row_id: str | None, viewer: Viewer, plan: RoundPlan, field: str) -> str | None:
    if row_id is None:
        return None
    row: Row = await found(model, row_id, viewer, path=(field,))
    if getattr(row, "compound_id") != plan.compound_id:  # noqa: B009
        raise invalid(
            (field,),
            Text("It stands in another compound.", "该对象不在此小区。"),
            Text("Name one of the plan's compound.", "请选择本小区的楼栋或设施。"),
        )
    return row.pk


async def add_point(viewer: Viewer, plan_id: str, given: NewPoint, *, number: int | None = None) -> RoundPoint:
    """Add a point to a plan, for rounds that open from now on. ``number``: where in the order; default: after the last.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (as ``create_point``; the number), ILLEGAL_MOVE (the plan has ended) and CONFLICT (it
    has as many points as it may).
    """
    async with in_transaction():
        plan = await living_plan(viewer, plan_id, "roundPointAdd", "plan_id")
        present = await RoundPoint.filter(plan_id=plan.id, ended_at=None)
        if len(present) >= POINTS_MAX:
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"The plan has {POINTS_MAX} points already.", f"该计划已有 {POINTS_MAX} 个点位。"),
                path=("plan_id",),
                hint=Text("End one that is not needed, or make another plan.", "请先停用不需要的点位，或另设计划。"),
            )
        if number is not None and not 1 <= number <= _NUMBER_MAX:
            raise invalid(
                ("number",),
                Text(f"{number} is no place in the order.", f"序号 {number} 无效。"),
                Text(f"Give 1 to {_NUMBER_MAX}.", f"请填写 1 到 {_NUMBER_MAX}。"),
            )
        after = number or max((point.number for point in present), default=0) + 1
        point = await create_point(viewer, plan, given, after, now())
        await record(actor_of(viewer), "roundPointAdd", plan, after={"point": point.id, "number": point.number})
        return point


async def end_point(viewer: Viewer, point_id: str) -> RoundPoint:
    """Let a point be scanned no more; what was scanned stays. One that has ended stays as it is.

    Points of what the fire code asks for are ended by the community or the street. Refuses NOT_FOUND, FORBIDDEN and INVALID
    (who may not).
    """
    async with in_transaction():
        point = await permitted(RoundPoint, point_id, viewer, "roundPointEnd")
        plan = await RoundPlan.get(id=point.plan_id)
        check_may_loosen(viewer, "roundPointEnd", plan.kind, point)
        if point.ended_at is None:
            point.ended_at = now()
            await point.save(update_fields=["ended_at"])
            await record(actor_of(viewer), "roundPointEnd", plan, after={"point": point.id, "number": point.number})
        return point


async def print_point(viewer: Viewer, point_id: str, *, renew: bool = False) -> str:
    """What the point's QR code holds, to be printed; ``renew``: a new one, after which the old one is no more.

    It is on record. Whoever goes the round is not told it otherwise than on the spot. Refuses NOT_FOUND, FORBIDDEN and
    ILLEGAL_MOVE (the point has ended).
    """
    act = "roundPointRenew" if renew else "roundPointPrint"
    async with in_transaction():
        point = await permitted(RoundPoint, point_id, viewer, act)
        if point.ended_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The point has ended.", "该点位已停用。"),
                path=("id",),
                hint=Text("Add a new one to the plan.", "请为计划新增点位。"),
            )
        if renew:
            point.code = new_code()
            await point.save(update_fields=["code"])
        plan = await RoundPlan.get(id=point.plan_id)
        await record(actor_of(viewer), act, plan, after={"point": point.id, "number": point.number})
        return point.code
