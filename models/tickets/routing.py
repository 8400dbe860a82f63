"""Who handles a ticket and who is proposed there: the street's routes over the defaults, mandates, roster and load."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.tickets import TicketKind
from domain.tickets.categories import CATEGORIES, TicketCategory
from domain.tickets.routing import (
    DEFAULTS,
    WHY_NOT_THERE,
    Route,
    RouteTarget,
    chosen,
    ladder,
    least_loaded,
    together,
    why_them,
    why_there,
)
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.deadlines.policies import hold_rules
from models.duty import on_duty
from models.facts import record
from models.ids import ID
from models.organisations import Organisation
from models.permits import actor_of, found, permit, permitted
from models.territory import Compound, Place

from .parties import is_around
from .rows import Ticket, TicketRoute

#: $1: the compound, $2: the day. Whom it has of each kind of target, the best first.
_HAS = """
SELECT target, id FROM (
    SELECT CASE m.role WHEN 'SERVES' THEN 'COMPANY' ELSE 'COMMITTEE' END AS target, m.organisation_id AS id,
        m.role = 'REPRESENTS' AS first, m.starts_on
    FROM mandate m WHERE m.compound_id = $1 AND (m.service = 'FULL' OR m.role IN ('REPRESENTS', 'GOVERNS'))
        AND m.starts_on <= $2 AND (m.ends_on IS NULL OR m.ends_on >= $2)
    UNION ALL
    SELECT CASE o.kind WHEN 'GRID_TEAM' THEN 'GRID' WHEN 'COMMUNITY_OFFICE' THEN 'COMMUNITY' ELSE 'STREET' END, o.id, true, NULL
    FROM compound c JOIN organisation o ON o.street_id = c.street_id AND (
        o.kind = 'GRID_TEAM' AND o.place_id = c.grid_id OR o.kind = 'COMMUNITY_OFFICE' AND o.place_id = c.community_id
        OR o.kind = 'STREET_OFFICE'
    ) AND (o.ended_on IS NULL OR o.ended_on >= $2)
    WHERE c.id = $1
) AS candidate ORDER BY target, first DESC, starts_on DESC, id
"""
_LOADS = """
SELECT assignee_id AS id, count(*)::int AS open FROM ticket
WHERE assignee_id = ANY($1::text[]) AND state IN ('ACCEPTED', 'ASSIGNED', 'IN_PROGRESS') GROUP BY assignee_id
"""


@dataclass(frozen=True)
class Routing:
    """Where a ticket goes, who is proposed there, and why."""

    organisation_id: str | None
    assignee_id: str | None
    why: Text


async def route_of(compound_id: str, kind: TicketKind, category: TicketCategory | None) -> Routing:
    """Where a ticket of this kind and category goes from the compound as of now.

    A route to an organisation that has nothing to do with the compound (any more) does not count there.
    """
    compound = await Compound.get(id=compound_id)
    routes = await _routes(compound.street_id)
    places = [id_ for id_ in (compound.id, compound.grid_id, compound.community_id) if id_]
    route = chosen(routes, kind, category, places)
    elsewhere = (
        route is not None and route.organisation_id is not None and not await is_around(route.organisation_id, compound.id)
    )
    if elsewhere:
        route = None
    wanted = route.target if route else DEFAULTS[category]
    organisation_id, got = route.organisation_id if route else None, None
    if wanted is not None:
        has = await those_around(compound.id, today())
        got = next((target for target in ladder(wanted) if target in has), None)
        organisation_id = has[got] if got else None
    why = why_there(route, category, wanted, got)
    if elsewhere:
        why = together(WHY_NOT_THERE, why)
    if organisation_id is None:
        return Routing(None, None, why)
    assignee_id, who = await propose(organisation_id, compound.id)
    return Routing(organisation_id, assignee_id, together(why, who))


async def rerouted_if_left(ticket: Ticket) -> dict[str, Any]:
    """What changes of a ticket that is opened again when its handler has nothing to do with the compound any more."""
    if ticket.organisation_id is None or await is_around(ticket.organisation_id, ticket.compound_id):
        return {}
    await hold_rules(ticket.street_id)
    routing = await route_of(ticket.compound_id, ticket.kind, ticket.category)
    changes = {"organisation_id": routing.organisation_id, "proposed_assignee_id": routing.assignee_id, "assignee_id": None}
    return {**changes, "routing": routing.why.both(), "transferred_at": now()}


async def those_around(compound_id: str, day: date) -> Mapping[RouteTarget, str]:
    """Whom a compound has of each kind of target on ``day``: of several the first."""
    has: dict[RouteTarget, str] = {}
    for row in await query(_HAS, compound_id, day):
        has.setdefault(RouteTarget(row["target"]), row["id"])
    return has


async def handling_organisation(compound_id: str, day: date) -> str | None:
    """Who handles what happens in a compound on ``day``: the organisation that serves it, else its community's office."""
    has = await those_around(compound_id, day)
    return has.get(RouteTarget.COMPANY) or has.get(RouteTarget.COMMUNITY)


