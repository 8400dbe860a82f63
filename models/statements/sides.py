"""Who has to do with a statement: whoever keeps the book, and the body that reviews what it says for the owners."""

from domain.access import Reach, Role, Viewer
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.statements import invalid
from domain.tickets.routing import RouteTarget
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.permits import permitted
from models.rows import Row
from models.tickets.routing import those_around

from .rows import Statement

#: $1: compound, $2: its body or null, $3: today. Those who speak for the owners now.
_MEMBERS = """
SELECT DISTINCT account_id AS id FROM role_binding
WHERE role = 'COMMITTEE_MEMBER' AND (compound_id = $1 OR organisation_id = $2) AND starts_on <= $3
    AND (ends_on IS NULL OR ends_on >= $3) ORDER BY account_id
"""


async def held_by_keeper(viewer: Viewer, statement_id: str, act: str) -> Statement:
    """The statement, taken FOR UPDATE, for whoever works for the organisation that keeps its book.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (the book is another organisation's).
    """
    statement = await permitted(Statement, statement_id, viewer, act)
    check_keeper(viewer, act, statement)
    return statement


def check_keeper(viewer: Viewer, act: str, row: Row) -> None:
    """Refuses (INVALID) what only those do who work for the organisation that keeps the book."""
    if allowing(viewer, act, type(row).__name__, {Reach.ORGANISATION: row.belongs()[Reach.ORGANISATION]}):
        return
    raise invalid(
        "id",
        Text("The book is another organisation's.", "该账套由其他单位记账。"),
        Text("Leave it to those who keep that book.", "请由记账单位办理。"),
    )


async def held_by_reviewer(viewer: Viewer, statement_id: str, act: str) -> Statement:
    """The statement, taken FOR UPDATE, for whoever reviews it: the owners' body, or the community where there is none; never
    whoever submitted it.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (it is not theirs to review) and CONFLICT (they submitted it).
    """
    statement = await permitted(Statement, statement_id, viewer, act)
    if viewer.account_id == statement.submitted_by_id:
        raise Refused(
            RefusalCode.CONFLICT,
            Text("Whoever submitted it does not review it.", "提交人不能审核自己提交的公示表。"),
            path=("id",),
            hint=Text("Let somebody else review it.", "请由他人审核。"),
        )
    if Role.COMMITTEE_MEMBER in allowing(viewer, act, "Statement", statement.belongs()):
        return statement
    if await body_of(statement.compound_id) is None:
        return statement
    raise invalid(
        "id",
        Text("The compound has an owners' body, which reviews its statements.", "该小区已有业主组织，公示表由其审核。"),
        Text("Leave it to a member of that body.", "请由业主组织成员审核。"),
    )


async def body_of(compound_id: str) -> str | None:
    """The organisation that speaks for the compound's owners now; None: there is none."""
    return (await those_around(compound_id, today())).get(RouteTarget.COMMITTEE)


async def reviewers_of(statement: Statement) -> tuple[frozenset[str], frozenset[str]]:
    """The organisations and the people who are to review it."""
    around = await those_around(statement.compound_id, today())
    body = around.get(RouteTarget.COMMITTEE)
    rows = await query(_MEMBERS, statement.compound_id, body, today())
    office = around.get(RouteTarget.COMMUNITY)
    return frozenset({each for each in (body or office,) if each}), frozenset(row["id"] for row in rows)
