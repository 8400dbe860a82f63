"""Tickets of the nasty database, with their remarks and files."""

from __future__ import annotations

import models
from domain.tickets import TicketKind, TicketPriority, TicketSource, TicketState
from domain.tickets.categories import TicketCategory
from tests import builders as build

from .hostile import MOMENTS, Making


async def fill_tickets(
    m: Making, compounds: list[models.Compound], organisations: list[models.Organisation], homes: list[models.Home]
) -> None:
    """More than two default pages of tickets, many of them opened and due at the same instants."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    alerts = [None] * 30 + [alert.id for alert in await models.Alert.all().order_by("id")][:18]
    for alert_id in alerts:
        compound = m.of(compounds)
        facilities = await models.Facility.filter(compound_id=compound.id).values_list("id", flat=True)
        ticket = await build.a_ticket(
            compound,
            id=m.id(models.Ticket),
            number=m.code(20),
            kind=m.of(TicketKind),
            priority=m.of(TicketPriority),
            state=m.of(TicketState),
            **m.of([{"source": TicketSource.QR}, {"source": TicketSource.HOTLINE, "case_number": m.code(60)}]),
            category=m.maybe(TicketCategory),
            reopened_count=m.of([0, 32767]),
            routing=m.words(),
            proposed_assignee_id=m.maybe(accounts),
            title=m.text(200),
            description=m.of([m.text(), "很长 " * 3000]),
            opened_at=m.moment(),
            due_at=m.moment(),
            home_id=m.maybe([home.id for home in homes]),
            facility_id=m.maybe(facilities),
            alert_id=alert_id,
            organisation_id=m.maybe([o.id for o in organisations]),
            assignee_id=m.of(accounts),
            opened_by_id=m.maybe(accounts),
            **m.phone("contact_phone"),
        )
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        for _ in range(m.of([0, 0, 1, 2])):
            removed_at = m.maybe(MOMENTS)
            given = {"name": "" if removed_at else m.text(), "removed_at": removed_at, "uploaded_at": m.moment()}
            given |= {"media_type": "image/png", "size": m.of([1, 2147483647]), "sha256": "0" * 64}
            given |= {"uploaded_by_id": m.maybe(accounts), "audience_id": m.maybe(accounts), "subject_id": ticket.id}
            await models.File.create(id=m.id(models.File), **given, **place)
        for _ in range(m.of([0, 0, 1, 3])):
            internal = m.of([True, False])
            audience = {"internal": internal, "audience_id": None if internal else m.maybe(accounts)}
            said = {"body": m.text(), "at": m.moment(), "author_id": m.maybe(accounts), **audience}
            await models.TicketComment.create(id=m.id(models.TicketComment), ticket_id=ticket.id, **said, **place)
