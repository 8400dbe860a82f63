"""Offices and terms: who may hold what side by side, and for how long one is elected."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.offices import (
    BY_HAND,
    OFFICES_OF,
    TERM_YEARS,
    Elected,
    OfficeEnd,
    OfficeKind,
    check_by_hand,
    check_elected,
    check_office,
    check_term,
    last_day,
)
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode, Refused

_COMMITTEE, _FIRST = OrganisationKind.OWNERS_COMMITTEE, date(2026, 3, 1)


def test_the_tables_are_total_and_every_organisation_has_one_head() -> None:
    assert set(OFFICES_OF) == set(TERM_YEARS) == set(OrganisationKind)
    for kind, offices in OFFICES_OF.items():
        heads = {office for office, single in offices.items() if single} - {OfficeKind.MANAGER}
        assert len(heads) == 1, kind
        assert offices[OfficeKind.CONTACT] is False
    assert {office for offices in OFFICES_OF.values() for office in offices} == set(OfficeKind)


def test_an_office_that_such_an_organisation_has_not_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(Refused) as refused:
        check_office(_COMMITTEE, OfficeKind.SECRETARY)
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("kind",))
    assert "CHAIR" in refused.value.hint.en
    assert "主任" in refused.value.hint.zh


@given(first=st.dates(date(1990, 1, 1), date(2100, 1, 1)), years=st.integers(1, 10))
def test_a_term_of_some_years_ends_the_day_before_they_are_over(first: date, years: int) -> None:
    last = last_day(first, years)
    day_after = last + timedelta(days=1)
    assert day_after.year == first.year + years
    assert (day_after.month, day_after.day) in {(first.month, first.day), (3, 1)}
    check_term(_COMMITTEE, first, last, years)
    with pytest.raises(Refused):
        check_term(_COMMITTEE, first, last + timedelta(days=1), years)


def test_a_term_that_ends_before_it_starts_is_refused_with_the_days_it_may_end() -> None:
    with pytest.raises(Refused) as refused:
        check_term(_COMMITTEE, _FIRST, date(2026, 2, 28), 5)
    assert refused.value.path == ("term_ends_on",)
    assert "2031-02-28" in refused.value.hint.en


def test_nobody_elects_a_company() -> None:
    with pytest.raises(Refused) as refused:
        check_term(OrganisationKind.PROPERTY_COMPANY, _FIRST, _FIRST, TERM_YEARS[OrganisationKind.PROPERTY_COMPANY])
    assert refused.value.path == ("organisation_id",)


@pytest.mark.parametrize(
    ("kinds", "path"),
    [
        ((), ("elected",)),
        (("MEMBER",) * 51, ("elected",)),
        (("CHAIR", "MEMBER", "CHAIR"), ("elected", "2", "kind")),
        (("CHAIR", "SECRETARY"), ("elected", "1", "kind")),
        (("CONTACT",), ("elected", "0", "kind")),
    ],
    ids=["nobody", "too many", "two chairs", "no such office", "a contact"],
)
def test_an_election_that_cannot_be_is_refused_with_the_field(kinds: tuple[str, ...], path: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_elected(_COMMITTEE, [Elected(OfficeKind(kind), "Somebody") for kind in kinds])
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, path)
    assert refused.value.hint.zh


def test_people_say_that_somebody_left_and_not_that_a_term_is_over() -> None:
    for how in OfficeEnd:
        if how in BY_HAND:
            check_by_hand(how)
        else:
            with pytest.raises(Refused) as refused:
                check_by_hand(how)
            assert refused.value.path == ("how",)
