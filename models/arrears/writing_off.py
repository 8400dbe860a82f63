"""Writing off what is lost: the income stands, and a loss beside it."""

from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.bills import CreditKind
from models.bills import Bill, credit
from models.facts import record
from models.permits import actor_of, permitted


async def write_off(viewer: Viewer, bill_id: str, reason: str, *, amount: Decimal | None = None) -> Bill:
    """Write off ``amount`` of a bill (default: all that is open) as lost, with a reason. The home owes it no more.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (reason, amount) and ILLEGAL_MOVE (more than is open; a closed month).
    """
    async with in_transaction():
        bill = await permitted(Bill, bill_id, viewer, "billWriteOff")
        before = {"state": bill.state}
        note = await credit(actor_of(viewer), bill, CreditKind.WRITE_OFF, reason, amount=bill.open if amount is None else amount)
        await bill.refresh_from_db()
        await record(
            actor_of(viewer), "billWriteOff", bill, before=before, after={"state": bill.state, "credit_note_id": note.id}
        )
        return bill
