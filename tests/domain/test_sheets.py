"""What a sheet says: its columns by whatever people call them, and all that is wrong in it, row by row."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.facilities import FacilityKind
from domain.facilities.imports import Entry, Places, entry, headings
from domain.sheets import MOST_COLUMNS, MOST_FAULTS, Faults, Heading, RowReading, SheetReader, SheetRow
from domain.sheets.homes import HOMES
from domain.territory import HomeUse
from domain.words import Text

TODAY = date(2026, 11, 23)
LIFT = headings(FacilityKind.LIFT)
PLACES = Places({"24栋": "b24", "B-24": "b24", "双": None}, {"b24": {"1单元": "u1"}})
HEAD = ("编码 *", "名称", "楼栋", "单元", "投用日期", "停靠层数", "额定载重 (kg)")


def sheet(
    *rows: Sequence[object], head: Sequence[object] = HEAD, **more: Any
) -> tuple[list[Entry], list[tuple[int, str, str]], Faults]:
    """The good rows of a sheet of lifts, and what is wrong in the others."""
    faults = Faults()
    reader = SheetReader("电梯", more.pop("of", LIFT), faults, **more)
    made: list[Entry] = []
    for row in reader.rows(enumerate([head, *rows], start=1)):
        reading = RowReading(reader.name, reader.titles, row, faults)
        said = entry(reading, FacilityKind.LIFT, PLACES, TODAY)
        made += [said] if reading.good else []
    assert all(fault.remedy.en and fault.remedy.zh and fault.message.zh for fault in faults.told)
    return made, [(fault.row, fault.column, fault.message.en) for fault in faults.told], faults


def test_a_good_sheet_is_read_as_people_write_it() -> None:
    (first, second), faults, _ = sheet(
        ("L-1", "一号梯", "24栋", "1单元", "2008年6月30日", "18", "1000kg"),
        (None, " ", "", None, None, None, None),
        (24.0, "二号梯", None, None, date(2010, 1, 2), 20.0, None),
    )
    assert faults == []
    values = {"in_use_since": "2008-06-30", "stops": 18, "rated_load_kg": 1000}
    assert first == Entry("L-1", "一号梯", "b24", "u1", values)
    assert (second.code, second.building, second.values) == ("24", None, {"in_use_since": "2010-01-02", "stops": 20})


def test_half_its_rows_wrong_are_all_told_and_the_good_ones_read() -> None:
    good: list[Any] = [(f"L-{n}", "梯", None, None, "2008-06-30", 18, None) for n in range(6)]
    bad: list[Any] = [
        ("", "梯", None, None, "2008-06-30", 18, None),
        ("L-\ufffd", "梯", None, None, "2008-06-30", 18, None),
        ("L-20", None, "99栋", None, "2008-06-30", 18, None),
        ("L-21", "梯", "双", None, "2030-01-01", 1, "1 t"),
        ("L-23", "梯", None, "1单元", None, "=1+1", None),
        ("L-22", "梯", "B-24", "9单元", "x" * 1001, 18, None),
    ]
    made, faults, _ = sheet(*(row for pair in zip(good, bad, strict=True) for row in pair))
    assert [each.code for each in made] == [f"L-{n}" for n in range(6)]
    assert faults == [
        (3, "编码 *", "It is required."),
        (5, "编码 *", "The text is garbled: the file was saved in another encoding."),
        (7, "名称", "It is required."),
        (7, "楼栋", "There is none of this name here."),
        (9, "楼栋", "Several are called so."),
        (9, "投用日期", "The day lies in the future, or too far back."),
        (9, "停靠层数", "1 is out of range."),
        (9, "额定载重 (kg)", "The unit is kg."),
        (11, "停靠层数", "It is a formula; formulas are not reckoned here."),
        (11, "单元", "Its building is not named."),
        (11, "投用日期", "In use since is required."),
        (13, "投用日期", "The cell has 1001 characters."),
        (13, "单元", "There is none of this name here."),
    ]


def test_columns_that_are_strange_double_of_another_unit_or_missing_are_told() -> None:
    _, faults, _ = sheet(head=("code", "Name", "名称", "额定载重（t）", "颜色"))
    assert faults == [
        (1, "名称", "This column comes twice."),
        (1, "额定载重（t）", "The unit is t."),
        (1, "颜色", "This column is not known."),
        (1, "投用日期 *", "This column is missing."),
        (1, "停靠层数 *", "This column is missing."),
    ]
    assert sheet(head=())[1] == [(1, "", "The sheet is empty.")]


def test_a_title_may_stand_above_the_header_and_another_sheet_is_told_for_what_it_is() -> None:
    made, faults, _ = sheet(HEAD, ("L-1", "梯", None, None, "2008-06-30", 18, None), head=("电梯台账", None))
    assert ([each.code for each in made], faults) == (["L-1"], [])
    homes = {Text("homes", "房屋"): HOMES}
    (told,) = sheet(("a",), head=("房屋编码", "房号", "建筑面积（m²）"), others=homes)[2].told
    assert (told.row, told.message.en) == (1, "This looks like the sheet of another kind: homes.")
    (told,) = sheet(("a",), head=("å›½", "?"), others=homes)[2].told
    assert told.message.en == "This is another sheet: none of its columns is known."


def test_merged_cells_are_told_with_the_first_of_them() -> None:
    _, faults, _ = sheet(("L-1", "梯", None, None, "2008-06-30", 18, None), merged=[(1, 1, 0), (2, 4, 1)])
    assert faults == [(2, "B", "Cells are merged: only the first of them has a value.")]


def test_nothing_is_passed_over_because_its_column_has_no_name_or_lies_far_out() -> None:
    wide = (("L-1", "梯", *[None] * 3, 18, None, "here"), ("L-2", *[None] * 6, "and here"))
    faults = [told for told in sheet(*wide, head=(*HEAD, None))[1] if told[1] == "H"]
    assert faults == [(2, "H", "The column has no name.")]
    _, faults, _ = sheet(head=(*HEAD, *[None] * (MOST_COLUMNS - len(HEAD)), "Model"))
    assert [(column, message) for _, column, message in faults] == [("CW", "The sheet has more than 100 columns.")]


def test_what_a_spreadsheet_made_of_a_code_is_not_taken_for_one() -> None:
    _, faults, _ = sheet((date(2026, 5, 1), "梯", 24.0, None, "2008-06-30", 18, None))
    assert faults == [
        (2, "编码 *", "The spreadsheet has made a day or a time of it."),
        (2, "楼栋", "There is none of this name here."),
    ]


def test_what_is_told_and_taken_is_bounded() -> None:
    rows = ((str(n), "梯", None, None, "nonsense", 18, None) for n in range(605))
    made, _, faults = sheet(*rows, most=600)
    assert (made, len(faults.told), faults.count, faults.rows) == ([], MOST_FAULTS, 601, 601)


def reading(**cells: object) -> tuple[RowReading, Faults]:
    faults = Faults()
    return RowReading("S", {key: key for key in cells}, SheetRow(2, cells), faults), faults


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        *(("１，２３４．５０", "1234.50"), ("¥ 1,234.5", "1234.5"), ("12元", "12")),
        *((0.1 + 0.2, "0.30"), (7, "7"), (Decimal("12.30"), "12.30")),
    ],
)
def test_amounts_are_read_as_people_write_them(cell: object, amount: str) -> None:
    row, faults = reading(amount=cell)
    assert (row.money("amount", least=0, most=10_000), faults.told) == (Decimal(amount), [])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        *(("12.345", "It has more than 2 decimals."), ("(5.00)", "It is negative."), (-5, "It is negative.")),
        *((cell, "It is no number.") for cell in ("12,34", "一百", True, 1e30)),
        ("10001", "It is out of range."),
    ],
)
def test_what_is_no_amount_is_told(cell: object, message: str) -> None:
    row, faults = reading(amount=cell)
    assert (row.money("amount", least=0, most=10_000), [fault.message.en for fault in faults.told]) == (None, [message])


@pytest.mark.parametrize(
    "cell",
    [
        "2026-1-5",
        "2026/01/05",
        "２０２６年１月５日",
        "20260105",
        20260105,
        46027,
        datetime(2026, 1, 5, tzinfo=UTC),
        "2026-01-05 00:00:00",
    ],
)
def test_days_are_read_as_people_write_them(cell: object) -> None:
    row, faults = reading(day=cell)
    assert (row.day("day", least=date(2020, 1, 1), most=TODAY), faults.told) == (date(2026, 1, 5), [])


def test_what_is_no_day_no_word_or_missing_is_told_once_a_cell() -> None:
    row, faults = reading(a="2026-02-30", b="1899-01-01", c="castle", d="住宅", e=None)
    assert row.day("a", least=date(2020, 1, 1), most=TODAY) is row.day("b", least=date(2020, 1, 1), most=TODAY) is None
    assert (row.word("c", HomeUse), row.word("d", HomeUse), row.word("x", HomeUse, default=HomeUse.OFFICE)) == (
        None,
        HomeUse.RESIDENTIAL,
        HomeUse.OFFICE,
    )
    assert (row.whole("e", least=0, most=9), row.text("e", 5), row.good) == (None, "", False)
    assert [(fault.column, fault.message.en) for fault in faults.told] == [
        ("a", "It is no day."),
        ("b", "The day is out of range."),
        ("c", "It is none of the words."),
        ("e", "It is required."),
    ]


def test_a_text_that_was_kept_from_being_a_formula_is_read_as_it_was() -> None:
    heading = Heading("name", Text("Name", "名称"))
    (row,) = SheetReader("S", [heading], Faults()).rows(enumerate([["名称"], ["'=1+1"]], start=1))
    assert row.cells["name"] == "=1+1"
