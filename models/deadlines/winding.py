"""Winding a ticket's clock, without any storing: from what holds now to where each of its deadlines stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.deadlines import (
    LADDER,
    OPEN_STATES,
    DeadlineLevel,
    DeadlineState,
    Goal,
    Pause,
    Policy,
    PolicySource,
    climbed,
    explained,
    planned,
    policy_words,
    state_of,
)
from domain.tickets import TicketState

from .policies import Rules
from .rows import TicketDeadline

if TYPE_CHECKING:
    from models.tickets.rows import Ticket

#: The states in which a ticket may be paused, and in which its deadlines are worked out anew when the rules change.
PAUSABLE = frozenset({TicketState.ACCEPTED, TicketState.ASSIGNED, TicketState.IN_PROGRESS})
IN_HAND = PAUSABLE | {TicketState.OPEN}


@dataclass(frozen=True)
class Call:
    """Something that has come: ``action`` as facts name it. ``levels``: those that it climbed to, of an escalation."""

    action: str
    deadline: TicketDeadline
    levels: Sequence[DeadlineLevel] = ()


@dataclass
class Winding:
    """One winding of one ticket's clock. ``calls``: what has come, in order."""

    ticket: Ticket
    rules: Rules
    pauses: Sequence[Pause]
    now: datetime
    calls: list[Call] = field(default_factory=list[Call])

    @property
    def paused(self) -> Pause | None:
        """The pause that is not over."""
        return next((pause for pause in self.pauses if pause.open), None)

    def wind(self, rows: dict[Goal, TicketDeadline]) -> None:
        """Bring the ticket's deadlines to where they stand; makes those that are missing while it is in hand."""
        figures = self.rules.figures(self.ticket.kind, self.ticket.priority)
        for goal in Goal:
            if goal in figures and (goal in rows or self.ticket.state in IN_HAND):
                rows[goal] = self._wound(goal, figures[goal], rows.get(goal))
            elif goal in rows and rows[goal].state in OPEN_STATES:
                rows[goal].state, rows[goal].next_at = DeadlineState.DROPPED, None
        counting = [row for row in rows.values() if row.state in OPEN_STATES]
        first = min(counting, key=lambda row: (row.due, list(Goal).index(row.goal)), default=None)
        for row in rows.values():
            row.next_of_id = self.ticket.id if row is first else None

    def _met_at(self, goal: Goal, row: TicketDeadline | None) -> datetime | None:
        """When the goal was reached. What was reached stays so, but the end of the work, which may be taken back."""
        ticket = self.ticket
        if goal is Goal.CLOSE:
            return ticket.resolved_at
        if row is not None and row.met_at is not None:
            return row.met_at
        reached = {Goal.ACCEPT: ticket.accepted_at, Goal.ON_SITE: ticket.arrived_at, Goal.FIRST_REPLY: ticket.replied_at}
        return reached[goal] or ticket.resolved_at

    def _wound(self, goal: Goal, figures: tuple[Policy, PolicySource], row: TicketDeadline | None) -> TicketDeadline:
        """The deadline as it stands now. One that was met stays as it was then."""
        met_at = self._met_at(goal, row)
        if row is not None and met_at is not None and row.met_at == met_at:
            return row
        policy, source = figures
        start = self.ticket.opened_at
        plan = planned(policy, start, self.pauses, self.rules.timetable)
        withdrawn = self.ticket.state is TicketState.CANCELLED
        state = state_of(plan.due, self.now, met_at=met_at, paused=self.paused is not None, dropped=withdrawn)
        why = explained(goal, policy, source, start, plan, self.pauses, self.rules.timetable, self.ticket.transferred_at)
        row = row or TicketDeadline(
            goal=goal,
            level=self.rules.first,
            started_at=start,
            ticket_id=self.ticket.id,
            audience_id=self.ticket.opened_by_id,
            compound_id=self.ticket.compound_id,
            street_id=self.ticket.street_id,
        )
        row.update_from_dict(
            {
                "state": state,
                "source": source,
                "policy": policy_words(policy, source).both(),
                "why": why.both(),
                "due": plan.due,
                "warn_at": plan.warn_at,
                "met_at": met_at,
                "next_at": None,
            }
        )
        self._call(row, timedelta(minutes=policy.escalate_minutes))
        if row.state in OPEN_STATES and self.paused is not None:
            row.next_at = min(row.next_at or self.paused.ends, self.paused.ends)
        return row

    def _call(self, row: TicketDeadline, interval: timedelta) -> None:
        """Note what must be told, and when to look again."""
        late = row.state in {DeadlineState.LATE, DeadlineState.MET_LATE}
        if late and row.breached_at is None:
            row.breached_at = row.due
            self.calls.append(Call("ticketBreach", row))
        elif not late and row.breached_at is not None and row.state is not DeadlineState.DROPPED:
            row.breached_at, row.warned_at = None, None
        if row.state is DeadlineState.LATE:
            stops = [pause.stretch for pause in self.pauses]
            level, row.next_at = climbed(self.rules.first, row.due, self.now, interval, stops)
            if LADDER.index(level) > LADDER.index(row.level):
                above = LADDER[LADDER.index(row.level) + 1 : LADDER.index(level) + 1]
                row.level = level
                self.calls.append(Call("ticketEscalate", row, above))
        elif row.state in OPEN_STATES:
            row.level = self.rules.first
        if row.state is DeadlineState.RUNNING:
            if row.warn_at > self.now:
                row.warned_at = None
            elif row.warned_at is None:
                row.warned_at = self.now
                self.calls.append(Call("ticketWarn", row))
            row.next_at = row.due if row.warned_at else row.warn_at
