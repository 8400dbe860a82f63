"""Setting a book's ladder of reminders."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.arrears.ladder import LADDER, LadderStep, check_steps
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now
from models.connection import constrained
from models.facts import record
from models.ledger import Book
from models.permits import actor_of, permitted, unchanged

from .rows import ReminderLadder


async def set_ladder(
    viewer: Viewer,
    book_id: str,
    *,
    steps: Sequence[LadderStep] | None = None,
    running: bool = True,
    expected_version: int | None = None,
) -> ReminderLadder:
    """Set how homes that are behind are reminded, and whether they are; ``steps`` None: as before, at first the product's.

    What was sent stays sent: a home goes on with the next step. Refuses NOT_FOUND, FORBIDDEN, INVALID (see ``check_steps``) and
    STALE_VERSION.
    """
    checked = None if steps is None else check_steps(steps)
    async with in_transaction():
        book = await permitted(Book, book_id, viewer, "reminderLadderSet", path=("book_id",))
        row = await ReminderLadder.filter(book_id=book.id).select_for_update().first()
        unchanged(row.version if row else 0, expected_version)
        before = {"running": row.running, "steps": row.steps} if row else None
        kept = checked or (row.ladder if row else LADDER)
        values = {
            "steps": [{"kind": s.kind.value, "after_days": s.after_days, "period_days": s.period_days} for s in kept],
            "running": running,
            "set_at": now(),
        }
        if row is None:
            place = {"compound_id": book.compound_id, "organisation_id": book.organisation_id, "street_id": book.street_id}
            row = ReminderLadder(book_id=book.id, **values, **place)
            async with constrained(_taken()):
                await row.save(force_create=True)
        else:
            row.update_from_dict({**values, "version": row.version + 1})
            await row.save()
        after = {"running": row.running, "steps": row.steps}
        await record(actor_of(viewer), "reminderLadderSet", row, before=before, after=after)
        return row


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Somebody else has set the ladder at this moment.", "他人正在设置催缴阶梯。"),
        path=("book_id",),
        hint=Text("Read it, and set it again if need be.", "请刷新后重试。"),
    )
