"""People hear by mail and by group robots, in both languages."""

import asyncio
import email
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.wecombot import NotifyWeComBot

from domain.notices import TARGETS, ChannelKind
from domain.notices.delivery import Outcome
from models import Organisation
from settings import Settings
from tasks.notices import deliver, mail, people
from tasks.notices.people import tell
from tasks.notices.problems import Undelivered

from .notices_world import a_channel, a_company, a_notice, an_error
from .receivers import a_certificate, receiving, receiving_mail


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
    chinese, english = text.decode().replace("\r", "").split("\n\n")
    assert chinese.startswith("三楼烟雾报警。\n枫林苑")
    assert english.startswith("Smoke on the third floor.\n枫林苑")


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


async def test_a_robot_follows_no_redirect(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as inside:
        answer = f"HTTP/1.1 307 Elsewhere\r\nlocation: {inside.url}\r\ncontent-length: 0\r\n\r\n".encode()
        async with receiving(answer) as receiver:
            monkeypatch.setattr(NotifyWeComBot, "notify_url", receiver.url + "?key={key}")
            with pytest.raises(Undelivered):
                await tell(ChannelKind.WECOM, "wecombot://0123-4567-abcd", "title", "body", database)
        assert len(receiver.requests) == 1
    assert inside.requests == []


@pytest.mark.parametrize("plugin", [NotifyWeComBot, NotifyDingTalk, NotifyFeishu, NotifyLark])
def test_every_robot_calls_its_own_service_over_tls(plugin: type[NotifyWeComBot]) -> None:
    assert urlsplit(plugin.notify_url).scheme == "https"
    assert urlsplit(plugin.notify_url).hostname in {form.service for forms in TARGETS.values() for form in forms.values()}


@pytest.mark.parametrize("mode", ["ssl", "starttls"])
@pytest.mark.parametrize(("name", "problem"), [("mail.example.com", ""), ("other.example.com", "SSLCertVerificationError")])
async def test_mail_goes_to_the_checked_address_and_to_nobody_without_the_names_certificate(
    database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str, name: str, problem: str
) -> None:
    """The name is looked up once: what it leads to the second time does not matter."""
    asked: list[str] = []

    async def checked(host: str, *_: object) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    def trusting(self: ssl.SSLContext, *_: object) -> None:
        self.load_verify_locations(tmp_path / "ca.pem")

    context = a_certificate(name, tmp_path)
    monkeypatch.setattr(people, "addresses_of", checked)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", trusting)
    async with receiving_mail(tls=context, at_once=mode == "ssl") as mail:
        target = (
            f"mailtos://example.com:{mail.port}?smtp=mail.example.com&from=steward@example.com&to=duty@example.com&mode={mode}"
        )
        if problem:
            with pytest.raises(Undelivered, match=problem):
                await tell(ChannelKind.MAIL, target, "title", "body", database)
        else:
            await tell(ChannelKind.MAIL, target, "标题", "正文", database)
    assert asked == ["mail.example.com"]
    assert len(mail.letters) == (0 if problem else 1)


@pytest.mark.parametrize("more", ["&name=a%0d%0aBcc:%20evil@example.net", "&to=a@example.com%0d%0aBcc:%20evil@example.net"])
async def test_a_target_adds_no_line_to_a_letter(database: Settings, more: str) -> None:
    async with receiving_mail() as mail:
        target = f"mailto://127.0.0.1:{mail.port}?from=steward@example.com{more}"
        target += "" if "&to=" in more else "&to=duty@example.com"
        with suppress(Undelivered):
            await tell(ChannelKind.MAIL, target, "title", "body", database)
    assert all("\nBcc:" not in letter for letter in mail.letters)


@pytest.mark.parametrize("mode", ["insecure", "ssl"])
async def test_a_mail_server_that_speaks_drop_by_drop_holds_no_thread(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """Each drop comes in time; the threads are for everybody's mail and robots."""
    monkeypatch.setattr(mail, "_WHOLE", 0.5)

    over, ended = asyncio.Event(), asyncio.Event()

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x03\x40\x00" if mode == "ssl" else b"220-")
        while not over.is_set():
            writer.write(b"\x02" if mode == "ssl" else b"x")
            await asyncio.sleep(0.05)
        writer.close()
        ended.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        at = mail.Server("mail.example.com", server.sockets[0].getsockname()[1], mode)
        people = mail.Sender(("", "a@example.com"), [("", "b@example.com")])
        sending = asyncio.to_thread(mail.send_mail, at, ["127.0.0.1"], people, "title", "body")
        with pytest.raises(Undelivered) as failure:
            await asyncio.wait_for(sending, 3)
        over.set()
        await ended.wait()
    assert failure.value.outcome is Outcome.TIMED_OUT
