"""What the owners' side does with an item: grant time, accept it, refuse it, open it again, want it no more.

Never by the organisation that claimed it, nor by a person who had a hand in it.
"""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.rectification import SAID_MAX, RectificationMove, check_due, check_later, moved
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.facts import record
from models.owners_side import check_owners_side
from models.permits import actor_of
from models.work import ringing

from .moving import check_apart, move, taken
from .rows import RectificationItem, RectificationList
from .telling import tell_doer


async def answer_time(
    viewer: Viewer, item_id: str, *, granted: bool, reason: str = "", expected_version: int | None = None
) -> RectificationItem:
    """Grant the later deadline that was asked for, or refuse it with a reason.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whose say it is not; no reason for a refusal; a day that has passed), ILLEGAL_MOVE
    (nothing is asked) and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        item = await _judged(viewer, item_id, "rectificationExtensionAnswer", expected_version)
        moved(item.state, RectificationMove.GRANT_TIME)
        if item.extension_until is None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("No later deadline is asked for.", "没有待答复的延期申请。"),
                path=("id",),
                hint=Text(
                    "The company asks first: rectificationExtensionAsk.", "请由整改单位先申请（rectificationExtensionAsk）。"
                ),
            )
        said = written(reason, "reason", SAID_MAX, least=0 if granted else 1)
        changes: dict[str, date | int | str | None] = {"extension_until": None, "extension_reason": "", "objection": said}
        if granted:
            changes["due_on"] = check_later(item.extension_until, item.due_on, today())
            changes["extended_count"] = item.extended_count + 1
        changed = await move(viewer, item, "rectificationExtensionAnswer", changes)
        await tell_doer(changed, "granted" if granted else "kept")
        return changed


async def accept(viewer: Viewer, item_id: str, *, expected_version: int | None = None) -> RectificationItem:
    """Accept what was reported put right.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who did the work, who is not of the owners' side), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        item = await _judged(viewer, item_id, "rectificationItemAccept", expected_version)
        state = moved(item.state, RectificationMove.ACCEPT)
        changes = {"state": state, "ended_at": now(), "judged_by_id": viewer.account_id, "objection": ""}
        return await move(viewer, item, "rectificationItemAccept", changes)


async def refuse(viewer: Viewer, item_id: str, reason: str, *, expected_version: int | None = None) -> RectificationItem:
    """Refuse what was reported put right: it is in the company's hands again, with the deadline that it had, and is to be shown
    anew.

    Refuses as ``accept`` does, and INVALID without a reason.
    """
    async with ringing(), in_transaction():
        item = await _judged(viewer, item_id, "rectificationItemRefuse", expected_version)
        changes = {
            "state": moved(item.state, RectificationMove.REFUSE),
            "objection": written(reason, "reason", SAID_MAX),
            "judged_by_id": viewer.account_id,
            "claimed_at": now(),
            "refused_count": item.refused_count + 1,
        }
        changed = await move(viewer, item, "rectificationItemRefuse", changes)
        await tell_doer(changed, "refused")
        return changed


async def reopen(
    viewer: Viewer, item_id: str, due_on: date, reason: str, *, expected_version: int | None = None
) -> RectificationItem:
    """Put an item that was accepted or dropped on the list again, to be claimed anew; a closed list goes on with it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whose say it is not, day, no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        item = await taken(viewer, item_id, "rectificationItemReopen", expected_version)
        await check_owners_side(viewer, "rectificationItemReopen", item, item.compound_id)
        changes = {
            "state": moved(item.state, RectificationMove.REOPEN),
            "due_on": check_due(due_on, today()),
            "objection": written(reason, "reason", SAID_MAX),
            "reopened_count": item.reopened_count + 1,
            "ended_at": None,
            "organisation_id": None,
            "judged_by_id": None,
            **dict.fromkeys(("claimed_at", "claimed_by_id", "reported_at", "reported_by_id")),
        }
        changed = await move(viewer, item, "rectificationItemReopen", changes)
        await _go_on(viewer, item.list_id)
        await tell_doer(changed, "reopened")
        return changed


async def _go_on(viewer: Viewer, list_id: str) -> None:
    rows = await RectificationList.filter(id=list_id).select_for_update().get()
    if rows.closed_at is not None:
        before = {"closed_at": rows.closed_at.isoformat()}
        rows.closed_at, rows.version = None, rows.version + 1
        await rows.save(update_fields=["closed_at", "version"])
        await record(
            actor_of(viewer),
            "rectificationListReopen",
            rows,
            before=before,
            after={"closed_at": None, "version": rows.version},
            under="rectificationItemReopen",
        )


async def drop(viewer: Viewer, item_id: str, reason: str, *, expected_version: int | None = None) -> RectificationItem:
    """Take an item that is not put right off the list.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whose say it is not, no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        item = await _judged(viewer, item_id, "rectificationItemDrop", expected_version)
        changes = {
            "state": moved(item.state, RectificationMove.DROP),
            "objection": written(reason, "reason", SAID_MAX),
            "judged_by_id": viewer.account_id,
            "ended_at": now(),
            "extension_until": None,
            "extension_reason": "",
        }
        changed = await move(viewer, item, "rectificationItemDrop", changes)
        await tell_doer(changed, "dropped")
        return changed


async def _judged(viewer: Viewer, item_id: str, act: str, expected_version: int | None) -> RectificationItem:
    item = await taken(viewer, item_id, act, expected_version)
    check_apart(viewer, item)
    await check_owners_side(viewer, act, item, item.compound_id)
    return item
