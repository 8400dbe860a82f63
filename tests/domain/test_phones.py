"""Telephone numbers as people write them, as they are kept, and as they are shown."""

import pytest

from domain.phones import UnmaskReason, checked_note, masked, normalised
from domain.refusals import RefusalCode, Refused


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("13800138000", "+8613800138000", "138****8000"),
        (" 138-0013 8000 ", "+8613800138000", "138****8000"),
        ("１３８００１３８０００", "+8613800138000", "138****8000"),
        ("+86 138 0013 8000", "+8613800138000", "138****8000"),
        ("8613800138000", "+8613800138000", "138****8000"),
        ("0086 138.0013.8000", "+8613800138000", "138****8000"),
        ("010-12345678", "+861012345678", "010****78"),
        ("(023) 0123 4567", "+862301234567", "023****67"),
        ("+86 (0)23 0123 4567", "+862301234567", "023****67"),
        ("0831 2345678", "+868312345678", "0831****78"),
        ("0755-23456789", "+8675523456789", "0755****89"),
        ("+1 202 555 0123", "+12025550123", "+12****23"),
        ("0044 7700 900123", "+447700900123", "+44****23"),
    ],
)
def test_a_number_is_kept_in_one_form_and_shown_masked(text: str, number: str, shown: str) -> None:
    assert normalised(text) == number
    assert normalised(number) == number
    assert masked(number) == shown
    assert number not in shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "110", "12345678", "23012345678", "1380013800", "138001380001", "12800138000", "0123456789", "4001234567"),
        *("+86 12800138000", "+86 110", "+0123456789", "+", "00", "+1234567890123456", "13800138000 ext 5", "1380013800a"),
        *("१३८००१३८०००", "138\x000013800", "1" * 10_000, "+86 +13800138000", "500236199001011234"),
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Refused) as refused:
        normalised(text, "contact_phone")
    assert refused.value.code is RefusalCode.INVALID
    assert refused.value.path == ("contact_phone",)
    assert len(text) < 3 or text not in f"{refused.value.message} {refused.value.hint}"


def test_a_reason_needs_a_note_only_where_the_word_does_not_say_it() -> None:
    assert checked_note(UnmaskReason.EMERGENCY, None) == ""
    assert checked_note(UnmaskReason.OTHER, " The door is open ") == "The door is open"
    for reason, note in ((UnmaskReason.OTHER, None), (UnmaskReason.OTHER, "  "), (UnmaskReason.ON_SITE, "x" * 501)):
        with pytest.raises(Refused, match="characters"):
            checked_note(reason, note)
