"""What a sheet says: its columns by whatever people call them, and all that is wrong in it, row by row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.facilities import FacilityKind
from domain.facilities.imports import Entry, Places, codes, entries, headings
from domain.sheets import MOST_COLUMNS, MOST_FAULTS, MOST_ROWS, Faults, Sheet, read

TODAY = date(2026, 11, 23)
LIFT = headings(FacilityKind.LIFT)
PLACES = Places({"24栋": "b24", "B-24": "b24", "双": None}, {"b24": {"1单元": "u1"}})
HEAD = ("编码 *", "名称", "楼栋", "单元", "投用日期", "停靠层数", "额定载重 (kg)")


def sheet(*rows: Sequence[object], head: Sequence[object] = HEAD) -> Sheet:
    return read("电梯", enumerate([head, *rows], start=1), LIFT)


def entered(of: Sheet, taken: Sequence[str] = ()) -> tuple[list[Entry], list[tuple[int, str, str]]]:
    faults = Faults()
    made = entries(of, FacilityKind.LIFT, PLACES, taken, TODAY, faults)
    assert all(fault.remedy.en and fault.remedy.zh and fault.message.zh for fault in faults.told)
    return made, [(fault.row, fault.column, fault.message.en) for fault in faults.told]


def test_a_good_sheet_is_read_as_people_write_it() -> None:
    (first, second), faults = entered(
        sheet(
            ("L-1", "一号梯", "24栋", "1单元", "2008年6月30日", "18", "1000kg"),
            (None, " ", "", None, None, None, None),
            (24.0, "二号梯", None, None, date(2010, 1, 2), 20.0, None),
        )
    )
    assert faults == []
    values = {"in_use_since": "2008-06-30", "stops": 18, "rated_load_kg": 1000}
    assert first == Entry("L-1", "一号梯", "b24", "u1", values)
    assert (second.code, second.building, second.values) == ("24", None, {"in_use_since": "2010-01-02", "stops": 20})


def test_half_its_rows_wrong_are_all_told_and_the_good_ones_read() -> None:
    good: list[Any] = [(f"L-{n}", "梯", None, None, "2008-06-30", 18, None) for n in range(6)]
    bad: list[Any] = [
        ("", "梯", None, None, "2008-06-30", 18, None),
        ("L-0", "梯", None, None, "2008-06-30", 18, None),
        ("L-20", None, "99栋", None, "2008-06-30", 18, None),
        ("L-21", "梯", "双", None, "2030-01-01", 1, "1 t"),
        ("TAKEN", "梯", None, "1单元", None, "=1+1", None),
        ("L-22", "梯", "B-24", "9单元", "x" * 1001, 18, None),
    ]
    made, faults = entered(sheet(*(row for pair in zip(good, bad, strict=True) for row in pair)), ["TAKEN"])
    assert [entry.code for entry in made] == [f"L-{n}" for n in range(6)]
    assert faults == [
        (11, "停靠层数", "It is a formula; formulas are not reckoned here."),
        (13, "投用日期", "The cell has 1001 characters."),
        (3, "编码 *", "It is required."),
        (5, "编码 *", "Row 2 has this code too."),
        (7, "名称", "It is required."),
        (7, "楼栋", "There is none of this name here."),
        (9, "楼栋", "Several are called so."),
        (9, "投用日期", "The day lies in the future, or too far back."),
        (9, "停靠层数", "1 is out of range."),
        (9, "额定载重 (kg)", "The unit is kg."),
        (11, "单元", "Its building is not named."),
        (11, "投用日期", "In use since is required."),
        (11, "编码 *", "A facility has this code already."),
        (13, "单元", "There is none of this name here."),
    ]


def test_columns_that_are_strange_double_of_another_unit_or_missing_are_told() -> None:
    of = sheet(("L-1", "梯", "梯", 1), head=("code", "Name", "名称", "额定载重（t）", "颜色"))
    assert [(fault.row, fault.column, fault.message.en) for fault in of.faults] == [
        (1, "名称", "This column comes twice."),
        (1, "额定载重（t）", "The unit is t."),
        (1, "颜色", "This column is not known."),
        (1, "投用日期 *", "This column is missing."),
        (1, "停靠层数 *", "This column is missing."),
    ]
    assert read("空", [], LIFT).faults[0].message.en == "The sheet is empty."


def test_nothing_is_passed_over_because_its_column_has_no_name_or_lies_far_out() -> None:
    of = sheet((*("L-1", "梯"), *[None] * 3, 18, None, "here"), ("L-2", *[None] * 6, "and here"), head=(*HEAD, None))
    assert [(fault.row, fault.column, fault.message.en) for fault in of.faults] == [(2, "H", "The column has no name.")]
    of = sheet(head=(*HEAD, *[None] * (MOST_COLUMNS - len(HEAD)), "Model"))
    assert [(fault.column, fault.message.en) for fault in of.faults] == [("CW", "The sheet has more than 100 columns.")]


def test_what_a_spreadsheet_made_of_a_code_is_not_taken_for_one() -> None:
    _, faults = entered(sheet((date(2026, 5, 1), "梯", 24.0, None, "2008-06-30", 18, None)))
    assert faults == [
        (2, "编码 *", "The spreadsheet has made a day or a time of it."),
        (2, "楼栋", "There is none of this name here."),
    ]
    of = sheet((12.0, "梯", None, None, "2008-06-30", 18, None), ("", "梯", None, None, None, None, None))
    assert codes(of) == {"12"}


def test_what_is_told_and_taken_is_bounded() -> None:
    rows = ((str(n), "梯", None, None, "nonsense", 18, None) for n in range(MOST_ROWS + 5))
    of = read("电梯", enumerate([HEAD, *rows], start=1), LIFT)
    assert (len(of.rows), of.faults[-1].row) == (MOST_ROWS, MOST_ROWS + 2)
    faults = Faults()
    assert entries(of, FacilityKind.LIFT, PLACES, (), TODAY, faults) == []
    assert (len(faults.told), faults.count, faults.rows) == (MOST_FAULTS, MOST_ROWS + 1, MOST_ROWS + 1)
