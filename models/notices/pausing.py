"""Pausing a channel, by hand or because its target is gone, and what is told of it; resuming it."""

from __future__ import annotations

from datetime import UTC, datetime

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import CHANNEL_PAUSED, Announcement, ChannelKind
from domain.notices.delivery import Breaker, PauseReason
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import zone
from models.facts import Actor, record
from models.permits import actor_of
from models.work import ring

from .announcing import announce
from .channels import theirs
from .hosts import forgive
from .keepers import keepers_of
from .queue import queue_waiting, refuse_removed
from .rows import Channel

_SYSTEM = Actor("system:notices")


async def pause_channel(viewer: Viewer, channel_id: str) -> Channel:
    """Hold back what a channel is to tell, until it is resumed. A channel that is paused stays as it is.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an inbox) and ILLEGAL_MOVE (it was removed).
    """
    async with in_transaction():
        channel = await theirs(viewer, channel_id, "channelPause")
        refuse_removed(channel)
        if channel.kind is ChannelKind.LIVE:
            raise Refused(
                RefusalCode.INVALID,
                Text("An inbox is always open.", "站内信无法暂停。"),
                path=("id",),
                hint=Text("Say with channelSet what should come into it.", "可通过 channelSet 设置接收内容。"),
            )
        if channel.paused_at is None:
            await _pause(channel, PauseReason.BY_HAND, datetime.now(UTC), actor_of(viewer))
        return channel


async def pause(channel: Channel, reason: PauseReason, now: datetime) -> None:
    """Pause a locked channel by ourselves and tell its organisation; not twice. Call it within ``ringing()``."""
    if channel.paused_at is not None:
        return
    await _pause(channel, reason, now, _SYSTEM)
    await announce(
        Announcement(
            type=CHANNEL_PAUSED,
            topic=f"{channel.id} paused {now.isoformat()}",
            data={
                "channel": {"id": channel.id, "kind": channel.kind, "hint": channel.hint},
                "reason": reason,
                "pausedAt": now.astimezone(zone()).isoformat(),
                "failures": channel.failures,
            },
            street_id=channel.street_id,
            compound_id=None,
            organisations=frozenset({channel.organisation_id} if channel.organisation_id else ()),
            accounts=frozenset(await keepers_of(channel)),
        )
    )


async def _pause(channel: Channel, reason: PauseReason, now: datetime, actor: Actor) -> None:
    channel.paused_at, channel.pause_reason = now, reason
    await channel.save(update_fields=["paused_at", "pause_reason"])
    await record(actor, "channelPause", channel, after={"paused_at": now.isoformat(), "pause_reason": reason})


async def resume_channel(viewer: Viewer, channel_id: str) -> Channel:
    """Let a channel tell again, and first what has waited: the turns that it had are free. One that is not paused stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it was removed).
    """
    async with in_transaction():
        channel = await theirs(viewer, channel_id, "channelResume")
        refuse_removed(channel)
        if channel.paused_at is not None:
            before = {"paused_at": channel.paused_at.isoformat(), "pause_reason": channel.pause_reason}
            anew = {
                "breaker": Breaker.CLOSED,
                "failures": 0,
                "breaker_until": None,
                "failing_since": None,
                "reserved_until": None,
            }
            channel.update_from_dict({"paused_at": None, "pause_reason": None, **anew})
            await channel.save(update_fields=["paused_at", "pause_reason", *anew])
            await forgive(channel)
            await queue_waiting(channel)
            await record(actor_of(viewer), "channelResume", channel, before=before, after={"paused_at": None})
    await ring()
    return channel
