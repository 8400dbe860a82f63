"""Lists as sheets that come piece by piece: CSV and XLSX, in flat memory, with nothing in them that a spreadsheet would run."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

#: A text, a number as it is to be read, or nothing.
Value = str | Decimal | None
#: With these a text begins that a spreadsheet takes for a formula.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
#: What XML cannot hold.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_RELATIONS}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is of texts that would be formulas if they were typed again: quoted, they stay what they are.
    "xl/styles.xml": f'<styleSheet xmlns="{_SPREADSHEET}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class Writer(Protocol):
    """Gives the bytes of a sheet, piece by piece."""

    def begin(self, name: str, titles: Sequence[str]) -> bytes:
        """What comes before the rows."""
        ...

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes:
        """Some rows; perhaps nothing yet."""
        ...

    def end(self) -> bytes:
        """What comes after them."""
        ...


class CsvWriter:
    """CSV in UTF-8, marked as such for spreadsheets. A text that they would take for a formula has a quote before it."""

    def begin(self, name: str, titles: Sequence[str]) -> bytes:  # noqa: ARG002 (a CSV has no name inside)
        return BOM_UTF8 + self.rows([titles])

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes:
        text = StringIO(newline="")
        csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
        return text.getvalue().encode()

    def end(self) -> bytes:
        return b""


def _harmless(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUNS) else value
    return "" if value is None else str(value)


class XlsxWriter:
    """A workbook of one sheet, packed as it grows."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._zip = ZipFile(self._pipe, "w", ZIP_DEFLATED)
        self._number = 0

    def begin(self, name: str, titles: Sequence[str]) -> bytes:
        for part, content in _PARTS.items():
            self._zip.writestr(part, _XML + content)
        book = f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets><sheet name={_quoted(name[:31])}'
        self._zip.writestr("xl/workbook.xml", f'{_XML}{book} sheetId="1" r:id="r1"/></sheets></workbook>')
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self._sheet.write(f'{_XML}<worksheet xmlns="{_SPREADSHEET}"><sheetData>'.encode())
        return self.rows([titles])

    def rows(self, rows: Iterable[Sequence[Value]]) -> bytes:
        self._sheet.write("".join(map(self._row, rows)).encode())
        return self._pipe.take()

    def _row(self, values: Sequence[Value]) -> str:
        self._number += 1
        return f'<row r="{self._number}">{"".join(map(_cell, values))}</row>'

    def end(self) -> bytes:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._pipe.take()


class _Pipe:
    """Takes what a zip writes, and gives it on."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        self._held += content
        return len(content)

    def flush(self) -> None:
        """Nothing: what was written is held."""

    def close(self) -> None:
        """Nothing: what was written is held."""

    def take(self) -> bytes:
        """What was written since it was last taken."""
        held, self._held = bytes(self._held), bytearray()
        return held


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, Decimal):
        return f"<c><v>{value}</v></c>"
    style = ' s="1"' if value.startswith(_RUNS) else ""
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{escape(value.translate(_CONTROLS))}</t></is></c>'


def _quoted(name: str) -> str:
    return '"' + escape(name, {'"': "&quot;"}) + '"'
