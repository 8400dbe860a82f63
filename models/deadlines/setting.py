"""Setting what deadlines go by: figures, working hours and days, of a street or of one organisation in it."""

from datetime import date
from typing import Any, TypeVar

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.deadlines import Goal, Policy, checked_day, checked_policy
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.texts import written
from domain.tickets import TicketKind, TicketPriority
from domain.words import Text
from domain.working_time import WorkingDays, spans_of
from models.calendar import today
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, not_found, permit
from models.territory import Place
from models.work import ringing

from .policies import take_rules
from .rows import CalendarDay, SlaPolicy, WorkingHours
from .work import recalculate

T = TypeVar("T")

#: The longest note on a day.
NOTE_MAX = 100

_OWNERS: dict[str, type[Place] | type[Organisation]] = {each.prefix: each for each in (Place, Organisation)}


async def _owner(viewer: Viewer, owner_id: str, act: str, field: str = "owner_id") -> Place | Organisation:
    kind = _OWNERS.get(owner_id[:3])
    if kind is None:
        raise not_found((field,))
    owner = await found(kind, owner_id, viewer, path=(field,))
    permit(viewer, act, owner)
    if isinstance(owner, Place) and owner.kind is not PlaceKind.STREET:
        raise Refused(
            RefusalCode.INVALID,
            Text("Communities, villages and grids have no rules of their own.", "社区、村和网格不能单独设置。"),
            path=(field,),
            hint=Text("Name the street, or an organisation in it.", "请选择街道或街道内的组织。"),
        )
    await take_rules(owner.street_id)
    return owner


def _given(value: T | None, field: str, what: Text) -> T:
    if value is None:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"There is no {what.en}.", f"缺少{what.zh}。"),
            path=(field,),
            hint=Text(f"Give the {what.en}, or reset: true.", f"请填写{what.zh}，或设置 reset: true 恢复默认。"),
        )
    return value


def _columns(owner: Place | Organisation) -> dict[str, Any]:
    if isinstance(owner, Place):
        return {"street_id": owner.id, "organisation_id": None}
    return {"street_id": owner.street_id, "organisation_id": owner.id}


async def set_policy(
    viewer: Viewer,
    owner_id: str,
    kind: TicketKind,
    priority: TicketPriority,
    goal: Goal,
    policy: Policy | None,
    *,
    reset: bool = False,
) -> SlaPolicy | None:
    """What a street or an organisation promises for a goal of such tickets; ``reset``: again what holds above it.

    All deadlines that it concerns are worked out anew. Refuses NOT_FOUND, FORBIDDEN and INVALID (see ``checked_policy``).
    """
    async with ringing(), in_transaction():
        owner = await _owner(viewer, owner_id, "slaPolicySet")
        of: dict[str, Any] = {"kind": kind, "priority": priority, "goal": goal, **_columns(owner)}
        stored = await SlaPolicy.get_or_none(**of)
        before, row = _figures(stored), stored
        if reset:
            if stored is not None:
                await stored.delete()
            row = None
        else:
            policy = checked_policy(goal, _given(policy, "amount", Text("limit", "时限")))
            row = (stored or SlaPolicy(**of)).update_from_dict(vars(policy))
            await row.save(force_create=stored is None)
        tickets = {"kind": kind, "priority": priority, "goal": goal}
        await record(actor_of(viewer), "slaPolicySet", owner, before=tickets | before, after=tickets | _figures(row))
        await recalculate(owner.street_id, _columns(owner)["organisation_id"])
        return row


def _figures(row: SlaPolicy | None) -> dict[str, Any]:
    return vars(row.policy()) if row else {}


async def set_hours(
    viewer: Viewer, owner_id: str, hours: list[str] | None, days: WorkingDays, *, reset: bool = False
) -> WorkingHours | None:
    """When a street or an organisation works; ``reset``: again what holds above it.

    All deadlines that it concerns are worked out anew. Refuses NOT_FOUND, FORBIDDEN and INVALID (see ``spans_of``).
    """
    async with ringing(), in_transaction():
        owner = await _owner(viewer, owner_id, "workingHoursSet")
        stored = await WorkingHours.get_or_none(**_columns(owner))
        before, row = _told(stored), stored
        if reset:
            if stored is not None:
                await stored.delete()
            row = None
        else:
            text = " ".join(map(str, spans_of(_given(hours, "hours", Text("working hours", "工作时间")), "hours")))
            row = (stored or WorkingHours(**_columns(owner))).update_from_dict({"hours": text, "days": days})
            await row.save(force_create=stored is None)
        await record(actor_of(viewer), "workingHoursSet", owner, before=before, after=_told(row))
        await recalculate(owner.street_id, _columns(owner)["organisation_id"])
        return row


def _told(row: WorkingHours | None) -> dict[str, Any]:
    return {"hours": row.hours, "days": row.days} if row else {}


async def set_day(
    viewer: Viewer, street_id: str, day: date, works: bool | None, note: str = "", *, reset: bool = False
) -> CalendarDay | None:
    """Make a day a working day of the street, or a day off; ``reset``: again what the official calendar says.

    All deadlines of the street are worked out anew. Refuses NOT_FOUND, FORBIDDEN and INVALID (a day far from today, no note).
    """
    async with ringing(), in_transaction():
        owner = await _owner(viewer, street_id, "calendarDaySet", "street_id")
        if not isinstance(owner, Place):
            raise not_found(("street_id",))
        checked_day(day, today())
        stored = await CalendarDay.get_or_none(street_id=owner.id, day=day)
        before, row = {"day": day.isoformat(), "works": stored.works if stored else None}, stored
        if reset:
            if stored is not None:
                await stored.delete()
            row = None
        else:
            word = _given(works, "works", Text("word whether people work", "是否上班"))
            values = {"works": word, "note": written(note, "note", NOTE_MAX)}
            row = (stored or CalendarDay(street_id=owner.id, day=day)).update_from_dict(values)
            await row.save(force_create=stored is None)
        after = {"day": day.isoformat(), "works": row.works if row else None}
        await record(actor_of(viewer), "calendarDaySet", owner, before=before, after=after)
        await recalculate(owner.id)
        return row
