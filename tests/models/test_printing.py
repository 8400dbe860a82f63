"""Pages of figures on paper and as a sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pylopdf_fonts_zh_cn import sans_path

from domain.printed import Printed, PrintedRow, PrintedTable
from models.printing import pdf_of, workbook_of

_AT = datetime(2026, 10, 20, tzinfo=UTC)
_ROWS = tuple(PrintedRow(f"=第{n}项", (Decimal("12.50"), None), strong=not n, deep=bool(n), changed=n == 1) for n in range(60))
_PAGE = Printed(
    "=收支公示表", (("小区", "+康桥\x07"),), (PrintedTable("公共收益", ("本期", "上期"), _ROWS),), ("附注",), mark="未公示"
)


def test_the_letters_on_paper_are_those_of_the_national_character_set() -> None:
    letters = TTFont(sans_path()).getBestCmap()
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    assert [letter for pair in pairs if (letter := pair.decode("gb2312", "ignore")) and ord(letter) not in letters] == []


def test_a_long_table_goes_on_over_pages_and_is_the_same_file_each_time() -> None:
    made = pdf_of(_PAGE, _AT)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") == 2
    assert b"/FontFile3" in made
    assert len(made) < 200_000
    assert pdf_of(_PAGE, _AT) == made


def test_a_sheet_holds_numbers_as_numbers_and_no_formula() -> None:
    sheet: Any = load_workbook(BytesIO(workbook_of(_PAGE))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert cells[0].value == "=收支公示表"
    assert "+康桥 " in str(cells[2].value)
    assert [cell.value for cell in cells if cell.data_type == "n"] == [Decimal("12.5")] * 60
