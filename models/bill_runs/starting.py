"""Bill runs: trying one out, starting it, leaving it, taking it back. The work itself is in stepping.py and reversing.py."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bill_runs import DUE_DAYS, ITEMS_MOST, BillRunMove, BillRunState, check_days, moved
from domain.bills import REASON_MAX
from domain.charges import period_from
from domain.jobs import JobKind, JobState
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models import jobs
from models.calendar import now, today
from models.connection import constrained, query
from models.facts import record
from models.fees.rows import FeeItem
from models.fees.sharing import fix_portions
from models.ledger import Book, check_bookable, kept
from models.permits import actor_of, permitted, unchanged
from models.work import add, ringing

from .rows import BillRun, BillRunFault, BillRunItem

#: The kinds of work that a run is.
STEP, TAKE_BACK = "bill_run.step", "bill_run.take_back"

_HOMES = """
SELECT count(DISTINCT home_id) AS n FROM fee_assignment
WHERE book_id = $1 AND fee_item_id = ANY($2::text[]) AND starts_on <= $4 AND (ends_on IS NULL OR ends_on >= $3)
"""
_NO_FIGURES: dict[str, Any] = {"homes": 0, "bills": 0, "faults": 0, "total": 0, "after_home_id": "", "examples": []}


async def preview(
    viewer: Viewer,
    book_id: str,
    month: date,
    *,
    item_ids: Collection[str] | None = None,
    issued_on: date | None = None,
    due_on: date | None = None,
) -> BillRun:
    """Reckon what a run of the book for ``month`` (its first day) would bill, and issue nothing.

    ``item_ids``: default: all items of which a period begins then. ``issued_on``: default: today; ``due_on``: 15 days later.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (days, items of which no period begins then, or none), ILLEGAL_MOVE (the book takes
    nothing of ``issued_on``) and CONFLICT (another run of the book is at work).
    """
    issued = issued_on or today()
    due = due_on or issued + timedelta(days=DUE_DAYS)
    check_days(month, issued, due)
    async with ringing(), in_transaction():
        book = await kept(viewer, book_id, "billRunPreview")
        await check_bookable(book.id, issued, ("issued_on",))
        items = await _items(book, month, item_ids)
        run = BillRun(
            month=month,
            state=BillRunState.PREVIEWING,
            item_ids=[item.id for item in items],
            issued_on=issued,
            due_on=due,
            started_at=now(),
            started_by=actor_of(viewer).id,
            book_id=book.id,
            compound_id=book.compound_id,
            organisation_id=book.organisation_id,
            street_id=book.street_id,
        )
        async with constrained(_at_work()):
            await run.save(force_create=True)
        await record(actor_of(viewer), "billRunPreview", run, after={"month": month.isoformat(), "items": len(items)})
        await _set_out(viewer, run, items)
        return run


async def _items(book: Book, month: date, item_ids: Collection[str] | None) -> list[FeeItem]:
    """The items that are billed for the month. Refuses (INVALID) none, too many, and those of which no period begins then."""
    items = await FeeItem.filter(book_id=book.id).order_by("code")
    due = [item for item in items if _is_due(item, month)]
    if item_ids is not None:
        wanted = set(item_ids)
        if strange := next((id_ for id_ in sorted(wanted) if id_ not in {item.id for item in due}), None):
            raise Refused(
                RefusalCode.INVALID,
                Text(f"No period of {strange} begins with {month:%Y-%m}.", f"{strange} 没有自 {month:%Y-%m} 开始的计费期。"),
                path=("item_ids",),
                hint=Text("Name items of the book that are billed then.", "请选择账套内当月起计费的收费项目。"),
            )
        due = [item for item in due if item.id in wanted]
    if 1 <= len(due) <= ITEMS_MOST:
        return due
    raise Refused(
        RefusalCode.INVALID,
        Text(f"{len(due)} items of the book are billed for {month:%Y-%m}.", f"{month:%Y-%m} 应出账的收费项目为 {len(due)} 个。"),
        path=("item_ids",),
        hint=Text(f"A run has 1 to {ITEMS_MOST}.", f"每批次须有 1 至 {ITEMS_MOST} 个收费项目。"),
    )


def _is_due(item: FeeItem, month: date) -> bool:
    period = period_from(month, item.months)
    return period is not None and item.starts_on <= period.last and (item.ended_on is None or item.ended_on >= period.first)


def _at_work() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Another run of the book is at work.", "该账套有出账批次正在进行。"),
        path=("book_id",),
        hint=Text("Wait until it is over, or cancel it: billRunCancel.", "请等待其完成，或先取消（billRunCancel）。"),
    )


async def _set_out(viewer: Viewer, run: BillRun, items: list[FeeItem]) -> None:
    """Begin with the first home: items without figures, shares fixed, a job, and the work."""
    await BillRunItem.filter(run_id=run.id).delete()
    await BillRunFault.filter(run_id=run.id).delete()
    last = run.month
    place: dict[str, Any] = {"compound_id": run.compound_id, "organisation_id": run.organisation_id, "street_id": run.street_id}
    for item in items:
        period = period_from(run.month, item.months)
        assert period is not None
        last = max(last, period.last)
        await fix_portions(item, period)
        await BillRunItem.create(period_from=period.first, period_to=period.last, run_id=run.id, fee_item_id=item.id, **place)
    total: int = (await query(_HOMES, run.book_id, run.item_ids, run.month, last))[0]["n"]
    job = await jobs.begin(actor_of(viewer), JobKind.BILL_RUN, run, total)
    run.update_from_dict(_NO_FIGURES | {"job_id": job.id, "ended_at": None})
    await run.save()
    await add(STEP, {"run": run.id})


async def start(viewer: Viewer, run_id: str, *, expected_version: int | None = None) -> BillRun:
    """Issue the bills of a run that was previewed. What changed since the preview counts as it is now.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it was not previewed, or was started; the book takes nothing of its day any more),
    CONFLICT (another is at work) and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        run = await permitted(BillRun, run_id, viewer, "billRunStart")
        unchanged(run.version, expected_version)
        run.state = moved(run.state, BillRunMove.START)
        await check_bookable(run.book_id, run.issued_on, ("id",))
        run.version += 1
        async with constrained(_at_work()):
            await run.save(update_fields=["state", "version"])
        await record(actor_of(viewer), "billRunStart", run, after={"state": run.state})
        items = await FeeItem.filter(id__in=run.item_ids).order_by("code")
        await _set_out(viewer, run, items)
        return run


