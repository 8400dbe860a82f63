"""Lent things: out to the number of a slip, and back once."""

from datetime import datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.stations import DUE_USUAL, Issue, LoanMove, LoanState, MovementKind, check_due, check_issue, checked_slip, ended
from domain.words import Text
from models.calendar import now
from models.connection import constrained, query
from models.facts import record
from models.permits import actor_of, permitted
from models.work import ringing

from .rows import Station, StationItem, StationLoan
from .stock import kept_item, moved

#: $1: item, $2: how many more are lent.
_LENT = "UPDATE station_item SET lent = lent + $2 WHERE id = $1"


async def lend(viewer: Viewer, item_id: str, slip: str, due_at: datetime | None = None) -> StationLoan:
    """Lend one piece to the slip of this number, until ``due_at`` (default: in three days).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (slip, due), ILLEGAL_MOVE (it is given away, or gone) and CONFLICT (there is none
    left; the slip is out already).
    """
    async with ringing(), in_transaction():
        item = await kept_item(viewer, item_id, "stationItemLend")
        check_issue(item.kind, Issue.LENT)
        moment, number = now(), checked_slip(slip)
        due = due_at or moment + DUE_USUAL
        check_due(due, moment)
        loan = StationLoan(slip=number, state=LoanState.OUT, lent_at=moment, due_at=due, item_id=item.id, **item.keepers)
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text(f"Slip {number} is out already.", f"借条 {number} 尚未归还。"),
                path=("slip",),
                hint=Text("Take another slip, or take back what it stands for first.", "请换一张借条，或先办理归还。"),
            )
        ):
            await loan.save()
        await moved(viewer, item, "stationItemLend", MovementKind.LENT, 1, note={"loan": loan.id})
        return loan


async def take_back(viewer: Viewer, loan_id: str) -> StationLoan:
    """Take back what was lent, or written off. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is back already)."""
    async with ringing(), in_transaction():
        loan = await permitted(StationLoan, loan_id, viewer, "stationLoanReturn")
        before, loan.state, loan.closed_at = loan.state, ended(loan.state, LoanMove.RETURN), now()
        await loan.save(update_fields=["state", "closed_at"])
        if before is LoanState.LOST:
            await query(_LENT, loan.item_id, 1)
        item = await StationItem.get(id=loan.item_id)
        await moved(
            viewer,
            item,
            "stationLoanReturn",
            MovementKind.RETURNED,
            1,
            note={"loan": loan.id, "state": loan.state},
        )
        return loan


async def write_off(viewer: Viewer, loan_id: str) -> StationLoan:
    """Expect a lent thing no longer. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is back, or written off)."""
    async with in_transaction():
        loan = await permitted(StationLoan, loan_id, viewer, "stationLoanWriteOff")
        before, loan.state, loan.closed_at = loan.state, ended(loan.state, LoanMove.WRITE_OFF), now()
        await loan.save(update_fields=["state", "closed_at"])
        await query(_LENT, loan.item_id, -1)
        told = {"loan": loan.id}
        station = await Station.get(id=loan.station_id)
        await record(
            actor_of(viewer),
            "stationLoanWriteOff",
            station,
            before={**told, "state": before},
            after={**told, "state": loan.state},
        )
        return loan
