"""Taking a run back: some bills in one transaction, in the order of their ids. Bills of which something was paid or lost stay."""

from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.bill_runs import BILLS_AT_ONCE, BillRunMove, BillRunState, moved
from domain.jobs import JobState
from domain.refusals import Refused
from models import jobs
from models.bills.rows import Bill
from models.bills.withdrawing import withdraw
from models.calendar import now
from models.connection import query
from models.facts import Actor, record
from models.work import add

from .rows import BillRun
from .starting import TAKE_BACK

#: What of bills' lines stands: more than is open where something was paid or written off.
_STANDS = "SELECT bill_id AS id, sum(amount - credited) AS stands FROM bill_line WHERE bill_id = ANY($1::text[]) GROUP BY bill_id"


async def take_back(run_id: str, actor_id: str, after: str) -> bool:
    """Take back the next bills of a run in the caller's transaction, and leave the work of the rest; whether any were left."""
    run = await BillRun.select_for_update().get_or_none(id=run_id)
    if run is None or run.state is not BillRunState.REVERSING:
        return False
    bills = await Bill.filter(run_id=run.id, id__gt=after).order_by("id").limit(BILLS_AT_ONCE).select_for_update()
    stands = {row["id"]: row["stands"] for row in await query(_STANDS, [bill.id for bill in bills])}
    free = [bill for bill in bills if bill.open > 0 and bill.paid == 0 and stands[bill.id] == bill.open]
    left = sum(1 for bill in bills if bill.open > 0 or bill.paid > 0) - len(free)
    try:
        async with in_transaction():
            if run.job_id and not await jobs.advance(run.job_id, done=len(bills), errors=left):
                return await _stop(run)
            await withdraw(Actor(actor_id), free, run.why, key=run.id)
    except Refused as refused:  # the book takes nothing any more
        if run.job_id:
            await jobs.end(run.job_id, state=JobState.FAILED, message=refused.message)
        return await _stop(run)
    run.bills -= len(free)
    run.total -= sum((bill.total for bill in free), Decimal(0))
    await run.save(update_fields=["bills", "total"])
    if len(bills) == BILLS_AT_ONCE:
        await add(TAKE_BACK, {"run": run.id, "actor": actor_id, "after": bills[-1].id})
        return True
    run.state = moved(run.state, BillRunMove.FINISH)
    run.version += 1
    run.ended_at = now()
    await run.save(update_fields=["state", "version", "ended_at"])
    if run.job_id:
        await jobs.end(run.job_id)
    await record(Actor("system:fees"), "billRunFinish", run, after={"state": run.state})
    return True


async def _stop(run: BillRun) -> bool:
    """It goes no further, and can be begun again: False, as of what was not done."""
    run.state = BillRunState.DONE
    run.version += 1
    await run.save(update_fields=["state", "version"])
    return False