async def propose(organisation_id: str, compound_id: str) -> tuple[str | None, Text]:
    """Who of those on duty has the fewest open tickets, and a sentence that says so."""
    loads = await _loads(await on_duty(organisation_id, compound_id, now()))
    proposed = least_loaded(loads)
    return proposed, why_them(len(loads), loads[proposed] if proposed else None)


async def _loads(account_ids: tuple[str, ...]) -> Mapping[str, int]:
    rows = await query(_LOADS, list(account_ids)) if account_ids else []
    return dict.fromkeys(account_ids, 0) | {row["id"]: row["open"] for row in rows}


async def _routes(street_id: str) -> list[Route]:
    rows = await TicketRoute.filter(street_id=street_id, removed_at=None).order_by("id")
    return [Route(row.kind, row.category, row.compound_id or row.place_id, row.target, row.organisation_id) for row in rows]


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)


async def set_route(
    viewer: Viewer,
    over_id: str,
    *,
    kind: TicketKind | None = None,
    category: TicketCategory | None = None,
    target: RouteTarget | None = None,
    organisation_id: str | None = None,
) -> TicketRoute:
    """Send tickets of a street, community, grid or compound elsewhere from now on; another route for the same is replaced.

    Refuses NOT_FOUND (place, organisation), FORBIDDEN, ILLEGAL_MOVE (the place has ended) and INVALID (neither or both of target
    and organisation; a category that the kind does not have; an organisation of another street).
    """
    async with in_transaction():
        over = await _over(viewer, over_id)
        permit(viewer, "ticketRouteSet", over)
        if isinstance(over, Place):
            over.check_living("over_id")
        organisation = (
            await found(Organisation, organisation_id, viewer, path=("organisation_id",)) if organisation_id is not None else None
        )
        if (target is None) == (organisation is None):
            raise _invalid(
                "target",
                Text("A route leads to one: a target or an organisation.", "分派规则须指定一种承办对象或一个单位。"),
                Text("Give either target or organisationId.", "请填写 target 或 organisationId 之一。"),
            )
        if organisation is not None and organisation.street_id != over.street_id:
            raise _invalid(
                "organisation_id",
                Text("The organisation is of another street.", "该单位不属于本街道。"),
                Text("Name one of this street.", "请选择本街道的单位。"),
            )
        if kind is not None and category is not None and category not in CATEGORIES[kind]:
            raise _invalid(
                "category",
                Text(f"A {kind} has no category {category}.", f"{kind.zh}工单没有“{category.zh}”这一类别。"),
                Text("Choose one of the kind, or leave one of the two out.", "请选择该类工单的类别，或只填其一。"),
            )
        compound_id = over.id if isinstance(over, Compound) else None
        place_id = over.id if isinstance(over, Place) and over.kind is not PlaceKind.STREET else None
        route = TicketRoute(
            kind=kind,
            category=category,
            target=target,
            set_at=now(),
            compound_id=compound_id,
            place_id=place_id,
            organisation_id=organisation_id,
            street_id=over.street_id,
        )
        same = TicketRoute.filter(kind=kind, category=category, compound_id=compound_id, place_id=place_id)
        await same.filter(street_id=over.street_id, removed_at=None).update(removed_at=now())
        await route.save()
        told = {"kind": kind, "category": category, "target": target, "organisation_id": organisation_id, "over": over.id}
        await record(actor_of(viewer), "ticketRouteSet", route, after=told)
        return route


async def _over(viewer: Viewer, over_id: str) -> Compound | Place:
    match = ID.match(over_id)
    model = Compound if match is not None and match[1] == Compound.prefix else Place
    return await found(model, over_id, viewer, path=("over_id",), lock=True)


async def remove_route(viewer: Viewer, route_id: str) -> TicketRoute:
    """Take a route back; one that is removed stays as it is. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        route = await permitted(TicketRoute, route_id, viewer, "ticketRouteRemove")
        if route.removed_at is None:
            route.removed_at = moment = now()
            await route.save(update_fields=["removed_at"])
            await record(actor_of(viewer), "ticketRouteRemove", route, after={"removed_at": moment.isoformat()})
        return route
