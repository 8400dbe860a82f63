"""Rectification lists: every state says what it allows, days are in time to the last, and a burn-down adds up."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import extra_services
from domain.extra_services import ExtraServiceMove, ExtraServiceState, check_done
from domain.rectification import (
    AHEAD,
    ENDED,
    ITEMS_MAX,
    MOVES,
    SERIES_MAX,
    RectificationMove,
    RectificationState,
    Step,
    burn_down,
    check_due,
    check_later,
    check_room,
    check_shown,
    moved,
)
from domain.refusals import RefusalCode, Refused

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
_S = RectificationState


@pytest.mark.parametrize("state", RectificationState)
def test_the_table_of_states_is_total_and_a_refusal_names_what_is_allowed(state: RectificationState) -> None:
    for move in RectificationMove:
        if move in MOVES[state]:
            assert moved(state, move) in RectificationState
            continue
        with pytest.raises(Refused) as refused:
            moved(state, move)
        assert refused.value.code is RefusalCode.ILLEGAL_MOVE
        assert all(allowed in refused.value.hint.en for allowed in MOVES[state])


def test_every_state_is_reached_and_nothing_but_a_report_is_accepted() -> None:
    reached = {(before, after) for before, moves in MOVES.items() for after in moves.values()}
    assert {after for _, after in reached} == set(RectificationState)
    assert {before for before, after in reached if after is _S.ACCEPTED} == {_S.REPORTED}
    assert all(RectificationMove.REOPEN in MOVES[state] for state in ENDED)


def test_a_service_is_judged_once() -> None:
    for state, move in product(ExtraServiceState, ExtraServiceMove):
        if state is ExtraServiceState.RECORDED:
            assert extra_services.moved(state, move) is not state
            continue
        with pytest.raises(Refused):
            extra_services.moved(state, move)
    assert check_done(TODAY, TODAY) == TODAY
    for day in (TODAY + DAY, TODAY - 367 * DAY):
        with pytest.raises(Refused) as refused:
            check_done(day, TODAY)
        assert refused.value.path == ("done_on",)


def test_a_deadline_is_today_or_within_three_years_and_a_later_one_is_later() -> None:
    assert check_due(TODAY, TODAY) == TODAY
    assert check_due(TODAY + AHEAD, TODAY) == TODAY + AHEAD
    for day in (TODAY - DAY, TODAY + AHEAD + DAY):
        with pytest.raises(Refused) as refused:
            check_due(day, TODAY)
        assert refused.value.path == ("due_on",)
    assert check_later(TODAY + DAY, TODAY, TODAY) == TODAY + DAY
    for until, due in ((TODAY, TODAY), (TODAY - DAY, TODAY - 9 * DAY)):
        with pytest.raises(Refused) as refused:
            check_later(until, due, TODAY)
        assert refused.value.path == ("until",)


def test_a_list_has_room_for_so_many_and_evidence_is_asked_where_it_is() -> None:
    assert check_room(0) == 1
    with pytest.raises(Refused):
        check_room(ITEMS_MAX)
    check_shown(True, 1)
    check_shown(False, 0)
    with pytest.raises(Refused) as refused:
        check_shown(True, 0)
    assert "rectificationEvidenceAdd" in refused.value.hint.en


def test_a_list_burns_down_day_by_day_and_up_again_when_an_item_is_opened_anew() -> None:
    steps = [
        *(Step(item, TODAY, _S.OPEN) for item in "abc"),
        *(Step("a", TODAY + n * DAY, state) for n, state in enumerate((_S.CLAIMED, _S.REPORTED, _S.ACCEPTED), 1)),
        Step("b", TODAY + 2 * DAY, _S.DROPPED),
        Step("a", TODAY + 5 * DAY, _S.OPEN),
    ]
    told = burn_down(steps, TODAY - DAY, TODAY + 5 * DAY)
    assert [each.left for each in told] == [0, 3, 3, 2, 1, 1, 2]
    assert (told[3].reported, told[3].open, told[3].dropped) == (1, 1, 1)
    for since, until in ((TODAY, TODAY - DAY), (TODAY, TODAY + SERIES_MAX * DAY)):
        with pytest.raises(Refused) as refused:
            burn_down(steps, since, until)
        assert refused.value.path == ("until",)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 20), st.sampled_from(RectificationState)), max_size=30))
def test_on_every_day_each_item_counts_once(taken: list[tuple[str, int, RectificationState]]) -> None:
    taken.sort(key=lambda each: each[1])
    told = burn_down([Step(item, TODAY + n * DAY, state) for item, n, state in taken], TODAY, TODAY + 20 * DAY)
    for each in told:
        assert each.items == each.open + each.claimed + each.reported + each.accepted + each.dropped
    last = {item: state for item, _, state in taken}
    assert told[-1].left == sum(1 for state in last.values() if state not in ENDED)
