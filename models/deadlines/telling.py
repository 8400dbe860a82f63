"""Telling of deadlines: a fact of each warning, breach and escalation, and an announcement to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.alerts import Severity
from domain.deadlines import DeadlineLevel
from domain.notices import TICKET_BREACHED, TICKET_ESCALATED, TICKET_WARNED, Announcement
from domain.organisations import OrganisationKind
from domain.permits import sees
from domain.tickets import TicketPriority
from domain.words import Text
from models.calendar import today, zone
from models.connection import query
from models.duty import on_duty
from models.facts import Actor, record
from models.notices import announce
from models.organisations import Organisation, lasting
from models.territory import Compound
from models.viewers import viewers_of

from .winding import Call

if TYPE_CHECKING:
    from models.tickets.rows import Ticket


_PARTIES = "SELECT organisation_id AS id FROM ticket_party WHERE ticket_id = $1"
_WATCHING = "SELECT account_id AS id FROM ticket_watcher WHERE ticket_id = $1"
_TYPES = {"ticketWarn": TICKET_WARNED, "ticketBreach": TICKET_BREACHED, "ticketEscalate": TICKET_ESCALATED}


async def tell(ticket: Ticket, call: Call, actor: Actor) -> None:
    """Record what has come and announce it. Inside the transaction, within ``ringing()`` where it shall be quick.

    The handler and those that take part hear of a warning and of a breach, and so does the assignee, and whoever is on duty
    at the handler's: of a warning if nobody is assigned. Of an escalation hear the offices above and whoever is on duty there,
    the handler and those that take part if they asked for that by name. Whoever watches the ticket hears of all of it.
    """
    row = call.deadline
    after: dict[str, Any] = {"goal": row.goal, "due_at": _time(row.due)}
    if call.levels:
        after |= {"level": row.level}
    await record(actor, call.action, ticket, after=after)
    handler = frozenset({ticket.organisation_id} if ticket.organisation_id else ())
    taking_part = handler | frozenset(row["id"] for row in await query(_PARTIES, ticket.id))
    compound = await Compound.get(id=ticket.compound_id)
    above = frozenset([each for level in call.levels for each in await _offices(level, compound)])
    watching, assignee = await _seeing(ticket, () if call.levels else (ticket.assignee_id,))
    called = () if assignee and call.action == "ticketWarn" else above if call.levels else handler
    there = [id_ for office in sorted(called) for id_ in await on_duty(office, ticket.compound_id)]
    await announce(
        Announcement(
            type=_TYPES[call.action],
            topic=f"{row.id} {call.action} {row.level if call.levels else ''} {int(row.due.timestamp())}",
            data=_data(ticket, call, compound),
            street_id=ticket.street_id,
            compound_id=ticket.compound_id,
            severity=_severity(ticket),
            organisations=above if call.levels else taking_part,
            accounts=watching | assignee | frozenset(there),
            concerned=taking_part - above if call.levels else frozenset(),
            ticket_id=ticket.id,
        )
    )


async def _seeing(ticket: Ticket, assigned: Iterable[str | None]) -> tuple[frozenset[str], frozenset[str]]:
    """Those who watch the ticket, and those of ``assigned``, who still see it."""
    watching = {row["id"] for row in await query(_WATCHING, ticket.id)}
    named = {id_ for id_ in assigned if id_}
    viewers = await viewers_of(sorted(watching | named)) if watching | named else {}
    seeing = {id_ for id_, viewer in viewers.items() if sees(viewer, "Ticket", ticket.belongs())}
    return frozenset(watching & seeing), frozenset(named & seeing)


def _severity(ticket: Ticket) -> Severity:
    """What is late about an emergency waits for nothing."""
    return Severity.CRITICAL if ticket.priority is TicketPriority.EMERGENCY else Severity.MAJOR


async def _offices(level: DeadlineLevel, compound: Compound) -> list[str]:
    """The organisations that stand on a level of the ladder above the handler."""
    kind, place = OrganisationKind.STREET_OFFICE, {"street_id": compound.street_id}
    if level is DeadlineLevel.COMMUNITY:
        kind, place = OrganisationKind.COMMUNITY_OFFICE, {"place_id": compound.community_id}
    offices = Organisation.filter(lasting(today()), kind=kind, **place)
    return [office.id for office in await offices]


def _time(moment: datetime) -> str:
    return moment.astimezone(zone()).isoformat(timespec="seconds")


def _words(ticket: Ticket, call: Call) -> Text:
    goal, due = call.deadline.goal, f"{call.deadline.due.astimezone(zone()):%Y-%m-%d %H:%M}"
    number, name = ticket.number, goal.replace("_", " ").lower()
    match call.action:
        case "ticketWarn":
            return Text(f"Ticket {number}: {name} is due at {due}.", f"工单 {number}：“{goal.zh}”将于 {due} 到期。")
        case "ticketBreach":
            return Text(f"Ticket {number}: {name} was due at {due}.", f"工单 {number}：“{goal.zh}”已于 {due} 超时。")
        case _:
            level = call.deadline.level
            return Text(
                f"Ticket {number}: {name} was due at {due}; it is now with the {level.lower()}.",
                f"工单 {number}：“{goal.zh}”已于 {due} 超时，现升级至{level.zh}。",
            )


def _data(ticket: Ticket, call: Call, compound: Compound) -> dict[str, Any]:
    row = call.deadline
    return {
        "ticket": {
            "id": ticket.id,
            "number": ticket.number,
            "kind": ticket.kind,
            "priority": ticket.priority,
            "state": ticket.state,
            "dueAt": _time(ticket.due_at),
        },
        "deadline": {"id": row.id, "goal": row.goal, "state": row.state, "level": row.level, "dueAt": _time(row.due)},
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": _words(ticket, call).both(),
    }
