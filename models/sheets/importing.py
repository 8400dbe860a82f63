"""Sheets that are imported: checked first, and then entered, all or nothing.

Whoever checks leaves work; the handler reads the sheet in ``perform``, some hundreds of rows at a time, into a table that goes
with the transaction. Entering reads it again: what others have entered meanwhile is found, and then nothing is written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from tortoise.fields.data import JSON_DUMPS
from tortoise.transactions import in_transaction

from domain.access import ANONYMOUS, Viewer
from domain.facilities import FacilityKind
from domain.jobs import JobKind, JobState
from domain.refusals import RefusalCode, Refused
from domain.sheets import Faults, Heading, ImportState, RowReading, SheetFault, SheetKind, SheetReader, SheetRow
from domain.words import Text
from models.calendar import now
from models.connection import constrained, query
from models.facts import record
from models.files.rows import File
from models.jobs import advance, begin, end
from models.ledger.rows import Book
from models.permits import actor_of, found, permit, permitted
from models.territory import Compound
from models.viewers import viewer_of
from models.work import add, ringing

from .every import NOUNS
from .nouns import Clash, Entry, Noun
from .reading import CSV, XLSX, open_sheet, pieces
from .rows import SheetImport

#: The kind of the work rows that read sheets; payload ``{"import": id, "job": id}``.
IMPORT = "sheet_import"
#: Rows that are held at a time.
_AT_ONCE = 1_000
#: Told of how many rows were dealt with, and about how many there are.
Tell = Callable[[int, int], Awaitable[None]]

_STAGE = """
CREATE TEMP TABLE sheet_row (number integer PRIMARY KEY, key text NOT NULL, entry jsonb) ON COMMIT DROP
"""
_FILL = "INSERT INTO sheet_row (number, key, entry) SELECT * FROM unnest($1::integer[], $2::text[], $3::jsonb[])"
_TWICE = """
SELECT number, first FROM (SELECT number, min(number) OVER (PARTITION BY key) AS first FROM sheet_row WHERE key <> '') each
WHERE number <> first ORDER BY number LIMIT 1000
"""


async def check(viewer: Viewer, file_id: str, kind: SheetKind, facility_kind: FacilityKind | None = None) -> SheetImport:
    """Have a sheet that was sent to its compound checked, by a job; nothing is entered.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (the file is no sheet, or was removed; a kind of books; no kind of facilities).
    """
    noun = NOUNS[kind]
    async with ringing(), in_transaction():
        file = await _file(viewer, file_id, "sheetImportCheck", Compound.prefix)
        _check_kind(noun, of_a_book=False)
        if (kind is SheetKind.FACILITIES) is not (facility_kind is not None):
            raise Refused(
                RefusalCode.INVALID,
                Text("A sheet of facilities, and no other, is of one kind of them.", "仅设施表格需要指定设施类别。"),
                path=("facility_kind",),
                hint=Text("Say which, or leave it out.", "请指定类别或留空。"),
            )
        compound = await permitted(Compound, file.subject_id, viewer, noun.act, path=("file_id",))
        place = {"compound_id": compound.id, "street_id": compound.street_id}
        return await _begin(viewer, "sheetImportCheck", kind=kind, facility_kind=facility_kind, file_id=file.id, **place)


async def check_for_book(viewer: Viewer, file_id: str, kind: SheetKind) -> SheetImport:
    """The same for a sheet that was sent to a book. Refuses NOT_FOUND, FORBIDDEN and INVALID (the file; a kind of no book)."""
    noun = NOUNS[kind]
    async with ringing(), in_transaction():
        file = await _file(viewer, file_id, "bookImportCheck", Book.prefix)
        _check_kind(noun, of_a_book=True)
        book = await found(Book, file.subject_id, viewer, path=("file_id",))
        permit(viewer, noun.act, book)
        place = {"book_id": book.id, "organisation_id": book.organisation_id, "street_id": book.street_id}
        return await _begin(viewer, "bookImportCheck", kind=kind, file_id=file.id, **place)


def _check_kind(noun: Noun, *, of_a_book: bool) -> None:
    if noun.of_a_book is not of_a_book:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{noun.kind} is no sheet for this.", f"“{noun.kind.zh}”表格不在此导入。"),
            path=("kind",),
            hint=Text("Use bookImportCheck.", "请使用 bookImportCheck。")
            if noun.of_a_book
            else Text("Use sheetImportCheck.", "请使用 sheetImportCheck。"),
        )


async def _file(viewer: Viewer, file_id: str, act: str, prefix: str) -> File:
    file = await found(File, file_id, viewer, path=("file_id",))
    permit(viewer, act, file)
    if file.media_type not in {XLSX, CSV} or not file.subject_id.startswith(f"{prefix}_") or file.removed_at:
        what = ("compound", "小区") if prefix == Compound.prefix else ("book", "账套")
        raise Refused(
            RefusalCode.INVALID,
            Text(f"The file is no sheet that was sent to a {what[0]}.", f"该文件不是上传到{what[1]}的表格。"),
            path=("file_id",),
            hint=Text(f"POST it to /files?subject=<{what[0]}> as .xlsx or .csv.", f"请以 .xlsx 或 .csv 上传到对应{what[1]}。"),
        )
    return file


async def _begin(viewer: Viewer, act: str, **columns: Any) -> SheetImport:
    row = await SheetImport.create(**columns, started_at=now(), started_by_id=viewer.account_id)
    job = await begin(actor_of(viewer), JobKind.SHEET_CHECK, row)
    await add(IMPORT, {"import": row.id, "job": job.id})
    await record(actor_of(viewer), act, row, after={"kind": row.kind})
    return row


async def commit(viewer: Viewer, import_id: str) -> SheetImport:
    """Have all of a checked sheet entered. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is not ready, or a book's)."""
    return await _commit(viewer, import_id, "sheetImportCommit", of_a_book=False)


