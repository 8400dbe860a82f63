"""Homes that come as a sheet, and how many live in each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.sheets import Heading, RowReading, SheetKind
from domain.sheets.homes import COUNTS, HOMES, count, home
from domain.words import Text
from models.connection import query
from models.ids import new_id
from models.sheets.nouns import MOST_CLASHES, Clash, Entry, Noun, Read, declare, taken
from models.sheets.rows import SheetImport

from .rows import Building, Home, Unit

Named = Mapping[str, str | None]


async def places(compound_id: str) -> tuple[Named, Mapping[str, Named]]:
    """The buildings of a compound, and the stairwells of each, by code and by name (None: several have that name)."""
    buildings = await Building.filter(compound_id=compound_id)
    units = dict[str, list[Unit]]()
    for unit in await Unit.filter(compound_id=compound_id):
        units.setdefault(unit.building_id, []).append(unit)
    return _named(buildings), {building_id: _named(some) for building_id, some in units.items()}


def _named(rows: Iterable[Building | Unit]) -> Named:
    rows = list(rows)
    often = Counter(row.name for row in rows)
    return {row.name: row.id if often[row.name] == 1 else None for row in rows} | {row.code: row.id for row in rows}


def _homes_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return HOMES


async def _read_homes(row: SheetImport) -> Read:
    buildings, units = await places(row.compound_id or "")

    def read(reading: RowReading) -> Entry:
        said = home(reading, buildings, units)
        values = {"id": new_id(Home.prefix), "name": said.name, "unit": said.unit, "floor": said.floor, "use": said.use}
        return Entry(said.code, {**values, "area_m2": None if said.area_m2 is None else str(said.area_m2)})

    return read


async def _home_clashes(_: SheetImport) -> list[Clash]:
    return await taken("home", Text("home", "房屋"))


_ENTER_HOMES = """
INSERT INTO home (id, code, name, floor, area_m2, use, unit_id, compound_id, street_id)
SELECT s.entry->>'id', s.key, s.entry->>'name', (s.entry->>'floor')::integer, (s.entry->>'area_m2')::numeric, s.entry->>'use',
    u.id, u.compound_id, u.street_id
FROM sheet_row s JOIN unit u ON u.id = s.entry->>'unit' ORDER BY s.number
"""


async def _enter_homes(_: Viewer, __: SheetImport) -> None:
    await query(_ENTER_HOMES)


def _counts_headings(_: FacilityKind | None) -> Sequence[Heading]:
    return COUNTS


async def _read_counts(_: SheetImport) -> Read:
    def read(reading: RowReading) -> Entry:
        code, residents = count(reading)
        return Entry(code, {"residents": residents})

    return read


async def unknown_homes(compound_id: str, key: str = "s.key") -> list[Clash]:
    """Rows that name a home which the compound does not have; ``key``: SQL for its code."""
    rows = await query(
        f"""
        SELECT s.number FROM sheet_row s WHERE {key} <> ''
            AND NOT EXISTS (SELECT FROM home h WHERE h.code = {key} AND h.compound_id = $1)
        ORDER BY s.number LIMIT {MOST_CLASHES}
        """,
        compound_id,
    )
    message = Text("The compound has no home of this code.", "该小区没有此编码的房屋。")
    remedy = Text("Give the code as it is in the register, or enter the home first.", "请填写登记的房屋编码，或先登记该房屋。")
    return [Clash(row["number"], "code", message, remedy) for row in rows]


async def _count_clashes(row: SheetImport) -> list[Clash]:
    return await unknown_homes(row.compound_id or "")


_ENTER_COUNTS = """
UPDATE home h SET residents = (s.entry->>'residents')::integer, version = h.version + 1
FROM sheet_row s WHERE h.code = s.key AND h.compound_id = $1 AND h.residents <> (s.entry->>'residents')::integer
"""


async def _enter_counts(_: Viewer, row: SheetImport) -> None:
    await query(_ENTER_COUNTS, row.compound_id)


declare(Noun(SheetKind.HOMES, "homesAdd", "code", _homes_headings, _read_homes, _home_clashes, _enter_homes))
declare(Noun(SheetKind.RESIDENTS, "homeSetResidents", "code", _counts_headings, _read_counts, _count_clashes, _enter_counts))
