"""The clock of a ticket: brings its deadlines to where they stand at a moment, and tells what has come.

Everything is worked out anew from the ticket, its pauses, the policies and the calendar; stored is only what was already
told. So it does not matter what changed, how often the clock is wound, or how long it stood still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.deadlines import OPEN_STATES, Goal, Pause, TicketPauseReason, overdrawn
from models.calendar import now as this_moment
from models.facts import Actor, record

from .policies import Rules, rules_of
from .rows import TicketDeadline, TicketPause
from .telling import tell
from .winding import PAUSABLE, Call, Winding

if TYPE_CHECKING:
    from models.tickets.rows import Ticket

SYSTEM = Actor("system:deadlines")
_WRITTEN = (
    *("state", "level", "source", "policy", "why", "due", "warn_at", "warned_at", "breached_at", "met_at", "next_at"),
    "next_of_id",
)


def allowed_pauses(rules: Rules, ticket: Ticket) -> timedelta:
    """How long the ticket may be paused, all together."""
    policy, _ = rules.figures(ticket.kind, ticket.priority)[Goal.CLOSE]
    return timedelta(minutes=policy.pause_minutes or 0)


async def pauses_of(ticket_id: str) -> list[TicketPause]:
    """A ticket's pauses, the first first."""
    return await TicketPause.filter(ticket_id=ticket_id).order_by("started_at", "id")


async def leave_out(ticket: Ticket, done_at: datetime) -> None:
    """Let the time since ``done_at`` not count for a ticket that is opened again: its work was thought done."""
    moment = this_moment()
    await TicketPause.create(
        reason=TicketPauseReason.DONE,
        started_at=done_at,
        ends_at=moment,
        ended_at=moment,
        ticket_id=ticket.id,
        audience_id=ticket.opened_by_id,
        compound_id=ticket.compound_id,
        street_id=ticket.street_id,
    )


def as_pauses(rows: Sequence[TicketPause]) -> list[Pause]:
    """Pauses as the domain counts them."""
    return [Pause(row.started_at, row.ended_at or row.ends_at, row.reason, row.ended_at is None) for row in rows]


async def wind(ticket: Ticket, *, rules: Rules | None = None, moment: datetime | None = None, aloud: bool = False) -> None:
    """Bring the ticket's deadlines to where they stand, as ``settled`` does, and tell what has come."""
    await tell_all(ticket, await settled(ticket, rules=rules, moment=moment, aloud=aloud))


async def tell_all(ticket: Ticket, calls: Sequence[Call]) -> None:
    """Record and announce what has come."""
    for call in calls:
        await tell(ticket, call, SYSTEM)


async def settled(
    ticket: Ticket, *, rules: Rules | None = None, moment: datetime | None = None, aloud: bool = False
) -> list[Call]:
    """Bring the ticket's deadlines to where they stand at ``moment`` (default: now); what has come is the caller's to tell.

    The caller holds the ticket's row FOR UPDATE, inside a transaction. Sets ``ticket.due_at``. ``aloud``: a deadline that
    moved is recorded, since no act says so.
    """
    now = moment or this_moment()
    rules = rules or await rules_of(ticket.street_id, ticket.organisation_id)
    pauses = as_pauses(await _pauses(ticket, rules, now))
    rows = {row.goal: row for row in await TicketDeadline.filter(ticket_id=ticket.id)}
    before = {goal: row.due for goal, row in rows.items()}
    stored = {row.id: _columns(row) for row in rows.values()}
    winding = Winding(ticket, rules, pauses, now)
    winding.wind(rows)
    await _store(rows.values(), stored)
    if Goal.CLOSE in rows and ticket.due_at != rows[Goal.CLOSE].due:
        ticket.due_at = rows[Goal.CLOSE].due
        await ticket.save(update_fields=["due_at"])
    if aloud:
        for goal, due in before.items():
            if rows[goal].due != due and rows[goal].state in OPEN_STATES:
                moved = {"goal": goal, "due_at": rows[goal].due.isoformat()}
                await record(SYSTEM, "ticketReschedule", ticket, before={"goal": goal, "due_at": due.isoformat()}, after=moved)
    return winding.calls


async def _pauses(ticket: Ticket, rules: Rules, now: datetime) -> list[TicketPause]:
    """The ticket's pauses; the open one ended if its time has come, or if the ticket is no longer one to be paused."""
    rows = await pauses_of(ticket.id)
    open_one = next((row for row in rows if row.ended_at is None), None)
    if open_one is None:
        return rows
    ended: datetime | None = None
    if open_one.ends_at <= now:
        ended = open_one.ends_at
    else:
        bound = overdrawn(as_pauses(rows), allowed_pauses(rules, ticket), now)
        if bound < open_one.ends_at:
            open_one.ends_at = max(bound, now)
            await open_one.save(update_fields=["ends_at"])
        if bound <= now or ticket.state not in PAUSABLE:
            ended = now
    if ended is not None:
        open_one.ended_at = ended
        await open_one.save(update_fields=["ended_at"])
        after = {"reason": open_one.reason, "ended_at": ended.isoformat()}
        await record(SYSTEM, "ticketResume", ticket, after=after)
    return rows


def _columns(row: TicketDeadline) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _WRITTEN}


async def _store(rows: Any, stored: Mapping[str, dict[str, Any]]) -> None:
    """Write what changed; a row that is no longer the ticket's next first, since only one may be."""
    for row in sorted(rows, key=lambda row: row.next_of_id is not None):
        if row.id not in stored:
            await row.save(force_create=True)
        elif changed := [name for name in _WRITTEN if getattr(row, name) != stored[row.id][name]]:
            await row.save(update_fields=changed)
