"""Words of notices: what may be written, and what comes of it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts import Severity
from domain.notices import ALERT_CLEARED, ALERT_RAISED, EVENT_TYPES, Language, checked_template, filled, in_languages, words_of
from domain.refusals import RefusalCode, Refused

ZONE = ZoneInfo("Asia/Shanghai")
DATA: dict[str, Any] = {
    "alert": {"lastSeenAt": "2026-03-01T02:30:00+00:00", "clearedAt": None, "rule": "fire_safety.smoke"},
    "compound": {"name": "枫林苑", "code": "C-1"},
    "message": {"en": "Smoke on the third floor.", "zh-CN": "三楼烟雾报警。"},
    "ticket": None,
}


def refusal(title: str, body: str) -> Refused:
    with pytest.raises(Refused) as refused:
        checked_template(ALERT_RAISED, title, body)
    assert refused.value.code is RefusalCode.INVALID
    return refused.value


def test_a_field_that_does_not_exist_is_named_with_those_that_do() -> None:
    refused = refusal("{compound.nmae}", "{message}")
    assert refused.path == ("title",)
    assert "compound.nmae" in refused.message.en
    assert "compound.nmae" in refused.message.zh
    assert "compound.name" in refused.hint.en
    assert refusal("{compound.name}", "{ticket.title}").path == ("body",)


@pytest.mark.parametrize(
    "piece", ["{", "}", "{}", "{compound.name", "{ message }", "{message!r}", "{message:>9}", "{0}", "{a..b}"]
)
def test_a_brace_that_is_of_no_field_is_refused_naming_it(piece: str) -> None:
    refused = refusal("title", f"before {piece} after")
    assert refused.path == ("body",)
    assert "{{" in refused.hint.en


@pytest.mark.parametrize(
    ("title", "body", "field"),
    [
        ("", "x", "title"),
        ("a\nb", "x", "title"),
        ("x", " ", "body"),
        ("x" * 121, "x", "title"),
        ("x", "x" * 2001, "body"),
    ],
)
def test_templates_have_a_length(title: str, body: str, field: str) -> None:
    assert refusal(title, body).path == (field,)


def _templates() -> Iterator[tuple[str, str, str]]:
    for name, type_ in EVENT_TYPES.items():
        for language in Language:
            yield name, type_.title.say(language.tag), type_.body.say(language.tag)


@pytest.mark.parametrize(("type_", "title", "body"), [*_templates()])
def test_every_type_has_words_in_both_languages_that_would_be_taken(type_: str, title: str, body: str) -> None:
    assert checked_template(type_, title, body) == (title, body)


@pytest.mark.parametrize("type_", [*EVENT_TYPES])
def test_every_type_can_be_told_whatever_its_data_lacks(type_: str) -> None:
    for data in ({}, {"compound": None, "ticket": "nonsense", "alert": {"severity": 3}}, DATA):
        titles, _ = words_of(type_, data, None, {}, ZONE)
        assert all(titles.values())


def test_an_alert_is_told_in_words_times_of_the_street_and_without_lines_that_say_nothing() -> None:
    titles, bodies = words_of(ALERT_RAISED, DATA, Severity.CRITICAL, {}, ZONE)
    assert titles == {"zh-CN": "[紧急] 枫林苑", "en": "[Critical] 枫林苑"}
    assert bodies["zh-CN"] == "三楼烟雾报警。\n枫林苑（C-1）\n发生时间：2026-03-01 10:30"
    assert bodies["en"] == "Smoke on the third floor.\n枫林苑 (C-1)\nSeen: 2026-03-01 10:30"
    with_ticket = DATA | {"ticket": {"number": "T000000007"}}
    assert words_of(ALERT_RAISED, with_ticket, Severity.CRITICAL, {}, ZONE)[1]["zh-CN"].endswith("\n工单：T000000007")
    over = DATA | {"alert": {"clearedAt": "2026-03-01T03:00:00+00:00"}}
    assert words_of(ALERT_CLEARED, over, Severity.MINOR, {}, ZONE)[0]["en"] == "[Cleared] 枫林苑"


def test_a_street_that_wrote_its_own_words_in_one_language_keeps_the_others() -> None:
    own = {Language.ZH: ("{{{compound.code}}}", "请速到场：{message}")}
    titles, bodies = words_of(ALERT_RAISED, DATA, Severity.MAJOR, own, ZONE)
    assert (titles["zh-CN"], bodies["zh-CN"]) == ("{C-1}", "请速到场：三楼烟雾报警。")
    assert titles["en"] == "[Major] 枫林苑"


_LITERAL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


@given(st.lists(st.tuples(_LITERAL, st.sampled_from(["message", "compound.name", "ticket.number"])), min_size=1, max_size=5))
def test_literal_text_comes_out_as_it_was_meant_and_values_are_never_read_as_templates(pieces: list[tuple[str, str]]) -> None:
    escaped = [text.replace("{", "{{").replace("}", "}}") for text, _ in pieces]
    body = "".join(f"{text}{{{name}}}" for text, (_, name) in zip(escaped, pieces, strict=True))
    hostile = {"message": "{compound.name}", "compound": {"name": "{{x}}"}, "ticket": {"number": "{"}}
    values = {"message": "{compound.name}", "compound.name": "{{x}}", "ticket.number": "{"}
    _, said = filled("x", body, hostile, Language.EN, ZONE)
    assert said == "".join(text + values[name] for text, name in pieces)


@given(st.text(max_size=60))
def test_whatever_is_written_is_refused_or_can_be_filled(text: str) -> None:
    with suppress(Refused):
        title, body = checked_template(ALERT_RAISED, text, text)
        assert len(filled(title, body, DATA, Language.ZH, ZONE)[0].splitlines()) <= 1


def test_both_languages_are_one_after_another_and_once_where_they_agree() -> None:
    assert in_languages({"zh-CN": "甲", "en": "a"}, tuple(Language), " / ") == "甲 / a"
    assert in_languages({"zh-CN": "T1", "en": "T1"}, tuple(Language), " / ") == "T1"
    assert in_languages({"zh-CN": "甲"}, (Language.EN,), " / ") == ""
