"""What people do to a ticket: one act a move, each check → save → record in one transaction.

Every act takes the ticket's row under lock, refuses what ``models.permits`` and the state table refuse, raises the
version by one and answers the ticket as stored. ``expected_version`` None: whatever the version is.
"""

from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.permits import may
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import REMARK_MAX, TicketMove, moved
from domain.words import Text
from models.accounts import Account
from models.calendar import now
from models.deadlines.clock import wind
from models.facts import record
from models.permits import actor_of, found, permit, permitted, unchanged
from models.viewers import viewer_of

from .rows import Ticket, TicketComment

Changes = dict[str, Any]


def _plain(values: Changes) -> Changes:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


async def _move(ticket: Ticket, act: str, move: TicketMove, viewer: Viewer, changes: Changes) -> Ticket:
    changes = {"state": moved(ticket.state, move), "version": ticket.version + 1, **changes}
    before = {name: getattr(ticket, name) for name in changes}
    ticket.update_from_dict(changes)
    await ticket.save(update_fields=list(changes))
    await record(actor_of(viewer), act, ticket, before=_plain(before), after=_plain(changes))
    await wind(ticket)
    return ticket


async def _taken(viewer: Viewer, ticket_id: str, act: str, expected_version: int | None) -> Ticket:
    ticket = await permitted(Ticket, ticket_id, viewer, act)
    unchanged(ticket.version, expected_version)
    return ticket


async def accept(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Answer for an open ticket."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketAccept", expected_version)
        return await _move(ticket, "ticketAccept", TicketMove.ACCEPT, viewer, {"accepted_at": now()})


async def assign(viewer: Viewer, ticket_id: str, assignee_id: str, *, expected_version: int | None = None) -> Ticket:
    """Name who handles the ticket: somebody of the handling organisation or of the viewer's own, who may start it."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketAssign", expected_version)
        moved(ticket.state, TicketMove.ASSIGN)
        assignee = await _assignee(viewer, ticket, assignee_id)
        return await _move(ticket, "ticketAssign", TicketMove.ASSIGN, viewer, {"assignee_id": assignee.id})


async def _assignee(viewer: Viewer, ticket: Ticket, account_id: str) -> Account:
    refusal = Refused(
        RefusalCode.INVALID,
        Text("Nobody who can handle this ticket has this id.", "没有可处理该工单的人员使用此编号。"),
        path=("assignee_id",),
        hint=Text(
            "Name an account of the handling organisation, or of your own, that works in this compound.",
            "请选择承办单位或本单位中负责该小区的人员。",
        ),
    )
    try:
        account = await found(Account, account_id, viewer)
    except Refused:
        raise refusal from None
    own = {organisation for role in viewer.roles for organisation in viewer.ids(role, Reach.ORGANISATION)}
    known = account.id == viewer.account_id or account.organisation_id in own | {ticket.organisation_id} - {None}
    candidate = await viewer_of(account.id) if known else None
    if candidate is None or not may(candidate, "ticketStart", "Ticket", ticket.belongs()):
        raise refusal
    return account


async def start(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Begin the work; whoever starts a ticket that nobody was named for becomes its assignee."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketStart", expected_version)
        named = {} if ticket.assignee_id else {"assignee_id": viewer.account_id}
        return await _move(ticket, "ticketStart", TicketMove.START, viewer, named)


async def resolve(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Report the work done; ``note`` is kept as a comment."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketResolve", expected_version)
        ticket = await _move(ticket, "ticketResolve", TicketMove.RESOLVE, viewer, {"resolved_at": now()})
        await _note(viewer, ticket, note)
        return ticket


async def confirm(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Agree that the work is done."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketConfirm", expected_version)
        return await _move(ticket, "ticketConfirm", TicketMove.CONFIRM, viewer, {"closed_at": now()})


async def reopen(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Say that the work is not done: back to accepted, assignee and due time as they were."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketReopen", expected_version)
        changes: Changes = {"resolved_at": None, "closed_at": None}
        ticket = await _move(ticket, "ticketReopen", TicketMove.REOPEN, viewer, changes)
        await _note(viewer, ticket, note)
        return ticket


async def cancel(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Withdraw a ticket on which no work was done."""
    async with in_transaction():
        ticket = await _taken(viewer, ticket_id, "ticketCancel", expected_version)
        ticket = await _move(ticket, "ticketCancel", TicketMove.CANCEL, viewer, {})
        await _note(viewer, ticket, note)
        return ticket


async def comment(viewer: Viewer, ticket_id: str, body: str, *, internal: bool = False) -> TicketComment:
    """Add a remark in any state; the ticket's version stays. An ``internal`` one is for those on duty, who alone may write it."""
    async with in_transaction():
        ticket = await found(Ticket, ticket_id, viewer, lock=True)
        under = "ticketAccept" if internal else "ticketComment"
        permit(viewer, under, ticket)
        remark = await _remark(viewer, ticket, "body", body, internal=internal)
        after = {"comment": remark.id, "internal": internal}
        await record(actor_of(viewer), "ticketComment", ticket, after=after, under=under, inside=internal)
        if not internal and ticket.replied_at is None and _answers(viewer, ticket):
            ticket.replied_at = remark.at
            await ticket.save(update_fields=["replied_at"])
            await wind(ticket)
        return remark


def _answers(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether what the viewer says there is an answer to whoever opened the ticket."""
    return viewer.account_id != ticket.opened_by_id and may(viewer, "ticketAccept", "Ticket", ticket.belongs())


async def _note(viewer: Viewer, ticket: Ticket, note: str | None) -> None:
    if note is not None and note.strip():
        await _remark(viewer, ticket, "note", note)


async def _remark(viewer: Viewer, ticket: Ticket, field: str, body: str, *, internal: bool = False) -> TicketComment:
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
