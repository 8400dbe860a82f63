"""Whatever a target answers, and however, one delivery is bounded, its outcome is told, and the next has the same id."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from domain.access import Role
from domain.notices import NoticeState
from domain.notices.delivery import Breaker, Outcome, PauseReason
from models import Channel, Notice, NoticeAttempt, Organisation
from models.notices.resending import try_channel
from models.notices.webhooks import rotate_secret
from models.viewers import viewer_of
from settings import Settings
from tasks import notices
from tasks.notices import deliver
from tests.builders import an_account
from tests.waiting import until

from .notices_world import SECRET, a_channel, a_company, a_notice
from .receivers import receiving

SECOND = timedelta(seconds=1)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def company(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    return await a_company(database, monkeypatch)


async def attempt_of(notice: Notice) -> NoticeAttempt:
    found = await NoticeAttempt.filter(notice_id=notice.id).order_by("-at").first()
    assert found is not None
    return found


async def test_who_answers_200_and_closes_has_accepted(company: Organisation, database: Settings) -> None:
    for answer in (OK + b"\r\n", OK + b"content-length: 1000\r\n\r\n{", OK + b"transfer-encoding: chunked\r\n\r\nffff\r\nabc"):
        async with receiving(answer) as receiver:
            notice = await a_notice(await a_channel(company, database, receiver.url))
            assert await deliver(notice.id, database) is None
        assert (await Notice.get(id=notice.id)).state is NoticeState.SENT
        assert ((await attempt_of(notice)).outcome, (await attempt_of(notice)).status) == (Outcome.ACCEPTED, 200)


async def test_an_answer_that_would_grow_when_it_is_unpacked_is_not_unpacked(company: Organisation, database: Settings) -> None:
    async with receiving(OK + b"content-encoding: gzip\r\ncontent-length: 9\r\n\r\nno gzip at all") as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) is None


@pytest.mark.parametrize(
    ("answer", "endless"),
    [
        (b"H", False),
        (OK + b"x-half: ", False),
        (OK + b"x-long: " + b"x" * 1_000_000 + b"\r\n\r\n", False),
        (b"HTTP/1.1 999999 Huge\r\n\r\n", False),
        (b"\x16\x03\x01\x02\x00\x01\x00", False),
        (OK + b"x-more: and more\r\n", True),
    ],
    ids=["one byte", "half a head", "an endless line", "no status", "TLS", "endless heads"],
)
async def test_who_speaks_no_http_has_not_accepted_and_is_asked_again_under_the_same_id(
    company: Organisation, database: Settings, answer: bytes, endless: bool
) -> None:
    async with receiving(answer, endless=endless) as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        for _ in range(2):
            assert await deliver(notice.id, database) is not None
            assert (await attempt_of(notice)).outcome is Outcome.UNREACHABLE
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == notice.id
    assert first.body == second.body


@pytest.mark.parametrize(("answer", "pause"), [(OK + b"\r\n", 0.05), (b"HTTP/1.1 102 Wait\r\n\r\n", 0.001)])
async def test_who_answers_drop_by_drop_is_left_in_time(
    company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch, answer: bytes, pause: float
) -> None:
    monkeypatch.setattr("tasks.notices.WITHIN", 0.3)
    async with receiving(answer, pause=pause, endless=True) as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) == 5 * SECOND
    logged = await attempt_of(notice)
    assert (logged.outcome, logged.problem) == (Outcome.TIMED_OUT, "timed out")
    assert 250 <= logged.milliseconds < 5_000


async def test_a_redirect_leads_nowhere(company: Organisation, database: Settings) -> None:
    async with receiving() as inside:
        for status in (301, 302, 303, 307, 308):
            answer = f"HTTP/1.1 {status} Elsewhere\r\nlocation: {inside.url}\r\ncontent-length: 0\r\n\r\n".encode()
            async with receiving(answer) as receiver:
                notice = await a_notice(await a_channel(company, database, receiver.url))
                assert await deliver(notice.id, database) is not None
            assert ((await attempt_of(notice)).outcome, (await attempt_of(notice)).status) == (Outcome.REFUSED, status)
    assert inside.requests == []


@pytest.mark.parametrize(
    ("asked", "wait"), [("120", 120), ("0", 5), ("9999999", 5), ("999999", 3_600), ("-1", 5), ("soon", 5), ("٣", 5)]
)
async def test_who_is_busy_says_for_how_long(company: Organisation, database: Settings, asked: str, wait: int) -> None:
    answer = f"HTTP/1.1 429 Busy\r\nretry-after: {asked}\r\ncontent-length: 0\r\n\r\n".encode()
    async with receiving(answer) as receiver:
        notice = await a_notice(await a_channel(company, database, receiver.url))
        assert await deliver(notice.id, database) == wait * SECOND


async def test_who_is_gone_is_not_called_again(company: Organisation, database: Settings) -> None:
    async with receiving(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n") as receiver:
        channel = await a_channel(company, database, receiver.url)
        first, second = await a_notice(channel), await a_notice(channel)
        assert [await deliver(each.id, database) for each in (first, second)] == [None, None]
    assert len(receiver.requests) == 1
    assert (await Channel.get(id=channel.id)).pause_reason is PauseReason.GONE


async def test_a_dead_target_is_called_five_times_and_then_left_in_peace(company: Organisation, database: Settings) -> None:
    async with receiving() as receiver:
        url = receiver.url
    channel = await a_channel(company, database, url)
    made = [await a_notice(channel) for _ in range(8)]
    for each in made:
        await deliver(each.id, database)
    assert await NoticeAttempt.all().count() == 5
    assert (await Channel.get(id=channel.id)).breaker is Breaker.OPEN
    async with receiving() as back:
        await Channel.filter(id=channel.id).update(breaker_until=datetime.now(UTC))
        moved = await a_channel(company, database, back.url)
        await Notice.all().update(channel_id=moved.id)
        await Channel.filter(id=moved.id).update(breaker=Breaker.OPEN, failures=5, breaker_until=datetime.now(UTC), sequence=8)
        assert [await deliver(each.id, database) for each in made] == [None] * 8
    assert len(back.requests) == 8


async def test_what_a_webhook_tells_has_a_number_that_is_signed_and_a_test_has_none(
    company: Organisation, database: Settings
) -> None:
    manager = await viewer_of((await an_account(Role.COMPANY_MANAGER, organisation=company)).id)
    assert manager is not None
    async with receiving() as receiver:
        channel = await a_channel(company, database, receiver.url)
        test = await try_channel(manager, channel.id)
        for each in (await a_notice(channel), await a_notice(channel), test):
            assert await deliver(each.id, database) is None
    told = [Webhook(SECRET).verify(each.body, each.headers) for each in receiver.requests]
    assert [each.get("sequence", "none") for each in told] == [1, 2, "none"]
    assert told[2]["type"] == "steward.channel.test.v1"
    assert told[2]["data"] == {"channel": {"id": channel.id, "kind": "WEBHOOK", "hint": ""}}


async def test_during_an_overlap_two_secrets_sign_and_afterwards_one(company: Organisation, database: Settings) -> None:
    manager = await viewer_of((await an_account(Role.COMPANY_MANAGER, organisation=company)).id)
    assert manager is not None
    async with receiving() as receiver:
        channel = await a_channel(company, database, receiver.url)
        _, secret = await rotate_secret(manager, channel.id, 1, settings=database)
        await deliver((await a_notice(channel)).id, database)
        await Channel.filter(id=channel.id).update(old_secret_until=datetime.now(UTC))
        await deliver((await a_notice(channel)).id, database)
    during, after = receiver.requests
    assert len(during.headers["webhook-signature"].split()) == 2
    for each in (SECRET, secret):
        Webhook(each).verify(during.body, during.headers)
    Webhook(secret).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(after.body, after.headers)


async def test_what_is_critical_does_not_stand_behind_what_waits_for_a_slow_target(
    company: Organisation, database: Settings
) -> None:
    async with receiving(b"") as receiver:
        channel = await a_channel(company, database, receiver.url)
        slow = [asyncio.create_task(deliver((await a_notice(channel)).id, database)) for _ in range(4)]
        await until(lambda: len(receiver.requests) == 4)
        assert await deliver((await a_notice(channel)).id, database) is not None
        assert len(receiver.requests) == 4
        urgent = await a_notice(channel)
        await Notice.filter(id=urgent.id).update(severity="CRITICAL")
        slow.append(asyncio.create_task(deliver(urgent.id, database)))
        await until(lambda: len(receiver.requests) == 5)
        assert receiver.requests[-1].headers["webhook-id"] == urgent.id
        receiver.leave()
        await asyncio.gather(*slow)


async def test_the_more_wait_for_a_slow_target_the_seldomer_each_looks(
    company: Organisation, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand that look every three seconds would leave no hand free for anything else."""
    monkeypatch.setattr(notices, "_AT_ONCE", 1)
    async with receiving(b"") as receiver:
        channel = await a_channel(company, database, receiver.url)
        slow = asyncio.create_task(deliver((await a_notice(channel)).id, database))
        await asyncio.wait_for(receiver.connected.wait(), 10)
        waiting = [await a_notice(channel) for _ in range(300)]
        for notice in waiting[:-20]:
            await deliver(notice.id, database)
        waits = [await deliver(notice.id, database) or timedelta() for notice in waiting[-20:]]
        assert sum(waits, timedelta()) / len(waits) > 15 * SECOND
        receiver.leave()
        await slow
