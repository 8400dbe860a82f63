"""Working hours are read strictly: what is empty, crossed or overlaps is refused with the field and the remedy."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import RefusalCode, Refused
from domain.working_time import SPANS, Span, all_time, elapse, passed, running, spans_of

MOMENT = datetime(2026, 11, 23, tzinfo=UTC)


def test_hours_are_read_and_put_in_order():
    assert spans_of(["14:00-18:00", " 09:00-12:00"], "hours") == SPANS
    assert spans_of(["00:00-24:00"], "hours") == (Span(0, 1_440),)
    assert [str(span) for span in SPANS] == ["09:00-12:00", "14:00-18:00"]
    assert spans_of(["09:00-12:00", "12:00-18:00"], "hours")


@pytest.mark.parametrize(
    "hours",
    [
        [],
        ["09:00-10:00"] * 7,
        ["09:00-09:00"],
        ["18:00-09:00"],
        ["09:00-24:01"],
        ["24:00-24:00"],
        ["9-12"],
        ["09:00-12:00", "11:59-13:00"],
        ["08:00-20:00", "09:00-10:00"],
    ],
    ids=str,
)
def test_hours_that_cannot_be_are_refused(hours: list[str]):
    with pytest.raises(Refused) as refusal:
        spans_of(hours, "hours")
    assert refusal.value.code is RefusalCode.INVALID
    assert refusal.value.path == ("hours",)
    assert refusal.value.hint.en
    assert refusal.value.hint.zh


@given(
    marks=st.lists(st.integers(0, 5_000), max_size=8, unique=True).map(sorted),
    amount=st.integers(1, 5_000),
)
def test_the_time_that_elapsed_is_the_time_that_passed(marks: list[int], amount: int):
    pauses = [
        (MOMENT + timedelta(minutes=a), MOMENT + timedelta(minutes=b)) for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    end = elapse(all_time(MOMENT), pauses, timedelta(minutes=amount))
    assert passed(all_time(MOMENT), pauses, end) == timedelta(minutes=amount)
    left = list(running(all_time(MOMENT), pauses))
    assert all(not (a < ends and begins < b) for a, b in left for begins, ends in pauses)
