"""Registers of facilities that come as sheets: checked first, and then entered, all or nothing.

Whoever checks leaves work; the handler reads the sheet in ``perform``. Entering reads it again: what others have entered
meanwhile is found, and then nothing is written.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.facilities.imports import Entry, Places, codes, entries, headings
from domain.refusals import RefusalCode, Refused
from domain.sheets import Faults, ImportState, SheetFault
from domain.upkeep import UPKEEP_WORK
from domain.words import Text
from models.calendar import now, today
from models.facts import record
from models.files.rows import File
from models.permits import actor_of, found, permit, permitted
from models.sheets import CSV, XLSX, SheetImport, read_sheet
from models.territory import Building, Compound, Unit
from models.work import add, ringing

from .register import begun, entered
from .rows import Facility, FacilityStatusChange

#: The kind of the work rows that read sheets; payload ``{"import": id}``.
IMPORT = "facility_import"
_AT_ONCE, _WOUND_AT_ONCE = 500, 100


async def check(viewer: Viewer, file_id: str, kind: FacilityKind) -> SheetImport:
    """Have a sheet that was sent to its compound checked; nothing is entered.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (the file is no sheet, or was removed).
    """
    async with ringing(), in_transaction():
        file = await found(File, file_id, viewer, path=("file_id",))
        permit(viewer, "facilityImportCheck", file)
        if file.media_type not in {XLSX, CSV} or not file.subject_id.startswith(Compound.prefix) or file.removed_at:
            raise Refused(
                RefusalCode.INVALID,
                Text("The file is no sheet that was sent to a compound.", "该文件不是上传到小区的表格。"),
                path=("file_id",),
                hint=Text("POST it to /files?subject=<compound> as .xlsx or .csv.", "请以 .xlsx 或 .csv 上传到对应小区。"),
            )
        compound = await permitted(Compound, file.subject_id, viewer, "facilityImportCheck", path=("file_id",))
        row = await SheetImport.create(
            kind=kind,
            started_at=now(),
            file_id=file.id,
            started_by_id=viewer.account_id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        await add(IMPORT, {"import": row.id})
        await record(actor_of(viewer), "facilityImportCheck", row, after={"kind": kind})
        return row


async def commit(viewer: Viewer, import_id: str) -> SheetImport:
    """Have all of a checked sheet entered. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is not ready)."""
    async with ringing(), in_transaction():
        row = await permitted(SheetImport, import_id, viewer, "facilityImportCommit")
        if row.state is not ImportState.READY:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The import is {row.state.lower()}, not ready.", f"导入状态为“{row.state.zh}”，不能提交。"),
                path=("id",),
                hint=Text("Mend what is wrong in the sheet, send it again and have it checked.", "请修改表格后重新上传并检查。"),
            )
        row.state = ImportState.COMMITTING
        await row.save(update_fields=["state"])
        await add(IMPORT, {"import": row.id})
        await record(actor_of(viewer), "facilityImportCommit", row, after={"kind": row.kind, "count": row.rows})
        return row


async def perform(row: SheetImport, sheet: Path | None) -> None:
    """Check the sheet and, where that is asked, enter it; in the caller's transaction, the import's row locked.

    ``sheet`` None: its content is there no more. Nor is anything entered from a sheet that somebody has removed meanwhile.
    """
    compound, faults = await Compound.get(id=row.compound_id), Faults()
    file = await File.get(id=row.file_id)
    try:
        said = await asyncio.to_thread(read_sheet, _there(file, sheet), file.media_type, headings(row.kind))
    except Refused as refused:
        faults.add(SheetFault(file.name, 1, "", refused.message, refused.hint))
        made: list[Entry] = []
    else:
        taken = await _taken(codes(said))
        made = await asyncio.to_thread(entries, said, row.kind, await _places(compound), taken, today(), faults)
        row.rows = len(said.rows)
    row.bad_rows, row.fault_count = faults.rows, faults.count
    row.faults = [_kept(fault) for fault in faults.told]
    row.checked_at = now()
    if faults.count:
        row.state = ImportState.FAULTY
    elif row.state is ImportState.COMMITTING:
        await _enter(row, compound, made)
        row.state, row.finished_at = ImportState.DONE, now()
    else:
        row.state = ImportState.READY
    await row.save()


def _there(file: File, sheet: Path | None) -> Path:
    if sheet is None or file.removed_at is not None:
        raise Refused(
            RefusalCode.INVALID,
            Text("The sheet was removed.", "该表格已被移除。"),
            path=("file_id",),
            hint=Text("Send it again and have it checked.", "请重新上传并检查。"),
        )
    return sheet


async def _taken(given: set[str]) -> set[str]:
    """Those of the codes that facilities have."""
    asked, taken = sorted(given), set[str]()
    for first in range(0, len(asked), _AT_ONCE):
        some = Facility.filter(code__in=asked[first : first + _AT_ONCE])
        taken |= {str(code) for code in await some.values_list("code", flat=True)}
    return taken


async def _places(compound: Compound) -> Places:
    buildings = await Building.filter(compound_id=compound.id)
    units = await Unit.filter(compound_id=compound.id)
    return Places(
        _named(buildings), {each.id: _named(unit for unit in units if unit.building_id == each.id) for each in buildings}
    )


def _named(rows: Iterable[Building | Unit]) -> dict[str, str | None]:
    rows = list(rows)
    often = Counter(row.name for row in rows)
    return {row.name: row.id if often[row.name] == 1 else None for row in rows} | {row.code: row.id for row in rows}


async def _enter(row: SheetImport, compound: Compound, made: list[Entry]) -> None:
    moment = now()
    for first in range(0, len(made), _AT_ONCE):
        facilities = [
            Facility(
                **entered(compound, each.code, row.kind, each.name, each.values, moment),
                building_id=each.building,
                unit_id=each.unit,
            )
            for each in made[first : first + _AT_ONCE]
        ]
        await Facility.bulk_create(facilities)
        await FacilityStatusChange.bulk_create(FacilityStatusChange(**begun(facility)) for facility in facilities)
        for some in range(0, len(facilities), _WOUND_AT_ONCE):
            await add(UPKEEP_WORK, {"facilities": [facility.id for facility in facilities[some : some + _WOUND_AT_ONCE]]})


def _kept(fault: SheetFault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "message": fault.message.both(),
        "remedy": fault.remedy.both(),
    }