async def commit_for_book(viewer: Viewer, import_id: str) -> SheetImport:
    """The same for a sheet of a book."""
    return await _commit(viewer, import_id, "bookImportCommit", of_a_book=True)


async def _commit(viewer: Viewer, import_id: str, act: str, *, of_a_book: bool) -> SheetImport:
    async with ringing(), in_transaction():
        row = await permitted(SheetImport, import_id, viewer, act)
        noun = NOUNS[row.kind]
        if row.state is not ImportState.READY or (row.book_id is not None) is not of_a_book:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The import is {row.state.lower()}, not ready for this.", f"导入状态为“{row.state.zh}”，不能提交。"),
                path=("id",),
                hint=Text("Mend what is wrong in the sheet, send it again and have it checked.", "请修改表格后重新上传并检查。"),
            )
        of: Any = Book if of_a_book else Compound
        permit(viewer, noun.act, await of.get(id=row.book_id or row.compound_id))
        row.state = ImportState.COMMITTING
        await row.save(update_fields=["state"])
        job = await begin(actor_of(viewer), JobKind.SHEET_COMMIT, row, row.rows)
        await add(IMPORT, {"import": row.id, "job": job.id, "by": viewer.account_id})
        await record(actor_of(viewer), act, row, after={"kind": row.kind, "count": row.rows})
        return row


async def perform(
    row: SheetImport, sheet: Path | None, *, by: str | None = None, job_id: str = "", tell: Tell | None = None
) -> None:
    """Check the sheet and, where that is asked, enter it; in one transaction.

    ``sheet`` None: its content is there no more. Nor is anything entered from a sheet that somebody has removed meanwhile, or
    for somebody (``by``, an account; default: who began) who may no longer. ``tell``: told of each piece, beside the transaction.
    """
    noun, faults = NOUNS[row.kind], Faults()
    async with in_transaction():
        await query("DROP TABLE IF EXISTS pg_temp.sheet_row")
        await query(_STAGE)
        file = await File.get(id=row.file_id)
        try:
            row.rows = await _read(row, noun, _there(file, sheet), file, faults, tell)
            if not faults.count and (noun.of_a_book or row.state is ImportState.COMMITTING):
                await _enter(noun, row, by or row.started_by_id or "")
        except Refused as refused:
            faults.add(SheetFault(file.name, 1, "", refused.message, refused.hint))
        row.bad_rows, row.fault_count = faults.rows, faults.count
        row.faults = [_kept(fault) for fault in faults.told]
        row.checked_at = now()
        committing = row.state is ImportState.COMMITTING
        if faults.count:
            row.state = ImportState.FAULTY
        elif committing:
            row.state, row.finished_at = ImportState.DONE, now()
        else:
            row.state = ImportState.READY
        await row.save()
        await query("DROP TABLE pg_temp.sheet_row")
        if job_id:
            await _end(row, job_id, failed=committing and bool(faults.count))


