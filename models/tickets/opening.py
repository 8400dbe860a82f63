"""How a ticket comes to be: opened by a person, or by an alert."""

from datetime import date
from typing import Any

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.phones import normalised
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import DESCRIPTION_MAX, TITLE_MAX, TicketKind, TicketPriority, TicketState
from domain.words import Text
from models.alerts import Alert
from models.calendar import now, today
from models.deadlines.clock import wind
from models.facilities import Facility
from models.facts import Actor, record
from models.permits import actor_of, found, permit
from models.phones import kept
from models.territory import Compound, Home
from settings import Settings, load

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
    compound_id, street_id, home_id, facility_id, alert_id, organisation_id, opened_by_id,
    contact_phone_masked, contact_phone_sealed, contact_phone_index)
VALUES ($1, 'T' || lpad(nextval('ticket_number')::text, 9, '0'), $2, $3, 'OPEN', $4, $5, $6, $7, 1,
    $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (alert_id) WHERE alert_id IS NOT NULL DO NOTHING
RETURNING number
"""


async def handling_organisation(compound_id: str, day: date) -> str | None:
    """Who handles a compound's tickets on ``day``: the organisation that serves it, else its community's office."""
    rows = await connections.get("default").execute_query_dict(_HANDLING, [compound_id, day])
    return rows[0]["id"] if rows else None


async def insert(ticket: Ticket) -> bool:
    """Number and store a new ticket; False when its alert has one already. Sets the handling organisation.

    Its clock sets the due time when it is wound for the first time.
    """
    ticket.organisation_id = await handling_organisation(ticket.compound_id, today())
    ticket.due_at = ticket.opened_at
    columns = (
        *("id", "kind", "priority", "title", "description", "opened_at", "due_at"),
        *("compound_id", "street_id", "home_id", "facility_id", "alert_id", "organisation_id", "opened_by_id"),
        *("contact_phone_masked", "contact_phone_sealed", "contact_phone_index"),
    )
    values: list[Any] = [getattr(ticket, column) for column in columns]
    rows = await connections.get("default").execute_query_dict(_INSERT, values)
    return bool(rows)


async def _opened(ticket: Ticket, actor: Actor) -> Ticket:
    stored = await Ticket.get(id=ticket.id)
    after = {"state": stored.state, "kind": stored.kind, "priority": stored.priority}
    await record(actor, "ticketOpen", stored, after={**after, "organisation_id": stored.organisation_id})
    await wind(stored)
    return stored


def _elsewhere(field: str) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        Text("It is not in this compound.", "它不在该小区内。"),
        path=(field,),
        hint=Text("Name one of the same compound.", "请选择同一小区内的对象。"),
    )


async def open_ticket(
    viewer: Viewer,
    compound_id: str,
    *,
    kind: TicketKind,
    title: str,
    description: str = "",
    priority: TicketPriority = TicketPriority.ORDINARY,
    facility_id: str | None = None,
    home_id: str | None = None,
    contact_phone: str | None = None,
    settings: Settings | None = None,
) -> Ticket:
    """Open a ticket in a compound that the viewer sees (a resident: the compound of their home), of a facility or home there.

    ``contact_phone``: a number to call back on, sealed by the ``settings`` (default: those of the environment).
    Refuses NOT_FOUND (compound, facility or home not seen), FORBIDDEN, and INVALID (text, number, or something of another
    compound). Raises NoSecretKey.
    """
    async with in_transaction():
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        permit(viewer, "ticketOpen", compound)
        facility = await found(Facility, facility_id, viewer, path=("facility_id",)) if facility_id is not None else None
        if facility is not None and facility.compound_id != compound.id:
            raise _elsewhere("facility_id")
        home = await found(Home, home_id, viewer, path=("home_id",)) if home_id is not None else None
        if home is not None and home.compound_id != compound.id:
            raise _elsewhere("home_id")
        ticket = Ticket(
            kind=kind,
            priority=priority,
            state=TicketState.OPEN,
            title=written(title, "title", TITLE_MAX),
            description=written(description, "description", DESCRIPTION_MAX, least=0),
            opened_at=now(),
            compound_id=compound.id,
            street_id=compound.street_id,
            facility_id=facility_id,
            home_id=home_id,
            opened_by_id=viewer.account_id,
        )
        if contact_phone is not None and contact_phone.strip():
            number = normalised(contact_phone, "contact_phone")
            ticket.update_from_dict(kept(number, ticket, "contact_phone", settings or load()))
        await insert(ticket)
        return await _opened(ticket, actor_of(viewer))


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
            title=title.zh[:TITLE_MAX],
            description="\n".join(alert.message.values()),
            opened_at=now(),
            compound_id=alert.compound_id,
            street_id=alert.street_id,
            facility_id=alert.facility_id,
            alert_id=alert.id,
        )
        if await insert(ticket):
            return await _opened(ticket, actor)
        return await Ticket.get(alert_id=alert.id)
