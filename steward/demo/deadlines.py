"""Deadlines of the demo street's tickets, worked out as the clock of tickets does; some are paused."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from domain.deadlines import DEFAULTS, Goal, Pause, TicketPauseReason, first_level
from domain.tickets import TicketState
from models import Ticket, TicketDeadline, TicketPause
from models.deadlines.policies import Rules
from models.deadlines.winding import PAUSABLE, Winding

from .ids import Ids
from .organisations import Bodies
from .plans import StreetPlan
from .tickets import TicketPlan, timetable

DEADLINE = (
    *("id", "goal", "state", "level", "source", "policy", "why", "started_at", "due", "warn_at", "warned_at", "breached_at"),
    *("met_at", "next_at", "ticket_id", "next_of_id", "audience_id", "compound_id", "street_id"),
)
PAUSE = (
    *("id", "reason", "note", "started_at", "ends_at", "ticket_id", "started_by_id", "audience_id", "compound_id", "street_id"),
)
_PAUSED_EVERY = 4
_REASONS = ((TicketPauseReason.PARTS, "配件已下单，预计三日内到货"), (TicketPauseReason.RESIDENT, "住户外出，已约定上门时间"))


class Clocks:
    """The clocks of all tickets as they stand at ``now``."""

    def __init__(self, plan: StreetPlan, bodies: Bodies, opened: Sequence[TicketPlan], now: datetime) -> None:
        self.plan, self.bodies, self.opened, self.now = plan, bodies, opened, now
        self.paused = dict(self._paused())

    def _paused(self) -> Iterator[tuple[str, TicketPause]]:
        """Some of the tickets that are in hand and not late yet, by the ticket's id."""
        new, number = Ids(self.plan.seed, "pauses").new, 0
        for ticket in self.opened:
            started = ticket.steps[-1].at + timedelta(minutes=5)
            most = DEFAULTS[ticket.kind, ticket.priority][Goal.CLOSE].pause_minutes or 0
            ends = started + timedelta(minutes=most)
            if ticket.state not in PAUSABLE or not started < self.now < min(ends, ticket.due_at):
                continue
            number += 1
            if number % _PAUSED_EVERY == 1:
                reason, note = _REASONS[number // _PAUSED_EVERY % len(_REASONS)]
                yield (
                    ticket.id,
                    TicketPause(
                        id=new("tps"), reason=reason, note=note, started_at=started, ends_at=ends, ticket_id=ticket.id,
                        started_by_id=ticket.assignee.id, audience_id=ticket.opened_by.id if ticket.opened_by else None,
                        compound_id=ticket.compound.id, street_id=self.plan.street.id,
                    ),
                )  # fmt: skip

    def pause_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of pauses."""
        return (tuple(getattr(row, name) for name in PAUSE) for row in self.paused.values())

    def deadline_rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of deadlines; sets each ticket's due time."""
        new = Ids(self.plan.seed, "deadlines").new
        for ticket in self.opened:
            for row in self._wound(ticket).values():
                row.id = new("dln")
                words = {name: orjson.dumps(getattr(row, name)).decode() for name in ("policy", "why")}
                yield tuple(words.get(name, getattr(row, name)) for name in DEADLINE)

    def _wound(self, ticket: TicketPlan) -> dict[Goal, TicketDeadline]:
        stood = Ticket(
            id=ticket.id,
            kind=ticket.kind,
            priority=ticket.priority,
            state=TicketState.OPEN,
            opened_at=ticket.steps[0].at,
            accepted_at=ticket.at(TicketState.ACCEPTED),
            arrived_at=ticket.at(TicketState.IN_PROGRESS),
            replied_at=ticket.replied_at,
            resolved_at=ticket.at(TicketState.RESOLVED),
            opened_by_id=ticket.opened_by.id if ticket.opened_by else None,
            compound_id=ticket.compound.id,
            street_id=self.plan.street.id,
        )
        pause = self.paused.get(ticket.id)
        pauses = [Pause(pause.started_at, pause.ends_at, pause.reason, open=True)] if pause else []
        rules = Rules({}, timetable(self.now), first_level(self.bodies.handling[ticket.compound.id].kind))
        winding, rows = Winding(stood, rules, pauses, self.now), dict[Goal, TicketDeadline]()
        winding.wind(rows)
        if ticket.state is TicketState.CANCELLED:
            stood.state = ticket.state
            winding.wind(rows)
        ticket.due_at = rows[Goal.CLOSE].due.astimezone(self.now.tzinfo)
        return rows
