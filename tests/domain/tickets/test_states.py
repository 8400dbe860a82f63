"""The state table is total."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import RefusalCode, Refused
from domain.tickets import MOVES, TicketMove, TicketState, moved

EVERY_PAIR = list(product(TicketState, TicketMove))


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
