"""What reporters think of the work, said once."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import TicketState
from domain.tickets.satisfaction import NOTE_MAX, RatingReason, check_rating
from domain.words import Text
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted
from models.work import ringing

from .rows import Ticket, TicketRating
from .telling import tell_of_rating


async def rate(
    viewer: Viewer, ticket_id: str, score: int, *, reasons: Sequence[RatingReason] = (), note: str = ""
) -> TicketRating:
    """Say what one thinks of the work on a ticket that one reported: 1 to 5, with reasons where it is 1 or 2.

    Refuses NOT_FOUND, FORBIDDEN (somebody else's), INVALID, ILLEGAL_MOVE (the work is not done) and CONFLICT (rated already).
    """
    async with ringing(), in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketRate")
        named = check_rating(score, reasons, note)
        note = written(note, "note", NOTE_MAX, least=0)
        if ticket.state not in {TicketState.RESOLVED, TicketState.CLOSED}:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"A ticket that is {ticket.state} has no work to rate.", f"工单{ticket.state.zh}，暂不能评价。"),
                hint=Text("Rate it once the work is done.", "请在处理完成后评价。"),
            )
        if await TicketRating.exists(ticket_id=ticket.id):
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The ticket has been rated.", "该工单已评价。"),
                path=("id",),
                hint=Text("A rating stands. Add a remark, or open the ticket again.", "评价不可修改；可添加备注或重新打开工单。"),
            )
        rating = await TicketRating.create(
            score=score,
            reasons=list(named),
            note=note,
            rated_at=now(),
            ticket_id=ticket.id,
            organisation_id=ticket.organisation_id,
            audience_id=ticket.opened_by_id,
            compound_id=ticket.compound_id,
            street_id=ticket.street_id,
        )
        await record(actor_of(viewer), "ticketRate", ticket, after={"score": score, "reasons": list(named)})
        await tell_of_rating(ticket, rating)
        return rating
