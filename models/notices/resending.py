"""Trying a channel out, and sending again what was given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import CHANNEL_TEST, Announcement
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.facts import record
from models.permits import actor_of, found, permit
from models.work import ring, ringing

from .announcing import leave
from .channels import theirs
from .queue import queue_dead, refuse_paused, refuse_removed
from .rows import Channel, Notice
from .templates import words_for

#: The shortest time between two tests of one channel.
_BETWEEN_TESTS = timedelta(seconds=10)


async def try_channel(viewer: Viewer, channel_id: str) -> Notice:
    """Send a notice that says that this is a test; once, even if the channel is paused. What becomes of it stands in its log.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it was removed), RATE_LIMITED (tested a moment ago).
    """
    async with ringing(), in_transaction():
        channel = await theirs(viewer, channel_id, "channelTest")
        refuse_removed(channel)
        now = datetime.now(UTC)
        if await Notice.exists(channel_id=channel.id, type=CHANNEL_TEST, created_at__gt=now - _BETWEEN_TESTS):
            raise Refused(
                RefusalCode.RATE_LIMITED,
                Text("This channel was tested a moment ago.", "该渠道刚刚测试过。"),
                path=("id",),
                hint=Text("Look at that test, or wait ten seconds.", "请查看该次测试结果，或十秒后再试。"),
            )
        test = Announcement(
            type=CHANNEL_TEST,
            topic=f"test {now.isoformat()}",
            data={"channel": {"id": channel.id, "kind": channel.kind, "hint": channel.hint}},
            street_id=channel.street_id,
            compound_id=None,
        )
        await leave(channel, test, await words_for(test))
        await record(actor_of(viewer), "channelTest", channel)
        return await Notice.get(channel_id=channel.id, topic=test.topic)


async def resend_notice(viewer: Viewer, notice_id: str) -> Notice:
    """Try anew a notice that was given up: with the same id, and the same number in the sequence.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it waits or was sent; its channel is paused or was removed).
    """
    async with in_transaction():
        notice = await found(Notice, notice_id, viewer)
        if notice.account_id is None or notice.account_id != viewer.account_id:
            permit(viewer, "noticeResend", notice)
        channel = await Channel.select_for_update(no_key=True).get(id=notice.channel_id)
        refuse_paused(channel)
        if not await queue_dead(channel, notice.id):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("Only what was given up is sent again.", "只能重发发送失败的通知。"),
                path=("id",),
                hint=Text(
                    "Of a webhook, what was sent comes again with webhookReplay; test a channel with channelTest.",
                    "已送达的网络回调可用 webhookReplay 重放；测试渠道请用 channelTest。",
                ),
            )
        await record(actor_of(viewer), "noticeResend", notice, before={"state": notice.state}, after={"state": "PENDING"})
        await notice.refresh_from_db()
    await ring()
    return notice


async def resend_channel(viewer: Viewer, channel_id: str) -> tuple[Channel, int]:
    """``resend_notice`` for all that a channel gave up, a thousand at most, the oldest first; and how many these are.

    Refuses NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE (it is paused or was removed).
    """
    async with in_transaction():
        channel = await theirs(viewer, channel_id, "channelResend")
        refuse_paused(channel)
        count = await queue_dead(channel)
        await record(actor_of(viewer), "channelResend", channel, after={"count": count})
    await ring()
    return channel, count
