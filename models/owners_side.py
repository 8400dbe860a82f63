"""Who speaks for the owners of a compound: their body, and where there is none the community's or street's office."""

from domain.access import Role, Viewer
from domain.coverage import CoverageAspect
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .calendar import today
from .connection import query
from .coverage import covered_sql
from .rows import Row

_HAS_BODY = f"SELECT {covered_sql(CoverageAspect.OWNERS_BODY, '$1', '$2::date')} AS has"
_OFFICES = frozenset({Role.COMMUNITY_STAFF, Role.STREET_OFFICER})


async def has_owners_body(compound_id: str) -> bool:
    """Whether a body speaks for the compound's owners or residents today."""
    (row,) = await query(_HAS_BODY, compound_id, today())
    return bool(row["has"])


async def check_owners_side(viewer: Viewer, act: str, row: Row, compound_id: str, *, path: tuple[str, ...] = ("id",)) -> None:
    """Refuses (INVALID) whoever does not do ``act`` on the compound's row for its owners: a member of their body does, and where
    there is none the office of the community or the street."""
    roles = frozenset(allowing(viewer, act, type(row).__name__, row.belongs()))
    if Role.COMMITTEE_MEMBER in roles or (roles & _OFFICES and not await has_owners_body(compound_id)):
        return
    raise Refused(
        RefusalCode.INVALID,
        Text("That is for the owners' side to say.", "该事项由业主一方决定。"),
        path=path,
        hint=Text(
            "Ask the owners' committee; where there is none, the community's office.", "请联系业主委员会；没有的，请联系社区。"
        ),
    )
