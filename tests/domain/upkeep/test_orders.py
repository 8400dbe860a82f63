"""Work orders: every state has its moves, and what a finished one says is whole and possible."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.upkeep import (
    CHECKLISTS,
    MOVES,
    REPORTED,
    Found,
    ItemResult,
    Part,
    UpkeepKind,
    WorkOrderMove,
    WorkOrderState,
    check_days,
    check_done_at,
    check_found,
    check_kind,
    check_parts,
    check_planned_on,
    moved,
)

_OK, _FAULT = ItemResult.OK, ItemResult.FAULT
_NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
_FLOW = CHECKLISTS[UpkeepKind.FIRE_PUMP_FLOW]


def test_the_table_of_states_is_total() -> None:
    assert MOVES.keys() == set(WorkOrderState)
    reached = {after for moves in MOVES.values() for after in moves.values()}
    assert reached == set(WorkOrderState) - {WorkOrderState.PLANNED}


@pytest.mark.parametrize("state", WorkOrderState)
@pytest.mark.parametrize("move", WorkOrderMove)
def test_what_the_table_does_not_name_is_refused_with_what_it_does(state: WorkOrderState, move: WorkOrderMove) -> None:
    if move in MOVES[state]:
        assert moved(state, move) is MOVES[state][move]
        return
    with pytest.raises(Refused) as refused:
        moved(state, move)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    assert all(allowed in refused.value.hint.en for allowed in MOVES[state])


def test_a_whole_checklist_is_taken() -> None:
    found = [Found("flow", _OK, Decimal("20.5")), Found("pressure", ItemResult.NOT_APPLICABLE)]
    assert list(check_found(_FLOW, found)) == ["flow", "pressure"]


@pytest.mark.parametrize(
    ("found", "path"),
    [
        ([], ("items",)),
        ([Found("flow", _OK, Decimal(20))], ("items",)),
        ([Found("flow", _OK)], ("items", "0", "reading")),
        ([Found("colour", _OK)], ("items", "0", "code")),
        ([Found("flow", _OK, Decimal(1)), Found("flow", _OK, Decimal(1))], ("items", "1", "code")),
        ([Found("flow", _FAULT, Decimal(1))], ("items", "0", "note")),
        ([Found("flow", _OK, Decimal("1.23456"))], ("items", "0", "reading")),
        ([Found("flow", _OK, Decimal("NaN"))], ("items", "0", "reading")),
    ],
)
def test_a_checklist_that_is_not_whole_is_refused(found: list[Found], path: tuple[str, ...]) -> None:
    _refused(path, lambda: check_found(_FLOW, found))


def test_a_reading_where_none_is_asked_for_is_refused() -> None:
    _refused(("items", "0", "reading"), lambda: check_found(CHECKLISTS[UpkeepKind.CHECK], [Found("looked-at", _OK, Decimal(1))]))


@pytest.mark.parametrize(
    ("part", "field"),
    [
        (Part("Roller", Decimal(-1), "pcs", Decimal(1)), "quantity"),
        (Part("Roller", Decimal(0), "pcs", Decimal(1)), "quantity"),
        (Part("Roller", Decimal("Infinity"), "pcs", Decimal(1)), "quantity"),
        (Part("Roller", Decimal(1), "pcs", Decimal("-0.01")), "unitPrice"),
        (Part("Roller", Decimal(1), "pcs", Decimal(10) ** 12), "unitPrice"),
    ],
)
def test_negative_parts_are_refused(part: Part, field: str) -> None:
    _refused(("parts", "0", field), lambda: check_parts([part]))


def test_parts_without_end_are_refused() -> None:
    _refused(("parts",), lambda: check_parts([Part("Roller", Decimal(1), "pcs", Decimal(1))] * 51))


def test_work_is_not_done_in_the_future_nor_before_its_plan() -> None:
    today = _NOW.date()
    assert check_done_at(_NOW, today, _NOW) == _NOW
    _refused(("done_at",), lambda: check_done_at(_NOW + timedelta(seconds=1), today, _NOW))
    _refused(("done_at",), lambda: check_done_at(_NOW - timedelta(days=1), today, _NOW))


def test_an_order_is_not_planned_for_another_age() -> None:
    assert check_planned_on(date(2026, 11, 1), _NOW.date()) == date(2026, 11, 1)
    _refused(("planned_on",), lambda: check_planned_on(date(1970, 1, 1), _NOW.date()))
    _refused(("planned_on",), lambda: check_planned_on(date(2999, 1, 1), _NOW.date()))


def test_only_what_fits_a_facility_is_done_to_it() -> None:
    check_kind(UpkeepKind.REPAIR, FacilityKind.BENCH)
    check_kind(UpkeepKind.LIFT_YEAR, FacilityKind.LIFT)
    _refused(("kind",), lambda: check_kind(UpkeepKind.LIFT_YEAR, FacilityKind.BENCH))
    _refused(("kind",), lambda: check_kind(UpkeepKind.LIFT_YEAR, FacilityKind.LIFT, among=REPORTED))
    _refused(("kind",), lambda: check_kind(UpkeepKind.REPAIR, FacilityKind.BENCH, among=REPORTED))


def test_a_plan_does_not_look_ahead_for_ever() -> None:
    assert check_days(0, "warn_days") == 0
    _refused(("warn_days",), lambda: check_days(-1, "warn_days"))
    _refused(("ahead_days",), lambda: check_days(366, "ahead_days"))


def _refused(path: tuple[str, ...], act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, path)
    assert refused.value.hint.en
    assert refused.value.hint.zh
