"""A register of facilities of one kind as a sheet: its columns, and what each row says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.sheets import Heading, RowReading
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


def entry(reading: RowReading, kind: FacilityKind, places: Places, today: date) -> Entry:
    """What the row says; it holds if the reading is still good."""
    code, name = reading.text("code", CODE_MAX), reading.text("name", NAME_MAX)
    building, unit = place(reading, places)
    return Entry(code, name, building, unit, _values(reading, kind, today))


def place(reading: RowReading, places: Places, *, required: bool = False) -> tuple[str | None, str | None]:
    """The building and stairwell that the row names."""
    if not reading.given("building") and not required:
        if reading.given("unit"):
            reading.wrong("unit", Text("Its building is not named.", "未填写楼栋。"), _BUILDING.expects)
        return None, None
    building = reading.one("building", places.buildings)
    if building is None:
        return None, None
    return building, reading.one("unit", places.units.get(building, {}), required=required)


def _values(reading: RowReading, kind: FacilityKind, today: date) -> dict[str, Any]:
    table = ATTRIBUTES[kind]
    known = attributes_of(table)
    given = {key: read_cell(known[key], cell) for key, cell in reading.row.cells.items() if key in known}
    values, found = flaws(table, given, today)
    for flaw in found:
        reading.wrong(flaw.key, flaw.message, flaw.remedy)
    return values