async def cancel(viewer: Viewer, run_id: str, *, expected_version: int | None = None) -> BillRun:
    """Leave a run that issued nothing. Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE and STALE_VERSION."""
    async with in_transaction():
        run = await permitted(BillRun, run_id, viewer, "billRunCancel")
        unchanged(run.version, expected_version)
        run.state = moved(run.state, BillRunMove.CANCEL)
        run.version += 1
        run.ended_at = now()
        await run.save(update_fields=["state", "version", "ended_at"])
        if run.job_id:
            await jobs.end(run.job_id, state=JobState.CANCELLED)
        await record(actor_of(viewer), "billRunCancel", run, after={"state": run.state})
        return run


async def reverse(viewer: Viewer, run_id: str, reason: str, *, expected_version: int | None = None) -> BillRun:
    """Take all bills of a run back, but for what was paid of them; what is taken back in full can be billed again.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason of 1 to 500 characters), ILLEGAL_MOVE (it issued nothing), CONFLICT (another is
    at work) and STALE_VERSION.
    """
    why = written(reason, "reason", REASON_MAX)
    async with ringing(), in_transaction():
        run = await permitted(BillRun, run_id, viewer, "billRunReverse")
        unchanged(run.version, expected_version)
        run.state = moved(run.state, BillRunMove.REVERSE)
        run.why = why
        run.ended_at = None
        run.version += 1
        job = await jobs.begin(actor_of(viewer), JobKind.BILL_RUN_REVERSE, run, run.bills)
        run.job_id = job.id
        async with constrained(_at_work()):
            await run.save(update_fields=["state", "why", "ended_at", "job_id", "version"])
        await record(actor_of(viewer), "billRunReverse", run, after={"state": run.state})
        await add(TAKE_BACK, {"run": run.id, "actor": actor_of(viewer).id, "after": ""})
        return run
