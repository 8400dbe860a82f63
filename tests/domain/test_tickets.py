"""The state table is total, and time limits follow the working calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import RefusalCode, Refused
from domain.tickets import CLOSE_WITHIN, MOVES, Limit, TicketKind, TicketMove, TicketPriority, TicketState, due_at, moved

EVERY_PAIR = list(product(TicketState, TicketMove))


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def test_every_state_has_a_row():
    assert set(MOVES) == set(TicketState)


@pytest.mark.parametrize(("state", "move"), EVERY_PAIR)
def test_a_move_leads_where_the_table_says_or_is_refused_with_what_is_allowed(state: TicketState, move: TicketMove):
    after = MOVES[state].get(move)
    if after is not None:
        assert moved(state, move) is after
        return
    with pytest.raises(Refused) as refusal:
        moved(state, move)
    assert refusal.value.code is RefusalCode.ILLEGAL_MOVE
    for language in ("en", "zh-CN"):
        assert refusal.value.message.say(language)
        hint = refusal.value.hint.say(language)
        assert hint
        for allowed in MOVES[state]:
            assert (allowed.value if language == "en" else allowed.zh) in hint


def test_every_state_can_be_reached_from_open_and_only_cancelled_is_final():
    reached, frontier = {TicketState.OPEN}, [TicketState.OPEN]
    while frontier:
        for after in MOVES[frontier.pop()].values():
            if after not in reached:
                reached.add(after)
                frontier.append(after)
    assert reached == set(TicketState)
    assert [state for state, moves in MOVES.items() if not moves] == [TicketState.CANCELLED]


@given(st.lists(st.sampled_from(TicketMove), max_size=30))
def test_whatever_is_tried_a_ticket_is_never_done_before_it_was_accepted_and_never_leaves_cancelled(moves: list[TicketMove]):
    state, path = TicketState.OPEN, [TicketState.OPEN]
    for move in moves:
        try:
            state = moved(state, move)
        except Refused:
            continue
        path.append(state)
    for done in (TicketState.RESOLVED, TicketState.CLOSED):
        if done in path:
            assert TicketState.ACCEPTED in path[: path.index(done)]
    if TicketState.CANCELLED in path:
        assert path[-1] is TicketState.CANCELLED
        assert path.count(TicketState.CANCELLED) == 1


def test_every_kind_and_priority_has_a_limit():
    assert set(CLOSE_WITHIN) == set(product(TicketKind, TicketPriority))
    for limit in CLOSE_WITHIN.values():
        assert (limit.span is None) != (limit.working_days is None)


def test_a_span_runs_through_nights_and_weekends():
    friday = datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert due_at(friday, Limit(span=timedelta(hours=24)), weekdays) == datetime(2026, 11, 21, 22, tzinfo=UTC)


def test_working_days_are_counted_from_the_day_after_and_end_at_midnight():
    friday = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert due_at(friday, Limit(working_days=3), weekdays) == datetime(2026, 11, 26, tzinfo=UTC)


@given(
    opened=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(1, 30),
    closed=st.sets(st.integers(0, 6), max_size=6),
)
def test_a_working_day_limit_holds_exactly_that_many_working_days(opened: datetime, days: int, closed: set[int]):
    def works(day: date) -> bool:
        return day.weekday() not in closed

    due = due_at(opened, Limit(working_days=days), works)
    between = [opened.date() + timedelta(days=n) for n in range(1, (due.date() - opened.date()).days)]
    assert sum(works(day) for day in between) == days
    assert works(between[-1])
    assert (due.hour, due.minute, due.second) == (0, 0, 0)
