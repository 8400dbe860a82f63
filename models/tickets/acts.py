"""What people do to a ticket: one act a move, each check → save → record in one transaction.

Every act takes the ticket's row under lock, refuses what ``models.permits`` and the state table refuse (and to a company the
work on what another organisation handles, INVALID), raises the
version by one and answers the ticket as stored. ``expected_version`` None: whatever the version is.
"""

from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.permits import may
from domain.refusals import RefusalCode, Refused
from domain.tickets import MOVES, TicketKind, TicketMove, TicketState, moved
from domain.tickets.categories import TicketCategory, classified
from domain.tickets.consent import Claim
from domain.tickets.satisfaction import check_in_time
from domain.words import Text
from models.accounts import Account
from models.calendar import now, zone
from models.deadlines.clock import wind
from models.deadlines.policies import hold_rules
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, found, permit
from models.viewers import viewer_of
from models.work import ringing
from settings import Settings, load

from .callbacks import withdraw_calls
from .consent import check_ones_own, check_say
from .moving import Changes, change, move, note_of, remark_on, taken
from .parties import check_signed, withdraw_signatures
from .relations import follow_begun, follow_done, follow_reopened, let_go, stand_alone
from .routing import propose, rerouted_if_left, route_of
from .rows import Ticket, TicketComment
from .telling import tell_of_move, tell_of_transfer


async def accept(viewer: Viewer, ticket_id: str, *, expected_version: int | None = None) -> Ticket:
    """Answer for an open ticket."""
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketAccept", expected_version)
        await check_ones_own(viewer, ticket, "ticketAccept", parties=True)
        ticket = await move(ticket, "ticketAccept", TicketMove.ACCEPT, viewer, {"accepted_at": now()})
        await follow_begun(ticket)
        return ticket


async def assign(
    viewer: Viewer, ticket_id: str, assignee_id: str | None = None, *, expected_version: int | None = None
) -> Ticket:
    """Name who handles the ticket: somebody of the handling organisation or of the viewer's own, who may start it.

    Nobody named: whoever of the handling organisation is on duty now with the fewest open tickets.
    """
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketAssign", expected_version)
        await check_ones_own(viewer, ticket, "ticketAssign", parties=True)
        moved(ticket.state, TicketMove.ASSIGN)
        assignee = await _assignee(viewer, ticket, assignee_id or await _proposed(ticket))
        return await move(ticket, "ticketAssign", TicketMove.ASSIGN, viewer, {"assignee_id": assignee.id})


async def _proposed(ticket: Ticket) -> str:
    proposed = (await propose(ticket.organisation_id, ticket.compound_id))[0] if ticket.organisation_id else None
    if proposed is None:
        raise Refused(
            RefusalCode.INVALID,
            Text("Nobody of the handling organisation is on duty now.", "承办单位当前无人值班。"),
            path=("assignee_id",),
            hint=Text("Name somebody, or put somebody on its duty roster.", "请指定处理人，或完善值班表。"),
        )
    return proposed


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
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketStart", expected_version)
        await check_ones_own(viewer, ticket, "ticketStart", parties=True)
        named = {} if ticket.assignee_id else {"assignee_id": viewer.account_id}
        return await move(ticket, "ticketStart", TicketMove.START, viewer, named)


