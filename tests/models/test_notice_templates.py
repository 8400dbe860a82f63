"""A street writes its own words, and goes back to those that everybody has."""

import pytest

from domain.access import Role
from domain.notices import ALERT_RAISED, Language
from domain.refusals import RefusalCode
from models import Fact, Notice, NoticeTemplate
from models.alerts.announcing import announce_alert
from models.notices import reset_template, set_template
from settings import Settings
from tests.builders import a_channel, a_device, an_alert

from .ticket_world import World, a_world, refusal, somebody


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


async def test_a_street_writes_its_words_in_one_language_and_goes_back(world: World) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await a_channel(world.company)
    words = {"title": "{severity}！{compound.name}", "body": "请速到场处置：{message}"}
    template = await set_template(officer, world.street.id, ALERT_RAISED, Language.ZH, **words)
    again = await set_template(officer, world.street.id, ALERT_RAISED, Language.ZH, **words)
    assert again.id == template.id
    await announce_alert(await an_alert(await a_device(world.compound)))
    notice = await Notice.all().order_by("id").first()
    assert notice
    assert notice.title["zh-CN"] == f"紧急！{world.compound.name}"
    assert notice.body["zh-CN"].startswith("请速到场处置：")
    assert notice.title["en"] == f"[Critical] {world.compound.name}"
    await reset_template(officer, world.street.id, ALERT_RAISED, Language.ZH)
    await reset_template(officer, world.street.id, ALERT_RAISED, Language.ZH)
    assert await NoticeTemplate.all().count() == 0
    facts = await Fact.filter(action__startswith="noticeTemplate").order_by("id")
    assert [fact.action for fact in facts] == ["noticeTemplateSet", "noticeTemplateSet", "noticeTemplateReset"]
    assert facts[0].after == {"type": ALERT_RAISED, "language": "ZH"}


@pytest.mark.parametrize(
    ("type_", "title", "body", "path", "named"),
    [
        (ALERT_RAISED, "{compound.nmae}", "{message}", "title", "compound.nmae"),
        (ALERT_RAISED, "title", "{resident.phone}", "body", "resident.phone"),
        (ALERT_RAISED, "title", "half {", "body", "{"),
        (ALERT_RAISED, "", "{message}", "title", "0 characters"),
        ("steward.nothing.v1", "title", "body", "type", "steward.nothing.v1"),
    ],
)
async def test_words_that_cannot_be_filled_are_refused_naming_what_is_wrong(
    world: World, type_: str, title: str, body: str, path: str, named: str
) -> None:
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    refused = await refusal(set_template(officer, world.street.id, type_, Language.EN, title=title, body=body))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, (path,))
    assert named in refused.message.en
    assert await NoticeTemplate.all().count() == 0


async def test_only_the_street_office_writes_and_only_for_its_street(world: World) -> None:
    words = {"title": "t", "body": "b"}
    refused = await refusal(set_template(world.manager, world.street.id, ALERT_RAISED, Language.EN, **words))
    assert refused.code is RefusalCode.FORBIDDEN
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    community = await refusal(set_template(officer, world.compound.community_id, ALERT_RAISED, Language.EN, **words))
    assert (community.code, community.path) == (RefusalCode.INVALID, ("street_id",))
    stranger = await somebody(Role.STREET_OFFICER, place=(await a_world()).street)
    refused = await refusal(set_template(stranger, world.street.id, ALERT_RAISED, Language.EN, **words))
    assert (refused.code, refused.path) == (RefusalCode.NOT_FOUND, ("street_id",))
