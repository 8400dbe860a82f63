"""Mutations on where tickets go; the acts are in models/tickets."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.tickets import TicketKind
from domain.tickets.categories import TicketCategory
from domain.tickets.routing import RouteTarget
from models import tickets

from .payloads import OnceInput, Payload, mutation

graphql_enum(TicketKind)
graphql_enum(TicketCategory)
graphql_enum(RouteTarget)

_ROUTE = "The route as it is now (分派规则); null when refused."


@strawberry.input(description="Where tickets shall go: to a target or to an organisation.")
class TicketRouteSetInput(OnceInput):
    over_id: strawberry.ID = strawberry.field(description="Street, community, grid or compound (街道、社区、网格或小区).")
    kind: TicketKind | None = strawberry.field(description="Only tickets of this kind (工单类型).", default=strawberry.UNSET)
    category: TicketCategory | None = strawberry.field(
        description="Only tickets of this category (问题类别).", default=strawberry.UNSET
    )
    target: RouteTarget | None = strawberry.field(
        description="To whom, as seen from the compound (承办对象).", default=strawberry.UNSET
    )
    organisation_id: strawberry.ID | None = strawberry.field(
        description="To this organisation (承办单位) of the street.", default=strawberry.UNSET
    )


@bound("What ticketRouteSet answers.")
class TicketRouteSetPayload(Payload):
    route = by_id("TicketRoute", "subject_id", description=_ROUTE)


@mutation("Say where tickets go (设置分派规则); another route for the same place, kind and category is replaced.")
async def ticket_route_set(context: Context, given: TicketRouteSetInput) -> TicketRouteSetPayload:
    made = await tickets.set_route(
        context.viewer,
        given.over_id,
        kind=given.kind,
        category=given.category,
        target=given.target,
        organisation_id=given.organisation_id,
    )
    return TicketRouteSetPayload(subject_id=made.id)


@strawberry.input(description="A route to take back.")
class TicketRouteRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Route (分派规则).")


@bound("What ticketRouteRemove answers.")
class TicketRouteRemovePayload(Payload):
    route = by_id("TicketRoute", "subject_id", description=_ROUTE)


@mutation("Take a route back (移除分派规则): the next nearest counts, or the default.")
async def ticket_route_remove(context: Context, given: TicketRouteRemoveInput) -> TicketRouteRemovePayload:
    changed = await tickets.remove_route(context.viewer, given.id)
    return TicketRouteRemovePayload(subject_id=changed.id)
