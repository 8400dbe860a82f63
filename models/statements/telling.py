"""Who hears of a statement: whoever reviews it, whoever keeps the book, and, once it is published, those who live there."""

from collections.abc import Collection
from typing import Any

from domain.notices import (
    STATEMENT_ANSWERED,
    STATEMENT_ASKED,
    STATEMENT_PUBLISHED,
    STATEMENT_REVIEWED,
    STATEMENT_SUBMITTED,
    Announcement,
)
from domain.statements import PUBLIC, StatementState
from domain.tickets.routing import RouteTarget
from domain.words import Text, stored
from models.calendar import today
from models.connection import query
from models.notices import announce
from models.territory import Compound
from models.tickets.routing import those_around
from models.work import add

from .rows import Statement, StatementQuestion
from .sides import reviewers_of

#: The kind of the work rows that tell those who live there; payload ``{"statement": id, "after": account id or ""}``.
TELL = "statements.tell"
#: Residents of one transaction.
_AT_ONCE = 100
#: $1: compound, $2: today, $3: the last account that was told, $4: at most so many.
_RESIDENTS = """
SELECT DISTINCT b.account_id AS id FROM home h JOIN role_binding b ON b.home_id = h.id AND b.role = 'RESIDENT'
WHERE h.compound_id = $1 AND b.starts_on <= $2 AND (b.ends_on IS NULL OR b.ends_on >= $2) AND b.account_id > $3
ORDER BY b.account_id LIMIT $4
"""


async def tell_of_submission(statement: Statement) -> None:
    """Tell those who are to review it."""
    organisations, members = await reviewers_of(statement)
    said = Text(
        f"{_title(statement).en} is to be reviewed by {statement.review_by}.",
        f"{_title(statement).zh}待审核，截止 {statement.review_by}。",
    )
    await _tell(statement, STATEMENT_SUBMITTED, said, organisations, members)


async def tell_of_review(statement: Statement, submitter: str | None = None) -> None:
    """Tell whoever keeps the book that it was found right, or was given back."""
    if statement.state is StatementState.APPROVED:
        said = Text(f"{_title(statement).en} was approved.", f"{_title(statement).zh}审核通过，可以公示。")
    else:
        said = Text(f"{_title(statement).en} was given back.", f"{_title(statement).zh}被退回，请按意见修改后重新提交。")
    person = submitter or statement.submitted_by_id
    await _tell(statement, STATEMENT_REVIEWED, said, {statement.organisation_id}, {person} if person else set())


async def tell_of_publishing(statement: Statement) -> None:
    """Tell the owners' body and the community; those who live there hear of it by and by: see ``tell_residents``."""
    around = await those_around(statement.compound_id, today())
    organisations = {id_ for target, id_ in around.items() if target in {RouteTarget.COMMITTEE, RouteTarget.COMMUNITY}}
    _, members = await reviewers_of(statement)
    await _tell(statement, STATEMENT_PUBLISHED, _published(statement), organisations, members)


async def tell_residents(statement_id: str, after: str) -> None:
    """Tell the next of those who live there, in the caller's transaction; of the rest, work is left."""
    statement = await Statement.get_or_none(id=statement_id)
    if statement is None or statement.state not in PUBLIC:
        return
    people = [row["id"] for row in await query(_RESIDENTS, statement.compound_id, today(), after, _AT_ONCE)]
    if people:
        await _tell(statement, STATEMENT_PUBLISHED, _published(statement), set(), people)
    if len(people) == _AT_ONCE:
        await add(TELL, {"statement": statement_id, "after": people[-1]})


async def tell_of_question(statement: Statement, question: StatementQuestion) -> None:
    """Tell whoever keeps the book that somebody asked."""
    said = Text(f"A question was asked about {_title(statement).en}.", f"业主对{_title(statement).zh}提出了问题。")
    await _tell(statement, STATEMENT_ASKED, said, {statement.organisation_id}, set(), question=question.id)


async def tell_of_answer(statement: Statement, question: StatementQuestion) -> None:
    """Tell whoever asked."""
    if question.asked_by_id is None:
        return
    said = Text(f"Your question about {_title(statement).en} was answered.", f"您对{_title(statement).zh}的提问已有答复。")
    topic = f"{question.id} {question.version}"
    await _tell(statement, STATEMENT_ANSWERED, said, set(), {question.asked_by_id}, question=question.id, topic=topic)


def _title(statement: Statement) -> Text:
    return stored(statement.title)


def _published(statement: Statement) -> Text:
    title = _title(statement)
    if statement.edition > 1:
        return Text(f"{title.en} was corrected.", f"{title.zh}已更正，请查阅新版。")
    return Text(f"{title.en} was published.", f"{title.zh}已公示，请查阅。")


async def _tell(
    statement: Statement,
    type_: str,
    said: Text,
    organisations: Collection[str],
    accounts: Collection[str],
    *,
    question: str | None = None,
    topic: str = "",
) -> None:
    compound = await Compound.get(id=statement.compound_id)
    data: dict[str, Any] = {
        "statement": {
            "id": statement.id,
            "state": statement.state,
            "edition": statement.edition,
            "periodFrom": statement.period_from.isoformat(),
            "periodTo": statement.period_to.isoformat(),
            "sha256": statement.sha256,
            "organisationId": statement.organisation_id,
            "questionId": question,
        },
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": said.both(),
    }
    await announce(
        Announcement(
            type=type_,
            topic=topic or f"{question or statement.id} {type_} {statement.version}",
            data=data,
            street_id=statement.street_id,
            compound_id=compound.id,
            organisations=frozenset(organisations),
            accounts=frozenset(accounts),
        )
    )
