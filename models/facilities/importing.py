"""Registers of facilities that come as sheets."""

from collections.abc import Sequence
from typing import Any

from orjson import loads

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.facilities.imports import Places, entry, headings
from domain.sheets import Heading, RowReading, SheetKind
from domain.upkeep import UPKEEP_WORK
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.ids import new_id
from models.sheets.nouns import Clash, Entry, Noun, Read, declare, taken
from models.sheets.rows import SheetImport
from models.territory import Compound
from models.territory.sheets import places
from models.work import add

from .register import begun, entered
from .rows import Facility, FacilityStatusChange

_AT_ONCE, _WOUND_AT_ONCE = 500, 100


def _headings(kind: FacilityKind | None) -> Sequence[Heading]:
    return headings(kind or FacilityKind.LIFT)


async def _prepare(row: SheetImport) -> Read:
    kind, known, day = row.facility_kind or FacilityKind.LIFT, Places(*await places(row.compound_id or "")), today()

    def read(reading: RowReading) -> Entry:
        said = entry(reading, kind, known, day)
        return Entry(said.code, {"name": said.name, "building": said.building, "unit": said.unit, "values": said.values})

    return read


async def _clashes(_: SheetImport) -> list[Clash]:
    return await taken("facility", Text("facility", "设施"))


async def _enter(_: Viewer, row: SheetImport) -> None:
    compound, moment, after = await Compound.get(id=row.compound_id), now(), 0
    while some := await query(
        f"SELECT number, key, entry FROM sheet_row WHERE number > $1 ORDER BY number LIMIT {_AT_ONCE}", after
    ):
        after = some[-1]["number"]
        facilities = [_facility(compound, row, each["key"], each["entry"], moment) for each in some]
        await Facility.bulk_create(facilities)
        await FacilityStatusChange.bulk_create(FacilityStatusChange(**begun(facility)) for facility in facilities)
        for first in range(0, len(facilities), _WOUND_AT_ONCE):
            wound = [facility.id for facility in facilities[first : first + _WOUND_AT_ONCE]]
            await add(UPKEEP_WORK, {"facilities": wound})


def _facility(compound: Compound, row: SheetImport, code: str, said: Any, moment: Any) -> Facility:
    held = loads(said) if isinstance(said, str | bytes) else said
    columns = entered(compound, code, row.facility_kind or FacilityKind.LIFT, held["name"], held["values"], moment)
    return Facility(id=new_id(Facility.prefix), **columns, building_id=held["building"], unit_id=held["unit"])


declare(Noun(SheetKind.FACILITIES, "facilityAdd", "code", _headings, _prepare, _clashes, _enter))
