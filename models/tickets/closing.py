"""Tickets whose work was reported done and which nobody confirms: whoever reported one is told, then it is closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.tickets import TicketMove, moved
from models.calendar import zone
from models.connection import query
from models.facts import Actor, record
from models.work import add
from settings import Settings

from .moving import change
from .rows import Ticket
from .telling import tell_of_closing, tell_of_move

#: The kind of the work rows that look at ``{"tickets": [id, …]}``.
KIND = "ticket.closing"
SYSTEM = Actor("system:tickets")
#: Tickets of one work row, and at most so many in one run.
_AT_ONCE, _MOST = 50, 5_000

#: What is about an alert that is still open is not done, whatever was reported.
_DONE = """
t.state = 'RESOLVED' AND NOT EXISTS (SELECT FROM alert a WHERE a.id = t.alert_id AND a.state = 'OPEN')
"""
#: $1: now, $2: what was done by then is told of, $3: at most so many.
_DUE = f"""
SELECT t.id FROM ticket t WHERE {_DONE} AND (t.closes_at <= $1 OR t.closes_at IS NULL AND t.resolved_at <= $2)
ORDER BY t.resolved_at, t.id LIMIT $3
"""
_STILL = f"SELECT t.id FROM ticket t WHERE t.id = ANY($1::text[]) AND {_DONE}"


def _told_after(settings: Settings) -> timedelta:
    """How long after the work was done its reporter is told that the ticket will be closed."""
    return timedelta(days=max(settings.ticket_confirm_days - settings.ticket_confirm_warn_days, 0))


async def leave_due(moment: datetime, settings: Settings) -> int:
    """Leave work for the tickets that nobody has confirmed, and that are to be told of, or closed, by ``moment``; how many.

    None where ``settings.ticket_confirm_days`` is 0.
    """
    if not settings.ticket_confirm_days:
        return 0
    ids = [row["id"] for row in await query(_DUE, moment, moment - _told_after(settings), _MOST)]
    for first in range(0, len(ids), _AT_ONCE):
        await add(KIND, {"tickets": ids[first : first + _AT_ONCE]})
    return len(ids)


async def close_unconfirmed(ticket_ids: Sequence[str], moment: datetime, settings: Settings) -> None:
    """Tell of those of the tickets of which nobody was told yet; close those whose time is over. In the caller's transaction.

    Nothing is closed of which its reporter was not told ``settings.ticket_confirm_warn_days`` before, also after downtime. What
    somebody has in hand at this moment, or what is not RESOLVED any more, is left as it is.
    """
    if not settings.ticket_confirm_days:
        return
    rows = await Ticket.filter(id__in=list(ticket_ids)).order_by("id").select_for_update(skip_locked=True)
    still = {row["id"] for row in await query(_STILL, [ticket.id for ticket in rows])}
    for ticket in rows:
        if ticket.id not in still or ticket.resolved_at is None:
            continue
        if ticket.closes_at is None:
            if ticket.resolved_at <= moment - _told_after(settings):
                await _ask(ticket, ticket.resolved_at, moment, settings)
        elif ticket.closes_at <= moment:
            await _close(ticket, moment)


async def _ask(ticket: Ticket, done_at: datetime, moment: datetime, settings: Settings) -> None:
    day = timedelta(days=1)
    ticket.closes_at = max(done_at + settings.ticket_confirm_days * day, moment + settings.ticket_confirm_warn_days * day)
    await ticket.save(update_fields=["closes_at"])
    after = {"closes_at": ticket.closes_at.isoformat()}
    await record(SYSTEM, "ticketAskToConfirm", ticket, after=after)
    await tell_of_closing(ticket, ticket.closes_at.astimezone(zone()))


async def _close(ticket: Ticket, moment: datetime) -> None:
    changes = {"state": moved(ticket.state, TicketMove.CONFIRM), "closed_at": moment}
    before, after = await change(ticket, changes)
    await record(SYSTEM, "ticketCloseUnconfirmed", ticket, before=before, after=after)
    await tell_of_move(ticket, None)
