"""Channels are paused and resumed, tried out, told again, and given new secrets."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.alerts import Severity
from domain.notices import CHANNEL_PAUSED, ChannelKind, NoticeState
from domain.notices.delivery import PAUSES_AT, Breaker, Outcome, PauseReason
from domain.refusals import RefusalCode
from models import Channel, Fact, Notice, Work
from models.alerts.announcing import announce_alert
from models.notices import add_channel
from models.notices.delivery import take_up
from models.notices.pausing import pause_channel, resume_channel
from models.notices.queue import MOST
from models.notices.resending import resend_channel, resend_notice, try_channel
from models.notices.webhooks import replay, rotate_secret
from settings import Settings
from tests.builders import a_channel, a_device, an_account, an_alert, an_organisation

from .delivery_world import ACCEPTED, REFUSED, SECOND, failing_for_a_day, fresh, notices_to, taken, went
from .ticket_world import World, a_world, refusal, somebody


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def channel(world: World) -> Channel:
    return await a_channel(world.company)


# pausing


async def test_a_target_that_accepts_nothing_for_a_day_is_paused_and_its_people_are_told(
    world: World, channel: Channel, database: Settings
) -> None:
    staff = await an_account(Role.COMPANY_STAFF, organisation=world.company)
    gone = await an_account(Role.COMPANY_MANAGER, organisation=world.company, ends_on=datetime(2025, 1, 1, tzinfo=UTC).date())
    other = await a_channel(world.company)
    stranger = await a_channel(await an_organisation(world.street))
    await failing_for_a_day(channel)
    first, second = await notices_to(channel, 2)
    assert await went(first, database, REFUSED) is None
    paused = await fresh(channel)
    assert (paused.pause_reason, paused.paused_at is not None) == (PauseReason.FAILING, True)
    fact = await Fact.get(subject_id=channel.id, action="channelPause")
    assert (fact.actor, (fact.after or {})["pause_reason"]) == ("system:notices", "FAILING")

    told = await Notice.filter(type=CHANNEL_PAUSED)
    assert {each.channel_id for each in told if each.organisation_id} == {channel.id, other.id}
    assert stranger.id not in {each.channel_id for each in told}
    assert {each.account_id for each in told if each.account_id} == {world.manager.account_id}
    assert not {staff.id, gone.id} & {each.account_id for each in told}
    inbox = next(each for each in told if each.account_id)
    assert inbox.title["en"] == "A channel was paused: https://example.com"
    assert "{" not in inbox.body["zh-CN"] + inbox.body["en"]

    assert await take_up(second.id) is None, "what comes later waits, and leaves no work"
    assert (await Notice.get(id=second.id)).state is NoticeState.PENDING
    assert [(each.state, each.next_attempt_at) for each in await Notice.filter(id=first.id)] == [(NoticeState.PENDING, None)]


async def test_what_is_critical_reaches_the_other_channels_of_an_organisation_and_else_its_keepers(
    world: World, channel: Channel
) -> None:
    alert = await an_alert(await a_device(world.compound), severity=Severity.CRITICAL)
    robot = await a_channel(world.company, ChannelKind.WECOM)
    paused = {"paused_at": datetime.now(UTC), "pause_reason": PauseReason.FAILING}
    await Channel.filter(id=channel.id).update(**paused)
    await announce_alert(alert)
    assert {each.channel_id for each in await Notice.all()} == {channel.id, robot.id}, "the paused one waits, the other one tells"
    assert await take_up((await Notice.get(channel_id=channel.id)).id) is None
    assert not isinstance(await take_up((await Notice.get(channel_id=robot.id)).id), timedelta | None)

    await Channel.filter(id=robot.id).update(**paused)
    for severity, instead in ((Severity.MAJOR, set[str]()), (Severity.CRITICAL, {world.manager.account_id})):
        await Notice.all().delete()
        alert.severity, alert.version = severity, alert.version + 1
        await announce_alert(alert, again=True)
        assert {each.account_id for each in await Notice.filter(account_id__not_isnull=True)} == instead


async def test_a_target_that_says_that_it_is_gone_is_paused_at_once(channel: Channel, database: Settings) -> None:
    (notice,) = await notices_to(channel, 1)
    assert await went(notice, database, Outcome.GONE, status=410) is None
    assert (await fresh(channel)).pause_reason is PauseReason.GONE
    assert (await Notice.get(id=notice.id)).state is NoticeState.PENDING


async def test_what_waited_is_sent_in_order_once_the_channel_is_resumed(world: World, channel: Channel) -> None:
    made = await notices_to(channel, 3)
    await pause_channel(world.manager, channel.id)
    assert (await pause_channel(world.manager, channel.id)).pause_reason is PauseReason.BY_HAND
    for each in reversed(made):
        assert await take_up(each.id) is None
    await Work.create(kind="notice", payload={"notice": made[2].id}, not_before=datetime.now(UTC) + timedelta(hours=1))
    await resume_channel(world.manager, channel.id)
    assert (await resume_channel(world.manager, channel.id)).paused_at is None
    work = await Work.filter(kind="notice").order_by("id")
    assert [each.payload["notice"] for each in work] == [each.id for each in made], "each once"
    assert {each.not_before <= datetime.now(UTC) for each in work} == {True}
    assert [(await taken(each)).notice.sequence for each in made] == [1, 2, 3]
    assert await Fact.filter(subject_id=channel.id, action__in=["channelPause", "channelResume"]).count() == 2


async def test_an_inbox_is_not_paused(world: World, database: Settings) -> None:
    inbox, _ = await add_channel(world.manager, world.company.id, ChannelKind.LIVE, None, settings=database)
    assert (await refusal(pause_channel(world.manager, inbox.id))).code is RefusalCode.INVALID


# trying out, sending again


async def test_a_test_is_sent_once_and_even_if_the_channel_is_paused(world: World, channel: Channel, database: Settings) -> None:
    await failing_for_a_day(channel)
    await pause_channel(world.manager, channel.id)
    test = await try_channel(world.manager, channel.id)
    assert test.title["zh-CN"] == "通知渠道测试"
    assert (await refusal(try_channel(world.manager, channel.id))).code is RefusalCode.RATE_LIMITED
    assert await went(test, database, REFUSED) is None
    assert (await Notice.get(id=test.id)).state is NoticeState.DEAD
    assert (await fresh(channel)).failures == PAUSES_AT, "a test that fails tells nothing new of the target"
    await Notice.filter(id=test.id).update(created_at=datetime.now(UTC) - 11 * SECOND)
    second = await try_channel(world.manager, channel.id)
    assert await went(second, database, ACCEPTED) is None
    assert (await fresh(channel)).breaker is Breaker.CLOSED
    assert (await fresh(channel)).paused_at is not None, "a test that works resumes nothing by itself"
    await resume_channel(world.manager, channel.id)
    refused = await refusal(resend_notice(world.manager, test.id))
    assert refused.code is RefusalCode.ILLEGAL_MOVE


async def test_dead_notices_are_sent_again_one_by_one_or_all(world: World, channel: Channel) -> None:
    made = await notices_to(channel, 4)
    for each in made:
        await taken(each)
    await Notice.filter(id__not=made[3].id).update(state=NoticeState.DEAD, attempts=10, last_error="HTTP 500", taken_until=None)
    one = await resend_notice(world.manager, made[1].id)
    assert (one.state, one.attempts, one.sequence, one.last_error) == (NoticeState.PENDING, 0, 2, "")
    assert (await refusal(resend_notice(world.manager, made[1].id))).code is RefusalCode.ILLEGAL_MOVE
    _, count = await resend_channel(world.manager, channel.id)
    assert count == 2
    work = [each.payload["notice"] for each in await Work.filter(kind="notice").order_by("id")]
    assert work == [made[1].id, made[0].id, made[2].id]
    await pause_channel(world.manager, channel.id)
    for act in (resend_channel(world.manager, channel.id), resend_notice(world.manager, made[0].id)):
        refused = await refusal(act)
        assert (refused.code, "channelResume" in refused.hint.en) == (RefusalCode.ILLEGAL_MOVE, True)


async def test_a_webhook_tells_again_from_a_number_on(world: World, channel: Channel, database: Settings) -> None:
    made = await notices_to(channel, 5)
    for each in made[:4]:
        await went(each, database, ACCEPTED)
    await Work.all().delete()
    _, count, last = await replay(world.manager, channel.id, 3)
    assert (count, last) == (2, 4), "the fifth waits anyhow"
    assert [each.payload["notice"] for each in await Work.all().order_by("id")] == [made[2].id, made[3].id]
    again = await taken(made[2])
    assert (again.notice.id, again.notice.sequence) == (made[2].id, 3)
    assert (await Fact.get(action="webhookReplay")).after == {"from": 3, "count": 2}


async def test_more_than_a_thousand_are_told_again_in_parts(
    world: World, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.notices.queue.MOST", 2)
    made = await notices_to(channel, 3)
    await taken(made[0])
    await Notice.all().update(state=NoticeState.DEAD)
    assert (await replay(world.manager, channel.id, 1))[1:] == (2, 2)
    assert (await replay(world.manager, channel.id, 3))[1:] == (1, 3)
    assert MOST == 1_000


@pytest.mark.parametrize("number", [4, 2**31 - 1, 0, -1])
async def test_what_was_never_told_is_not_told_again(world: World, channel: Channel, number: int) -> None:
    early = await refusal(replay(world.manager, channel.id, number))
    assert (early.code, early.path) == (RefusalCode.INVALID, ("from_sequence",))
    made = await notices_to(channel, 3)
    await taken(made[0])
    refused = await refusal(replay(world.manager, channel.id, number))
    assert (refused.code, refused.path, refused.hint.en) == (RefusalCode.INVALID, ("from_sequence",), "Give one from 1 to 3.")


# secrets


async def test_a_secret_is_replaced_with_an_overlap(world: World, database: Settings) -> None:
    channel, first = await add_channel(
        world.manager, world.company.id, ChannelKind.WEBHOOK, "https://hooks.example.com/", settings=database
    )
    _, second = await rotate_secret(world.manager, channel.id, 2, settings=database)
    now, stored = datetime.now(UTC), await fresh(channel)
    assert len({first, second}) == 2
    assert (stored.open_secret(database), stored.open_old_secret(database, now)) == (second, first)
    assert stored.open_old_secret(database, now + timedelta(hours=3)) == ""

    refused = await refusal(rotate_secret(world.manager, channel.id, 24, settings=database))
    assert (refused.code, refused.path) == (RefusalCode.ILLEGAL_MOVE, ("overlap_hours",))
    _, third = await rotate_secret(world.manager, channel.id, 0, settings=database)
    stored = await fresh(channel)
    assert (stored.open_secret(database), stored.old_secret, stored.old_secret_until) == (third, None, None)
    await rotate_secret(world.manager, channel.id, 24, settings=database)
    assert (await refusal(rotate_secret(world.manager, channel.id, 337, settings=database))).path == ("overlap_hours",)


async def test_what_only_webhooks_have_others_are_refused(world: World, channel: Channel, database: Settings) -> None:
    robot = await a_channel(world.company, ChannelKind.WECOM)
    for act in (rotate_secret(world.manager, robot.id, 1, settings=database), replay(world.manager, robot.id, 1)):
        refused = await refusal(act)
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("id",))


async def test_nothing_is_done_with_a_channel_that_was_removed(world: World, channel: Channel, database: Settings) -> None:
    (notice,) = await notices_to(channel, 1, state=NoticeState.DEAD, sequence=1)
    await Channel.filter(id=channel.id).update(removed_at=datetime.now(UTC), sequence=1)
    for act in (
        pause_channel(world.manager, channel.id),
        resume_channel(world.manager, channel.id),
        try_channel(world.manager, channel.id),
        resend_channel(world.manager, channel.id),
        resend_notice(world.manager, notice.id),
        replay(world.manager, channel.id, 1),
        rotate_secret(world.manager, channel.id, 1, settings=database),
    ):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE


async def test_who_may_not_keep_a_channel_does_none_of_it(world: World, channel: Channel, database: Settings) -> None:
    (notice,) = await notices_to(channel, 1)
    staff = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=await an_organisation(world.street))
    for viewer, code in ((staff, RefusalCode.FORBIDDEN), (stranger, RefusalCode.NOT_FOUND)):
        for act in (
            pause_channel(viewer, channel.id),
            resume_channel(viewer, channel.id),
            try_channel(viewer, channel.id),
            resend_channel(viewer, channel.id),
            resend_notice(viewer, notice.id),
            replay(viewer, channel.id, 1),
            rotate_secret(viewer, channel.id, 1, settings=database),
        ):
            assert (await refusal(act)).code is code


async def test_turns_that_were_reserved_before_a_pause_are_free_after_it(world: World) -> None:
    robot = await a_channel(world.company, ChannelKind.WECOM)
    made = await notices_to(robot, 40)
    waits = [await take_up(each.id) for each in made]
    assert waits[-1] > 60 * SECOND  # type: ignore[operator]
    await pause_channel(world.manager, robot.id)
    await resume_channel(world.manager, robot.id)
    await taken(made[10])
