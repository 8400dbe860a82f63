"""How a ticket comes to be: opened by a person, or by an alert."""

from datetime import date
from typing import Any

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.tickets import CLOSE_WITHIN, TicketKind, TicketPriority, TicketState, due_at
from domain.words import Text
from models.alerts import Alert
from models.calendar import is_working_day, now, today
from models.facts import Actor, record

from .rows import Ticket

_HANDLING = """
SELECT organisation_id AS id FROM (
    SELECT m.organisation_id, 0 AS rank, m.starts_on, m.id FROM mandate m
    WHERE m.compound_id = $1 AND m.role = 'SERVES' AND m.starts_on <= $2 AND (m.ends_on IS NULL OR m.ends_on >= $2)
    UNION ALL
    SELECT o.id, 1, NULL, o.id FROM compound c JOIN organisation o ON o.place_id = c.community_id AND o.kind = 'COMMUNITY_OFFICE'
    WHERE c.id = $1
) AS candidate
ORDER BY rank, starts_on DESC, candidate.id LIMIT 1
"""

_INSERT = """
INSERT INTO ticket (id, number, kind, priority, state, title, description, opened_at, due_at, version,
    compound_id, street_id, home_id, facility_id, alert_id, organisation_id, opened_by_id)
VALUES ($1, 'T' || lpad(nextval('ticket_number')::text, 9, '0'), $2, $3, 'OPEN', $4, $5, $6, $7, 1,
    $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (alert_id) WHERE alert_id IS NOT NULL DO NOTHING
RETURNING number
"""


async def handling_organisation(compound_id: str, day: date) -> str | None:
    """Who handles a compound's tickets on ``day``: the organisation that serves it, else its community's office."""
    rows = await connections.get("default").execute_query_dict(_HANDLING, [compound_id, day])
    return rows[0]["id"] if rows else None


async def insert(ticket: Ticket) -> bool:
    """Number and store a new ticket; False when its alert has one already. Sets the handling organisation and the due time."""
    ticket.organisation_id = await handling_organisation(ticket.compound_id, today())
    ticket.due_at = due_at(ticket.opened_at, CLOSE_WITHIN[ticket.kind, ticket.priority], is_working_day)
    columns = (
        *("id", "kind", "priority", "title", "description", "opened_at", "due_at"),
        *("compound_id", "street_id", "home_id", "facility_id", "alert_id", "organisation_id", "opened_by_id"),
    )
    values: list[Any] = [getattr(ticket, column) for column in columns]
    rows = await connections.get("default").execute_query_dict(_INSERT, values)
    return bool(rows)


async def open_for_alert(alert: Alert, *, actor: Actor, title: Text) -> Ticket:
    """The emergency repair ticket of an alert: opened now, or the one that the alert already has.

    The title is stored in Chinese, the street's language; the description carries the alert's message in each language.
    Joins the caller's transaction.
    """
    async with in_transaction():
        ticket = Ticket(
            kind=TicketKind.REPAIR,
            priority=TicketPriority.EMERGENCY,
            state=TicketState.OPEN,
            title=title.zh[:200],
            description="\n".join(alert.message.values()),
            opened_at=now(),
            compound_id=alert.compound_id,
            street_id=alert.street_id,
            facility_id=alert.facility_id,
            alert_id=alert.id,
        )
        opened = await insert(ticket)
        stored = await Ticket.get(alert_id=alert.id)
        if opened:
            await record(actor, "ticketOpen", stored, after={"state": stored.state, "alert": alert.id})
        return stored
