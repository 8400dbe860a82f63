"""Reading sheets that strangers made (XLSX, CSV), in bounded time and memory, and making templates.

An XLSX file is a zip: what it says of its own size is asked before anything is unpacked, and nothing is unpacked beyond that.
Formulas come as the text they are. It takes a processor's time: call it in a thread.
"""

import codecs
import csv
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.refusals import RefusalCode, Refused
from domain.sheets import MOST_COLUMNS, MOST_ROWS, Heading, Sheet, read
from domain.words import Text

XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
#: Parts of a workbook, and bytes that they have unpacked.
_PARTS, _UNPACKED, _DECLARATION = 500, 67_108_864, 4_096
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
    return CSV if _decoded(source) is not None else None


def read_sheet(source: Path, media_type: str, headings: Sequence[Heading]) -> Sheet:
    """What the first sheet says under these headings. Refuses (INVALID) what cannot be read at all."""
    try:
        if media_type == XLSX:
            _check_workbook(source)
            return _read_workbook(source, headings)
        text = _decoded(source)
        if text is None:
            raise _refused("The file is no text.", "文件不是文本。")
        return read("CSV", _numbered(text), headings)
    except _BROKEN as problem:
        raise _refused("The sheet is broken or not complete.", "表格已损坏或不完整。") from problem
    except csv.Error:
        raise _refused("The CSV is not well formed.", "CSV 格式有误。") from None


def _check_workbook(source: Path) -> None:
    try:
        with ZipFile(source) as parts:
            listed = parts.infolist()
            if len(listed) > _PARTS or sum(part.file_size for part in listed) > _UNPACKED:
                raise _refused("The workbook is too large.", "表格过大。")
            if "xl/workbook.xml" not in parts.namelist():
                raise _refused("The file is no workbook.", "文件不是 Excel 表格（.xlsx）。")
            for part in listed:
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as file:
                        start = file.read(_DECLARATION).replace(b"\0", b"")
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise _refused("The workbook declares entities.", "表格包含不允许的实体声明。")
    except _BROKEN as problem:
        raise _refused("The sheet is broken or not complete.", "表格已损坏或不完整。") from problem


def _read_workbook(source: Path, headings: Sequence[Heading]) -> Sheet:
    # By the content: the store keeps it under no ending.
    with source.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=False, keep_links=False)) as opened:
        book: Any = opened
        sheet = book.worksheets[0]
        rows: Any = sheet.iter_rows(max_row=MOST_ROWS + 100, max_col=MOST_COLUMNS, values_only=True)
        return read(str(sheet.title), _counted(rows), headings)


def _counted(rows: Iterator[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    return enumerate(rows, start=1)


def _decoded(source: Path) -> str | None:
    content = source.read_bytes()
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return codecs.decode(content, encoding)
        except UnicodeDecodeError:
            continue
    return None


def _numbered(text: str) -> Iterator[tuple[int, Sequence[object]]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in rows:
        yield rows.line_num, row[:MOST_COLUMNS]


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
