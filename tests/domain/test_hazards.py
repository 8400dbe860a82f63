"""Hazards: every state says what it allows, and lateness climbs level by level, whenever it is looked at."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import LADDER, DeadlineLevel
from domain.hazards import (
    MOVES,
    HazardGrade,
    HazardMove,
    HazardState,
    Limits,
    check_deadline,
    check_evidence,
    check_measure,
    climbed,
    limits,
    moved,
)
from domain.refusals import RefusalCode, Refused
from domain.steward.fire_safety.hazards import RULES

DUE = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
USUAL = Limits(7 * 24 * HOUR, 24 * HOUR, 24 * HOUR, 72 * HOUR)


@pytest.mark.parametrize(("state", "move"), list(product(HazardState, HazardMove)))
def test_the_table_of_states_is_total_and_a_refusal_names_what_is_allowed(state: HazardState, move: HazardMove) -> None:
    if move in MOVES[state]:
        assert moved(state, move) in HazardState
        return
    with pytest.raises(Refused) as refused:
        moved(state, move)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    assert all(allowed in refused.value.hint.en for allowed in MOVES[state])


def test_every_state_is_reached_and_none_but_the_last_is_an_end() -> None:
    assert {after for moves in MOVES.values() for after in moves.values()} == set(HazardState)
    assert [state for state, moves in MOVES.items() if not moves] == [HazardState.CLOSED]


@pytest.mark.parametrize(
    ("hours", "level", "next_in"),
    [
        (-0.01, None, 0),
        (0, DeadlineLevel.COMPANY, 24),
        (23.99, DeadlineLevel.COMPANY, 24),
        (24, DeadlineLevel.COMMUNITY, 72),
        (72, DeadlineLevel.STREET, None),
        (9_999, DeadlineLevel.STREET, None),
    ],
)
def test_a_late_hazard_climbs_at_its_hours(hours: float, level: DeadlineLevel | None, next_in: int | None) -> None:
    after = None if next_in is None else DUE + next_in * HOUR
    assert climbed(DeadlineLevel.COMPANY, DUE, DUE + hours * HOUR, USUAL) == (level, after)


def test_what_the_community_puts_right_begins_with_it() -> None:
    assert climbed(DeadlineLevel.COMMUNITY, DUE, DUE, USUAL) == (DeadlineLevel.COMMUNITY, DUE + 72 * HOUR)
    assert climbed(DeadlineLevel.STREET, DUE, DUE, USUAL) == (DeadlineLevel.STREET, None)


_hours = st.integers(0, 2_000).map(lambda hours: hours * HOUR)


@given(st.sampled_from(LADDER), _hours, _hours, st.lists(_hours, max_size=6).map(sorted))
def test_however_it_is_looked_at_it_never_climbs_down_and_the_next_time_is_to_come(
    first: DeadlineLevel, community: timedelta, street: timedelta, looks: list[timedelta]
) -> None:
    held, before = Limits(HOUR, HOUR, community, street), -1
    for look in looks:
        level, following = climbed(first, DUE, DUE + look, held)
        assert level is not None
        assert following is None or following > DUE + look
        assert LADDER.index(level) >= before
        before = LADDER.index(level)


def test_the_figures_of_each_grade_s_rule_are_its_limits() -> None:
    general, major = (limits(rule.limits(None)) for rule in RULES)
    assert (general.rectify, major.rectify) == (timedelta(days=7), timedelta(days=3))
    assert general.community < general.street
    assert major.street < general.street


def test_what_a_grade_asks_for_is_asked_for() -> None:
    assert check_measure(HazardGrade.GENERAL, "") == ""
    check_evidence(HazardGrade.GENERAL, 0)
    with pytest.raises(Refused):
        check_measure(HazardGrade.MAJOR, "")
    with pytest.raises(Refused):
        check_evidence(HazardGrade.MAJOR, 0)


@pytest.mark.parametrize(
    ("due_at", "office", "taken"),
    [
        (DUE + HOUR, False, True),
        (DUE + 2 * HOUR, False, True),
        (DUE + 3 * HOUR, False, False),
        (DUE + 3 * HOUR, True, True),
        (DUE, True, False),
        (DUE + timedelta(days=367), True, False),
    ],
)
def test_a_deadline_lies_ahead_and_is_put_off_by_an_office_alone(due_at: datetime, office: bool, taken: bool) -> None:
    if taken:
        assert check_deadline(due_at, DUE + 2 * HOUR, DUE, may_extend=office) == due_at
    else:
        with pytest.raises(Refused):
            check_deadline(due_at, DUE + 2 * HOUR, DUE, may_extend=office)
