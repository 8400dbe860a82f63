"""Templates that streets write themselves, and the words of a notice."""

from datetime import UTC, datetime

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import EVENT_TYPES, Announcement, Language, checked_template, words_of
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.words import Text
from models.calendar import zone
from models.facts import record
from models.ids import new_id
from models.permits import actor_of, found, permit
from models.territory import Place

from .rows import NoticeTemplate

_SET = """
INSERT INTO notice_template (id, type, language, title, body, changed_at, street_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (street_id, type, language) DO UPDATE
SET title = excluded.title, body = excluded.body, changed_at = excluded.changed_at
"""


async def set_template(
    viewer: Viewer, street_id: str, type_: str, language: Language, *, title: str, body: str
) -> NoticeTemplate:
    """Write the words of a type of notice in one language for a street, from the next notice on.

    Refuses NOT_FOUND, FORBIDDEN and INVALID: a place that is no street, a type that does not exist, and what
    ``domain.notices.checked_template`` refuses.
    """
    async with in_transaction():
        street = await _street(viewer, street_id, type_, "noticeTemplateSet")
        title, body = checked_template(type_, title, body)
        values = [new_id(NoticeTemplate.prefix), type_, language.value, title, body, datetime.now(UTC), street.id]
        await connections.get("default").execute_query(_SET, values)
        await record(actor_of(viewer), "noticeTemplateSet", street, after={"type": type_, "language": language})
        return await NoticeTemplate.get(street_id=street.id, type=type_, language=language)


async def reset_template(viewer: Viewer, street_id: str, type_: str, language: Language) -> Place:
    """Go back to the words that everybody has; nothing happens where the street has none of its own. Returns the street.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a place that is no street, a type that does not exist).
    """
    async with in_transaction():
        street = await _street(viewer, street_id, type_, "noticeTemplateReset")
        if await NoticeTemplate.filter(street_id=street.id, type=type_, language=language).delete():
            await record(actor_of(viewer), "noticeTemplateReset", street, before={"type": type_, "language": language})
        return street


async def _street(viewer: Viewer, street_id: str, type_: str, act: str) -> Place:
    street = await found(Place, street_id, viewer, path=("street_id",))
    permit(viewer, act, street)
    if street.kind is not PlaceKind.STREET:
        raise Refused(
            RefusalCode.INVALID,
            Text("Only a street has templates of its own.", "仅街道可自定义通知模板。"),
            path=("street_id",),
            hint=Text("Name the street.", "请选择街道。"),
        )
    if type_ not in EVENT_TYPES:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"There is no type {type_[:60]!r}.", f"没有名为“{type_[:60]}”的事件类型。"),
            path=("type",),
            hint=Text(f"Use one of: {', '.join(EVENT_TYPES)}.", f"可用：{'、'.join(EVENT_TYPES)}。"),
        )
    return street


async def words_for(what: Announcement) -> tuple[dict[str, str], dict[str, str]]:
    """Title and body of the announcement by language, in the street's own words where it has some."""
    own = await NoticeTemplate.filter(street_id=what.street_id, type=what.type)
    templates = {each.language: (each.title, each.body) for each in own}
    return words_of(what.type, what.data, what.severity, templates, zone())
