"""Mutations on what tickets are to each other; the acts are in models/tickets."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.tickets.relations import LinkKind
from models import tickets

from .payloads import OnceInput, Payload, mutation

graphql_enum(LinkKind)

_TICKET = "The ticket as it is now (工单); null when refused."


@strawberry.input(description="What a ticket is to another.")
class TicketLinkInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    other_id: strawberry.ID = strawberry.field(description="The other ticket (关联工单) of the same street.")
    kind: LinkKind = strawberry.field(description="What the first is to the other (关联类型).")


@bound("What ticketLink answers.")
class TicketLinkPayload(Payload):
    ticket = by_id("Ticket", "about_id", description=_TICKET)
    link = by_id("TicketLink", "subject_id", description="The link (关联); null when refused.")


@mutation("Link a ticket to another (关联工单). A duplicate is not worked on: what becomes of the other becomes of it.")
async def ticket_link(context: Context, given: TicketLinkInput) -> TicketLinkPayload:
    made = await tickets.link(context.viewer, given.id, given.other_id, given.kind)
    return TicketLinkPayload(subject_id=made.id)


@strawberry.input(description="A link to take away.")
class TicketUnlinkInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    other_id: strawberry.ID = strawberry.field(description="The other ticket (关联工单).")
    kind: LinkKind = strawberry.field(description="What the first is to the other (关联类型).")


@bound("What ticketUnlink answers.")
class TicketUnlinkPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Take a link away (解除关联); the ticket stays where it stands.")
async def ticket_unlink(context: Context, given: TicketUnlinkInput) -> TicketUnlinkPayload:
    changed = await tickets.unlink(context.viewer, given.id, given.other_id, given.kind)
    return TicketUnlinkPayload(subject_id=changed.id)
