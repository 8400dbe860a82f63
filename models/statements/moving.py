"""What people do to a statement: submit it, review it, publish it, give it up.

Every act takes the statement's row under lock and raises its version by one. ``expected_version`` None: whatever it is.
"""

from datetime import date
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.statements import StatementMove, StatementReview, StatementState, invalid, moved
from domain.statements.periods import months_of
from domain.texts import written
from domain.words import Text
from models.calendar import now, today
from models.connection import query
from models.facts import record
from models.ledger import Book
from models.permits import actor_of, unchanged
from models.work import add, ringing

from .drafting import is_as_drafted
from .rows import Statement
from .sides import held_by_keeper, held_by_reviewer
from .telling import TELL, tell_of_publishing, tell_of_review, tell_of_submission
from .terms import terms_of

REMARKS_MAX = 1_000

#: $1: book, $2 and $3: first and last day. Months that are closed among those in which the book was open.
_CLOSED = """
SELECT count(*)::int AS closed FROM ledger_period WHERE book_id = $1 AND reopened_at IS NULL AND month BETWEEN $2 AND $3
"""


async def submit(viewer: Viewer, statement_id: str, *, expected_version: int | None = None) -> Statement:
    """Give it to the owners' body, which has some days to review it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a month of it is not closed; the journal says something else by now), ILLEGAL_MOVE and
    STALE_VERSION.
    """
    async with ringing(), in_transaction():
        statement = await held_by_keeper(viewer, statement_id, "statementSubmit")
        unchanged(statement.version, expected_version)
        state = moved(statement.state, StatementMove.SUBMIT)
        book = await Book.get(id=statement.book_id)
        await _check_closed(book, statement.period_from, statement.period_to)
        if not await is_as_drafted(statement):
            raise invalid(
                "id",
                Text("The journal says something else than the draft.", "账目在起草后已有变动，与草稿不一致。"),
                Text("Draft it anew first: statementRedraft.", "请先重新起草（statementRedraft）。"),
            )
        terms = await terms_of(statement.street_id, statement.compound_id)
        changes = {
            "state": state,
            "submitted_at": now(),
            "submitted_by_id": viewer.account_id,
            "review_by": today() + terms.review,
            "reviewing_compound_id": statement.compound_id,
            "remarks": "",
        }
        changed = await _move(viewer, statement, "statementSubmit", changes)
        await tell_of_submission(changed)
        return changed


async def _check_closed(book: Book, first: date, last: date) -> None:
    begins, ends = max(first, book.opened_on.replace(day=1)), min(last, book.closed_on or last)
    (row,) = await query(_CLOSED, book.id, begins, ends)
    if row["closed"] == months_of(begins, ends):
        return
    raise invalid(
        "id",
        Text("Not every month of the period is closed.", "该期间尚有月份未结账。"),
        Text("Close the books of these months first: monthClose.", "请先完成各月结账（monthClose）。"),
    )


async def approve(viewer: Viewer, statement_id: str, *, expected_version: int | None = None) -> Statement:
    """Find it right, for the owners. Refuses NOT_FOUND, FORBIDDEN, INVALID (not theirs to review), CONFLICT (they submitted it),
    ILLEGAL_MOVE and STALE_VERSION."""
    async with ringing(), in_transaction():
        statement = await held_by_reviewer(viewer, statement_id, "statementApprove")
        unchanged(statement.version, expected_version)
        changes = {
            "state": moved(statement.state, StatementMove.APPROVE),
            "reviewed_at": now(),
            "reviewed_by_id": viewer.account_id,
        }
        changed = await _move(viewer, statement, "statementApprove", changes)
        await tell_of_review(changed)
        return changed


async def give_back(viewer: Viewer, statement_id: str, remarks: str, *, expected_version: int | None = None) -> Statement:
    """Give it back with remarks: it is a draft again. Refuses as ``approve`` does, and INVALID (no remarks)."""
    said = written(remarks, "remarks", REMARKS_MAX)
    async with ringing(), in_transaction():
        statement = await held_by_reviewer(viewer, statement_id, "statementReturn")
        unchanged(statement.version, expected_version)
        changes = {
            "state": moved(statement.state, StatementMove.RETURN),
            "remarks": said,
            "submitted_at": None,
            "submitted_by_id": None,
            "reviewed_at": None,
            "reviewed_by_id": None,
            "review_by": None,
            "reviewing_compound_id": None,
        }
        submitter = statement.submitted_by_id
        changed = await _move(viewer, statement, "statementReturn", changes)
        await tell_of_review(changed, submitter)
        return changed


async def publish(viewer: Viewer, statement_id: str, *, expected_version: int | None = None) -> Statement:
    """Let the owners read it, from now on and unchanged; a published edition that it corrects is replaced by it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (the owners' body still has time to review it), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        statement = await held_by_keeper(viewer, statement_id, "statementPublish")
        unchanged(statement.version, expected_version)
        state = moved(statement.state, StatementMove.PUBLISH)
        reviewed = statement.state is StatementState.APPROVED
        if not reviewed and statement.review_by is not None and today() <= statement.review_by:
            raise invalid(
                "id",
                Text(
                    f"The owners' body has until {statement.review_by} to review it.", f"业主组织审核期至 {statement.review_by}。"
                ),
                Text("Wait for its review, or for that day to pass.", "请等待审核，或在期满后公示。"),
            )
        if statement.corrects_id is not None:
            await _replace(viewer, statement.corrects_id)
        changes = {
            "state": state,
            "review": StatementReview.APPROVED if reviewed else StatementReview.NOT_IN_TIME,
            "published_at": now(),
            "published_by_id": viewer.account_id,
            "public_compound_id": statement.compound_id,
        }
        changed = await _move(viewer, statement, "statementPublish", changes)
        await tell_of_publishing(changed)
        await add(TELL, {"statement": changed.id, "after": ""})
        return changed


async def _replace(viewer: Viewer, statement_id: str) -> None:
    old = await Statement.select_for_update().get(id=statement_id)
    if old.state is not StatementState.PUBLISHED:
        raise Refused(
            RefusalCode.CONFLICT,
            Text("What it corrects is not the newest edition any more.", "被更正的公示表已不是最新版。"),
            path=("id",),
            hint=Text("Discard it, and correct the newest edition.", "请作废后重新更正最新版。"),
        )
    await _move(viewer, old, "statementReplace", {"state": moved(old.state, StatementMove.REPLACE)}, under="statementPublish")


async def discard(viewer: Viewer, statement_id: str, *, expected_version: int | None = None) -> Statement:
    """Give a draft up. Refuses NOT_FOUND, FORBIDDEN, INVALID (the book is another's), ILLEGAL_MOVE and STALE_VERSION."""
    async with in_transaction():
        statement = await held_by_keeper(viewer, statement_id, "statementDiscard")
        unchanged(statement.version, expected_version)
        return await _move(viewer, statement, "statementDiscard", {"state": moved(statement.state, StatementMove.DISCARD)})


async def _move(
    viewer: Viewer, statement: Statement, act: str, changes: dict[str, Any], *, under: str | None = None
) -> Statement:
    before = {"state": statement.state, "version": statement.version}
    statement.update_from_dict({**changes, "version": statement.version + 1})
    await statement.save(update_fields=[*changes, "version"])
    after = {"state": statement.state, "version": statement.version}
    await record(actor_of(viewer), act, statement, before=before, after=after, under=under)
    return statement
