"""Handing a ticket on to another organisation, which accepts it anew; its limits count on from when it was opened."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import REMARK_MAX, TicketMove, moved
from domain.tickets.routing import HANDED_ON, RouteTarget, together
from domain.words import Text
from models.calendar import now, today
from models.deadlines.policies import hold_rules
from models.organisations import Organisation
from models.permits import found
from models.work import ringing

from .consent import check_ones_own
from .moving import Changes, move, remark_on, taken
from .parties import check_around
from .relations import follow_transferred
from .routing import propose, those_around
from .rows import Ticket, TicketParty
from .telling import tell_of_transfer


async def transfer(
    viewer: Viewer,
    ticket_id: str,
    reason: str,
    *,
    organisation_id: str | None = None,
    target: RouteTarget | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Hand a ticket in hand on to an organisation with a mandate for the compound or an office of its place, told by its id or
    by what it is to the compound.

    It is open again until somebody there accepts it, and nobody is assigned any more. ``reason`` is kept as a comment. A company
    hands on what it handles itself, and nothing else. Refuses NOT_FOUND (either), FORBIDDEN, STALE_VERSION, ILLEGAL_MOVE (it is
    done, withdrawn, or a duplicate) and INVALID (no reason, neither or both of organisation and target, one that handles it
    already or has nothing to do with the compound, a ticket of another's).
    """
    async with ringing(), in_transaction():
        ticket = await taken(viewer, ticket_id, "ticketTransfer", expected_version)
        to = await _to(viewer, ticket, organisation_id, target)
        reason = written(reason, "reason", REMARK_MAX)
        moved(ticket.state, TicketMove.TRANSFER)
        await check_ones_own(viewer, ticket, "ticketTransfer")
        await hold_rules(ticket.street_id)
        before, assignee = ticket.organisation_id, ticket.assignee_id
        proposed, who = await propose(to, ticket.compound_id)
        changes: Changes = {"organisation_id": to, "assignee_id": None, "proposed_assignee_id": proposed}
        changes |= {"accepted_at": None, "transferred_at": now(), "routing": together(HANDED_ON, who).both()}
        await TicketParty.filter(ticket_id=ticket.id, organisation_id=to).delete()
        ticket = await move(ticket, "ticketTransfer", TicketMove.TRANSFER, viewer, changes)
        await remark_on(viewer, ticket, "reason", reason)
        await follow_transferred(ticket)
        await tell_of_transfer(ticket, before, [id_ for id_ in (assignee,) if id_ and id_ != viewer.account_id])
        return ticket


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


async def _to(viewer: Viewer, ticket: Ticket, organisation_id: str | None, target: RouteTarget | None) -> str:
    """To whom it goes."""
    field = "organisation_id" if target is None else "target"
    if (organisation_id is None) == (target is None):
        raise _invalid(
            field,
            Text("A ticket is handed on to one: an organisation or a target.", "转办须指定一个单位或一种承办对象。"),
            Text("Give either organisationId or target.", "请填写 organisationId 或 target 之一。"),
        )
    if organisation_id is not None:
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        await check_around(organisation, ticket.compound_id)
        to = organisation.id
    else:
        to = (await those_around(ticket.compound_id, today())).get(target) if target else None
    if to is None:
        raise _invalid(
            field,
            Text("The compound has none of the kind.", "本小区没有该类单位。"),
            Text("Choose another target.", "请选择其他承办对象。"),
        )
    if to == ticket.organisation_id:
        raise _invalid(
            field,
            Text("The organisation handles it already.", "该单位已是承办单位。"),
            Text("Name another.", "请选择其他单位。"),
        )
    return to
