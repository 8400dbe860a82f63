"""What many complain of at once, and alerts about it and about tickets."""

from __future__ import annotations

import models
from domain.tickets.categories import TicketCategory

from .hostile import Making


async def fill_complaints(m: Making, compounds: list[models.Compound]) -> None:
    """Two clusters of each compound; some of its alerts are about one, or about a ticket there or elsewhere."""
    tickets = [ticket.id for ticket in await models.Ticket.all().order_by("id")]
    for compound in compounds:
        place, clusters = {"compound_id": compound.id, "street_id": compound.street_id}, list[str]()
        for category in (TicketCategory.PARKING, TicketCategory.OTHER):
            found = {"id": m.id(models.ComplaintCluster), "category": category, "found_at": m.moment()}
            clusters.append((await models.ComplaintCluster.create(**found, **place)).id)
        for alert in await models.Alert.filter(compound_id=compound.id, state="CLEARED").order_by("id"):
            await models.Alert.filter(id=alert.id).update(subject_id=m.of([alert.subject_id, *clusters, m.of(tickets)]))
