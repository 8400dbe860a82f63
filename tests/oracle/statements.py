"""Statements: amounts at the edge, lines of one position, drafts and what was published, questions that are hidden."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import models
from domain.ledger import EntryKind
from domain.statements import StatementLineKind, StatementPart, StatementReview, StatementState, digest_of
from domain.statements.questions import QuestionState

from .hostile import Making

_S = StatementState
_AMOUNTS = [Decimal("-999999999999.99"), Decimal("0.00"), Decimal("0.10"), Decimal("999999999999.99")]


async def fill_statements(m: Making) -> None:
    """Of every book one or two, in any state."""
    accounts: Any = await models.Account.all().order_by("id").limit(9).values_list("id", flat=True)
    for book in await models.Book.all().order_by("id"):
        entries = await models.JournalEntry.filter(book_id=book.id).order_by("id").limit(3).values_list("id", flat=True)
        for n in range(m.of([1, 2])):
            await _statement(m, book, date(2024, 3 * n + 1, 1), list(entries), list(accounts))


async def _statement(m: Making, book: models.Book, first: date, entries: list[Any], accounts: list[str]) -> None:
    place = {"organisation_id": book.organisation_id, "street_id": book.street_id}
    content = m.text()
    made = await models.Statement.create(
        id=m.id(models.Statement),
        state=_S.DRAFT,
        period_from=first,
        period_to=first + timedelta(days=m.of([1, 80])),
        title={"en": m.text(), "zh-CN": m.text()},
        content=content,
        sha256=digest_of(content),
        remarks=m.text(),
        corrected_why=m.text(),
        drafted_at=m.moment(),
        book_id=book.id,
        compound_id=book.compound_id,
        **place,
    )
    lines: list[models.StatementLine] = []
    for code in m.of([["A"], ["A", "B"]]):
        line = await models.StatementLine.create(
            id=m.id(models.StatementLine),
            position=m.of([1, 2147483647]),
            part=m.of(StatementPart),
            kind=m.of(StatementLineKind),
            code=code,
            name={"en": m.text(), "zh-CN": m.text()},
            amount=m.of(_AMOUNTS),
            previous=m.maybe(_AMOUNTS),
            was=m.maybe(_AMOUNTS),
            entry_count=m.of([0, 2147483647]),
            statement_id=made.id,
            **place,
        )
        lines.append(line)
        for entry in entries:
            await models.StatementEntry.create(
                id=m.id(models.StatementEntry),
                number=m.of([1, 2147483647]),
                kind=m.of(EntryKind),
                booked_on=m.of([date(2024, 2, 29), date(2999, 12, 31)]),
                amount=m.of(_AMOUNTS),
                line_id=line.id,
                entry_id=entry,
                owners_compound_id=m.maybe([book.compound_id]),
                **place,
            )
    state = m.of([_S.DRAFT, _S.SUBMITTED, _S.PUBLISHED, _S.DISCARDED])
    changes: dict[str, Any] = {"state": state}
    if state in {_S.SUBMITTED, _S.PUBLISHED}:
        changes |= {"submitted_at": m.moment(), "submitted_by_id": m.of(accounts), "review_by": date(2024, 2, 29)}
        changes |= {"reviewing_compound_id": book.compound_id}
    if state is _S.PUBLISHED:
        changes |= {"published_at": m.moment(), "published_by_id": m.of(accounts), "review": StatementReview.NOT_IN_TIME}
        changes |= {"public_compound_id": book.compound_id}
    await models.Statement.filter(id=made.id).update(**changes)
    for _ in range(m.of([0, 2])):
        hidden = m.of([True, False])
        answered = {"state": QuestionState.ANSWERED, "answer": m.code(), "answered_at": m.moment()}
        await models.StatementQuestion.create(
            id=m.id(models.StatementQuestion),
            body=m.code(),
            asked_at=m.moment(),
            hidden_at=m.moment() if hidden else None,
            hidden_why=m.text() if hidden else "",
            public_compound_id=None if hidden else book.compound_id,
            statement_id=made.id,
            line_id=m.maybe([line.id for line in lines]),
            asked_by_id=m.maybe(accounts),
            compound_id=book.compound_id,
            **m.of([{}, answered]),
            **place,
        )
