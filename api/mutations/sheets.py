"""Mutations on sheets that are imported; the acts are in models/sheets/importing.py."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityKind
from domain.sheets import ImportState, SheetKind
from models.sheets import importing

from .payloads import OnceInput, Payload, mutation

for _word in (FacilityKind, ImportState, SheetKind):
    graphql_enum(_word)

_IMPORT = "The import as it is now (导入), with its `jobs`; null when refused."


@strawberry.input(description="A sheet for the register of a compound.")
class SheetImportCheckInput(OnceInput):
    file_id: strawberry.ID = strawberry.field(
        description="The sheet (文件): what POST /files?subject=<compound>&name=<name> answered."
    )
    kind: SheetKind = strawberry.field(description="What its rows are (类别).")
    facility_kind: FacilityKind | None = strawberry.field(
        description="Of which kind its facilities are (设施类别), of a sheet of facilities.", default=strawberry.UNSET
    )


@bound("What sheetImportCheck answers.")
class SheetImportCheckPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have a sheet checked (检查表格): nothing is entered, and all that is wrong is told.")
async def sheet_import_check(context: Context, given: SheetImportCheckInput) -> SheetImportCheckPayload:
    made = await importing.check(context.viewer, given.file_id, given.kind, given.facility_kind or None)
    return SheetImportCheckPayload(subject_id=made.id)


@strawberry.input(description="A checked import.")
class SheetImportCommitInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Import (导入), in state READY.")


@bound("What sheetImportCommit answers.")
class SheetImportCommitPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have all of a checked sheet entered (导入表格), or nothing: if something is wrong by now, it becomes FAULTY.")
async def sheet_import_commit(context: Context, given: SheetImportCommitInput) -> SheetImportCommitPayload:
    done = await importing.commit(context.viewer, given.id)
    return SheetImportCommitPayload(subject_id=done.id)


@strawberry.input(description="A sheet for a book.")
class BookImportCheckInput(OnceInput):
    file_id: strawberry.ID = strawberry.field(
        description="The sheet (文件): what POST /files?subject=<book>&name=<name> answered. Only the book's keepers see it."
    )
    kind: SheetKind = strawberry.field(description="What its rows are (类别).")


@bound("What bookImportCheck answers.")
class BookImportCheckPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have a sheet for a book checked (检查账务表格): nothing is entered, and all that is wrong is told.")
async def book_import_check(context: Context, given: BookImportCheckInput) -> BookImportCheckPayload:
    made = await importing.check_for_book(context.viewer, given.file_id, given.kind)
    return BookImportCheckPayload(subject_id=made.id)


@strawberry.input(description="A checked import for a book.")
class BookImportCommitInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Import (导入), in state READY.")


@bound("What bookImportCommit answers.")
class BookImportCommitPayload(Payload):
    sheet_import = by_id("SheetImport", "subject_id", description=_IMPORT)


@mutation("Have all of a checked sheet entered into its book (导入账务表格), or nothing.")
async def book_import_commit(context: Context, given: BookImportCommitInput) -> BookImportCommitPayload:
    done = await importing.commit_for_book(context.viewer, given.id)
    return BookImportCommitPayload(subject_id=done.id)
