"""Visitor passes: the table of their states, how long they are good, and what is refused with its field and remedy."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.passes import (
    AHEAD,
    BACK,
    HOME_MAX,
    LONGEST,
    MOVES,
    PEOPLE_MAX,
    USUAL,
    PassMove,
    PassState,
    check_arrival,
    check_people,
    check_room,
    check_window,
    moved,
)
from domain.refusals import RefusalCode, Refused

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
TICK, HOUR = timedelta.resolution, timedelta(hours=1)


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.message.zh
    return refused.value


def test_every_state_answers_every_move_by_its_row_or_a_refusal_with_a_remedy() -> None:
    assert set(MOVES) == set(PassState)
    for state, move in product(PassState, PassMove):
        if move in MOVES[state]:
            assert moved(state, move, "code") is MOVES[state][move]
        else:
            told = refusal(lambda state=state, move=move: moved(state, move, "code"))
            assert (told.code, told.path) == (RefusalCode.ILLEGAL_MOVE, ("code",))
            assert told.hint is not None
            assert told.hint.en


def test_whatever_was_done_once_is_done_when_it_is_done_again() -> None:
    for state, moves in MOVES.items():
        for move, after in moves.items():
            assert move not in MOVES[after] or MOVES[after][move] is after, (state, move)


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (NOW, None, ""),
        (datetime.max.replace(tzinfo=UTC), None, "valid_from"),
        (datetime.min.replace(tzinfo=UTC), None, "valid_from"),
        (NOW, datetime.max.replace(tzinfo=UTC), "valid_until"),
        (NOW, NOW + LONGEST, ""),
        (NOW - BACK, NOW + TICK, ""),
        (NOW + AHEAD, NOW + AHEAD + HOUR, ""),
        (NOW - BACK - TICK, NOW + HOUR, "valid_from"),
        (NOW + AHEAD + TICK, NOW + AHEAD + HOUR, "valid_from"),
        (NOW + HOUR, NOW + HOUR, "valid_until"),
        (NOW - BACK, NOW, "valid_until"),
        (NOW, NOW + LONGEST + TICK, "valid_until"),
    ],
)
def test_a_pass_is_good_for_a_week_at_most_and_begins_within_a_month(starts: datetime, ends: datetime | None, field: str) -> None:
    if not field:
        assert check_window(starts, ends, NOW) == (ends or starts + USUAL)
        return
    told = refusal(lambda: check_window(starts, ends, NOW))
    assert (told.code, told.path) == (RefusalCode.INVALID, (field,))


def test_some_come_on_a_pass_and_no_crowd() -> None:
    assert [check_people(people) for people in (1, PEOPLE_MAX)] == [1, PEOPLE_MAX]
    for people in (0, -3, PEOPLE_MAX + 1):
        assert refusal(lambda people=people: check_people(people)).path == ("people",)


def test_a_home_has_so_many_passes_waiting_and_no_more() -> None:
    check_room(HOME_MAX - 1, HOME_MAX)
    assert refusal(lambda: check_room(HOME_MAX, HOME_MAX)).code is RefusalCode.CONFLICT


@pytest.mark.parametrize(
    ("people", "now", "code", "field"),
    [
        (None, NOW, None, ""),
        (3, NOW + HOUR - TICK, None, ""),
        (None, NOW - TICK, RefusalCode.ILLEGAL_MOVE, "code"),
        (None, NOW + HOUR, RefusalCode.ILLEGAL_MOVE, "code"),
        (4, NOW, RefusalCode.INVALID, "people"),
        (0, NOW, RefusalCode.INVALID, "people"),
    ],
)
def test_visitors_come_within_the_time_and_as_many_as_said(
    people: int | None, now: datetime, code: RefusalCode | None, field: str
) -> None:
    if code is None:
        check_arrival(people, NOW, NOW + HOUR, now, 3)
        return
    told = refusal(lambda: check_arrival(people, NOW, NOW + HOUR, now, 3))
    assert (told.code, told.path) == (code, (field,))
