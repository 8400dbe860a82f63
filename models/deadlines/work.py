"""Winding many clocks: those whose time has come, and those whose rules were changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

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
#: Tickets of one work row, and when those come again that somebody had in hand.
_AT_ONCE, _LITTLE = 50, timedelta(seconds=2)

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
    """Wind the clocks of these tickets, in the caller's transaction; what is no ticket (any more) is left out.

    One that somebody has in hand at this moment is left for a little later: whoever waits for it while others wait for this
    might wait for ever.
    """
    rules: dict[tuple[str, str | None], Rules] = {}
    tickets = await Ticket.filter(id__in=list(ticket_ids)).order_by("id").select_for_update(skip_locked=True)
    taken = {ticket.id for ticket in tickets}
    if (
        busy := await Ticket.filter(id__in=[id_ for id_ in ticket_ids if id_ not in taken])
        .order_by("id")
        .values_list("id", flat=True)
    ):
        await add(KIND, {"tickets": list(busy)}, not_before=now() + _LITTLE)
    for ticket in tickets:
        of = (ticket.street_id, ticket.organisation_id)
        if of not in rules:
            rules[of] = await rules_of(*of)
        await wind(ticket, rules=rules[of], moment=moment or now(), aloud=True)
