"""Imports of sheets, and what is wrong in them."""

from typing import Annotated, Any

import strawberry

import models
from api.context import Context
from api.read.declare import column, many, node, one
from domain.refusals import Refused
from domain.words import stored
from models.permits import found


@node(models.SheetImport, "Import of a sheet (表格导入): checked first, then entered, all of it or nothing.")
class SheetImport:
    state = column("Where it stands (状态).", filter=True)
    kind = column("What its rows are (类别).")
    facility_kind = column("Of which kind its facilities are (设施类别); null: it is no sheet of facilities.")
    rows = column("Rows of the sheet (行数), without its header.")
    bad_rows = column("How many of them are wrong (有误行数).")
    fault_count = column("Faults in all (错误数); `sheetImportFaults` tells the first of them.")
    started_at = column("When it was begun (开始时间).", sort=True)
    checked_at = column("When it was checked last (检查时间).")
    finished_at = column("When it was entered (导入时间).")
    file = one("File", "The sheet (文件).")
    compound = one("Compound", "Compound (小区) into whose register it goes; null: into a book.", filter=True)
    book = one("Book", "Book (账套) into which it goes; null: into a register.", filter=True)
    started_by = one("Account", "Who began it, where the viewer may know (发起人).")
    jobs = many("Job", "The jobs that check and enter it (任务), the latest first.", by="subject_id", sort="-started_at")


@strawberry.type(description="Something that is wrong in a sheet (表格错误).")
class SheetFault:
    sheet: str = strawberry.field(description="Name of the sheet (工作表).")
    row: int = strawberry.field(description="Row (行), counted as in the sheet from 1.")
    column: str = strawberry.field(description="Title of the column (列); empty: the row as a whole.")
    message: str = strawberry.field(description="What is wrong (错误), in the language of the request.")
    remedy: str = strawberry.field(description="What to do about it (建议), in the language of the request.")


async def _faults(
    info: strawberry.Info[Context, Any], id: Annotated[strawberry.ID, strawberry.argument(description="Import (导入).")]
) -> list[SheetFault] | None:
    try:
        row = await found(models.SheetImport, id, info.context.viewer)
    except Refused:
        return None
    language = info.context.language
    return [
        SheetFault(
            sheet=fault["sheet"],
            row=fault["row"],
            column=fault["column"],
            message=stored(fault["message"]).say(language),
            remedy=stored(fault["remedy"]).say(language),
        )
        for fault in row.faults
    ]


sheet_import_faults = strawberry.field(
    _faults,
    description="What is wrong in an imported sheet (表格错误), row by row; 500 at most.",
)