async def resolve(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Report the work done; ``note`` is kept as a comment."""
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketResolve", expected_version)
        await check_ones_own(viewer, ticket, "ticketResolve", parties=True)
        moved(ticket.state, TicketMove.RESOLVE)
        await check_signed(ticket)
        ticket = await move(ticket, "ticketResolve", TicketMove.RESOLVE, viewer, {"resolved_at": now()})
        await note_of(viewer, ticket, note)
        await follow_done(ticket)
        return ticket


async def confirm(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Agree that the work is done: whoever reported it, or an office in their place, whose ``note`` says why.

    Refuses FORBIDDEN a company that agrees to work which somebody else asked for (see domain/tickets/consent.py).
    """
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketConfirm", expected_version)
        await check_say(viewer, ticket, "ticketConfirm", Claim.DONE, note)
        ticket = await move(ticket, "ticketConfirm", TicketMove.CONFIRM, viewer, {"closed_at": now()})
        await note_of(viewer, ticket, note)
        return ticket


async def reopen(
    viewer: Viewer,
    ticket_id: str,
    *,
    note: str | None = None,
    expected_version: int | None = None,
    settings: Settings | None = None,
) -> Ticket:
    """Say that the work is not done: back to accepted, assignee and due time as they were; all who signed it off sign anew.
    Where its handler has left the compound meanwhile, it goes where a new one would.

    A duplicate stands for itself from then on. Refuses (ILLEGAL_MOVE) what was done more than ``ticket_reopen_days`` ago.
    """
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketReopen", expected_version)
        moved(ticket.state, TicketMove.REOPEN)
        done_at = ticket.closed_at or ticket.resolved_at
        if done_at is not None:
            check_in_time(done_at.astimezone(zone()), now(), (settings or load()).ticket_reopen_days)
        changes: Changes = {"resolved_at": None, "closed_at": None, "reopened_count": ticket.reopened_count + 1}
        changes |= await rerouted_if_left(ticket)
        ticket = await move(ticket, "ticketReopen", TicketMove.REOPEN, viewer, changes)
        await note_of(viewer, ticket, note)
        await withdraw_signatures(ticket)
        await withdraw_calls(ticket.id)
        await stand_alone(ticket)
        await follow_reopened(ticket)
        return ticket


async def cancel(viewer: Viewer, ticket_id: str, *, note: str | None = None, expected_version: int | None = None) -> Ticket:
    """Withdraw a ticket on which no work was done: whoever reported it, or an office in their place, whose ``note`` says why."""
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketCancel", expected_version)
        await check_say(viewer, ticket, "ticketCancel", Claim.NOT_NEEDED, note)
        ticket = await move(ticket, "ticketCancel", TicketMove.CANCEL, viewer, {})
        await note_of(viewer, ticket, note)
        await let_go(ticket)
        return ticket


async def comment(viewer: Viewer, ticket_id: str, body: str, *, internal: bool = False) -> TicketComment:
    """Add a remark in any state; the ticket's version stays. An ``internal`` one is for those on duty, who alone may write it."""
    async with in_transaction():
        ticket = await found(Ticket, ticket_id, viewer, lock=True)
        under = "ticketAccept" if internal else "ticketComment"
        permit(viewer, under, ticket)
        remark = await remark_on(viewer, ticket, "body", body, internal=internal)
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


async def classify(
    viewer: Viewer,
    ticket_id: str,
    category: TicketCategory | None = None,
    *,
    kind: TicketKind | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Say what the ticket is about, or that it is of another ``kind``: its limits are then those of that, from the beginning.
    One that nobody has accepted yet goes where such tickets go.

    Of another kind, without a category, it has the usual one of its facility, or none. Refuses INVALID (neither category nor
    kind; a category that the kind or the facility does not have), ILLEGAL_MOVE (it is over) and FORBIDDEN (a company that makes
    what others reported something else: see domain/tickets/consent.py).
    """
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketClassify", expected_version)
        kind = kind or ticket.kind
        if kind is not ticket.kind:
            await check_say(viewer, ticket, "ticketClassify", Claim.ANOTHER_KIND, None)
        facility = await Facility.get(id=ticket.facility_id) if ticket.facility_id else None
        category = classified(ticket.kind, kind, ticket.category, category, facility.kind if facility else None)
        if not MOVES[ticket.state].keys() - {TicketMove.REOPEN}:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"A ticket that is {ticket.state} is classified no more.", f"工单{ticket.state.zh}，不再调整类别。"),
                hint=Text("Open it again first.", "请先重新打开工单。"),
            )
        changes: Changes = {"category": category, "kind": kind}
        if ticket.state is TicketState.OPEN:
            await hold_rules(ticket.street_id)
            routing = await route_of(ticket.compound_id, kind, category)
            changes["routing"] = routing.why.both()
            changes |= {"organisation_id": routing.organisation_id, "proposed_assignee_id": routing.assignee_id}
        handler = ticket.organisation_id
        before, after = await change(ticket, changes)
        await record(actor_of(viewer), "ticketClassify", ticket, before=before, after=after)
        await wind(ticket)
        await tell_of_move(ticket, viewer.account_id)
        if ticket.organisation_id != handler:
            await tell_of_transfer(ticket, handler, ())
        return ticket
