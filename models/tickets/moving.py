"""What all acts on tickets share: the row taken under lock, a move by the state table, a remark with it."""

from typing import Any

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import REMARK_MAX, WORK, TicketMove, TicketState, moved
from domain.tickets.relations import LinkKind
from domain.words import Text
from models.calendar import now
from models.deadlines.clock import leave_out, wind
from models.facts import record
from models.permits import actor_of, permitted, unchanged

from .rows import Ticket, TicketComment, TicketLink
from .telling import tell_of_move

Changes = dict[str, Any]


def plain(values: Changes) -> Changes:
    """Columns as a fact holds them."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


async def taken(viewer: Viewer, ticket_id: str, act: str, expected_version: int | None) -> Ticket:
    """The ticket, taken FOR UPDATE; refuses NOT_FOUND, FORBIDDEN and STALE_VERSION."""
    ticket = await permitted(Ticket, ticket_id, viewer, act)
    unchanged(ticket.version, expected_version)
    return ticket


async def change(ticket: Ticket, changes: Changes) -> tuple[Changes, Changes]:
    """Save changed columns and the next version; answers what they were and are, as a fact holds them.

    What is not RESOLVED any more is not closed by itself either.
    """
    if ticket.closes_at is not None and changes.get("state", ticket.state) is not TicketState.RESOLVED:
        changes = {**changes, "closes_at": None}
    changes = {"version": ticket.version + 1, **changes}
    before = {name: getattr(ticket, name) for name in changes}
    ticket.update_from_dict(changes)
    await ticket.save(update_fields=list(changes))
    return plain(before), plain(changes)


async def move(ticket: Ticket, act: str, what: TicketMove, viewer: Viewer, changes: Changes) -> Ticket:
    """Move a ticket that was taken, record it and tell of it; refuses (ILLEGAL_MOVE) what the state table or a link forbids."""
    state, done_at = moved(ticket.state, what), ticket.resolved_at
    if what in WORK:
        await _check_no_duplicate(ticket)
    before, after = await change(ticket, {"state": state, **changes})
    await record(actor_of(viewer), act, ticket, before=before, after=after)
    if done_at is not None and ticket.resolved_at is None:
        await leave_out(ticket, done_at)
    await wind(ticket)
    await tell_of_move(ticket, viewer.account_id)
    return ticket


async def _check_no_duplicate(ticket: Ticket) -> None:
    if await TicketLink.exists(ticket_id=ticket.id, kind=LinkKind.DUPLICATE_OF):
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("This ticket duplicates another, which is worked on.", "该工单为重复工单，由主单办理。"),
            hint=Text("Work on the other, or undo the link with ticketUnlink.", "请办理主单，或用 ticketUnlink 解除关联。"),
        )


async def note_of(viewer: Viewer, ticket: Ticket, note: str | None) -> None:
    """Keep a note that came with a move as a comment."""
    if note is not None and note.strip():
        await remark_on(viewer, ticket, "note", note)


async def remark_on(viewer: Viewer, ticket: Ticket, field: str, body: str, *, internal: bool = False) -> TicketComment:
    """Keep a remark; ``field``: where it stood in the input."""
    return await TicketComment.create(
        body=written(body, field, REMARK_MAX),
        internal=internal,
        at=now(),
        ticket_id=ticket.id,
        author_id=viewer.account_id,
        audience_id=None if internal else ticket.opened_by_id,
        compound_id=ticket.compound_id,
        street_id=ticket.street_id,
    )
