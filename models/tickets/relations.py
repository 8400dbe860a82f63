"""Links between tickets, and what becomes of a duplicate when something becomes of what it duplicates."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.tickets import FOLLOWS_ACCEPTED, FOLLOWS_DONE, FOLLOWS_REOPENED, TicketState
from domain.tickets.relations import SINGLE, LinkKind, check_no_circle
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.deadlines.clock import leave_out, wind
from models.facts import Actor, record
from models.permits import actor_of, found, permit, permitted
from models.work import ringing

from .callbacks import withdraw_calls
from .moving import change
from .routing import rerouted_if_left
from .rows import Ticket, TicketLink
from .telling import tell_of_move

#: Who moves a duplicate after what it duplicates.
_FOLLOWING = Actor("system:tickets")
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('ticket_link ' || $1, 0))"
#: $1: a ticket. All links that can be followed from it.
_AHEAD = """
WITH RECURSIVE ahead (ticket_id, other_id) AS (
    SELECT ticket_id, other_id FROM ticket_link WHERE ticket_id = $1
    UNION SELECT l.ticket_id, l.other_id FROM ticket_link l JOIN ahead a ON l.ticket_id = a.other_id
) SELECT ticket_id, other_id FROM ahead
"""
_DONE = frozenset({TicketState.RESOLVED, TicketState.CLOSED})
_OVER = _DONE | {TicketState.CANCELLED}


async def link(viewer: Viewer, ticket_id: str, other_id: str, kind: LinkKind) -> TicketLink:
    """Say what a ticket is to another; a link that is there stays as it is.

    A duplicate is not worked on by itself: what becomes of the other becomes of it. Refuses NOT_FOUND (either), FORBIDDEN,
    CONFLICT (a circle; it duplicates, or is part of, something else already; the other street's; one was withdrawn, or was done
    before the other was reported) and
    ILLEGAL_MOVE (a duplicate whose own work is done).
    """
    async with ringing(), in_transaction():
        ticket = await found(Ticket, ticket_id, viewer)
        permit(viewer, "ticketLink", ticket)
        other = await found(Ticket, other_id, viewer, path=("other_id",))
        await query(_ONE_AT_A_TIME, ticket.street_id)
        rows = await Ticket.filter(id__in=[ticket.id, other.id]).order_by("id").select_for_update()
        locked = {row.id: row for row in rows}
        ticket, other = locked[ticket.id], locked[other.id]
        made = await TicketLink.get_or_none(ticket_id=ticket.id, other_id=other.id, kind=kind)
        if made is not None:
            return made
        await _check(ticket, other, kind)
        made = await TicketLink.create(
            kind=kind,
            made_at=now(),
            ticket_id=ticket.id,
            other_id=other.id,
            audience_id=ticket.opened_by_id,
            compound_id=ticket.compound_id,
            street_id=ticket.street_id,
        )
        await record(actor_of(viewer), "ticketLink", ticket, after={"link": kind, "other_id": other.id})
        if kind is LinkKind.DUPLICATE_OF:
            await (_follow(ticket, FOLLOWS_DONE[ticket.state]) if other.state in _DONE else _begin(ticket, other))
        return made


async def unlink(viewer: Viewer, ticket_id: str, other_id: str, kind: LinkKind) -> Ticket:
    """Take a link away; the ticket's state stays. Refuses NOT_FOUND (either), FORBIDDEN and CONFLICT (there is no such link)."""
    async with in_transaction():
        ticket = await permitted(Ticket, ticket_id, viewer, "ticketUnlink")
        other = await found(Ticket, other_id, viewer, path=("other_id",))
        if not await TicketLink.filter(ticket_id=ticket.id, other_id=other.id, kind=kind).delete():
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The tickets are not linked in this way.", "两张工单没有这种关联。"),
                path=("kind",),
                hint=Text("Read the ticket's links.", "请先查看工单的关联。"),
            )
        await record(actor_of(viewer), "ticketUnlink", ticket, before={"link": kind, "other_id": other.id})
        return ticket


async def _check(ticket: Ticket, other: Ticket, kind: LinkKind) -> None:
    if ticket.street_id != other.street_id:
        raise _conflict(
            Text("The other ticket is of another street.", "对方工单不属于本街道。"),
            Text("Link tickets of one street.", "请关联同一街道的工单。"),
        )
    edges: dict[str, list[str]] = {}
    for row in await query(_AHEAD, other.id):
        edges.setdefault(row["ticket_id"], []).append(row["other_id"])
    check_no_circle(edges, ticket.id, other.id)
    if kind in SINGLE and await TicketLink.exists(ticket_id=ticket.id, kind=kind):
        raise _conflict(
            Text(f"The ticket is {kind} another already.", f"该工单已有“{kind.zh}”的关联。"),
            Text("Undo that link first.", "请先解除原关联。"),
        )
    if kind is not LinkKind.DUPLICATE_OF:
        return
    if other.state is TicketState.CANCELLED:
        raise _conflict(
            Text("The other ticket was withdrawn.", "对方工单已取消。"),
            Text("Name one that is worked on.", "请选择未取消的工单。"),
        )
    if other.resolved_at is not None and other.resolved_at <= ticket.opened_at:
        raise _conflict(
            Text(
                "The other's work was done before this was reported: it has come back.",
                "对方工单在本工单提交前已办结，属再次发生。",
            ),
            Text("Link it as CAUSED_BY, and work on it.", "请关联为“起因于”，并另行办理。"),
        )
    if ticket.state in _OVER:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"A ticket that is {ticket.state} is done by itself.", f"工单{ticket.state.zh}，不能再设为重复。"),
            hint=Text("Link it as CAUSED_BY or PART_OF, or the other one to it.", "可改为其他关联，或将对方设为本工单的重复。"),
        )


