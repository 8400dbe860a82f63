"""Reading the sheets that are imported."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from domain.sheets import ImportState
from models.files import Folder, Missing
from models.jobs import report
from models.sheets import SheetImport
from models.sheets.importing import IMPORT, perform
from settings import load

from .work import handles

#: Seconds that a sheet of as many rows as are taken may need on a busy machine.
_LONGEST = 600.0


@handles(IMPORT, longest=_LONGEST, background=True)
async def handle(payload: dict[str, Any]) -> timedelta | None:
    """Check a sheet, or enter it, telling its job how far it is."""
    row = await SheetImport.select_for_update(of=("sheet_import",)).get_or_none(id=payload["import"])
    if row is None or row.state not in {ImportState.CHECKING, ImportState.COMMITTING}:
        return None
    settings, job_id = load(), payload.get("job", "")
    with tempfile.NamedTemporaryFile() as sheet:
        try:
            async for piece in Folder(settings).read(row.file_id):
                sheet.write(piece)
        except Missing:
            await perform(row, None, job_id=job_id)
            return None
        sheet.flush()
        beside = await asyncpg.connect(settings.database_url)
        try:

            async def tell(done: int, total: int) -> None:
                await report(beside, job_id, done, total)

            await perform(row, Path(sheet.name), by=payload.get("by"), job_id=job_id, tell=tell if job_id else None)
        finally:
            await beside.close()
    return None
