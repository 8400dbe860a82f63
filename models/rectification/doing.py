"""What the company does with an item: claim it, give it back, ask for time, show how it is, report it put right.

Every act takes the item's row under lock, so that of two people who claim it at once one wins and the other is told.
"""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.rectification import SAID_MAX, EvidencePhase, RectificationMove, RectificationState, check_later, check_shown, moved
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.connection import constrained, query
from models.facts import record
from models.files.rows import File
from models.organisations import Organisation
from models.owners_side import check_owners_side
from models.permits import actor_of, found, permitted
from models.upkeep.sides import works_for
from models.work import ringing

from .moving import check_doer, doer, move, taken
from .rows import RectificationEvidence, RectificationItem
from .telling import tell_owners

#: $1: item, $2: since when. Files that show how it is since.
_SHOWN = """
SELECT count(*)::int AS files FROM rectification_evidence e JOIN file f ON f.id = e.file_id AND f.removed_at IS NULL
WHERE e.item_id = $1 AND e.phase = 'AFTER' AND e.added_at >= $2
"""


async def claim(viewer: Viewer, item_id: str, *, expected_version: int | None = None) -> RectificationItem:
    """Claim an item for the viewer's organisation, which serves the compound today or is an office of the street.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (it does not serve the compound), ILLEGAL_MOVE (it is claimed: by whom is told) and
    STALE_VERSION.
    """
    async with in_transaction():
        item = await permitted(RectificationItem, item_id, viewer, "rectificationItemClaim")
        if item.state is RectificationState.CLAIMED:
            raise await _claimed(item)
        item = await taken(viewer, item_id, "rectificationItemClaim", expected_version)
        state = moved(item.state, RectificationMove.CLAIM)
        changes = {
            "state": state,
            "organisation_id": await doer(viewer, item.compound_id),
            "claimed_at": now(),
            "claimed_by_id": viewer.account_id,
        }
        return await move(viewer, item, "rectificationItemClaim", changes)


async def _claimed(item: RectificationItem) -> Refused:
    name = (await Organisation.get(id=item.organisation_id)).name
    return Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text(f"It is claimed already, by {name}.", f"该事项已由{name}认领。"),
        path=("id",),
        hint=Text("Claim another, or let it be released first.", "请认领其他事项，或待其退回后再认领。"),
    )


async def release(viewer: Viewer, item_id: str, reason: str, *, expected_version: int | None = None) -> RectificationItem:
    """Give an item back, so that it can be claimed anew: by who claimed it, or by the owners' side.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (whose say it is not, no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        item = await taken(viewer, item_id, "rectificationItemRelease", expected_version)
        state = moved(item.state, RectificationMove.RELEASE)
        if item.organisation_id not in works_for(viewer):
            await check_owners_side(viewer, "rectificationItemRelease", item, item.compound_id)
        changes = {
            "state": state,
            "objection": written(reason, "reason", SAID_MAX),
            "organisation_id": None,
            "claimed_at": None,
            "claimed_by_id": None,
            "extension_until": None,
            "extension_reason": "",
        }
        return await move(viewer, item, "rectificationItemRelease", changes)


async def ask_time(
    viewer: Viewer, item_id: str, until: date, reason: str, *, expected_version: int | None = None
) -> RectificationItem:
    """Ask for a later deadline; the present one stands until the owners' side has granted it. Asking again replaces the request.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who has not claimed it, a day that is no later, no reason), ILLEGAL_MOVE and
    STALE_VERSION.
    """
    async with ringing(), in_transaction():
        item = await taken(viewer, item_id, "rectificationExtensionAsk", expected_version)
        moved(item.state, RectificationMove.ASK_TIME)
        await check_doer(viewer, item)
        changes = {
            "extension_until": check_later(until, item.due_on, today()),
            "extension_reason": written(reason, "reason", SAID_MAX),
        }
        changed = await move(viewer, item, "rectificationExtensionAsk", changes)
        await tell_owners(changed, "asked")
        return changed


async def add_evidence(viewer: Viewer, item_id: str, file_id: str, phase: EvidencePhase) -> RectificationEvidence:
    """Say of a file attached to the item what it shows: how it was, or how it is since.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (the item is over) and CONFLICT (it is said of this file already).
    """
    async with in_transaction():
        item = await permitted(RectificationItem, item_id, viewer, "rectificationEvidenceAdd")
        file = await found(File, file_id, viewer, path=("file_id",))
        if file.subject_id != item.id or file.removed_at is not None:
            raise Refused(
                RefusalCode.NOT_FOUND,
                Text("The item has no such file.", "该事项没有此附件。"),
                path=("file_id",),
                hint=Text("Attach it to the item first: POST /files.", "请先为该事项上传文件（POST /files）。"),
            )
        if item.ended_at is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The item is over.", "该事项已办结。"),
                path=("id",),
                hint=Text("Open it again first: rectificationItemReopen.", "请先重新整改（rectificationItemReopen）。"),
            )
        shown = RectificationEvidence(
            phase=phase,
            added_at=now(),
            file_id=file.id,
            item_id=item.id,
            compound_id=item.compound_id,
            street_id=item.street_id,
        )
        said = Refused(
            RefusalCode.CONFLICT,
            Text("It is said already what this file shows.", "该附件已标注。"),
            path=("file_id",),
            hint=Text("Attach another file.", "请上传其他附件。"),
        )
        async with constrained(said):
            await shown.save(force_create=True)
        await record(actor_of(viewer), "rectificationEvidenceAdd", item, after={"phase": phase, "file": file.id})
        return shown


async def report(viewer: Viewer, item_id: str, remedy: str, *, expected_version: int | None = None) -> RectificationItem:
    """Report an item put right, and how; the owners' side is told, and judges.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who has not claimed it, no words, evidence asked and none since it was claimed),
    ILLEGAL_MOVE and STALE_VERSION. What time was asked for is asked no more.
    """
    async with ringing(), in_transaction():
        item = await taken(viewer, item_id, "rectificationItemReport", expected_version)
        state = moved(item.state, RectificationMove.REPORT)
        await check_doer(viewer, item)
        (shown,) = await query(_SHOWN, item.id, item.claimed_at)
        check_shown(item.asks_evidence, shown["files"])
        changes = {
            "state": state,
            "remedy": written(remedy, "remedy", SAID_MAX),
            "reported_at": now(),
            "reported_by_id": viewer.account_id,
            "extension_until": None,
            "extension_reason": "",
        }
        changed = await move(viewer, item, "rectificationItemReport", changes)
        await tell_owners(changed, "reported")
        return changed