def _conflict(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.CONFLICT, message, path=("other_id",), hint=hint)


async def follow_begun(ticket: Ticket) -> None:
    """Let the duplicates of a ticket be accepted with it, and somebody be on the spot for them. Inside the act's transaction."""
    for duplicate in await _duplicates(ticket):
        await _begin(duplicate, ticket)


async def _begin(duplicate: Ticket, ticket: Ticket) -> None:
    """Bring a duplicate, which is not worked on by itself, as far as what it duplicates: accepted, somebody on the spot."""
    if ticket.arrived_at is not None and duplicate.arrived_at is None:
        duplicate.arrived_at = max(ticket.arrived_at, duplicate.opened_at)
        await duplicate.save(update_fields=["arrived_at"])
        await wind(duplicate)
        await follow_begun(duplicate)
    if ticket.state is not TicketState.OPEN:
        await _follow(duplicate, FOLLOWS_ACCEPTED[duplicate.state])


async def follow_transferred(ticket: Ticket) -> None:
    """Let whoever handles a ticket from now on answer for its duplicates in the same compound as well."""
    for duplicate in await _duplicates(ticket):
        if duplicate.compound_id != ticket.compound_id or duplicate.state in _OVER:
            continue
        before, after = await change(duplicate, {"organisation_id": ticket.organisation_id, "assignee_id": None})
        await record(_FOLLOWING, "ticketFollow", duplicate, before=before, after=after)
        await wind(duplicate)
        await follow_transferred(duplicate)


async def follow_done(ticket: Ticket) -> None:
    """Let the duplicates of a ticket whose work is done be done with it, and theirs. Inside the act's transaction."""
    for duplicate in await _duplicates(ticket):
        await _follow(duplicate, FOLLOWS_DONE[duplicate.state])


async def follow_reopened(ticket: Ticket) -> None:
    """Open the duplicates of a ticket again that was opened again; those whose reporters agreed stay closed."""
    for duplicate in await _duplicates(ticket):
        await _follow(duplicate, FOLLOWS_REOPENED[duplicate.state])


async def let_go(ticket: Ticket) -> None:
    """Let the duplicates of a ticket that was withdrawn stand for themselves."""
    for duplicate in await _duplicates(ticket):
        await stand_alone(duplicate)


async def stand_alone(ticket: Ticket) -> None:
    """Let a ticket duplicate nothing: what it duplicates was withdrawn, or is not done as far as its reporter can see."""
    if gone := await TicketLink.get_or_none(ticket_id=ticket.id, kind=LinkKind.DUPLICATE_OF):
        await gone.delete()
        await record(_FOLLOWING, "ticketUnlink", ticket, before={"link": gone.kind, "other_id": gone.other_id})


async def _duplicates(ticket: Ticket) -> list[Ticket]:
    ids = await TicketLink.filter(other_id=ticket.id, kind=LinkKind.DUPLICATE_OF).values_list("ticket_id", flat=True)
    return await Ticket.filter(id__in=list(ids)).order_by("id").select_for_update() if ids else []


async def _follow(ticket: Ticket, state: TicketState) -> None:
    """Move a duplicate to the state that follows, and what duplicates it."""
    if state is ticket.state:
        return
    moment: datetime = now()
    changes: dict[str, Any] = {"state": state}
    if state is TicketState.RESOLVED:
        changes |= {"accepted_at": ticket.accepted_at or moment, "resolved_at": moment}
    elif ticket.state is TicketState.OPEN:
        changes |= {"accepted_at": moment}
    else:
        changes |= {"resolved_at": None, "closed_at": None, "reopened_count": ticket.reopened_count + 1}
        changes |= await rerouted_if_left(ticket)
    begun = ticket.state is TicketState.OPEN and state is TicketState.ACCEPTED
    done_at = ticket.resolved_at
    before, after = await change(ticket, changes)
    await record(_FOLLOWING, "ticketFollow", ticket, before=before, after=after)
    if done_at is not None and ticket.resolved_at is None:
        await leave_out(ticket, done_at)
        await withdraw_calls(ticket.id)
    await wind(ticket)
    await tell_of_move(ticket, None)
    if begun:
        await follow_begun(ticket)
    else:
        await (follow_done(ticket) if state is TicketState.RESOLVED else follow_reopened(ticket))
