"""Watching: hearing of every move of a ticket that one sees."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from models.calendar import now
from models.facts import record
from models.permits import actor_of, permitted

from .rows import Ticket, TicketWatcher


async def watch(viewer: Viewer, ticket_id: str) -> Ticket:
    """Hear of every move of a ticket from now on, as long as one sees it. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketWatch")
        if not await TicketWatcher.exists(ticket_id=ticket.id, account_id=viewer.account_id):
            await TicketWatcher.create(
                since=now(),
                ticket_id=ticket.id,
                account_id=viewer.account_id,
                compound_id=ticket.compound_id,
                street_id=ticket.street_id,
            )
            await record(actor_of(viewer), "ticketWatch", ticket, inside=True)
        return ticket


async def unwatch(viewer: Viewer, ticket_id: str) -> Ticket:
    """Hear of it no more. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketUnwatch")
        if await TicketWatcher.filter(ticket_id=ticket.id, account_id=viewer.account_id).delete():
            await record(actor_of(viewer), "ticketUnwatch", ticket, inside=True)
        return ticket