async def _end(row: SheetImport, job_id: str, *, failed: bool) -> None:
    await advance(job_id, total=row.rows)
    wrong = Text(f"{row.bad_rows} rows are wrong: see sheetImportFaults.", f"{row.bad_rows} 行有误，详见 sheetImportFaults。")
    state = JobState.FAILED if failed else JobState.DONE
    await end(job_id, state=state, message=wrong if row.fault_count else None, errors=row.bad_rows)


class _Rehearsed(Exception):
    """Everything could be entered; it is taken back."""


def _take_back() -> NoReturn:
    raise _Rehearsed


async def _enter(noun: Noun, row: SheetImport, by: str) -> None:
    """Enter the rows; only to try, where the sheet is being checked. Refuses what the acts refuse."""
    viewer = await viewer_of(by) or ANONYMOUS
    of: Any = Book if row.book_id else Compound
    permit(viewer, noun.act, await of.get(id=row.book_id or row.compound_id))
    try:
        async with constrained(_stands_against()), in_transaction():
            await noun.enter(viewer, row)
            if row.state is not ImportState.COMMITTING:
                _take_back()
    except _Rehearsed:
        return


def _stands_against() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("Something that is there stands against it.", "与已有数据冲突。"),
        path=("file_id",),
        hint=Text("Have the sheet checked again; look for what was entered meanwhile.", "请重新检查表格，并核对期间录入的数据。"),
    )


def _there(file: File, sheet: Path | None) -> Path:
    if sheet is None or file.removed_at is not None:
        raise Refused(
            RefusalCode.INVALID,
            Text("The sheet was removed.", "该表格已被移除。"),
            path=("file_id",),
            hint=Text("Send it again and have it checked.", "请重新上传并检查。"),
        )
    return sheet


async def _read(row: SheetImport, noun: Noun, sheet: Path, file: File, faults: Faults, tell: Tell | None) -> int:
    """Read the sheet into ``sheet_row``; how many rows it has."""
    read = await noun.prepare(row)
    with open_sheet(sheet, file.media_type) as opened:
        headings = noun.headings(row.facility_kind)
        reader = SheetReader(opened.name, headings, faults, others=_others(noun), merged=opened.merged, most=noun.most)
        rows = pieces(reader.rows(opened.rows), _AT_ONCE)
        while piece := await asyncio.to_thread(_piece, rows, reader, read):
            numbers, keys, entries = zip(*piece, strict=True)
            await query(_FILL, list(numbers), list(keys), list(entries))
            if tell is not None:
                await tell(reader.count, max(opened.about, reader.count))
        await query("ANALYZE pg_temp.sheet_row")
        title = next((each for each in headings if each.key == noun.key), None)
        for clash in [*await _twice(title), *await noun.clashes(row)]:
            where = reader.titles.get(clash.key, "")
            faults.add(SheetFault(opened.name, clash.number, where, clash.message, clash.remedy))
        return reader.count


def _piece(
    rows: Iterator[list[SheetRow]], reader: SheetReader, read: Callable[[RowReading], Entry]
) -> list[tuple[int, str, str | None]]:
    """The next rows, read: number, key and entry of each."""
    found: list[tuple[int, str, str | None]] = []
    for row in next(rows, list[SheetRow]()):
        reading = RowReading(reader.name, reader.titles, row, reader.faults)
        entry = read(reading)
        found.append((row.number, entry.key, JSON_DUMPS(entry.values) if reading.good else None))
    return found


def _others(noun: Noun) -> dict[Text, list[Heading]]:
    return {
        Text(each.kind.lower().replace("_", " "), each.kind.zh): list(each.headings(None))
        for each in NOUNS.values()
        if each is not noun and each.kind is not SheetKind.FACILITIES
    }


async def _twice(heading: Heading | None) -> list[Clash]:
    if heading is None:
        return []
    words = heading.words
    return [
        Clash(
            row["number"],
            heading.key,
            Text(f"Row {row['first']} has this {words.en.lower()} too.", f"与第 {row['first']} 行{words.zh}重复。"),
            Text("Leave one of the rows, or tell them apart.", "请删除重复行，或使用不同的值。"),
        )
        for row in await query(_TWICE)
    ]


def _kept(fault: SheetFault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "message": fault.message.both(),
        "remedy": fault.remedy.both(),
    }
