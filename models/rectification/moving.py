"""What all acts on an item share: it is taken under lock, its version is raised by one, and a fact tells what changed."""

from datetime import date
from typing import Any

from domain.access import Viewer
from domain.rectification import invalid
from domain.words import Text
from models.calendar import today
from models.facts import record
from models.permits import actor_of, permitted, unchanged
from models.upkeep.sides import may_do, works_for

from .rows import RectificationItem

_TOLD = ("state", "due_on", "organisation_id", "extension_until", "version")


async def taken(viewer: Viewer, item_id: str, act: str, expected_version: int | None) -> RectificationItem:
    """The item under lock. Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION."""
    item = await permitted(RectificationItem, item_id, viewer, act)
    unchanged(item.version, expected_version)
    return item


async def move(viewer: Viewer, item: RectificationItem, act: str, changes: dict[str, Any]) -> RectificationItem:
    """Write the changes, and record those that a fact tells: what people wrote is not among them."""
    before = {name: _plain(getattr(item, name)) for name in _TOLD}
    item.update_from_dict({**changes, "version": item.version + 1})
    await item.save(update_fields=[*changes, "version"])
    after = {name: _plain(getattr(item, name)) for name in _TOLD}
    told = [name for name in _TOLD if before[name] != after[name]]
    await record(
        actor_of(viewer), act, item, before={name: before[name] for name in told}, after={name: after[name] for name in told}
    )
    return item


async def doer(viewer: Viewer, compound_id: str, path: str = "id") -> str:
    """The viewer's organisation that does work in the compound today. Refuses (INVALID) whoever works for none."""
    for organisation_id in sorted(works_for(viewer)):
        if await may_do(organisation_id, compound_id, today()):
            return organisation_id
    raise invalid(
        path,
        Text("Your organisation does not serve this compound today.", "您所在的单位当前不服务此小区。"),
        Text("Leave it to the company that serves it, or to the community's office.", "请由当前服务单位或社区办理。"),
    )


async def check_doer(viewer: Viewer, item: RectificationItem) -> None:
    """Refuses (INVALID) whoever is not of the organisation that claimed the item and serves the compound still."""
    owner = item.organisation_id
    if owner and owner in works_for(viewer) and await may_do(owner, item.compound_id, today()):
        return
    raise invalid(
        "id",
        Text(
            "Another organisation has claimed it, or yours serves the compound no more.",
            "该事项由其他单位认领，或贵单位已不再服务此小区。",
        ),
        Text("Let it be released, and claim it.", "请先退回，再由贵单位认领。"),
    )


def check_apart(viewer: Viewer, item: RectificationItem) -> None:
    """Refuses (INVALID) the organisation that claimed the item, and the person who reported it: nobody judges their own work."""
    if item.organisation_id not in works_for(viewer) and viewer.account_id not in {item.reported_by_id, item.claimed_by_id}:
        return
    raise invalid(
        "id",
        Text("Whoever did the work does not judge it.", "整改单位不能验收自己的整改。"),
        Text("Let the owners' side do so, by somebody who had no hand in it.", "请由业主一方未参与整改的人员验收。"),
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
