"""Pages of figures as PDF, with the letters they need embedded, and as a workbook.

It takes a processor's time: call it in a thread.
"""

import logging
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from pylopdf_fonts_zh_cn import sans_path

from domain.printed import Printed, PrintedRow, PrintedTable, amount_text

PDF = "application/pdf"
#: The typeface, under the name that pages call it by: Noto Sans SC, which has every character of GB 2312 and GBK.
_FACE = "page"
#: Millimetres: the page's margin, the height of a row, the width of an amount, and how far a label stands in below a sum.
_MARGIN, _HEIGHT, _AMOUNT, _DEEP = 18.0, 7.0, 36.0, 6.0
_SIZE, _SMALL, _TITLE, _PART, _MARK = 10, 8, 16, 12, 90
_GREY, _LIGHT = 110, 225
_SHEET_TITLE = 31
#: Characters that a cell holds at most.
_CELL_MAX = 32_767

# The subsetting of fonts tells of every table that it drops.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class _Pages(FPDF):
    """A4 pages with a number below and the mark across."""

    def __init__(self, page: Printed, made_at: datetime) -> None:
        super().__init__(format="A4")
        self._page = page
        self.set_title(page.title)
        self.set_lang("zh-CN")
        self.set_creation_date(made_at)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN)
        self.add_font(_FACE, "", str(sans_path()))
        self.alias_nb_pages()
        self.add_page()

    def header(self) -> None:
        if self._page.mark:
            self.set_font(_FACE, size=_MARK)
            self.set_text_color(_LIGHT)
            with self.rotation(45, self.w / 2, self.h / 2):
                self.text(self.w / 2 - self.get_string_width(self._page.mark) / 2, self.h / 2, self._page.mark)
            self.set_text_color(0)

    def footer(self) -> None:
        self.set_y(-_MARGIN + 4)
        self.set_font(_FACE, size=_SMALL)
        self.set_text_color(_GREY)
        self.cell(0, 5, f"{self._page.title}    第 {self.page_no()} 页，共 {{nb}} 页", align="C")
        self.set_text_color(0)

    def line_of(self, text: str, size: float, height: float, align: str = "L") -> None:
        """Text over the whole width, on as many lines as it needs."""
        self.set_font(_FACE, size=size)
        self.multi_cell(0, height, _plain(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def pdf_of(page: Printed, made_at: datetime) -> bytes:
    """The page as PDF: the same bytes for the same page and moment."""
    pages = _Pages(page, made_at.astimezone(UTC))
    pages.line_of(page.title, _TITLE, 10, "C")
    pages.ln(2)
    for name, value in page.facts:
        pages.line_of(f"{name}：{value}", _SIZE, 6)
    for table in page.tables:
        _table(pages, table)
    pages.ln(4)
    pages.set_text_color(_GREY)
    for note in page.notes:
        pages.line_of(note, _SMALL, 5)
    return bytes(pages.output())


def _table(pages: _Pages, table: PrintedTable) -> None:
    wide = pages.epw - _AMOUNT * len(table.columns)
    if pages.will_page_break(_HEIGHT * 4):
        pages.add_page()
    pages.ln(4)
    pages.line_of(table.title, _PART, 8)
    _rule(pages)
    _cells(pages, "项目", table.columns, wide, size=_SMALL)
    _rule(pages)
    for row in table.rows:
        _row(pages, row, wide, table)
    _rule(pages)


def _row(pages: _Pages, row: PrintedRow, wide: float, table: PrintedTable) -> None:
    if pages.will_page_break(_HEIGHT):
        pages.add_page()
        _rule(pages)
        _cells(pages, f"{table.title}（续）", table.columns, wide, size=_SMALL)
        _rule(pages)
    if row.strong:
        pages.set_fill_color(244)
    texts = tuple(amount_text(amount) for amount in row.amounts)
    _cells(pages, f"{row.label}{' *' if row.changed else ''}", texts, wide, fill=row.strong, deep=row.deep)


def _cells(
    pages: _Pages,
    label: str,
    texts: tuple[str, ...],
    wide: float,
    *,
    size: float = _SIZE,
    fill: bool = False,
    deep: bool = False,
) -> None:
    pages.set_font(_FACE, size=size)
    before = _DEEP if deep else 0.0
    if before:
        pages.cell(before, _HEIGHT, "")
    pages.cell(wide - before, _HEIGHT, _cut(pages, _plain(label), wide - before), fill=fill)
    for text in texts:
        pages.cell(_AMOUNT, _HEIGHT, text, align="R", fill=fill)
    pages.ln(_HEIGHT)


def _cut(pages: _Pages, text: str, wide: float) -> str:
    """The text, or as much of it as there is room for."""
    room = wide - 2 * pages.c_margin
    if pages.get_string_width(text) <= room:
        return text
    while text and pages.get_string_width(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…"


def _rule(pages: _Pages) -> None:
    pages.set_draw_color(_GREY)
    pages.line(pages.l_margin, pages.get_y(), pages.l_margin + pages.epw, pages.get_y())


def _plain(text: str) -> str:
    """The text without characters that control something."""
    return "".join(character if character.isprintable() else " " for character in text)


def workbook_of(page: Printed) -> bytes:
    """The page as a workbook. Amounts are numbers; what people wrote is text, whatever it begins with."""
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(page.title))
    columns = max((len(table.columns) for table in page.tables), default=0)
    for letter, width in zip("ABCD", (42, *[18] * columns), strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.append([_text_cell(sheet, page.title, bold=True)])
    if page.mark:
        sheet.append([_text_cell(sheet, f"【{page.mark}】", bold=True)])
    for name, value in page.facts:
        sheet.append([_text_cell(sheet, f"{name}：{value}")])
    for table in page.tables:
        sheet.append([])
        sheet.append([_text_cell(sheet, table.title, bold=True)])
        sheet.append([_text_cell(sheet, name, bold=True) for name in ("项目", *table.columns)])
        for row in table.rows:
            label = _text_cell(sheet, row.label + (" *" if row.changed else ""), bold=row.strong, indent=2 if row.deep else 0)
            sheet.append([label, *(_amount_cell(sheet, amount, bold=row.strong) for amount in row.amounts)])
    sheet.append([])
    for note in page.notes:
        sheet.append([_text_cell(sheet, note)])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(character for character in _plain(title) if character not in "[]:*?/\\'")[:_SHEET_TITLE] or "公示表"


def _text_cell(sheet: Any, text: str, *, bold: bool = False, indent: int = 0) -> Any:
    cell: Any = WriteOnlyCell(sheet, _plain(text)[:_CELL_MAX])
    cell.data_type = "s"  # a text that begins with = is no formula
    cell.font = Font(bold=bold)
    if indent:
        cell.alignment = Alignment(indent=indent)
    return cell


def _amount_cell(sheet: Any, amount: Any, *, bold: bool) -> Any:
    cell: Any = WriteOnlyCell(sheet, amount)
    cell.number_format = "#,##0.00"
    cell.font = Font(bold=bold)
    return cell
