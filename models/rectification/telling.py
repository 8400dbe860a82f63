"""Who hears of an item: whoever puts it right, and the owners' side once there is something to judge."""

from collections.abc import Mapping
from typing import Any

from domain.notices import RECTIFICATION_ASSIGNED, RECTIFICATION_REPORTED, Announcement
from domain.tickets.routing import RouteTarget
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.notices import announce
from models.territory import Compound
from models.tickets import handling_organisation
from models.tickets.routing import those_around

from .rows import RectificationItem

#: What was done, in the words of a notice.
_SAID: Mapping[str, Text] = {
    "added": Text("is on the list, to be put right by {due}.", "已列入整改清单，期限 {due}。"),
    "granted": Text("is now due by {due}.", "延期已获同意，新期限 {due}。"),
    "kept": Text("is due by {due} as before: a later day was not granted.", "延期未获同意，期限仍为 {due}。"),
    "refused": Text("was not accepted, and is due by {due}.", "验收未通过，期限 {due}。"),
    "reopened": Text("is on the list again, to be put right by {due}.", "须重新整改，期限 {due}。"),
    "dropped": Text("is wanted no more.", "已取消。"),
    "asked": Text("is due by {due}; a later day is asked for.", "期限 {due}，整改单位申请延期。"),
    "reported": Text("is reported put right, and waits for you to accept it.", "已报告完成，请验收。"),
}
#: $1: compound, $2: day. The bodies that speak for its owners or residents.
_BODIES = """
SELECT DISTINCT m.organisation_id AS id FROM mandate m JOIN organisation o ON o.id = m.organisation_id
WHERE m.compound_id = $1 AND m.role IN ('REPRESENTS', 'GOVERNS') AND m.starts_on <= $2 AND (m.ends_on IS NULL OR m.ends_on >= $2)
    AND o.kind IN ('OWNERS_COMMITTEE', 'PROPERTY_MANAGEMENT_COMMITTEE', 'SELF_GOVERNANCE_COMMITTEE')
"""


async def tell_doer(item: RectificationItem, what: str) -> None:
    """Tell who claimed it, else whoever handles what happens in the compound."""
    told = item.organisation_id or await handling_organisation(item.compound_id, today())
    await _tell(item, RECTIFICATION_ASSIGNED, what, {told} if told else set())


async def tell_owners(item: RectificationItem, what: str) -> None:
    """Tell the body that speaks for the owners, and where there is none the community's office."""
    told = {row["id"] for row in await query(_BODIES, item.compound_id, today())}
    if not told:
        office = (await those_around(item.compound_id, today())).get(RouteTarget.COMMUNITY)
        told = {office} if office else set[str]()
    await _tell(item, RECTIFICATION_REPORTED, what, told)


async def _tell(item: RectificationItem, type_: str, what: str, told: set[str]) -> None:
    if not told:
        return
    compound = await Compound.get(id=item.compound_id)
    place, due = f"{compound.name} {item.place}".strip(), item.due_on.isoformat()
    said = _SAID[what]
    data: dict[str, Any] = {
        "item": {
            "id": item.id,
            "number": item.number,
            "state": item.state,
            "dueOn": due,
            "listId": item.list_id,
            "organisationId": item.organisation_id,
        },
        "compound": {"id": compound.id, "code": compound.code, "name": compound.name},
        "message": Text(
            f"Item {item.number} at {place} {said.en.format(due=due)}", f"{place}第 {item.number} 项{said.zh.format(due=due)}"
        ).both(),
    }
    await announce(
        Announcement(
            type=type_,
            topic=f"{item.id} {what} {item.version}",
            data=data,
            street_id=item.street_id,
            compound_id=compound.id,
            organisations=frozenset(told),
        )
    )
