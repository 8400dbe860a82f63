"""Reading sheets that strangers made (XLSX, CSV), in bounded time and memory, and making templates.

An XLSX file is a zip: what it says of its own size is asked before anything is unpacked, and nothing is unpacked beyond that.
Rows are read one by one; styles and the like are held whole, so that they may be small only.
Formulas come as the text they are. It takes a processor's time: call it in a thread.
"""

import codecs
import csv
import re
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, TypeVar
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from domain.refusals import RefusalCode, Refused
from domain.sheets import MOST_COLUMNS, Heading
from domain.words import Text

T = TypeVar("T")
XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
#: Parts of a workbook, bytes that they have unpacked, bytes of a part that is held whole, sheets, and rows that a sheet can have.
_PARTS, _UNPACKED, _WHOLE, _SHEETS, _LAST_ROW = 500, 134_217_728, 1_048_576, 200, 1_048_576
#: Texts of a workbook that are held at once, in bytes as they are unpacked.
_TEXTS = 33_554_432
_PIECE, _TITLE_MAX = 1_048_576, 80
#: What is read row by row, or not at all.
_LONG = re.compile(r"xl/(worksheets/.*|sharedStrings)\.xml|.*\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|bin|vml)", re.IGNORECASE)
_DECLARED, _OVERLAP = (b"<!DOCTYPE", b"<!ENTITY"), 16
_LISTED = re.compile(rb"<(?:\w+:)?sheet\s")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
#: Places of merged cells that are told, and bytes that one of them takes at most.
_MOST_MERGED, _TAG = 100, 200
_BROKEN = (
    *(BadZipFile, InvalidFileException, ParseError, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError),
    *(OSError, EOFError, OverflowError, NotImplementedError, RuntimeError),
)


def sheet_kind(source: Path) -> str | None:
    """XLSX or CSV, by the content alone; None for what is neither. Refuses (INVALID) a workbook that is too large or hostile."""
    with source.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK"):
        _check_workbook(source)
        return XLSX
    return CSV if _encoding(source) is not None else None


@dataclass(frozen=True)
class OpenSheet:
    """The first sheet of a file: its rows by number, about how many there are, and where cells are merged.

    ``merged``: first row, last row and column (from 0) of each. Rows may be taken once; taking them raises csv.Error and BROKEN.
    """

    name: str
    rows: Iterator[tuple[int, Sequence[object]]]
    about: int
    merged: Sequence[tuple[int, int, int]] = ()


@contextmanager
def open_sheet(source: Path, media_type: str) -> Generator[OpenSheet]:
    """The first sheet of the file, read while it is open. Refuses (INVALID) what cannot be read at all."""
    with ExitStack() as stack:
        with _told():
            opened = _workbook(stack, source) if media_type == XLSX else _csv(stack, source)
        yield opened


def _workbook(stack: ExitStack, source: Path) -> OpenSheet:
    _check_workbook(source)
    # By the content: the store keeps it under no ending.
    file = stack.enter_context(source.open("rb"))
    book: Any = stack.enter_context(closing(load_workbook(file, read_only=True, data_only=False, keep_links=False)))
    sheet = book.worksheets[0]
    rows: Any = sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True)
    merged = _merged(source, str(sheet._worksheet_path))
    return OpenSheet(str(sheet.title)[:_TITLE_MAX], _counted(rows), max((sheet.max_row or 1) - 1, 0), merged)


def _csv(stack: ExitStack, source: Path) -> OpenSheet:
    encoding = _encoding(source)
    if encoding is None:
        raise _refused("The file is no text.", "文件不是文本。")
    text = stack.enter_context(source.open(encoding=encoding, newline=""))
    lines = max(sum(1 for _ in text) - 1, 0)
    text.seek(0)
    return OpenSheet("CSV", _numbered(text), lines)


@contextmanager
def _told() -> Generator[None]:
    """What readers raise becomes a refusal."""
    try:
        yield
    except csv.Error:
        raise _refused("The CSV is not well formed.", "CSV 格式有误。") from None
    except _BROKEN as problem:
        raise _refused("The sheet is broken or not complete.", "表格已损坏或不完整。") from problem


