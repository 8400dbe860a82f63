"""Who may say what of a hazard: offices, whoever handles the compound, and whoever puts it right."""

from domain.access import Role, Viewer
from domain.hazards import invalid
from domain.organisations import OFFICES
from domain.permits import allowing, may
from domain.words import Text
from models.accounts import Account
from models.calendar import today
from models.organisations import Organisation
from models.permits import found
from models.upkeep.sides import may_do, user_of, works_for
from models.viewers import viewer_of

from .rows import Hazard

_OFFICIALS = frozenset({Role.STREET_OFFICER, Role.COMMUNITY_STAFF})


def official(viewer: Viewer, act: str, hazard: Hazard) -> bool:
    """Whether the viewer acts on it as an office that looks after how others do their work there."""
    return not _OFFICIALS.isdisjoint(allowing(viewer, act, "Hazard", hazard.belongs()))


def check_apart(viewer: Viewer, act: str, hazard: Hazard, message: Text) -> None:
    """Refuses (INVALID) whoever is no office there, and the office that is to put it right."""
    if official(viewer, act, hazard) and hazard.organisation_id not in works_for(viewer):
        return
    raise invalid(
        "id",
        message,
        Text(
            "Ask the community's office; of what the community itself is to put right, the street's.",
            "请联系社区；由社区整改的，请联系街道。",
        ),
    )


async def check_concerned(viewer: Viewer, hazard: Hazard) -> None:
    """Refuses (INVALID) who neither puts it right nor handles what happens in the compound."""
    if {hazard.organisation_id, await user_of(hazard.compound_id, today())} & works_for(viewer):
        return
    raise invalid(
        "id",
        Text("That is not for your organisation to say.", "该事项不由您所在单位决定。"),
        Text("Ask whoever is to put it right, or the community's office.", "请联系整改单位或社区。"),
    )


async def chosen(viewer: Viewer, hazard: Hazard, organisation_id: str | None, *, official: bool) -> str:
    """Who puts it right from now on. Refuses NOT_FOUND and INVALID."""
    if organisation_id is None and hazard.organisation_id is None:
        raise invalid(
            "organisation_id",
            Text("Nobody is there to put it right.", "该小区没有默认整改单位。"),
            Text("Name the organisation.", "请选择整改单位。"),
        )
    named = await found(Organisation, organisation_id, viewer, path=("organisation_id",)) if organisation_id else None
    id_ = named.id if named else hazard.organisation_id or ""
    if not await may_do(id_, hazard.compound_id, today()):
        raise invalid(
            "organisation_id",
            Text("The organisation does not serve this compound today.", "该单位当前不服务此小区。"),
            Text("Name one that serves it, or an office.", "请选择当前服务单位或社区、街道。"),
        )
    if named and named.kind in OFFICES and not official and named.id not in works_for(viewer) | {hazard.organisation_id}:
        raise invalid(
            "organisation_id",
            Text("A company does not give work to an office.", "企业不能向社区或街道派发整改。"),
            Text("Name your own organisation, or one that serves the compound.", "请选择本单位或小区的服务单位。"),
        )
    return id_


async def check_assignee(viewer: Viewer, account_id: str, hazard: Hazard) -> None:
    account = await found(Account, account_id, viewer, path=("assignee_id",))
    able = await viewer_of(account.id)
    if (
        able is None
        or hazard.organisation_id not in works_for(able)
        or not may(able, "hazardRectify", "Hazard", hazard.belongs())
    ):
        raise invalid(
            "assignee_id",
            Text("They cannot put it right.", "该人员不能承担此项整改。"),
            Text("Name somebody of the organisation, who works in this compound.", "请选择整改单位中负责该小区的人员。"),
        )
