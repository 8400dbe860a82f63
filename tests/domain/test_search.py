"""What a line of text asks for, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import Refused
from domain.search import TEXT_MAX, WORD_MAX, Sought, normal, sought, words_of

_LIFE = [["kang"], ["qiao"], ["sheng"], ["huo", "guo"], ["gong"], ["yuan", "wan"]]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("康桥", ("康桥", None, None, None)),
        ("  KQ sh ", ("kqsh", None, None, None)),
        ("24栋", ("", "24", None, None)),
        ("24幢", ("", "24", None, None)),
        ("24号楼", ("", "24", None, None)),
        ("24#", ("", "24", None, None)),
        ("２４栋", ("", "24", None, None)),
        ("024幢", ("", "24", None, None)),
        ("二十四栋", ("", "24", None, None)),
        ("十栋", ("", "10", None, None)),
        ("二四栋", ("", "24", None, None)),
        ("十十栋", ("", "十十", None, None)),
        ("A座", ("", "a", None, None)),
        ("康桥24栋", ("康桥", "24", None, None)),
        ("康桥 ２４ 号楼", ("康桥", "24", None, None)),
        ("kq24幢1单元3-1", ("kq", "24", "1", "3-1")),
        ("康桥24栋301室", ("康桥", "24", None, "301")),
        ("24-1-301", ("", "24", "1", "301")),
        ("康桥24-1-3-1", ("康桥", "24", "1", "3-1")),
        ("康桥24", ("康桥", None, None, "24")),
        ("人民路12号", ("人民路", None, None, "12")),
        ("第3网格", ("第3网格", None, None, None)),
    ],
)
def test_a_text_is_taken_apart(text: str, asked: tuple[str, str | None, str | None, str | None]) -> None:
    found = sought(text)
    assert found is not None
    assert (found.name, found.building, found.unit, found.door) == asked
    assert found.whole == normal(text)


@pytest.mark.parametrize("text", ["", "   ", "--", "。！？", "\u3000", "\u200b", "%_'\";"])
def test_nothing_is_asked_for_by_what_says_nothing(text: str) -> None:
    assert sought(text) is None


def test_a_text_without_end_is_refused() -> None:
    assert sought("康" * TEXT_MAX)
    with pytest.raises(Refused) as refused:
        sought("康" * (TEXT_MAX + 1))
    assert refused.value.path == ("text",)
    assert refused.value.hint.en


@given(st.text(max_size=TEXT_MAX))
def test_whatever_is_typed_is_understood_somehow(text: str) -> None:
    found = sought(text)
    assert found is None or isinstance(found, Sought)
    if found is not None:
        assert found.whole.startswith(found.name)
        assert normal(found.whole) == found.whole or any(not each.isascii() for each in found.whole)


def test_a_name_is_found_by_characters_letters_and_spelling_the_beginning_first() -> None:
    words = words_of(_LIFE, "康桥生活公园", address="棠城大道1号", code="kq")
    assert [words[word] for word in ("康桥生活公园", "kqshgy", "kangqiaoshenghuogongyuan", "kq")] == [0, 1, 1, 2]
    assert [words[word] for word in ("公园", "gy", "gongyuan", "棠城大道1号", "大道1号")] == [3, 4, 4, 5, 6]
    assert any(word.startswith("kqsh") for word in words)
    assert "guogongyuan" in words
    assert "kqsggy" in words
    assert "kangwan" not in words


@given(st.text(max_size=120))
def test_words_are_few_and_short(text: str) -> None:
    name = normal(text)
    words = words_of([[each] for each in name], name)
    assert all(0 < len(word) <= WORD_MAX for word in words)
    assert len(words) <= 3 * len(name)
