"""Questions about published statements: asked without a name, answered in public, hidden by the office where they must be."""

from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.statements import PUBLIC, invalid
from domain.statements.questions import ANSWER_MAX, BODY_MAX, REASON_MAX, QuestionState, check_waiting
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.work import ringing

from .rows import Statement, StatementLine, StatementQuestion
from .sides import check_keeper
from .telling import tell_of_answer, tell_of_question

_WAITING = """
SELECT count(*)::int AS waiting FROM statement_question
WHERE statement_id = $1 AND asked_by_id = $2 AND state = 'OPEN' AND hidden_at IS NULL
"""


async def ask(viewer: Viewer, statement_id: str, body: str, *, line_id: str | None = None) -> StatementQuestion:
    """Ask about a published statement, or about one of its lines; it is shown at once to all who read that, without a name.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no words; a line of another statement), ILLEGAL_MOVE (it is not published) and
    CONFLICT (too many of theirs wait for an answer).
    """
    said = written(body, "body", BODY_MAX)
    async with ringing(), in_transaction():
        statement = await permitted(Statement, statement_id, viewer, "statementAsk")
        if statement.state not in PUBLIC:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The statement is not published.", "该公示表尚未公示。"),
                path=("id",),
                hint=Text("Ask once it is published.", "请在公示后提问。"),
            )
        if line_id is not None and not await StatementLine.exists(id=line_id, statement_id=statement.id):
            raise invalid(
                "line_id",
                Text("The statement has no such line.", "该公示表没有这一行。"),
                Text("Name a line of this statement, or none.", "请选择该公示表中的一行，或不选。"),
            )
        (row,) = await query(_WAITING, statement.id, viewer.account_id)
        check_waiting(row["waiting"])
        question = await StatementQuestion.create(
            body=said,
            asked_at=now(),
            statement_id=statement.id,
            line_id=line_id,
            asked_by_id=viewer.account_id,
            compound_id=statement.compound_id,
            public_compound_id=statement.compound_id,
            organisation_id=statement.organisation_id,
            street_id=statement.street_id,
        )
        await record(actor_of(viewer), "statementAsk", question, after={"state": question.state}, aside=True)
        await tell_of_question(statement, question)
        return question


async def answer(viewer: Viewer, question_id: str, text: str, *, expected_version: int | None = None) -> StatementQuestion:
    """Answer in public, for whoever keeps the book; an answer that was given before is replaced.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no words; the book is another's), ILLEGAL_MOVE (it is hidden) and STALE_VERSION.
    """
    said = written(text, "answer", ANSWER_MAX)
    async with ringing(), in_transaction():
        question = await permitted(StatementQuestion, question_id, viewer, "statementQuestionAnswer")
        check_keeper(viewer, "statementQuestionAnswer", question)
        unchanged(question.version, expected_version)
        if question.hidden_at is not None:
            raise _illegal(Text("The question is hidden.", "该问题已被隐藏。"))
        changes = {"state": QuestionState.ANSWERED, "answer": said, "answered_at": now(), "answered_by_id": viewer.account_id}
        changed = await _change(viewer, question, "statementQuestionAnswer", changes)
        await tell_of_answer(await Statement.get(id=question.statement_id), changed)
        return changed


async def hide(viewer: Viewer, question_id: str, reason: str, *, expected_version: int | None = None) -> StatementQuestion:
    """Hide a question with its answer from the public, and say why; by the office. Whoever asked still sees it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no reason), ILLEGAL_MOVE (it is hidden) and STALE_VERSION.
    """
    why = written(reason, "reason", REASON_MAX)
    async with in_transaction():
        question = await permitted(StatementQuestion, question_id, viewer, "statementQuestionHide")
        unchanged(question.version, expected_version)
        if question.hidden_at is not None:
            raise _illegal(Text("The question is hidden already.", "该问题已被隐藏。"))
        changes = {"hidden_at": now(), "hidden_why": why, "public_compound_id": None}
        return await _change(viewer, question, "statementQuestionHide", changes)


async def show(viewer: Viewer, question_id: str, *, expected_version: int | None = None) -> StatementQuestion:
    """Show a hidden question again; by the office. Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it is shown) and STALE_VERSION."""
    async with in_transaction():
        question = await permitted(StatementQuestion, question_id, viewer, "statementQuestionShow")
        unchanged(question.version, expected_version)
        if question.hidden_at is None:
            raise _illegal(Text("The question is not hidden.", "该问题未被隐藏。"))
        changes = {"hidden_at": None, "hidden_why": "", "public_compound_id": question.compound_id}
        return await _change(viewer, question, "statementQuestionShow", changes)


def _illegal(message: Text) -> Refused:
    hint = Text("Look at it as it is now.", "请查看其当前状态。")
    return Refused(RefusalCode.ILLEGAL_MOVE, message, path=("id",), hint=hint)


async def _change(viewer: Viewer, question: StatementQuestion, act: str, changes: dict[str, Any]) -> StatementQuestion:
    question.update_from_dict({**changes, "version": question.version + 1})
    await question.save(update_fields=[*changes, "version"])
    await record(actor_of(viewer), act, question, after={"version": question.version}, inside=True)
    return question
