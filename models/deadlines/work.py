"""Winding many clocks: those whose time has come, and those whose rules were changed."""

from collections.abc import Sequence
from datetime import datetime

from models.calendar import now
from models.connection import query
from models.tickets.rows import Ticket
from models.work import add

from .clock import wind
from .policies import Rules, rules_of
from .winding import IN_HAND

#: The kinds of the work rows that wind the clocks of ``{"tickets": [id, …]}``, and of all tickets in hand of
#: ``{"street": id, "organisation": id or null}``.
KIND, KIND_ALL = "deadlines", "deadlines.all"
#: Tickets of one work row.
_AT_ONCE = 50

#: $1: the moment. Those taken are looked at again in an hour, should the work of winding them be lost.
_DUE = """
WITH due AS (
    SELECT id FROM ticket_deadline WHERE next_at <= $1 ORDER BY next_at LIMIT 5000 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE ticket_deadline d SET next_at = $1 + interval '1 hour' FROM due WHERE d.id = due.id RETURNING d.ticket_id
)
SELECT DISTINCT ticket_id AS id FROM taken ORDER BY id
"""

_IN_HAND = f"""
SELECT id FROM ticket WHERE street_id = $1 AND ($2::text IS NULL OR organisation_id = $2)
    AND state IN ({", ".join(f"'{state}'" for state in sorted(IN_HAND))}) ORDER BY id
"""


async def _leave(tickets: Sequence[str]) -> None:
    for first in range(0, len(tickets), _AT_ONCE):
        await add(KIND, {"tickets": list(tickets[first : first + _AT_ONCE])})


async def due_tickets(moment: datetime) -> int:
    """Leave work for the tickets whose clock must be looked at by ``moment``, 5,000 deadlines at most; how many tickets."""
    tickets = [row["id"] for row in await query(_DUE, moment)]
    await _leave(tickets)
    return len(tickets)


async def recalculate(street_id: str, organisation_id: str | None = None) -> None:
    """Leave the work of winding all clocks of a street, or those of one handler: what they go by was changed."""
    await add(KIND_ALL, {"street": street_id, "organisation": organisation_id})


async def leave_all(street_id: str, organisation_id: str | None) -> int:
    """Leave work for every ticket in hand of a street, or of one handler; how many."""
    tickets = [row["id"] for row in await query(_IN_HAND, street_id, organisation_id)]
    await _leave(tickets)
    return len(tickets)


async def wind_all(ticket_ids: Sequence[str], moment: datetime | None = None) -> None:
    """Wind the clocks of these tickets, in the caller's transaction; what is no ticket (any more) is left out."""
    rules: dict[tuple[str, str | None], Rules] = {}
    for ticket_id in sorted(ticket_ids):
        ticket = await Ticket.select_for_update().get_or_none(id=ticket_id)
        if ticket is None:
            continue
        of = (ticket.street_id, ticket.organisation_id)
        if of not in rules:
            rules[of] = await rules_of(*of)
        await wind(ticket, rules=rules[of], moment=moment or now(), aloud=True)
