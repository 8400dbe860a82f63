"""People hear by mail and by group robots, in both languages."""

import email

import orjson
import pytest
from apprise.plugins.wecombot import NotifyWeComBot

from domain.notices import ChannelKind
from models import Organisation
from settings import Settings
from tasks.notices import deliver
from tasks.notices.people import tell
from tasks.notices.problems import Undelivered

from .notices_world import a_channel, a_company, a_notice, an_error
from .receivers import receiving, receiving_mail


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


async def test_mail_is_sent_in_both_languages(company: Organisation, database: Settings) -> None:
    async with receiving_mail() as mail:
        target = f"mailto://127.0.0.1:{mail.port}?from=steward@example.com&to=duty@example.com"
        notice = await a_notice(await a_channel(company, database, target, ChannelKind.MAIL))
        assert await deliver(notice.id, database) is None
    assert await an_error(notice) == ""
    (letter,) = mail.letters
    message = email.message_from_string(letter)
    text = next(part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/plain")
    assert isinstance(text, bytes)
    assert "三楼烟雾报警。\nSmoke on the third floor." in text.decode().replace("\r", "")


async def test_mail_servers_on_private_addresses_are_refused_by_default(company: Organisation, database: Settings) -> None:
    target = "mailto://127.0.0.1:1?from=steward@example.com&to=duty@example.com"
    notice = await a_notice(await a_channel(company, database, target, ChannelKind.MAIL))
    await deliver(notice.id, database.model_copy(update={"webhook_allow_private": False}))
    assert await an_error(notice) == "the host has an address that is not public"


async def test_a_group_robot_gets_the_words(company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}") as receiver:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", receiver.url + "?key={key}")
        notice = await a_notice(await a_channel(company, database, "wecombot://0123-4567-abcd", ChannelKind.WECOM))
        assert await deliver(notice.id, database) is None
    content: str = orjson.loads(receiver.requests[0].body)["text"]["content"]
    assert "[紧急] 枫林苑" in content
    assert "三楼烟雾报警。" in content
    assert "Smoke on the third floor." in content
    assert "2026-03-01 10:30" in content


async def test_a_robot_that_refuses_is_tried_again(
    company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n") as receiver:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", receiver.url + "?key={key}")
        with pytest.raises(Undelivered, match="did not accept"):
            await tell(ChannelKind.WECOM, "wecombot://0123-4567-abcd", "title", "body", database)
