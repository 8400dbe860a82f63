"""Papers and codes of organisations: when a paper's end is said, which credit code fits, which telephone is an office's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit_codes import check_character, credit_code
from domain.handovers import EXPECTED, HandoverItem, missing
from domain.organisations import MandateService, office_telephone
from domain.papers import check_dates, warning
from domain.refusals import Refused

_TODAY = date(2026, 3, 1)
_BODY = "91500118MA5U00000"


@pytest.mark.parametrize(
    ("days", "told", "step"),
    [(91, None, None), (90, None, 90), (60, 90, None), (30, 90, 30), (12, None, 30), (0, 30, None), (-1, None, None)],
)
def test_a_paper_is_spoken_of_once_at_each_step(days: int, told: int | None, step: int | None) -> None:
    assert warning(_TODAY + timedelta(days=days), _TODAY, (90, 30), told) == step


def test_a_paper_for_good_is_never_spoken_of_and_one_that_ends_before_it_holds_is_refused() -> None:
    assert warning(None, _TODAY, (90, 30), None) is None
    check_dates(_TODAY, None)
    with pytest.raises(Refused) as refused:
        check_dates(_TODAY, _TODAY - timedelta(days=1))
    assert refused.value.path == ("valid_to",)


@given(first=st.integers(-200, 200))
def test_whatever_day_one_looks_first_each_step_is_told_at_most_once(first: int) -> None:
    last, told, steps = _TODAY + timedelta(days=first), None, list[int]()
    for day in range(300):
        if (step := warning(last, _TODAY + timedelta(days=day), (90, 30), told)) is not None:
            told = step
            steps.append(step)
    assert steps in ([], [90, 30], [30])


def test_a_credit_code_is_checked_by_its_last_character() -> None:
    code = _BODY + check_character(_BODY)
    assert credit_code(f" {code.lower()} ") == code
    for wrong in (_BODY + ("0" if code[-1] != "0" else "1"), code[:-1], code.replace("M", "O"), "9" * 18 + "x"):
        with pytest.raises(Refused) as refused:
            credit_code(wrong)
        assert refused.value.path == ("credit_code",)


@given(place=st.integers(0, 16), by=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_never_fits(place: int, by: str) -> None:
    code = _BODY + check_character(_BODY)
    changed = code[:place] + by + code[place + 1 :]
    if changed != code:
        with pytest.raises(Refused):
            credit_code(changed)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("023-0123 4567", "023-0123-4567"),
        ("（023）01234567", "023-01234567"),
        ("400-012-3456", "400-012-3456"),
        ("12345", "12345"),
        (" ", ""),
    ],
)
def test_the_telephone_of_an_office_is_a_landline_or_a_service_number(text: str, kept: str) -> None:
    assert office_telephone(text) == kept


@pytest.mark.parametrize("text", ["13800000000", "+86 138 0000 0000", "138-0000-0000", "call me", "023-0123456789012"])
def test_a_persons_number_is_not_taken_for_an_offices(text: str) -> None:
    with pytest.raises(Refused) as refused:
        office_telephone(text)
    assert refused.value.path == ("telephone",)


def test_what_is_missing_of_a_handover_follows_from_the_service() -> None:
    assert set(EXPECTED) == {None, *MandateService}
    assert missing(MandateService.LIFT_MAINTENANCE, [HandoverItem.KEYS]) == (
        HandoverItem.MAINTENANCE_RECORDS,
        HandoverItem.ACCESS_DATA,
    )
    assert missing(None, HandoverItem) == ()
