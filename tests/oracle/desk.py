"""The ticket desk, hostile: what is around tickets, with ties and nulls."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.tickets import TicketKind
from domain.tickets.categories import TicketCategory
from domain.tickets.relations import LinkKind
from domain.tickets.routing import RouteTarget
from domain.tickets.satisfaction import CallBackOutcome, CallBackState, RatingReason

from .hostile import MOMENTS, Making


async def fill_desk(m: Making, organisations: list[models.Organisation]) -> None:
    """Parties, watchers, links, ratings, call-backs and routes."""
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    tickets = await models.Ticket.all().order_by("id")
    for n, ticket in enumerate(tickets):
        of: dict[str, Any] = {"ticket_id": ticket.id, "compound_id": ticket.compound_id, "street_id": ticket.street_id}
        heard = {"audience_id": m.maybe(accounts)}
        for organisation in organisations[: m.of([0, 1, 3])]:
            signed = m.of([{}, {"signed_off_at": m.moment(), "signed_off_by_id": m.of(accounts)}])
            party = {"organisation_id": organisation.id, "added_at": m.moment(), **signed, **heard, **of}
            await models.TicketParty.create(id=m.id(models.TicketParty), **party)
        for account_id in m.random.sample(list(accounts), m.of([0, 0, 2])):
            await models.TicketWatcher.create(id=m.id(models.TicketWatcher), account_id=account_id, since=m.moment(), **of)
        for other in m.random.sample(tickets[:n], min(n, m.of([0, 1, 2]))):
            link = {"kind": LinkKind.CAUSED_BY, "other_id": other.id, "made_at": m.moment(), **heard, **of}
            await models.TicketLink.create(id=m.id(models.TicketLink), **link)
        if m.of([True, False]):
            said = {"score": m.of(range(1, 6)), "reasons": m.of([[], list(RatingReason)]), "note": m.text()}
            said |= {"rated_at": m.moment(), "organisation_id": m.maybe([o.id for o in organisations])}
            await models.TicketRating.create(id=m.id(models.TicketRating), **said, **heard, **of)
        if m.of([True, False]):
            told = {"state": m.of(CallBackState), "closed_on": m.of([date(2024, 2, 29), date(2026, 2, 28)]), "note": m.text()}
            told |= {"outcome": m.of(CallBackOutcome), "score": m.maybe(range(1, 6)), "called_at": m.maybe(MOMENTS)}
            told |= {"called_by_id": m.maybe(accounts), "attempts": m.of([0, 3])}
            await models.CallBack.create(id=m.id(models.CallBack), **told, **of)
    for compound in await models.Compound.all().order_by("id"):
        for n in range(3):
            route: dict[str, Any] = {"set_at": m.moment(), "street_id": compound.street_id, "removed_at": m.moment()}
            route |= {"kind": m.maybe(TicketKind), "category": m.maybe(TicketCategory)}
            route |= {"compound_id": compound.id} if n == 0 else {"place_id": m.maybe([compound.community_id])}
            route |= m.of([{"target": m.of(RouteTarget)}, {"organisation_id": m.of(organisations).id}])
            await models.TicketRoute.create(id=m.id(models.TicketRoute), **route)
