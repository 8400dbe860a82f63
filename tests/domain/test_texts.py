"""What people write is trimmed, measured and fit to be stored."""

import pytest

from domain.refusals import RefusalCode, Refused
from domain.texts import written


def test_blanks_around_a_text_are_dropped():
    assert written("  电梯坏了 \n", "title", 200) == "电梯坏了"


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\0b", "\ud83d"])
def test_a_text_that_cannot_be_kept_is_refused_by_field_with_a_remedy(text: str):
    with pytest.raises(Refused) as refusal:
        written(text, "title", 200)
    assert refusal.value.code is RefusalCode.INVALID
    assert refusal.value.path == ("title",)
    assert refusal.value.hint.en
    assert refusal.value.hint.zh


def test_the_length_is_that_of_the_trimmed_text():
    assert written(f"  {'字' * 200}  ", "title", 200) == "字" * 200


def test_a_text_that_may_be_empty_may_be_empty():
    assert written("  ", "description", 5_000, least=0) == ""
