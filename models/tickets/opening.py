"""How a ticket comes to be: opened by a person, or by an alert."""

from typing import Any

from tortoise import connections
from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.permits import allowing
from domain.phones import normalised
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.tickets import (
    CASE_NUMBER_MAX,
    DESCRIPTION_MAX,
    TITLE_MAX,
    TicketKind,
    TicketPriority,
    TicketSource,
    TicketState,
    source_of,
)
from domain.tickets.categories import TicketCategory, check_category, usual
from domain.words import Text
from models.alerts import Alert
from models.calendar import now
from models.connection import query
from models.deadlines.clock import wind
from models.deadlines.policies import hold_rules
from models.facilities import Facility
from models.facts import Actor, record
from models.permits import actor_of, found, permit
from models.phones import kept
from models.territory import Compound, Home
from models.work import ringing
from settings import Settings, load

from .routing import route_of
from .rows import Ticket
from .telling import tell_of_opening

_INSERT = """
INSERT INTO ticket (id, number, kind, priority, state, title, description, opened_at, due_at, version,
    compound_id, street_id, home_id, facility_id, alert_id, organisation_id, opened_by_id,
    contact_phone_masked, contact_phone_sealed, contact_phone_index,
    source, case_number, category, proposed_assignee_id, routing)
VALUES ($1, 'T' || lpad(nextval('ticket_number')::text, 9, '0'), $2, $3, 'OPEN', $4, $5, $6, $7, 1,
    $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22::jsonb)
ON CONFLICT (alert_id) WHERE alert_id IS NOT NULL DO NOTHING
RETURNING number
"""


async def insert(ticket: Ticket) -> bool:
    """Number and store a new ticket; False when its alert has one already. Sets the handling organisation.

    Its clock sets the due time when it is wound for the first time.
    """
    await hold_rules(ticket.street_id)
    routing = await route_of(ticket.compound_id, ticket.kind, ticket.category)
    ticket.organisation_id, ticket.proposed_assignee_id = routing.organisation_id, routing.assignee_id
    ticket.routing = routing.why.both()
    ticket.due_at = ticket.opened_at
    columns = (
        *("id", "kind", "priority", "title", "description", "opened_at", "due_at"),
        *("compound_id", "street_id", "home_id", "facility_id", "alert_id", "organisation_id", "opened_by_id"),
        *("contact_phone_masked", "contact_phone_sealed", "contact_phone_index"),
        *("source", "case_number", "category", "proposed_assignee_id"),
    )
    values: list[Any] = [*(getattr(ticket, column) for column in columns), JSON_DUMPS(ticket.routing)]
    rows = await connections.get("default").execute_query_dict(_INSERT, values)
    return bool(rows)


async def _opened(ticket: Ticket, actor: Actor) -> Ticket:
    stored = await Ticket.get(id=ticket.id)
    after = {"state": stored.state, "kind": stored.kind, "priority": stored.priority}
    after |= {"source": stored.source, "category": stored.category, "organisation_id": stored.organisation_id}
    await record(actor, "ticketOpen", stored, after=after)
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
    source: TicketSource | None = None,
    case_number: str | None = None,
    category: TicketCategory | None = None,
    facility_id: str | None = None,
    home_id: str | None = None,
    contact_phone: str | None = None,
    settings: Settings | None = None,
) -> Ticket:
    """Open a ticket in a compound that the viewer sees (a resident: the compound of their home), of a facility or home there.

    ``source``: how it came in; by default as the viewer's roles say. ``case_number``: the hotline's own number of the case,
    once in a street. ``category``: by default that of the facility that is broken. ``contact_phone``: a number to call back
    on, sealed by the ``settings`` (default: those of the environment).
    Refuses NOT_FOUND (compound, facility or home not seen), FORBIDDEN, INVALID (text, number, something of another compound, a
    source that the viewer may not name, HOTLINE without its case, a category that the kind does not have) and CONFLICT (the
    hotline's case has a ticket). Raises NoSecretKey.
    """
    async with ringing(), in_transaction():
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        permit(viewer, "ticketOpen", compound)
        facility = await found(Facility, facility_id, viewer, path=("facility_id",)) if facility_id is not None else None
        if facility is not None and facility.compound_id != compound.id:
            raise _elsewhere("facility_id")
        home = await found(Home, home_id, viewer, path=("home_id",)) if home_id is not None else None
        if home is not None and home.compound_id != compound.id:
            raise _elsewhere("home_id")
        case = written(case_number, "case_number", CASE_NUMBER_MAX, least=0) if case_number is not None else None
        allowed = allowing(viewer, "ticketOpen", "Compound", compound.belongs())
        source = source_of(source, allowed, case, facility=facility is not None)
        kind_of_facility = facility.kind if facility else None
        if category is not None:
            check_category(kind, category, kind_of_facility)
        ticket = Ticket(
            kind=kind,
            priority=priority,
            source=source,
            case_number=case or None,
            category=category or usual(kind, kind_of_facility),
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
        if case:
            await _check_new_case(ticket)
        await insert(ticket)
        stored = await _opened(ticket, actor_of(viewer))
        await tell_of_opening(stored)
        return stored


async def _check_new_case(ticket: Ticket) -> None:
    """Refuses (CONFLICT) a hotline's case that has a ticket. Whoever opens another for it meanwhile waits."""
    await query("SELECT pg_advisory_xact_lock(hashtextextended('ticket_case ' || $1, 0))", ticket.street_id)
    if await Ticket.exists(street_id=ticket.street_id, case_number=ticket.case_number):
        raise Refused(
            RefusalCode.CONFLICT,
            Text("This case of the hotline has a ticket already.", "该热线编号已有工单。"),
            path=("case_number",),
            hint=Text("Add what is new to that ticket as a remark.", "请在原工单中补充备注。"),
        )


async def open_for_alert(alert: Alert, *, actor: Actor, title: Text) -> Ticket:
    """The emergency repair ticket of an alert: opened now, or the one that the alert already has.

    The title is stored in Chinese, the street's language; the description carries the alert's message in each language.
    Joins the caller's transaction.
    """
    async with in_transaction():
        facility = await Facility.get(id=alert.facility_id) if alert.facility_id else None
        ticket = Ticket(
            kind=TicketKind.REPAIR,
            priority=TicketPriority.EMERGENCY,
            source=TicketSource.ALERT,
            category=usual(TicketKind.REPAIR, facility.kind if facility else None),
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
