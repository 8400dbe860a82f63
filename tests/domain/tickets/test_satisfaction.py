"""Scores and reasons, the time to open again, and who is called back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import RefusalCode, Refused
from domain.tickets.satisfaction import RatingReason, check_in_time, check_rating, sample

_DONE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@given(st.integers(-3, 9), st.lists(st.sampled_from(list(RatingReason)), max_size=5), st.sampled_from(["", " ", "Rude."]))
def test_a_rating_is_a_score_of_one_to_five_with_reasons_where_it_is_low(score: int, reasons: list[RatingReason], note: str):
    wrong = (
        "score"
        if not 1 <= score <= 5
        else "reasons"
        if score <= 2 and not reasons
        else "note"
        if RatingReason.OTHER in reasons and not note.strip()
        else None
    )
    if wrong is None:
        kept = check_rating(score, reasons, note)
        assert set(kept) == set(reasons)
        assert len(kept) == len(set(kept))
        return
    with pytest.raises(Refused) as refusal:
        check_rating(score, reasons, note)
    assert (refusal.value.code, refusal.value.path) == (RefusalCode.INVALID, (wrong,))
    assert refusal.value.hint.en
    assert refusal.value.hint.zh


@given(st.integers(0, 60), st.timedeltas(timedelta(0), timedelta(days=90)))
def test_what_is_done_is_opened_again_within_the_days_and_not_later(days: int, later: timedelta):
    if later <= timedelta(days=days):
        check_in_time(_DONE, _DONE + later, days)
        return
    with pytest.raises(Refused) as refusal:
        check_in_time(_DONE, _DONE + later, days)
    assert refusal.value.code is RefusalCode.ILLEGAL_MOVE
    assert "new ticket" in refusal.value.hint.en


_some = st.lists(st.uuids().map(str), unique=True, max_size=40)


@given(_some, st.integers(0, 100), st.randoms(use_true_random=False))
def test_a_sample_is_the_same_in_whatever_order_it_is_asked_and_as_large_as_it_should_be(ids: list[str], percent: int, random):
    day = date(2026, 3, 2)
    shuffled = random.sample(ids, len(ids))
    always = shuffled[: len(ids) // 5]
    taken = sample(day, ids, percent, always=always)
    assert taken == sample(day, shuffled, percent, always=[*reversed(always), "somebody else's"])
    assert set(always) <= set(taken) <= set(ids)
    rest = len(ids) - len(always)
    assert len(taken) - len(always) == -(-rest * percent // 100)
    assert set(taken) <= set(sample(day, ids, min(100, percent + 20), always=always))


def test_another_day_takes_others():
    ids = [f"tkt_{n:026}" for n in range(200)]
    assert sample(date(2026, 3, 2), ids, 10) != sample(date(2026, 3, 3), ids, 10)
