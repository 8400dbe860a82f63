"""What a statement says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import Money
from domain.printed import amount_text
from domain.refusals import Refused
from domain.statements import (
    MOVES,
    Movement,
    StatementHead,
    StatementLine,
    StatementLineKind,
    StatementMove,
    StatementPart,
    StatementState,
    content_of,
    digest_of,
    drawn_up,
    moved,
    opening,
    read_content,
    totals,
)
from domain.statements.printed import Standing, printed
from domain.words import Text

_K, _P = StatementLineKind, StatementPart
_OWNERS = (_P.COMMON_AREA, _P.MAINTENANCE_FUND)


def _moves(part: StatementPart, kind: StatementLineKind, code: str, amount: str, entries: int = 1) -> Movement:
    return Movement(part, kind, code, Text(code.title(), f"项目{code}"), Decimal(amount), entries)


def _told(lines: list[StatementLine]) -> list[tuple[str, str, str]]:
    return [(line.kind, line.code, line.amount.write()) for line in lines]


_QUARTER = [
    _moves(_P.COMPANY, _K.INCOME, "SERVICE_INCOME", "90000.00"),
    _moves(_P.COMPANY, _K.COST, "STAFF", "70000.50"),
    opening(_P.COMMON_AREA, Decimal("1000.00")),
    _moves(_P.COMMON_AREA, _K.INCOME, "COMMON_PARKING", "600.10"),
    _moves(_P.COMMON_AREA, _K.USE, "COMMON_USE", "400.00"),
]


def test_each_part_begins_with_what_was_there_and_ends_with_what_is_left() -> None:
    lines = drawn_up(_QUARTER, carried=_OWNERS)
    assert _told(lines) == [
        ("INCOME", "SERVICE_INCOME", "90000.00"),
        ("COST", "STAFF", "70000.50"),
        ("RESULT", "", "19999.50"),
        ("OPENING", "", "1000.00"),
        ("INCOME", "COMMON_PARKING", "600.10"),
        ("USE", "COMMON_USE", "400.00"),
        ("CLOSING", "", "1200.10"),
    ]
    assert totals(lines)[_P.COMMON_AREA][_K.CLOSING] == Money("1200.10")
    assert drawn_up([], carried=_OWNERS) == []


def test_a_correction_names_what_changed_and_leaves_nothing_out_that_was_told() -> None:
    first = drawn_up(_QUARTER, carried=_OWNERS)
    right = [*_QUARTER[:4], _moves(_P.COMMON_AREA, _K.USE, "COMMON_COST", "400.00")]
    lines = drawn_up(right, carried=_OWNERS, previous=[], corrects=first)
    changed = {(line.kind, line.code): (line.was, line.amount) for line in lines if line.changed}
    assert changed == {
        (_K.USE, "COMMON_USE"): (Money("400.00"), Money("0.00")),
        (_K.USE, "COMMON_COST"): (Money("0.00"), Money("400.00")),
    }
    assert all(line.previous == 0 for line in lines)


_HEAD = StatementHead(
    compound="=康桥<生活>公园",
    keeper="某物业",
    regime="LUMP_SUM",
    regime_name=Text("Lump sum", "包干制"),
    period_from=date(2026, 7, 1),
    period_to=date(2026, 9, 30),
    edition=2,
    through=7,
    corrects="ab" * 32,
    reason="漏记一笔",
)
_amounts = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)
_movements = st.builds(
    Movement,
    st.sampled_from(_P),
    st.sampled_from([_K.OPENING, _K.INCOME, _K.COST, _K.USE]),
    st.sampled_from(["", "A", "B"]),
    st.builds(Text, st.text(), st.text()),
    _amounts,
    st.integers(min_value=0, max_value=9),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_movements, max_size=12), st.lists(_movements, max_size=6), st.sets(st.sampled_from(_P)))
def test_what_is_left_is_what_was_there_and_came_in_less_what_went_out(
    now: list[Movement], old: list[Movement], carried: set[StatementPart]
) -> None:
    movements = [opening(each.part, each.amount) if each.kind is _K.OPENING else each for each in now]
    before = drawn_up([each for each in old if each.kind is not _K.OPENING], carried=carried)
    lines = drawn_up(movements, carried=carried, previous=before, corrects=before)
    for part, sums in totals(lines).items():
        came = sums.get(_K.OPENING, Money(0)) + sums.get(_K.INCOME, Money(0))
        went = sums.get(_K.COST, Money(0)) + sums.get(_K.USE, Money(0))
        assert sums[_K.CLOSING if part in carried else _K.RESULT] == came - went
    assert {line.key for line in before if line.amount} <= {line.key for line in lines}
    content = content_of(_HEAD, lines)
    assert read_content(content) == (_HEAD, lines)
    assert content_of(*read_content(content)) == content
    assert digest_of(content) == digest_of(content_of(_HEAD, lines))


def test_a_statement_goes_to_the_owners_through_their_body_and_is_corrected_but_never_changed() -> None:
    state = StatementState.DRAFT
    for move in (StatementMove.SUBMIT, StatementMove.RETURN, StatementMove.SUBMIT, StatementMove.APPROVE, StatementMove.PUBLISH):
        state = moved(state, move)
    assert state is StatementState.PUBLISHED
    assert {*MOVES} == {*StatementState}
    assert {*MOVES[StatementState.PUBLISHED]} == {StatementMove.REPLACE}
    for move in {*StatementMove} - {StatementMove.REPLACE}:
        with pytest.raises(Refused):
            moved(StatementState.PUBLISHED, move)


def test_it_is_printed_with_sums_of_groups_the_hash_and_a_mark_until_it_is_public() -> None:
    lines = drawn_up(_QUARTER, carried=_OWNERS, previous=[])
    standing = Standing(StatementState.SUBMITTED, sha256="cd" * 32)
    page = printed(_HEAD, lines, standing)
    assert page.title == "=康桥<生活>公园2026年第三季度收支公示表（更正）"
    assert page.mark == "未公示"
    assert [table.title for table in page.tables] == ["物业服务收支", "公共收益"]
    assert [row.label for row in page.tables[1].rows] == [
        *("期初结余", "收入合计", "项目COMMON_PARKING", "使用支出合计", "项目COMMON_USE", "期末结余"),
    ]
    assert any("cd" * 32 in note for note in page.notes)
    public = printed(_HEAD, lines, Standing(StatementState.REPLACED, published_on=date(2026, 10, 20)))
    assert public.mark == ""
    assert "已被更正" in public.notes[0]
    assert (amount_text(Decimal("-1234.5")), amount_text(None)) == ("-1,234.50", "")
