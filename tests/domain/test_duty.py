"""Shifts of one roster never overlap, what is over stays, and the nearest who are on duty are called."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duty import (
    AHEAD,
    BACK,
    LONGEST,
    MOVES,
    OnShift,
    ShiftMove,
    ShiftStanding,
    Span,
    check_free,
    check_span,
    effect,
    nearest,
)
from domain.refusals import RefusalCode, Refused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hour(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def span(starts: float, ends: float) -> Span:
    return Span(hour(starts), hour(ends))


spans = st.tuples(st.integers(-40, 40), st.integers(1, 30)).map(lambda each: span(each[0], each[0] + each[1]))


def test_every_standing_has_a_row():
    assert set(MOVES) == set(ShiftStanding)


@pytest.mark.parametrize(("standing", "move"), list(product(ShiftStanding, ShiftMove)))
def test_a_move_does_what_the_table_says_or_is_refused_with_what_is_allowed(standing: ShiftStanding, move: ShiftMove):
    if move in MOVES[standing]:
        assert effect(standing, move) is MOVES[standing][move]
        return
    with pytest.raises(Refused) as refused:
        effect(standing, move)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    for allowed in MOVES[standing]:
        assert allowed in refused.value.hint.en
        assert allowed.zh in refused.value.hint.zh


@given(st.lists(spans, max_size=12))
def test_whatever_is_offered_no_two_shifts_that_are_taken_share_a_moment(offered: list[Span]):
    taken: list[Span] = []
    for each in offered:
        if any(each.overlaps(other) for other in taken):
            with pytest.raises(Refused) as refused:
                check_free(each, taken)
            assert (refused.value.code, refused.value.path) == (RefusalCode.CONFLICT, ("starts_at",))
        else:
            check_free(each, taken)
            taken.append(each)
    for one, other in combinations(taken, 2):
        assert not one.overlaps(other)
    moments = [each.starts for each in taken] + [each.ends - timedelta.resolution for each in taken]
    assert all(sum(each.holds(moment) for each in taken) == 1 for moment in moments)


@given(spans, spans)
def test_two_spans_overlap_if_a_moment_lies_in_both(one: Span, other: Span):
    moments = [hour(n / 2) for n in range(-82, 142)]
    assert one.overlaps(other) == other.overlaps(one) == any(one.holds(each) and other.holds(each) for each in moments)


def test_one_shift_may_begin_when_another_ends():
    check_free(span(8, 16), [span(0, 8), span(16, 24)])


@given(spans, st.integers(-100, 100))
def test_a_shift_is_planned_until_it_begins_and_over_from_its_end(each: Span, at: int):
    standing = each.standing(hour(at))
    assert (standing is ShiftStanding.OVER) == (hour(at) >= each.ends)
    assert (standing is ShiftStanding.PLANNED) == (hour(at) <= each.starts)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (span(8, 8), "ends_at"),
        (span(8, 7), "ends_at"),
        (Span(NOW, NOW + LONGEST + timedelta.resolution), "ends_at"),
        (Span(NOW - BACK - timedelta.resolution, NOW), "starts_at"),
        (Span(NOW + AHEAD + timedelta.resolution, NOW + AHEAD + timedelta(hours=1)), "starts_at"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_naming_the_field(wrong: Span, field: str):
    with pytest.raises(Refused) as refused:
        check_span(wrong, NOW)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, (field,))
    assert refused.value.hint.en
    assert refused.value.hint.zh


def test_those_of_rosters_that_name_the_compound_come_first_and_nobody_is_called_twice():
    assert nearest([OnShift("far", near=False), OnShift("near", near=True), OnShift("near", near=True)]) == ("near",)
    assert nearest([OnShift("b", near=False), OnShift("a", near=False), OnShift("b", near=False)]) == ("b", "a")
    assert nearest([]) == ()
