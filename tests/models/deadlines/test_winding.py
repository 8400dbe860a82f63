"""However often a clock is wound on the way, its deadlines end up where they would have been without."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deadlines import DEFAULTS, OPEN_STATES, DeadlineLevel, DeadlineState, Goal, Pause, TicketPauseReason
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.working_time import SPANS, Timetable
from models import Ticket, TicketDeadline
from models.calendar import is_working_day, zone
from models.deadlines.policies import Rules
from models.deadlines.winding import Winding

OPENED = datetime(2026, 11, 20, 15, tzinfo=zone())
MINUTE = timedelta(minutes=1)
RULES = Rules({}, Timetable(SPANS, is_working_day, zone()), DeadlineLevel.COMPANY)
STATES = (TicketState.ACCEPTED, TicketState.IN_PROGRESS, TicketState.RESOLVED)

Deadlines = dict[Goal, TicketDeadline]


def _stood(kind: TicketKind, priority: TicketPriority, steps: Sequence[int], moment: int) -> Ticket:
    """The ticket as it stood so many minutes after it was opened; ``steps``: when it was accepted, arrived at, resolved."""
    at = [OPENED + step * MINUTE if step <= moment else None for step in steps]
    state = next((state for state, when in reversed(list(zip(STATES, at, strict=True))) if when), TicketState.OPEN)
    place = {"compound_id": "cmp", "street_id": "plc"}
    times: dict[str, Any] = {"accepted_at": at[0], "arrived_at": at[1], "resolved_at": at[2]}
    return Ticket(id="tkt", kind=kind, priority=priority, state=state, opened_at=OPENED, **times, **place)


def _paused(pauses: Sequence[tuple[int, int]], moment: int, most: int) -> list[Pause]:
    """The pauses as they stood then: of one that goes on, nobody knows yet how long it will last."""
    stood, left = list[Pause](), most
    for begins, ends in pauses:
        if begins <= moment and left > 0:
            over = min(ends, begins + left)
            shown = over if over <= moment else begins + left
            span = OPENED + begins * MINUTE, OPENED + shown * MINUTE
            stood.append(Pause(*span, TicketPauseReason.PARTS, open=over > moment))
            left -= over - begins
    return stood


def _outcome(rows: Deadlines) -> dict[Goal, tuple[Any, ...]]:
    return {goal: (row.state, row.due, row.warn_at, row.met_at, row.breached_at, row.why) for goal, row in rows.items()}


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(TicketKind),
    priority=st.sampled_from(TicketPriority),
    steps=st.lists(st.integers(1, 8_000), min_size=3, max_size=3).map(sorted),
    marks=st.lists(st.integers(1, 8_000), max_size=6, unique=True).map(sorted),
    looks=st.lists(st.integers(0, 9_000), max_size=8),
)
def test_looking_at_a_clock_changes_nothing_but_what_was_told(
    kind: TicketKind, priority: TicketPriority, steps: list[int], marks: list[int], looks: list[int]
):
    most = DEFAULTS[kind, priority][Goal.CLOSE].pause_minutes or 0
    # a ticket is paused once it is in hand, and no longer when it is done
    pauses = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False) if steps[0] < a and b < steps[2]]
    acts = sorted({0, *steps, *[mark for pause in pauses for mark in pause]})
    told: list[str] = []

    def wound(moments: Sequence[int], calls: list[str]) -> Deadlines:
        rows = Deadlines()
        for moment in moments:
            winding = Winding(
                _stood(kind, priority, steps, moment), RULES, _paused(pauses, moment, most), OPENED + moment * MINUTE
            )
            winding.wind(rows)
            calls += [f"{call.action} {call.deadline.goal} {call.deadline.level}" for call in winding.calls]
            counting = [row for row in rows.values() if row.state in OPEN_STATES]
            assert len([row for row in rows.values() if row.next_of_id]) == min(len(counting), 1)
            assert all(row.next_at is None for row in rows.values() if row.state not in OPEN_STATES)
            assert all(row.next_at for row in counting if row.state is not DeadlineState.LATE)
        return rows

    seldom = wound([*acts, 9_000], [])
    often = wound(sorted([*acts, *looks, *looks, 9_000]), told)
    assert _outcome(often) == _outcome(seldom)
    assert {row.state for row in often.values()} <= {DeadlineState.MET, DeadlineState.MET_LATE}
    breaches = [call for call in told if call.startswith("ticketBreach")]
    assert len(breaches) == len([row for row in often.values() if row.state is DeadlineState.MET_LATE])
    assert len(told) == len(set(told))
