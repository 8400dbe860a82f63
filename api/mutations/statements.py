"""Mutations on statements to the owners; the acts are in models/statements."""

from datetime import date

import strawberry

from api.context import Context
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models import statements

_STATEMENT = "The statement as it is now (公示表); null when refused."
_QUESTION = "The question as it is now (提问); null when refused."


@strawberry.input(description="A statement to draft.")
class StatementDraftInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Books (账套).")
    day: date | None = strawberry.field(
        description="A day of the period (期间内任一日). Default: of the newest that is over.", default=strawberry.UNSET
    )


@bound("What statementDraft answers.")
class StatementDraftPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Draft the statement of a period from the books (起草收支公示).")
async def statement_draft(context: Context, given: StatementDraftInput) -> StatementDraftPayload:
    made = await statements.draft(context.viewer, given.book_id, day=given.day or None)
    return StatementDraftPayload(subject_id=made.id)


@strawberry.input(description="A draft to draw anew.")
class StatementRedraftInput(ChangeInput):
    pass


@bound("What statementRedraft answers.")
class StatementRedraftPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Draw a draft anew from the books as they stand (重新起草).")
async def statement_redraft(context: Context, given: StatementRedraftInput) -> StatementRedraftPayload:
    changed = await statements.redraft(context.viewer, given.id, expected_version=given.expected_version)
    return StatementRedraftPayload(subject_id=changed.id)


@strawberry.input(description="A draft to submit.")
class StatementSubmitInput(ChangeInput):
    pass


@bound("What statementSubmit answers.")
class StatementSubmitPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Give a draft to the owners' body, to be reviewed (提交审核).")
async def statement_submit(context: Context, given: StatementSubmitInput) -> StatementSubmitPayload:
    changed = await statements.submit(context.viewer, given.id, expected_version=given.expected_version)
    return StatementSubmitPayload(subject_id=changed.id)


@strawberry.input(description="A statement to find right.")
class StatementApproveInput(ChangeInput):
    pass


@bound("What statementApprove answers.")
class StatementApprovePayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Find a statement right, for the owners (审核通过).")
async def statement_approve(context: Context, given: StatementApproveInput) -> StatementApprovePayload:
    changed = await statements.approve(context.viewer, given.id, expected_version=given.expected_version)
    return StatementApprovePayload(subject_id=changed.id)


@strawberry.input(description="A statement to give back.")
class StatementReturnInput(ChangeInput):
    remarks: str = strawberry.field(description="What is to be put right (退回意见), 1 to 1,000 characters.")


@bound("What statementReturn answers.")
class StatementReturnPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Give a statement back with remarks (退回).")
async def statement_return(context: Context, given: StatementReturnInput) -> StatementReturnPayload:
    changed = await statements.give_back(context.viewer, given.id, given.remarks, expected_version=given.expected_version)
    return StatementReturnPayload(subject_id=changed.id)


@strawberry.input(description="A statement to publish.")
class StatementPublishInput(ChangeInput):
    pass


@bound("What statementPublish answers.")
class StatementPublishPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Let the owners read a statement; it never changes any more (公示).")
async def statement_publish(context: Context, given: StatementPublishInput) -> StatementPublishPayload:
    changed = await statements.publish(context.viewer, given.id, expected_version=given.expected_version)
    return StatementPublishPayload(subject_id=changed.id)


@strawberry.input(description="A published statement to correct.")
class StatementCorrectInput(ChangeInput):
    reason: str = strawberry.field(description="Why (更正原因), 1 to 500 characters; the owners read it.")


@bound("What statementCorrect answers.")
class StatementCorrectPayload(Payload):
    statement = by_id("Statement", "subject_id", description="The draft of the next edition (更正草稿); null when refused.")


@mutation("Draft the edition that is to replace a published statement (更正公示).")
async def statement_correct(context: Context, given: StatementCorrectInput) -> StatementCorrectPayload:
    made = await statements.correct(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return StatementCorrectPayload(subject_id=made.id)


@strawberry.input(description="A draft to give up.")
class StatementDiscardInput(ChangeInput):
    pass


@bound("What statementDiscard answers.")
class StatementDiscardPayload(Payload):
    statement = by_id("Statement", "subject_id", description=_STATEMENT)


@mutation("Give a draft up (作废草稿).")
async def statement_discard(context: Context, given: StatementDiscardInput) -> StatementDiscardPayload:
    changed = await statements.discard(context.viewer, given.id, expected_version=given.expected_version)
    return StatementDiscardPayload(subject_id=changed.id)


@strawberry.input(description="A question about a published statement.")
class StatementAskInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Statement (公示表).")
    line_id: strawberry.ID | None = strawberry.field(
        description="The line that it is about (公示行). Default: the statement as a whole.", default=strawberry.UNSET
    )
    body: str = strawberry.field(description="The question (问题), 1 to 500 characters; everybody there reads it.")


@bound("What statementAsk answers.")
class StatementAskPayload(Payload):
    question = by_id("StatementQuestion", "subject_id", description=_QUESTION)


@mutation("Ask about a published statement, in public and without a name (提问).")
async def statement_ask(context: Context, given: StatementAskInput) -> StatementAskPayload:
    made = await statements.ask(context.viewer, given.id, given.body, line_id=given.line_id or None)
    return StatementAskPayload(subject_id=made.id)


@strawberry.input(description="A question to answer.")
class StatementQuestionAnswerInput(ChangeInput):
    answer: str = strawberry.field(description="The answer (答复), 1 to 2,000 characters; everybody there reads it.")


@bound("What statementQuestionAnswer answers.")
class StatementQuestionAnswerPayload(Payload):
    question = by_id("StatementQuestion", "subject_id", description=_QUESTION)


@mutation("Answer a question in public (答复).")
async def statement_question_answer(context: Context, given: StatementQuestionAnswerInput) -> StatementQuestionAnswerPayload:
    changed = await statements.answer(context.viewer, given.id, given.answer, expected_version=given.expected_version)
    return StatementQuestionAnswerPayload(subject_id=changed.id)


@strawberry.input(description="A question to hide.")
class StatementQuestionHideInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 200 characters.")


@bound("What statementQuestionHide answers.")
class StatementQuestionHidePayload(Payload):
    question = by_id("StatementQuestion", "subject_id", description=_QUESTION)


@mutation("Hide a question and its answer from the public (隐藏提问).")
async def statement_question_hide(context: Context, given: StatementQuestionHideInput) -> StatementQuestionHidePayload:
    changed = await statements.hide(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return StatementQuestionHidePayload(subject_id=changed.id)


@strawberry.input(description="A question to show again.")
class StatementQuestionShowInput(ChangeInput):
    pass


@bound("What statementQuestionShow answers.")
class StatementQuestionShowPayload(Payload):
    question = by_id("StatementQuestion", "subject_id", description=_QUESTION)


@mutation("Show a hidden question again (恢复显示提问).")
async def statement_question_show(context: Context, given: StatementQuestionShowInput) -> StatementQuestionShowPayload:
    changed = await statements.show(context.viewer, given.id, expected_version=given.expected_version)
    return StatementQuestionShowPayload(subject_id=changed.id)


#: In the order of the schema.
STATEMENTS = (
    statement_draft,
    statement_redraft,
    statement_submit,
    statement_approve,
    statement_return,
    statement_publish,
    statement_correct,
    statement_discard,
    statement_ask,
    statement_question_answer,
    statement_question_hide,
    statement_question_show,
)
