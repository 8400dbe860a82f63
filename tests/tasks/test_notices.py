"""Notices reach their channels signed and once; a channel that is dead, slow or sly harms nobody else."""

import asyncio
import logging
import ssl
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from apprise.plugins.wecombot import NotifyWeComBot
from standardwebhooks import Webhook

from domain.notices import ChannelKind, NoticeState
from domain.notices.delivery import MAX_ATTEMPTS
from models import Channel, DeliveryHost, Notice, Organisation, Work
from models.alerts.announcing import announce_alert
from models.logs import configure_logging
from settings import Settings
from tasks.notices import deliver, webhook
from tasks.work import perform
from tests.builders import a_company_serving, a_compound, a_device, an_alert
from tests.waiting import until

from .notices_world import SECRET, a_channel, a_company, a_notice, an_error
from .receivers import a_certificate, receiving


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


@pytest.fixture
def logging_as_a_process(database: Settings) -> Generator[None]:
    """Logging set up as processes of ours do it, telling everything."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging(database.model_copy(update={"log_level": "INFO", "log_json": True}))
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


async def test_a_webhook_is_signed_as_standard_webhooks_are(company: Organisation, database: Settings) -> None:
    async with receiving() as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) is None
    (request,) = receiver.requests
    assert request.line == "POST /hook HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["webhook-id"] == notice.id
    told: dict[str, Any] = Webhook(SECRET).verify(request.body, request.headers)
    assert told["type"] == "steward.alert.raised.v1"
    assert datetime.fromisoformat(told["timestamp"]) == notice.created_at
    assert told["data"] == notice.payload
    assert (await Notice.get(id=notice.id)).state is NoticeState.SENT


async def test_an_alert_that_is_announced_is_delivered_by_its_work(company: Organisation, database: Settings) -> None:
    compound = await a_compound()
    serving = await a_company_serving(compound)
    async with receiving() as receiver:
        await a_channel(serving, database, receiver.url)
        await announce_alert(await an_alert(await a_device(compound)))
        work = await Work.get()
        await perform(work.id)
        await perform(work.id)
    assert len(receiver.requests) == 1
    assert await Work.all().count() == 0


async def test_what_was_sent_is_not_sent_again(company: Organisation, database: Settings) -> None:
    async with receiving() as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        for _ in range(3):
            assert await deliver(notice.id, database) is None
    assert len(receiver.requests) == 1
    assert await deliver("ntc_unknown", database) is None


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "HTTP 500"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", "HTTP 302: redirects are not followed"),
        (b"nonsense\r\n\r\n", "RemoteProtocolError"),
    ],
)
async def test_what_is_not_accepted_is_tried_again_later(
    company: Organisation, database: Settings, answer: bytes, problem: str
) -> None:
    async with receiving(answer) as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) == timedelta(seconds=5)
    stored = await Notice.get(id=notice.id)
    assert (stored.state, stored.attempts, stored.last_error) == (NoticeState.PENDING, 1, problem)
    assert stored.next_attempt_at is not None
    assert len(receiver.requests) == 1


async def test_a_target_that_is_gone_is_given_up_at_last(company: Organisation, database: Settings) -> None:
    async with receiving() as receiver:
        url = receiver.url
    notice = await a_notice(await a_channel(company, database, url))
    waits = list[timedelta | None]()
    for _ in range(MAX_ATTEMPTS):
        waits.append(await deliver(notice.id, database))
        for left_in_peace in (Channel, DeliveryHost):
            await left_in_peace.exclude(breaker_until=None).update(breaker_until=datetime.now(UTC))
    assert waits[-1] is None
    assert None not in waits[:-1]
    stored = await Notice.get(id=notice.id)
    assert (stored.state, stored.last_error) == (NoticeState.DEAD, "ConnectError")


async def test_an_endless_answer_is_not_read(company: Organisation, database: Settings) -> None:
    endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + b"\r\n"
    async with receiving(endless) as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) is None
    assert (await Notice.get(id=notice.id)).state is NoticeState.SENT


async def test_a_channel_that_never_answers_delays_no_other(company: Organisation, database: Settings) -> None:
    beside: list[asyncio.Task[None]] = []
    async with receiving(b"") as silent, receiving() as good:
        for channel in [await a_channel(company, database, silent.url), await a_channel(company, database, good.url)]:
            notice = await a_notice(channel)
            await Work.create(kind="notice", payload={"notice": notice.id})
        for work in await Work.all().order_by("id"):
            await perform(work.id, aside=lambda rest: beside.append(asyncio.create_task(rest)))
        await silent.connected.wait()

        async def other_is_sent() -> bool:
            return await Notice.filter(state=NoticeState.SENT).count() == 1

        await until(other_is_sent)
        assert len(good.requests) == 1
        silent.leave()
        await asyncio.gather(*beside)
    assert await Notice.filter(state=NoticeState.PENDING, last_error="RemoteProtocolError").count() == 1


async def test_a_slow_channel_has_only_a_few_deliveries_under_way(company: Organisation, database: Settings) -> None:
    async with receiving(b"") as silent:
        channel = await a_channel(company, database, silent.url)
        tasks = [asyncio.create_task(deliver((await a_notice(channel)).id, database)) for _ in range(4)]

        async def all_called() -> bool:
            return len(silent.requests) == 4

        await until(all_called)
        fifth = await a_notice(channel)
        wait = await deliver(fifth.id, database)
        assert wait is not None
        assert wait <= timedelta(seconds=6)
        assert (await Notice.get(id=fifth.id)).attempts == 0
        silent.leave()
        await asyncio.gather(*tasks)


async def test_a_delivery_that_takes_too_long_is_broken_off(
    company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.notices.WITHIN", 0.1)
    async with receiving(b"") as silent:
        notice = await a_notice(await a_channel(company, database, silent.url))
        assert await deliver(notice.id, database) == timedelta(seconds=5)
    assert await an_error(notice) == "timed out"


async def test_private_addresses_are_refused_by_default(company: Organisation, database: Settings) -> None:
    closed = database.model_copy(update={"webhook_allow_private": False})
    for host in ("127.0.0.1", "localhost", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "2130706433"):
        notice = await a_notice(await a_channel(company, database, f"https://{host}:1/hook"))
        assert await deliver(notice.id, closed) is not None
        assert await an_error(notice) == "the host has an address that is not public", host


async def test_a_host_that_is_not_found_is_a_failure_like_any_other(company: Organisation, database: Settings) -> None:
    notice = await a_notice(await a_channel(company, database, "https://nowhere.invalid/hook"))
    assert await deliver(notice.id, database) is not None
    assert await an_error(notice) == "the host is not found"


async def test_a_removed_channel_gets_nothing(company: Organisation, database: Settings) -> None:
    async with receiving() as receiver:
        channel = await a_channel(company, database, receiver.url)
        notice = await a_notice(channel)
        await Channel.filter(id=channel.id).update(removed_at=datetime.now(UTC))
        assert await deliver(notice.id, database) is None
    assert receiver.requests == []
    assert (await Notice.get(id=notice.id)).state is NoticeState.DEAD


@pytest.mark.parametrize(("name", "problem"), [("hooks.example.com", ""), ("other.example.com", "ConnectError")])
async def test_the_checked_address_is_called_with_the_certificate_of_the_name(
    company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, problem: str
) -> None:
    async def checked(host: str, *_: object) -> list[str]:
        assert host == "hooks.example.com"
        return ["127.0.0.1"]

    context = a_certificate(name, tmp_path)
    monkeypatch.setattr(webhook, "addresses_of", checked)
    monkeypatch.setattr(webhook, "_tls", lambda: ssl.create_default_context(cafile=tmp_path / "ca.pem"))
    async with receiving(tls=context) as receiver:
        target = f"https://hooks.example.com:{receiver.port}/hook"
        notice = await a_notice(await a_channel(company, database, target))
        await deliver(notice.id, database)
    assert await an_error(notice) == problem
    assert [request.headers["host"] for request in receiver.requests] == ([target[8:-5]] if not problem else [])


async def test_no_log_and_no_error_tells_a_secret(
    company: Organisation,
    database: Settings,
    capsys: pytest.CaptureFixture[str],
    logging_as_a_process: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving() as receiver:
        url = receiver.url + "/hidden-token"
        await deliver((await a_notice(await a_channel(company, database, url))).id, database)
    notice = await a_notice(await a_channel(company, database, url))
    await deliver(notice.id, database)
    robot = await a_channel(company, database, "wecombot://hidden-token-too", ChannelKind.WECOM)
    monkeypatch.setattr(NotifyWeComBot, "notify_url", "http://127.0.0.1:1/?key={key}")
    await deliver((await a_notice(robot)).id, database)
    printed = capsys.readouterr()
    assert "notice not sent" in printed.err
    for text in (printed.out, printed.err, await an_error(notice)):
        assert "hidden" not in text
        assert SECRET not in text


async def test_with_another_key_the_reason_is_told(company: Organisation, database: Settings) -> None:
    notice = await a_notice(await a_channel(company, database, "https://example.com/"))
    await deliver(notice.id, database.model_copy(update={"secret_key": None}))
    assert "STEWARD_SECRET_KEY" in await an_error(notice)
