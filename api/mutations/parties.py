"""Mutations on joint handling and on watching; the acts are in models/tickets."""

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import tickets

from .payloads import OnceInput, Payload, mutation

_TICKET = "The ticket as it is now (工单); null when refused."


@strawberry.input(description="A ticket and an organisation that shall take part.")
class TicketPartyAddInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    organisation_id: strawberry.ID = strawberry.field(
        description="Organisation (单位) with a mandate for the compound, or office of its grid, community or street."
    )
    sign_off: bool = strawberry.field(description="Whether the work is done only when it has signed (需会签).", default=True)


@bound("What ticketPartyAdd answers.")
class TicketPartyAddPayload(Payload):
    ticket = by_id("Ticket", "about_id", description=_TICKET)
    party = by_id("TicketParty", "subject_id", description="The organisation's part (参与单位); null when refused.")


@mutation("Let an organisation handle a ticket as well (联合办理).")
async def ticket_party_add(context: Context, given: TicketPartyAddInput) -> TicketPartyAddPayload:
    made = await tickets.add_party(context.viewer, given.id, given.organisation_id, sign_off=given.sign_off)
    return TicketPartyAddPayload(subject_id=made.id)


@strawberry.input(description="A ticket and an organisation that takes part.")
class TicketPartyRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (单位).")


@bound("What ticketPartyRemove answers.")
class TicketPartyRemovePayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Let an organisation take part no more (移出参与单位).")
async def ticket_party_remove(context: Context, given: TicketPartyRemoveInput) -> TicketPartyRemovePayload:
    changed = await tickets.remove_party(context.viewer, given.id, given.organisation_id)
    return TicketPartyRemovePayload(subject_id=changed.id)


@strawberry.input(description="A ticket to sign off.")
class TicketSignOffInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    note: str | None = strawberry.field(
        description="A remark, kept as a comment (备注), at most 2,000 characters.", default=strawberry.UNSET
    )


@bound("What ticketSignOff answers.")
class TicketSignOffPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Agree, for your organisation, that the work on a joint ticket is done (会签).")
async def ticket_sign_off(context: Context, given: TicketSignOffInput) -> TicketSignOffPayload:
    changed = await tickets.sign_off(context.viewer, given.id, note=given.note)
    return TicketSignOffPayload(subject_id=changed.id)


@strawberry.input(description="A ticket to watch.")
class TicketWatchInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")


@bound("What ticketWatch answers.")
class TicketWatchPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Hear of every move of a ticket from now on (关注).")
async def ticket_watch(context: Context, given: TicketWatchInput) -> TicketWatchPayload:
    changed = await tickets.watch(context.viewer, given.id)
    return TicketWatchPayload(subject_id=changed.id)


@strawberry.input(description="A ticket to watch no more.")
class TicketUnwatchInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")


@bound("What ticketUnwatch answers.")
class TicketUnwatchPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Hear of a ticket no more (取消关注).")
async def ticket_unwatch(context: Context, given: TicketUnwatchInput) -> TicketUnwatchPayload:
    changed = await tickets.unwatch(context.viewer, given.id)
    return TicketUnwatchPayload(subject_id=changed.id)
