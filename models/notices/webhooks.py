"""What only webhooks have: a secret that signs, and a sequence that can be told again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.notices import ChannelKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import zone
from models.facts import record
from models.permits import actor_of, permitted
from models.secrets import seal
from models.tokens import check_overlap
from models.work import ring
from settings import Settings

from .queue import queue_from, refuse_paused, refuse_removed
from .rows import Channel, Notice, new_secret


async def rotate_secret(viewer: Viewer, channel_id: str, overlap_hours: int, *, settings: Settings) -> tuple[Channel, str]:
    """A secret in the place of another, which signs as well for ``overlap_hours``; it cannot be had again.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (no webhook; overlap of 0 to 336 hours), ILLEGAL_MOVE (it was removed; an overlap
    goes on, unless this one is of 0 hours, which ends it). Raises NoSecretKey and NotOpened.
    """
    now, secret = datetime.now(UTC), new_secret()
    async with in_transaction():
        channel = await permitted(Channel, channel_id, viewer, "webhookRotateSecret")
        _refuse_others(channel)
        refuse_removed(channel)
        check_overlap(overlap_hours)
        if overlap_hours and channel.old_secret_until is not None and channel.old_secret_until > now:
            until = f"{channel.old_secret_until.astimezone(zone()):%Y-%m-%d %H:%M}"
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"Two secrets sign already, until {until}.", f"新旧密钥重叠期尚未结束（至 {until}）。"),
                path=("overlap_hours",),
                hint=Text(
                    "Wait for that, or give 0 hours: then both of them end now.",
                    "请等待重叠期结束；或将重叠时间设为 0，两个旧密钥立即失效。",
                ),
            )
        old = channel.open_secret(settings)
        channel.old_secret = seal(old, settings, of=f"{channel.id}.old_secret") if overlap_hours else None
        channel.old_secret_until = now + timedelta(hours=overlap_hours) if overlap_hours else None
        channel.secret = seal(secret, settings, of=f"{channel.id}.secret")
        await channel.save(update_fields=["secret", "old_secret", "old_secret_until"])
        until = channel.old_secret_until.isoformat() if channel.old_secret_until else None
        await record(actor_of(viewer), "webhookRotateSecret", channel, after={"old_secret_until": until})
    return channel, secret


async def replay(viewer: Viewer, channel_id: str, from_sequence: int) -> tuple[Channel, int, int | None]:
    """Tell again what a webhook told from a number on, a thousand at most; how many these are, and the last number of them.

    They come with the ids and numbers that they had. Refuses NOT_FOUND, FORBIDDEN, INVALID (no webhook; a number that was not
    given yet, or of which nothing is kept), ILLEGAL_MOVE (the channel is paused or was removed).
    """
    async with in_transaction():
        channel = await permitted(Channel, channel_id, viewer, "webhookReplay")
        _refuse_others(channel)
        refuse_paused(channel)
        first = await _oldest(channel)
        if first is None or not first <= from_sequence <= channel.sequence:
            raise _outside(first, channel.sequence)
        count, last = await queue_from(channel, from_sequence)
        await record(actor_of(viewer), "webhookReplay", channel, after={"from": from_sequence, "count": count})
    await ring()
    return channel, count, last


async def _oldest(channel: Channel) -> int | None:
    """The first number under which something is kept; None: there is none."""
    oldest = await Notice.filter(channel_id=channel.id, sequence__not_isnull=True).order_by("sequence").first()
    return None if oldest is None else oldest.sequence


def _outside(first: int | None, last: int) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        Text("Nothing is kept under that number.", "没有该序号的记录。"),
        path=("from_sequence",),
        hint=Text("Nothing was told yet.", "该渠道尚未发送过通知。")
        if first is None
        else Text(f"Give one from {first} to {last}.", f"请填写 {first} 至 {last} 之间的序号。"),
    )


def _refuse_others(channel: Channel) -> None:
    if channel.kind is not ChannelKind.WEBHOOK:
        raise Refused(
            RefusalCode.INVALID,
            Text("This is done with webhooks only.", "仅适用于网络回调渠道。"),
            path=("id",),
            hint=Text("Name a channel of kind WEBHOOK.", "请选择类别为网络回调的渠道。"),
        )
