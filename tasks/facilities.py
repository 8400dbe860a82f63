"""Reading the sheets of registers."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.sheets import ImportState
from models.facilities.importing import IMPORT, perform
from models.files import Folder, Missing
from models.sheets import SheetImport
from settings import load

from .work import handles

#: Seconds that a sheet of as many rows as are taken may need on a busy machine.
_LONGEST = 300.0


@handles(IMPORT, longest=_LONGEST, background=True)
async def handle(payload: dict[str, Any]) -> timedelta | None:
    """Check a sheet, or enter it."""
    row = await SheetImport.select_for_update(of=("sheet_import",)).get_or_none(id=payload["import"])
    if row is None or row.state not in {ImportState.CHECKING, ImportState.COMMITTING}:
        return None
    with tempfile.NamedTemporaryFile() as sheet:
        try:
            async for piece in Folder(load()).read(row.file_id):
                sheet.write(piece)
        except Missing:
            await perform(row, None)
            return None
        sheet.flush()
        await perform(row, Path(sheet.name))
    return None
