"""Statements of the books of the story: a draft, one that is reviewed, and one that owners read, with its questions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from domain.ledger import EntryKind
from domain.statements import (
    StatementHead,
    StatementLineKind,
    StatementPart,
    StatementReview,
    StatementState,
    content_of,
    digest_of,
)
from domain.statements.questions import QuestionState
from domain.words import Text

from .desk import WORKERS
from .story import Told, a_moment, plant, planted
from .world import Ground

_S = StatementState
_ASKERS = {"K": "resident of 101", "L": "resident of L"}


async def statements(world: Ground) -> None:
    """Of each book one in each of these states."""
    for book in list(world.story.of_type["Book"]):
        corrected: Told | None = None
        for n, state in enumerate((_S.DRAFT, _S.SUBMITTED, _S.REPLACED, _S.PUBLISHED)):
            corrected = await _statement(world, book, date(2024, 3 * min(n, 2) + 1, 1), state, corrected)


async def _statement(world: Ground, book: Told, first: date, state: StatementState, before: Told | None) -> Told:
    (compound,) = book.compounds
    row, told, by = world.stored, world.told, WORKERS[compound]
    place = {"organisation_id": told[book.desk].id, "street_id": row[compound].street_id}
    said, days = Text(f"~{plant()}~", f"~{plant()}~"), (first, first + timedelta(days=80))
    content = content_of(StatementHead(f"~{plant()}~", f"~{plant()}~", "LUMP_SUM", said, *days, edition=1, through=1), [])
    public = state in {_S.REPLACED, _S.PUBLISHED}
    corrects = before if state is _S.PUBLISHED else None
    columns: dict[str, Any] = {
        "state": _S.DRAFT,
        "edition": 2 if corrects else 1,
        "corrects_id": corrects and corrects.id,
        "period_from": first,
        "period_to": first + timedelta(days=80),
        "title": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
        "content": content,
        "sha256": digest_of(content),
        "book_id": book.id,
        "compound_id": told[compound].id,
        **place,
    }
    made = await models.Statement.create(**planted(models.Statement, columns))
    lines = [
        await models.StatementLine.create(
            **planted(
                models.StatementLine,
                {
                    "part": part,
                    "kind": StatementLineKind.INCOME,
                    "name": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"},
                    **{name: Decimal(plant()) for name in ("amount", "previous", "was")},
                    "statement_id": made.id,
                    **place,
                },
            )
        )
        for part in (StatementPart.COMPANY, StatementPart.COMMON_AREA)
    ]
    parts = {line.id: await _entries(world, book, line, place) for line in lines}
    people = {"submitted_by_id": told[by].id, "submitted_at": a_moment(), "review_by": date(2024, 12, 30)}
    changes: dict[str, Any] = {} if state is _S.DRAFT else {**people, "reviewing_compound_id": told[compound].id}
    if public:
        changes |= {"published_at": a_moment(), "published_by_id": told[by].id, "review": StatementReview.NOT_IN_TIME}
        changes |= {"public_compound_id": told[compound].id}
        changes |= {"reviewed_at": a_moment(), "reviewed_by_id": told["officer of the north"].id}
    await models.Statement.filter(id=made.id).update(state=state, **changes)
    await made.refresh_from_db()
    near = () if state is _S.DRAFT else (compound,)
    seen: dict[str, Any] = {"desk": book.desk, "inside": not public}
    links = {"book": book, "compound": told[compound], "organisation": told[book.desk], "corrects": corrects}
    name = f"statement {made.id}"
    world.keep(name, made, book.street, *near, links=links, **seen)
    await world.happened(name)
    for line in lines:
        world.keep(f"line {line.id}", line, book.street, *near, links={"statement": told[name]}, **seen)
        for part, entry in parts[line.id]:
            links = {"line": told[f"line {line.id}"], "entry": entry}
            inside = part.owners_compound_id is None
            world.keep(f"part {part.id}", part, book.street, compound, desk=book.desk, inside=inside, links=links)
    if public:
        await _questions(world, made, lines[0], compound, book)
    return told[name]


async def _entries(
    world: Ground, book: Told, line: models.StatementLine, place: dict[str, str]
) -> list[tuple[models.StatementEntry, Told]]:
    (compound,) = book.compounds
    owners = None if line.part is StatementPart.COMPANY else world.told[compound].id
    entry = next(each for each in world.story.of_type["JournalEntry"] if each.links["book"] is book)
    columns: dict[str, Any] = {"kind": EntryKind.MANUAL, "booked_on": date(2024, 6, 1), "amount": Decimal(plant())}
    columns |= {"line_id": line.id, "entry_id": entry.id, "owners_compound_id": owners, **place}
    return [(await models.StatementEntry.create(**planted(models.StatementEntry, columns)), entry)]


async def _questions(world: Ground, made: models.Statement, line: models.StatementLine, compound: str, book: Told) -> None:
    """One that is shown, and one that is hidden."""
    told, asker = world.told, _ASKERS.get(compound)
    for hidden in (False, True):
        columns: dict[str, Any] = {
            "state": QuestionState.ANSWERED,
            "answered_at": a_moment(),
            "hidden_at": a_moment() if hidden else None,
            "public_compound_id": None if hidden else told[compound].id,
            "asked_by_id": told[asker].id if asker else None,
            "answered_by_id": told[WORKERS[compound]].id,
            "statement_id": made.id,
            "line_id": line.id,
            "compound_id": told[compound].id,
            "organisation_id": told[book.desk].id,
            "street_id": made.street_id,
        }
        question = await models.StatementQuestion.create(**planted(models.StatementQuestion, columns))
        links = {
            "statement": told[f"statement {made.id}"],
            "line": told[f"line {line.id}"],
            "compound": told[compound],
            "organisation": told[book.desk],
        }
        seen: dict[str, Any] = {"desk": book.desk, "inside": hidden, "person": asker or ""}
        world.keep(f"question {question.id}", question, book.street, compound, links=links, **seen)
        await world.happened(f"question {question.id}")
