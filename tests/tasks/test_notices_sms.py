"""Text messages go through whatever gateway the operator described; what it says of a number is told nobody."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr, ValidationError

from domain.notices import ChannelKind, NoticeLanguage, NoticeState
from models import Channel, Notice, Organisation
from settings import Settings
from tasks.notices import deliver

from .notices_world import a_channel, a_company, a_notice, an_error
from .receivers import Receiver, receiving

NUMBER = "+8613800138000"


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


def gated(settings: Settings, receiver: Receiver, **changed: Any) -> Settings:
    """The settings of an operator whose gateway this is."""
    told = {
        "url": receiver.url,
        "headers": {"Authorization": "Bearer hidden-key"},
        "body": '{"to": "{number}", "content": "{text}", "ref": "{id}"}',
        **changed,
    }
    return settings.model_copy(update={"sms_gateway": SecretStr(json.dumps(told))})


async def sms(company: Organisation, settings: Settings, language: NoticeLanguage = NoticeLanguage.ZH) -> Notice:
    channel = await a_channel(company, settings, NUMBER, ChannelKind.SMS)
    await Channel.filter(id=channel.id).update(language=language)
    return await a_notice(channel)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (NoticeLanguage.ZH, "【智慧管家】[紧急] 枫林苑\n三楼烟雾报警。"),
        (NoticeLanguage.EN, "【智慧管家】[Critical] 枫林苑\nSmoke on the third floor."),
    ],
)
async def test_a_text_message_is_told_in_the_language_of_its_channel(
    company: Organisation, database: Settings, language: NoticeLanguage, said: str
) -> None:
    async with receiving() as gateway:
        notice = await sms(company, database, language)
        assert await deliver(notice.id, gated(database, gateway)) is None
    (request,) = gateway.requests
    told = json.loads(request.body)
    assert (told["to"], told["ref"]) == (NUMBER, notice.id)
    assert told["content"].startswith(said)
    assert request.headers["authorization"] == "Bearer hidden-key"
    assert request.headers["content-type"] == "application/json"
    assert (await Notice.get(id=notice.id)).state is NoticeState.SENT


async def test_a_gateway_may_want_a_form(company: Organisation, database: Settings) -> None:
    async with receiving() as gateway:
        notice = await sms(company, database)
        form = {"headers": {"content-type": "application/x-www-form-urlencoded"}, "body": "mobile={number}&msg={text}"}
        assert await deliver(notice.id, gated(database, gateway, **form)) is None
    (request,) = gateway.requests
    assert parse_qs(request.body.decode())["mobile"] == [NUMBER]
    assert "枫林苑" in parse_qs(request.body.decode())["msg"][0]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "the gateway: HTTP 500"),
        (b'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"code": "9"}', "the gateway did not accept it"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", "the gateway: HTTP 302"),
        (b"nonsense\r\n\r\n", "the gateway: RemoteProtocolError"),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000\r\n" + b"x" * 65536 + b"\r\n",
            "the gateway did not accept it",
        ),
    ],
)
async def test_what_the_gateway_does_not_take_is_tried_again(
    company: Organisation, database: Settings, answer: bytes, problem: str
) -> None:
    async with receiving(answer) as gateway:
        notice = await sms(company, database)
        assert await deliver(notice.id, gated(database, gateway, accepted='"code": "0"')) is not None
    assert await an_error(notice) == problem
    assert len(gateway.requests) == 1


async def test_a_good_answer_says_so(company: Organisation, database: Settings) -> None:
    async with receiving(b'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"code": "0"}') as gateway:
        notice = await sms(company, database)
        assert await deliver(notice.id, gated(database, gateway, accepted='"code": "0"')) is None


async def test_without_a_gateway_or_a_number_the_reason_is_told(company: Organisation, database: Settings) -> None:
    notice = await sms(company, database)
    await deliver(notice.id, database)
    assert await an_error(notice) == "no gateway for text messages is set"
    async with receiving() as gateway:
        empty = await a_notice(await a_channel(company, database, "", ChannelKind.SMS))
        await deliver(empty.id, gated(database, gateway))
    assert await an_error(empty) == "there is no telephone number"
    assert gateway.requests == []


async def test_a_setting_that_describes_no_gateway_stops_the_process_and_tells_no_secret() -> None:
    for wrong in ("nonsense", '{"url": "https://sms.example.com/?key=hidden", "body": "{number}"}'):
        with pytest.raises(ValidationError) as failure:
            Settings(sms_gateway=SecretStr(wrong))
        assert "sms_gateway" in str(failure.value).lower()
        assert "hidden" not in str(failure.value)
