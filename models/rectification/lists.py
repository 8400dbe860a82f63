"""Lists and what stands on them: made, filled, closed."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.rectification import (
    ENDED,
    PLACE_MAX,
    TITLE_MAX,
    WHAT_MAX,
    RectificationSource,
    RectificationState,
    check_due,
    check_room,
    invalid,
)
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Compound
from models.work import ringing

from .rows import RectificationItem, RectificationList
from .telling import tell_doer


async def make_list(
    viewer: Viewer, compound_id: str, title: str, source: RectificationSource, *, made_on: date | None = None
) -> RectificationList:
    """Make a list for a compound, drawn up on ``made_on`` (default: today).

    Refuses NOT_FOUND, FORBIDDEN and INVALID (title of 1 to 120 characters, a day to come).
    """
    day = made_on or today()
    if day > today():
        raise invalid(
            "made_on",
            Text(f"It cannot have been drawn up on {day}.", f"编制日期 {day} 无效。"),
            Text("Give today or a day before.", "请填写今天或之前的日期。"),
        )
    title = written(title, "title", TITLE_MAX)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "rectificationListMake", path=("compound_id",))
        made = await RectificationList.create(
            title=title, source=source, made_on=day, made_at=now(), compound_id=compound.id, street_id=compound.street_id
        )
        await record(
            actor_of(viewer), "rectificationListMake", made, after={"source": source, "made_on": day.isoformat(), "version": 1}
        )
        return made


async def close_list(viewer: Viewer, list_id: str, *, expected_version: int | None = None) -> RectificationList:
    """Close a list of which every item was accepted or dropped.

    Refuses NOT_FOUND, FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (it is closed) and CONFLICT (an item is not over yet, or there is
    none).
    """
    async with in_transaction():
        rows = await permitted(RectificationList, list_id, viewer, "rectificationListClose")
        unchanged(rows.version, expected_version)
        _check_going_on(rows, "id")
        items = await RectificationItem.filter(list_id=rows.id).select_for_update().order_by("number")
        left = [item.number for item in items if item.state not in ENDED]
        if left or not items:
            raise Refused(
                RefusalCode.CONFLICT,
                Text(f"{len(left)} items are not over yet.", f"尚有 {len(left)} 项未办结。")
                if items
                else Text("There is nothing on the list.", "清单中没有事项。"),
                path=("id",),
                hint=Text(
                    f"Accept or drop them first: {', '.join(map(str, left[:20]))}.",
                    f"请先验收或取消：第 {'、'.join(map(str, left[:20]))} 项。",
                )
                if items
                else Text("Add what is to be put right: rectificationItemAdd.", "请先添加整改事项（rectificationItemAdd）。"),
            )
        rows.closed_at, rows.version = now(), rows.version + 1
        await rows.save(update_fields=["closed_at", "version"])
        after = {"closed_at": rows.closed_at.isoformat(), "version": rows.version}
        await record(actor_of(viewer), "rectificationListClose", rows, after=after)
        return rows


async def add_item(
    viewer: Viewer,
    list_id: str,
    *,
    what: str,
    due_on: date,
    place: str = "",
    asks_evidence: bool = True,
    facility_id: str | None = None,
    resolution_id: str | None = None,
) -> RectificationItem:
    """Put a thing on a list, to be put right by ``due_on``, that day included. Whoever serves the compound is told.

    ``asks_evidence``: whether it is only reported put right with a file that shows it. ``resolution_id``: the resolution it comes
    from, checked by whoever calls. Refuses NOT_FOUND, FORBIDDEN, INVALID (texts, day, a facility of another compound, a full
    list) and ILLEGAL_MOVE (the list is closed). May be called within a transaction.
    """
    what, place = written(what, "what", WHAT_MAX), written(place, "place", PLACE_MAX, least=0)
    check_due(due_on, today())
    async with ringing(), in_transaction():
        rows = await permitted(RectificationList, list_id, viewer, "rectificationItemAdd", path=("list_id",))
        _check_going_on(rows, "list_id")
        if facility_id is not None:
            facility = await found(Facility, facility_id, viewer, path=("facility_id",))
            if facility.compound_id != rows.compound_id:
                raise invalid(
                    "facility_id",
                    Text("The facility is of another compound.", "该设施不属于此小区。"),
                    Text("Name one of this compound, or leave it out.", "请选择本小区的设施，或不填写。"),
                )
        item = await RectificationItem.create(
            number=check_room(await RectificationItem.filter(list_id=rows.id).count()),
            state=RectificationState.OPEN,
            what=what,
            place=place,
            due_on=due_on,
            asks_evidence=asks_evidence,
            added_at=now(),
            list_id=rows.id,
            facility_id=facility_id,
            resolution_id=resolution_id,
            compound_id=rows.compound_id,
            street_id=rows.street_id,
        )
        after = {"state": item.state, "due_on": due_on.isoformat(), "version": 1}
        await record(actor_of(viewer), "rectificationItemAdd", item, after=after)
        await tell_doer(item, "added")
        return item


def _check_going_on(rows: RectificationList, field: str) -> None:
    if rows.closed_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The list is closed.", "该清单已办结。"),
            path=(field,),
            hint=Text("Make another list, or open one of its items again.", "请另建清单，或重新整改其中的事项。"),
        )
