"""Where a round stands and goes, when it is complete, and what must be answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.refusals import Refused
from domain.rounds import (
    MOVES,
    NOT_DONE,
    OPEN,
    Answered,
    Item,
    RoundAnswer,
    RoundMove,
    RoundState,
    check_answers,
    check_time,
    completed,
    moved,
    unpacked,
    written_items,
)
from domain.words import Text

_NOW = datetime(2026, 2, 3, 8, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_ITEMS = [Item("exits", Text("Exits", "出口")), Item("lane", Text("Lane", "通道"))]


@pytest.mark.parametrize(("state", "move"), list(product(RoundState, RoundMove)))
def test_every_state_allows_or_refuses_every_move_in_words(state: RoundState, move: RoundMove) -> None:
    if move in MOVES[state]:
        assert moved(state, move) in RoundState
        return
    with pytest.raises(Refused) as caught:
        moved(state, move)
    assert (caught.value.path, bool(caught.value.hint.en)) == (("id",), True)


def test_what_is_over_is_never_open_again_and_what_is_done_stays_done() -> None:
    assert set(MOVES) == set(RoundState)
    assert {after for state in set(RoundState) - OPEN for after in MOVES[state].values()} & OPEN == set()
    assert MOVES[RoundState.DONE] == MOVES[RoundState.CANCELLED] == {}
    assert NOT_DONE.isdisjoint(OPEN)


def test_a_round_has_its_time() -> None:
    for minutes, allowed in ((-1, False), (0, True), (59, True), (60, False)):
        moment = _NOW + minutes * _MINUTE
        if allowed:
            check_time(_NOW, _NOW + 60 * _MINUTE, moment)
            continue
        with pytest.raises(Refused):
            check_time(_NOW, _NOW + 60 * _MINUTE, moment)


def test_a_round_is_complete_with_every_point_and_in_order_where_that_matters() -> None:
    scans = {"a": _NOW + _MINUTE, "b": _NOW}
    assert completed(["a", "b"], scans, ordered=False)
    assert not completed(["a", "b"], scans, ordered=True)
    assert completed(["b", "a"], scans, ordered=True)
    assert not completed(["a", "b", "c"], scans, ordered=False)
    assert not completed([], {}, ordered=False)


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ([], ("answers",)),
        ([Answered("exits", RoundAnswer.OK)], ("answers",)),
        ([Answered("exits", RoundAnswer.OK)] * 2, ("answers", "1", "item")),
        ([Answered("gate", RoundAnswer.OK)], ("answers", "0", "item")),
        ([Answered("exits", RoundAnswer.NOT_OK, " ")], ("answers", "0", "note")),
        ([Answered("exits", RoundAnswer.OK, "x" * 501)], ("answers",)),
    ],
)
def test_answers_that_do_not_fit_the_checklist_are_refused(answers: list[Answered], path: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        check_answers(_ITEMS, answers)
    assert caught.value.path == path


def test_answers_are_kept_in_the_order_of_the_checklist() -> None:
    given = [Answered("lane", RoundAnswer.NOT_OK, " A van "), Answered("exits", RoundAnswer.NOT_APPLICABLE)]
    assert [(each.item, each.note) for each in check_answers(_ITEMS, given)] == [("exits", ""), ("lane", "A van")]
    with pytest.raises(Refused):
        check_answers([], given)


def test_a_checklist_in_people_s_words_is_numbered_and_bounded() -> None:
    items = written_items([" Bins emptied ", "Stairs swept"])
    assert [(item.code, item.words.en) for item in items] == [("1", "Bins emptied"), ("2", "Stairs swept")]
    assert unpacked([item.packed() for item in items]) == items
    for wrong in (["x"] * 31, [""], ["\0"]):
        with pytest.raises(Refused) as caught:
            written_items(wrong)
        assert caught.value.path == ("items",)
