"""Attaching files to what they are about, removing them, and clearing away what nobody may read any more."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.files import MOST, shown_name
from domain.permits import sees
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now
from models.expenses.rows import Expense
from models.facts import record
from models.hazards import Hazard
from models.ids import ID, new_id
from models.ledger.rows import Book
from models.papers import Paper
from models.permits import actor_of, found, not_found, permit, permitted
from models.rounds.photos import check_wanted
from models.rounds.rows import Round
from models.rows import Row
from models.territory import Compound
from models.tickets import Ticket
from models.upkeep.rows import Inspection, WorkOrder

from .cleaning import clean, clean_sheet
from .rows import File
from .store import Folder, Store


@dataclass(frozen=True)
class Subject:
    """What files can be attached to: under which act, and by what they are made fit to be kept.

    ``wanted``: refuses what it does not want any file of, as it is now. ``private``: those who see the street do not see them.
    """

    kind: type[Row]
    act: str
    clean: Callable[[Path, Path], str]
    wanted: Callable[[Any], Awaitable[None]] | None = None
    private: bool = False


#: What files can be attached to, by the prefix of its ids.
SUBJECTS: Mapping[str, Subject] = {
    Paper.prefix: Subject(Paper, "fileAttach", clean),
    Ticket.prefix: Subject(Ticket, "fileAttach", clean),
    WorkOrder.prefix: Subject(WorkOrder, "fileAttach", clean),
    Hazard.prefix: Subject(Hazard, "fileAttach", clean),
    Inspection.prefix: Subject(Inspection, "fileAttach", clean),
    Round.prefix: Subject(Round, "fileAttach", clean, check_wanted),
    Compound.prefix: Subject(Compound, "sheetImportCheck", clean_sheet),
    Book.prefix: Subject(Book, "bookImportCheck", clean_sheet, private=True),
    Expense.prefix: Subject(Expense, "expenseAttach", clean),
}
#: A picture takes much memory while it is encoded: one at a time.
_cleaning = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cleaning")
#: Of one account one waits for it at a time, so that many from one account do not keep the others waiting.
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
#: How long a content may stand without its row: its process may be about to write it.
_ORPHAN = timedelta(hours=1)
_AT_ONCE = 500


@dataclass(frozen=True)
class Attached:
    """A file, and whether it was there before: the same content from the same person to the same subject is one file."""

    file: File
    anew: bool


def _subject_of(subject_id: str) -> Subject:
    match = ID.match(subject_id)
    subject = SUBJECTS.get(match[1]) if match else None
    if subject is None:
        raise not_found(("subject",))
    return subject


async def may_attach(viewer: Viewer, subject_id: str) -> None:
    """Refuses what ``attach`` would refuse whatever was sent: to be asked before anything is taken."""
    of = _subject_of(subject_id)
    subject = await found(of.kind, subject_id, viewer, path=("subject",))
    permit(viewer, of.act, subject)
    if of.wanted is not None:
        await of.wanted(subject)


async def attach(viewer: Viewer, subject_id: str, name: str, sent: Path, store: Folder) -> Attached:
    """Attach what was spooled under ``sent``.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a kind that is not taken) and CONFLICT (the subject has as many files as it may).
    """
    of = _subject_of(subject_id)
    with store.spooled() as cleaned:
        async with _turns.setdefault(viewer.account_id or "", asyncio.Lock()):
            media_type = await asyncio.get_running_loop().run_in_executor(_cleaning, of.clean, sent, cleaned)
        size, sha256 = await asyncio.to_thread(_measure, cleaned)
        file_id = new_id(File.prefix)
        await store.keep(file_id, cleaned)
    kept = False
    try:
        async with in_transaction():
            subject = await permitted(of.kind, subject_id, viewer, of.act, path=("subject",))
            if of.wanted is not None:
                await of.wanted(subject)
            present = await File.filter(subject_id=subject_id, removed_at=None)
            for file in present:
                if (file.sha256, file.uploaded_by_id) == (sha256, viewer.account_id):
                    return Attached(file, anew=False)
            if len(present) >= MOST:
                raise Refused(
                    RefusalCode.CONFLICT,
                    Text(f"It has {MOST} files already.", f"附件已达 {MOST} 个。"),
                    path=("subject",),
                    hint=Text("Remove one that is not needed.", "请先移除不需要的附件。"),
                )
            belongs = subject.belongs()
            file = await File.create(
                id=file_id,
                subject_id=subject_id,
                name=shown_name(name, media_type),
                media_type=media_type,
                size=size,
                sha256=sha256,
                uploaded_at=now(),
                uploaded_by_id=viewer.account_id,
                private=of.private,
                audience_id=belongs.get(Reach.ACCOUNT),
                compound_id=belongs.get(Reach.COMPOUND),
                organisation_id=None if belongs.get(Reach.COMPOUND) else belongs.get(Reach.ORGANISATION),
                street_id=belongs[Reach.STREET],
            )
            after = {"file": file_id, "media_type": media_type, "size": size}
            await record(actor_of(viewer), "fileAttach", subject, after=after)
        kept = True
        return Attached(file, anew=True)
    finally:
        if not kept:
            await store.drop(file_id)


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


async def remove(viewer: Viewer, file_id: str) -> File:
    """Remove a file: its name at once, its content some days later. Whoever attached it may, and who handles the subject.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it was removed before).
    """
    async with in_transaction():
        file = await found(File, file_id, viewer, lock=True)
        under = "fileAttach" if file.uploaded_by_id == viewer.account_id else "fileRemove"
        permit(viewer, under, file)
        if file.removed_at is not None:
            raise Refused(RefusalCode.ILLEGAL_MOVE, Text("It was removed before.", "该附件已被移除。"), path=("id",))
        file.removed_at, file.name = now(), ""
        await file.save(update_fields=["removed_at", "name"])
        subject = await _subject_of(file.subject_id).kind.get(id=file.subject_id)
        after = {"file": file_id, "removed_at": file.removed_at.isoformat()}
        await record(actor_of(viewer), "fileRemove", subject, after=after, under=under)
        return file


async def readable(viewer: Viewer, ids: Sequence[str]) -> dict[str, File]:
    """Those of the files that the viewer sees and that were not removed, by id."""
    files = await File.filter(id__in=[id_ for id_ in ids if ID.match(id_)], removed_at=None)
    return {file.id: file for file in files if sees(viewer, "File", file.belongs())}


async def clear_removed(store: Store, before: datetime) -> int:
    """Drop the contents of what was removed before that moment; returns how many."""
    files = await File.filter(removed_at__lt=before, cleared_at=None).limit(_AT_ONCE)
    for file in files:
        await store.drop(file.id)
        file.cleared_at = now()
        await file.save(update_fields=["cleared_at"])
    return len(files)


async def drop_orphans(store: Store, moment: datetime) -> int:
    """Drop contents that have no row, left by a process that was killed; returns how many."""
    orphans: list[str] = []
    kept = await store.kept_before(moment - _ORPHAN)
    for start in range(0, len(kept), _AT_ONCE):
        some: Collection[str] = kept[start : start + _AT_ONCE]
        orphans += set(some) - set(await File.filter(id__in=list(some)).values_list("id", flat=True))  # pyright: ignore[reportArgumentType]
    for file_id in orphans:
        await store.drop(file_id)
    return len(orphans)
