"""A register of facilities of one kind as a sheet: its columns, and what each row says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from domain.refusals import Refused
from domain.sheets import Faults, Heading, Sheet, SheetFault, SheetRow, text_of
from domain.texts import written
from domain.words import Text

from .attributes import attributes_of, flaws, read_cell
from .kinds import ATTRIBUTES
from .words import FacilityKind

CODE_MAX, NAME_MAX = 60, 120
_CODE = Heading("code", Text("Code", "编码"), required=True, expects=Text("A code of its own.", "唯一编码。"))
_NAME = Heading("name", Text("Name", "名称"), required=True, expects=Text("1 to 120 characters.", "1 到 120 个字符。"))
_BUILDING = Heading(
    "building", Text("Building", "楼栋"), expects=Text("Code or name; empty: outdoors.", "编码或名称；室外留空。")
)
_UNIT = Heading("unit", Text("Stairwell", "单元"), expects=Text("Code or name.", "编码或名称。"))


def headings(kind: FacilityKind) -> list[Heading]:
    """The columns of a kind's sheet."""
    return [
        *(_CODE, _NAME, _BUILDING, _UNIT),
        *(Heading(each.key, each.words, each.unit, each.required, each.expects()) for each in ATTRIBUTES[kind]),
    ]


@dataclass(frozen=True)
class Entry:
    """One facility to be entered. ``building`` and ``unit``: ids."""

    code: str
    name: str
    building: str | None
    unit: str | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Places:
    """The buildings of a compound, and the units of each, by code and by name (None: several have that name)."""

    buildings: Mapping[str, str | None]
    units: Mapping[str, Mapping[str, str | None]]


def codes(sheet: Sheet) -> set[str]:
    """The codes that the sheet gives, as they would be kept."""
    return {code for row in sheet.rows if 0 < len(code := text_of(row.cells.get("code"))) <= CODE_MAX}


def entries(sheet: Sheet, kind: FacilityKind, places: Places, taken: Collection[str], today: date, faults: Faults) -> list[Entry]:
    """What the sheet's rows say; what is wrong goes to ``faults``. ``taken``: codes that facilities have already."""
    found, seen = list[Entry](), dict[str, int]()
    for fault in sheet.faults:
        faults.add(fault)
    for row in sheet.rows:
        reading = _Reading(sheet, row, kind, faults)
        code, name = reading.text("code", CODE_MAX), reading.text("name", NAME_MAX)
        building, unit = reading.place(places)
        values = reading.values(today)
        if code and code in seen:
            message = Text(f"Row {seen[code]} has this code too.", f"与第 {seen[code]} 行编码重复。")
            reading.wrong("code", message, Text("Give each its own code.", "请使用不同的编码。"))
        elif code and code in taken:
            message = Text("A facility has this code already.", "该编码已登记。")
            reading.wrong("code", message, Text("Leave the row out, or amend that facility.", "请删除该行，或直接更正已有设施。"))
        if code:
            seen.setdefault(code, row.number)
        if reading.good:
            found.append(Entry(code, name, building, unit, values))
    return found


class _Reading:
    """Reads one row."""

    def __init__(self, sheet: Sheet, row: SheetRow, kind: FacilityKind, faults: Faults) -> None:
        self.sheet, self.row, self.kind, self._faults = sheet, row, kind, faults
        # What was wrong with a cell already has been told.
        self._told = {fault.column for fault in sheet.faults if fault.row == row.number}
        self.good = not self._told

    def wrong(self, key: str, message: Text, remedy: Text) -> None:
        self.good = False
        title = self.sheet.titles.get(key)
        if title is not None and title not in self._told:
            self._faults.add(SheetFault(self.sheet.name, self.row.number, title, message, remedy))

    def text(self, key: str, most: int) -> str:
        cell = self.row.cells.get(key)
        said = text_of(cell)
        if isinstance(cell, date | time | timedelta):
            # A spreadsheet makes a day of what looks like one: "5-1" is no longer there.
            message = Text("The spreadsheet has made a day or a time of it.", "该单元格已被表格软件转换为日期或时间。")
            self.wrong(key, message, Text("Format the column as text and write it again.", "请将该列设为文本格式后重新填写。"))
            return ""
        try:
            return written(said, key, most)
        except Refused as refused:
            empty = Text("It is required.", "该项为必填。")
            self.wrong(key, refused.message if said else empty, refused.hint)
            return ""

    def place(self, places: Places) -> tuple[str | None, str | None]:
        building, unit = (text_of(self.row.cells.get(key)) for key in ("building", "unit"))
        if not building:
            if unit:
                self.wrong("unit", Text("Its building is not named.", "未填写楼栋。"), _BUILDING.expects)
            return None, None
        there = self._one("building", building, places.buildings)
        return there, self._one("unit", unit, places.units.get(there, {})) if there and unit else None

    def _one(self, key: str, said: str, known: Mapping[str, str | None]) -> str | None:
        found = known.get(said)
        if found is None:
            several = said in known
            self.wrong(
                key,
                Text("Several are called so.", "存在多个同名项。")
                if several
                else Text("There is none of this name here.", "该小区没有此项。"),
                Text("Give its code.", "请填写编码。"),
            )
        return found

    def values(self, today: date) -> dict[str, Any]:
        table = ATTRIBUTES[self.kind]
        known = attributes_of(table)
        given = {key: read_cell(known[key], cell) for key, cell in self.row.cells.items() if key in known}
        values, found = flaws(table, given, today)
        for flaw in found:
            self.wrong(flaw.key, flaw.message, flaw.remedy)
        return values
