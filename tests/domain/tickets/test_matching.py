"""Suggestions from text: what the report is about, how urgent it is, and which others report the same."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facilities import FacilityKind
from domain.tickets import TicketKind, TicketPriority
from domain.tickets.categories import TicketCategory, allowed
from domain.tickets.cues import CATEGORY_CUES, KIND_CUES, PRIORITY_CUES
from domain.tickets.matching import (
    MOST_CATEGORIES,
    MOST_DUPLICATES,
    Report,
    alike,
    cues_in,
    numbers_in,
    plain,
    suggest_categories,
    suggest_duplicates,
    suggest_kind,
    suggest_priority,
)


def like(one: str, other: str) -> float:
    """A slow likeness of the standard library, made the same both ways."""
    if one == other:
        return 1.0
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


_WORDS = sorted({cue for cues in CATEGORY_CUES.values() for cue in cues} | {"没有", "3号楼", "12栋", "，", " ", "的", "又"})
_texts = st.lists(st.sampled_from(_WORDS), max_size=8).map("".join) | st.text(max_size=30)
_reports = st.builds(
    Report,
    title=_texts,
    description=_texts,
    facility_id=st.sampled_from([None, "fac_1", "fac_2"]),
    category=st.sampled_from([None, TicketCategory.LIFT, TicketCategory.PARKING]),
    id=st.sampled_from(["", "tkt_1", "tkt_2", "tkt_3"]),
)


def test_every_word_has_cues_and_all_of_them_are_as_texts_are_searched():
    assert set(CATEGORY_CUES) == set(TicketCategory)
    assert set(KIND_CUES) == set(TicketKind)
    assert {*PRIORITY_CUES, TicketPriority.ORDINARY} == set(TicketPriority)
    for table in (CATEGORY_CUES, KIND_CUES, PRIORITY_CUES):
        for cues in table.values():
            assert len(set(cues)) == len(cues)
            assert all(cue == plain(cue) for cue in cues)


@settings(max_examples=60)
@given(_reports, st.sampled_from(TicketKind), st.sampled_from([None, *FacilityKind]))
def test_what_is_suggested_is_allowed_ranked_and_few(report: Report, kind: TicketKind, facility: FacilityKind | None):
    found = suggest_categories(report, kind, facility, like)
    assert {each.word for each in found} <= set(allowed(kind, facility))
    assert len(found) <= MOST_CATEGORIES
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 < each.score < 1 and each.cues for each in (*found, *suggest_kind(report, like)))
    assert suggest_priority(report, like).word in TicketPriority
    if kind is TicketKind.REPAIR and facility is not None:
        assert allowed(kind, facility)[0] in {each.word for each in found}


@settings(max_examples=100)
@given(_reports, _reports)
def test_two_reports_are_as_like_the_one_way_as_the_other_and_none_is_more_like_than_itself(one: Report, other: Report):
    score = alike(one, other, like)
    assert 0 <= score <= 1
    assert score == alike(other, one, like)
    assert alike(one, one, like) == 1


@settings(max_examples=40)
@given(_reports, st.lists(_reports, max_size=12))
def test_duplicates_are_never_the_report_itself_and_the_likeliest_come_first(report: Report, others: list[Report]):
    found = suggest_duplicates(report, others, like)
    assert len(found) <= MOST_DUPLICATES
    assert all(not report.id or other.id != report.id for other, _ in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found == suggest_duplicates(report, list(reversed(others)), like) or len({other.id for other in others}) < len(others)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("没有停水", ()),
        ("昨天没有停水，今天停水了", ("停水",)),
        ("ＬＩＦＴ", ("lift",)),
        ("态度很恶劣", ("态度恶劣",)),
        ("", ()),
    ],
)
def test_a_cue_counts_where_it_is_said_nearly_so_and_not_denied(text: str, cues: tuple[str, ...]):
    assert cues_in(plain(text), ("停水", "lift", "态度恶劣"), like) == cues


def test_what_is_urgent_is_told_by_the_worst_that_is_said():
    assert suggest_priority(Report("电梯停运", "里面有人被困"), like).word is TicketPriority.EMERGENCY
    assert suggest_priority(Report("电梯停运", "没有困人"), like).word is TicketPriority.URGENT
    assert suggest_priority(Report("咨询停车月租"), like).word is TicketPriority.ORDINARY


def test_another_building_is_another_matter_and_the_same_lift_the_same():
    here = Report("3号楼电梯停运", facility_id="fac_1")
    same, elsewhere = Report("三栋电梯又停运了", facility_id="fac_1"), Report("5号楼电梯停运", facility_id="fac_2")
    assert numbers_in("三栋 03号楼 12层") == {"号楼": {"3"}, "层": {"12"}}
    assert alike(here, same, like) > 0.6
    assert alike(here, elsewhere, like) < 0.3