def pieces(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    """Rows some hundreds at a time. Refuses (INVALID) what turns out to be broken."""
    with _told():
        while piece := list(islice(rows, size)):
            yield piece


def _check_workbook(source: Path) -> None:
    try:
        with ZipFile(source) as parts:
            listed = parts.infolist()
            if len(listed) > _PARTS or sum(part.file_size for part in listed) > _UNPACKED:
                raise _refused("The workbook is too large.", "表格过大。")
            if "xl/workbook.xml" not in parts.namelist():
                raise _refused("The file is no workbook.", "文件不是 Excel 表格（.xlsx）。")
            if any(part.file_size > _TEXTS and part.filename.endswith("sharedStrings.xml") for part in listed):
                raise _refused("The workbook holds too much text.", "表格文字内容过多。")
            if any(part.file_size > _WHOLE and not _LONG.fullmatch(part.filename) for part in listed):
                raise _refused("Its styles, or other parts beside the rows, are too large.", "表格的样式等附加内容过大。")
            if sum(_looked_through(parts, part) for part in listed) > _SHEETS:
                raise _refused(f"The workbook has more than {_SHEETS} sheets.", f"工作簿超过 {_SHEETS} 个工作表。")
    except _BROKEN as problem:
        raise _refused("The sheet is broken or not complete.", "表格已损坏或不完整。") from problem


def _looked_through(parts: ZipFile, part: ZipInfo) -> int:
    """How many sheets a part lists. Refuses (INVALID) one that declares entities, wherever in it."""
    sheets, before = 0, b""
    with parts.open(part) as file:
        while piece := file.read(_PIECE):
            # Without the NULs of UTF-16, in which all of this could be written too.
            some = before + piece.replace(b"\0", b"")
            if any(word in some for word in _DECLARED):
                raise _refused("The workbook declares entities.", "表格包含不允许的实体声明。")
            sheets += len(_LISTED.findall(some))
            before = some[-_OVERLAP:]
    return sheets


def _merged(source: Path, part: str) -> list[tuple[int, int, int]]:
    """Where the cells of a sheet are merged; the first of them."""
    found: list[tuple[int, int, int]] = []
    with ZipFile(source) as parts, parts.open(part.lstrip("/")) as file:
        before = b""
        while (piece := file.read(_PIECE)) and len(found) < _MOST_MERGED:
            some = before + piece
            at = 0
            for match in _MERGE.finditer(some):
                found.append((int(match[2]), int(match[4]), column_index_from_string(match[1].decode()) - 1))
                at = match.end()
            before = some[max(at, len(some) - _TAG) :]
    return found[:_MOST_MERGED]


def _counted(rows: Iterator[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows that are not empty, by number; formulas over several cells as text, as others are."""
    for number, row in enumerate(rows, start=1):
        if row.count(None) < len(row):
            yield number, ["=" if isinstance(cell, ArrayFormula | DataTableFormula) else cell for cell in row]


def _encoding(source: Path) -> str | None:
    """How the text is encoded; None: it is no text."""
    with source.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16" if _decodes(source, "utf-16") else None
    return next((encoding for encoding in ("utf-8-sig", "gb18030") if _decodes(source, encoding)), None)


def _decodes(source: Path, encoding: str) -> bool:
    try:
        with source.open(encoding=encoding, newline="") as text:
            while piece := text.read(_PIECE):
                if "\0" in piece:
                    return False
    except UnicodeError:
        return False
    return True


def _numbered(text: TextIO) -> Iterator[tuple[int, Sequence[object]]]:
    first = ""
    while not first and (line := text.readline()):
        first = line.strip("\r\n")
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    for row in rows:
        yield rows.line_num, row[: MOST_COLUMNS + 1]


def template(name: str, headings: Sequence[Heading], media_type: str, language: str) -> bytes:
    """An empty sheet with these headings; in a workbook, a second sheet tells what is expected below each."""
    titles = [heading.title(language) for heading in headings]
    if media_type == CSV:
        text = StringIO(newline="")
        csv.writer(text).writerow(titles)
        return codecs.BOM_UTF8 + text.getvalue().encode()
    book: Any = Workbook(write_only=True)
    book.create_sheet(name[:31]).append(titles)
    told = book.create_sheet("说明" if not language.lower().startswith("en") else "What to fill in")
    for heading, title in zip(headings, titles, strict=True):
        told.append([title, heading.key, heading.expects.say(language)])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _refused(en: str, zh: str) -> Refused:
    hint = Text("Use the template, as .xlsx or .csv.", "请使用模板，保存为 .xlsx 或 .csv。")
    return Refused(RefusalCode.INVALID, Text(en, zh), path=("file_id",), hint=hint)
