"""Staffed posts: what is asked of each kind, and which figures are refused."""

from datetime import date, timedelta

import pytest

from domain.posts import STAFF_MAX, STAFFING, PostKind, check_certificate, check_staff
from domain.refusals import RefusalCode, Refused

TODAY = date(2026, 3, 1)


def test_every_kind_of_post_says_how_it_is_staffed_and_by_which_clause() -> None:
    assert set(STAFFING) == set(PostKind)
    room = STAFFING[PostKind.CONTROL_ROOM]
    assert (room.least, room.certified, room.clause) == (2, True, "MEM Order 5 (2021) art. 26")


@pytest.mark.parametrize("least", [1, STAFF_MAX])
def test_a_post_is_staffed_by_somebody_and_not_by_a_crowd(least: int) -> None:
    assert check_staff(least) == least


@pytest.mark.parametrize("least", [-1, 0, STAFF_MAX + 1, 2**40])
def test_other_numbers_are_refused_with_the_field_and_a_remedy(least: int) -> None:
    with pytest.raises(Refused) as refused:
        check_staff(least)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("least_staff",))
    assert refused.value.hint is not None
    assert "1 to 20" in refused.value.hint.en


def test_a_certificate_counts_on_its_last_day_and_not_after() -> None:
    assert check_certificate(TODAY, TODAY) == TODAY
    for until in (TODAY - timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(Refused) as refused:
            check_certificate(until, TODAY)
        assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("certificate_until",))
