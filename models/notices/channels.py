"""Adding channels, setting what they want, removing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.accounts import AccountKind
from domain.alerts import Severity
from domain.notices import (
    ChannelKind,
    Digest,
    NoticeLanguage,
    NoticeState,
    QuietHours,
    called,
    checked_types,
    clock_time,
    hosts,
    sms_target,
    target_hint,
    without_target,
)
from domain.phones import masked
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.accounts import Account
from models.facts import record
from models.ids import new_id
from models.organisations import Organisation
from models.permits import actor_of, found, not_found, permit, unchanged
from models.secrets import seal
from models.territory import Compound
from settings import Settings

from .addresses import refuse_private
from .inboxes import make_inbox
from .rows import Channel, Notice, new_secret

#: Compounds that a channel may name.
_COMPOUNDS = 200
#: Channels that an organisation or a person has at most: each is told of everything.
MOST_CHANNELS = 50
#: The hint of text messages that go to the number of one's own account.
_OWN_NUMBER = "sms"


@dataclass(frozen=True)
class Wishes:
    """What a channel wants, as people write it: times like ``22:00``; None stands for what a new channel has."""

    types: Sequence[str] | None = None
    compound_ids: Sequence[str] | None = None
    least_severity: Severity | None = None
    quiet_from: str | None = None
    quiet_to: str | None = None
    digest: Digest | None = None
    digest_at: str | None = None
    language: NoticeLanguage | None = None


async def look_up(
    viewer: Viewer, organisation_id: str | None, kind: ChannelKind, target: str | None, *, settings: Settings
) -> None:
    """Look up where a channel that is to be added would deliver to: before ``add_channel``, and outside of any transaction.

    Refuses INVALID (path ``target``) what leads to a private network; whatever ``add_channel`` refuses is left to it.
    """
    if settings.webhook_allow_private or not target or kind in {ChannelKind.LIVE, ChannelKind.SMS}:
        return
    try:
        if organisation_id is None:
            await _oneself(viewer, kind)
        else:
            organisation = await found(Organisation, organisation_id, viewer)
            place = {"organisation_id": organisation.id, "street_id": organisation.street_id}
            permit(viewer, "channelAdd", Channel(**place, office_street_id=organisation.street_id))
        target_hint(kind, target, plain=False)
    except Refused:
        return
    for host in hosts(kind, target):
        await refuse_private(host)


async def add_channel(
    viewer: Viewer, organisation_id: str | None, kind: ChannelKind, target: str | None, *, settings: Settings
) -> tuple[Channel, str]:
    """Add a channel of an organisation, or (None) of the viewer; returns it and the secret its messages are signed with.

    The secret (``whsec_…``; empty unless the kind is WEBHOOK) cannot be had again. ``target`` looks as
    ``domain.notices.TARGETS`` says; that of SMS is a telephone number, and for oneself none: it is the account's. An inbox
    has no target, and is there once: added again, it stays as it is. Whether the target leads to a private network is asked by
    ``look_up`` before, and whenever it is called. Refuses NOT_FOUND (organisation), FORBIDDEN, INVALID
    (kind, target; too many channels, or one's own SMS for the second time). Raises NoSecretKey.
    """
    async with in_transaction():
        channel = Channel(id=new_id(Channel.prefix), kind=kind, target=None, secret=None)
        account = None
        if organisation_id is None:
            account = await _oneself(viewer, kind)
            channel.account_id, channel.street_id = account.id, account.street_id
        else:
            organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
            channel.organisation_id, channel.street_id = organisation.id, organisation.street_id
            channel.office_street_id = organisation.street_id
            permit(viewer, "channelAdd", channel)
        if kind is ChannelKind.LIVE:
            without_target(target, Text("An inbox has no target.", "站内信无需填写地址。"))
            inbox, made = await make_inbox(channel)
            if made:
                await record(actor_of(viewer), "channelAdd", inbox, after={"kind": kind, "hint": inbox.hint})
            return inbox, ""
        await _refuse_more(channel)
        await _aim(channel, account, target or "", settings)
        secret = ""
        if kind is ChannelKind.WEBHOOK:
            secret = new_secret()
            channel.secret = seal(secret, settings, of=f"{channel.id}.secret")
        await channel.save()
        await record(actor_of(viewer), "channelAdd", channel, after={"kind": kind, "hint": channel.hint})
        return await Channel.get(id=channel.id), secret


async def _refuse_more(channel: Channel) -> None:
    """Refuses (INVALID, path ``kind``) more channels than MOST_CHANNELS, and a second one to the number of one's account."""
    there = Channel.filter(account_id=channel.account_id, organisation_id=channel.organisation_id, removed_at=None)
    if await there.count() >= MOST_CHANNELS:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"There are {MOST_CHANNELS} channels already.", f"通知渠道已达上限（{MOST_CHANNELS} 个）。"),
            path=("kind",),
            hint=Text("Remove one that is not needed (channelRemove).", "请先移除不需要的渠道（channelRemove）。"),
        )
    if channel.account_id and channel.kind is ChannelKind.SMS and await there.filter(kind=ChannelKind.SMS).exists():
        raise Refused(
            RefusalCode.INVALID,
            Text("Text messages come to your number already.", "您已开通短信通知。"),
            path=("kind",),
            hint=Text("Say with channelSet what should come.", "可通过 channelSet 设置接收内容。"),
        )


async def _oneself(viewer: Viewer, kind: ChannelKind) -> Account:
    """The viewer's account, if it can have a channel of this kind."""
    account = await Account.get_or_none(id=viewer.account_id) if viewer.roles else None
    if account is None:
        raise Refused(
            RefusalCode.FORBIDDEN,
            Text("Nobody is told anything without a role.", "没有有效任职，无法接收通知。"),
            path=("organisation_id",),
            hint=Text("Ask an administrator for a role.", "请联系管理员授予任职。"),
        )
    if account.kind is not AccountKind.PERSON or kind is ChannelKind.WEBHOOK:
        raise Refused(
            RefusalCode.INVALID,
            Text("Machines are told through an organisation's channels.", "系统对接须使用组织的通知渠道。"),
            path=("organisation_id",),
            hint=Text("Name the organisation.", "请填写组织。"),
        )
    return account


async def _aim(channel: Channel, account: Account | None, target: str, settings: Settings) -> None:
    """Note where the channel delivers to."""
    if channel.kind is ChannelKind.SMS and account is not None:
        without_target(
            target,
            Text("Your text messages go to the number of your account.", "短信将发送到本人账号的电话号码。"),
            hint=Text("Leave the target out; phoneChange changes the number.", "请勿填写目标；可通过 phoneChange 修改号码。"),
        )
        if account.phone_sealed is None:
            raise Refused(
                RefusalCode.INVALID,
                Text("Your account has no telephone number.", "您的账号尚未登记电话号码。"),
                path=("target",),
                hint=Text("Give it one with phoneChange first.", "请先通过 phoneChange 登记号码。"),
            )
        channel.hint = _OWN_NUMBER
        return
    if channel.kind is ChannelKind.SMS:
        target = sms_target(target)
        channel.hint = masked(target)
    else:
        channel.hint = target_hint(channel.kind, target, plain=settings.webhook_allow_private)
        channel.host = called(channel.kind, target)
    channel.target = seal(target, settings, of=f"{channel.id}.target")


async def set_channel(viewer: Viewer, channel_id: str, wishes: Wishes, *, expected_version: int | None = None) -> Channel:
    """Set what a channel wants, in place of all that was set before. What waits already is told at its time.

    Refuses NOT_FOUND (channel, compound), FORBIDDEN, STALE_VERSION and INVALID: a type that does not exist, quiet hours of no
    length or of one end, what is no time of day, and for a webhook whatever would let it wait.
    """
    async with in_transaction():
        channel = await theirs(viewer, channel_id, "channelSet")
        unchanged(channel.version, expected_version)
        columns = {**_columns(channel.kind, wishes), "compound_ids": await _compounds(viewer, channel, wishes.compound_ids)}
        before = {name: getattr(channel, name) for name in columns}
        channel.update_from_dict({**columns, "version": channel.version + 1})
        await channel.save()
        changed = [name for name in columns if before[name] != columns[name]]
        await record(
            actor_of(viewer),
            "channelSet",
            channel,
            before={name: before[name] for name in changed},
            after={name: columns[name] for name in changed},
        )
        return channel


def _columns(kind: ChannelKind, wishes: Wishes) -> dict[str, Any]:
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        raise Refused(
            RefusalCode.INVALID,
            Text("Quiet hours have a beginning and an end.", "免打扰时段须同时填写开始与结束时间。"),
            path=("quiet_from" if wishes.quiet_from is None else "quiet_to",),
            hint=Text("Give both, or neither.", "请同时填写，或都留空。"),
        )
    if wishes.quiet_from is not None and wishes.quiet_to is not None:
        QuietHours(clock_time(wishes.quiet_from, "quiet_from"), clock_time(wishes.quiet_to, "quiet_to"))
    if wishes.digest_at is not None:
        clock_time(wishes.digest_at, "digest_at")
    digest = wishes.digest or Digest.NONE
    if kind is ChannelKind.WEBHOOK and (wishes.quiet_from is not None or digest is not Digest.NONE):
        raise Refused(
            RefusalCode.INVALID,
            Text("A machine neither sleeps nor reads digests.", "网络回调不支持免打扰与汇总。"),
            path=("digest" if wishes.quiet_from is None else "quiet_from",),
            hint=Text("Leave quiet hours and digest out.", "请勿填写免打扰时段与汇总方式。"),
        )
    return {
        "types": None if wishes.types is None else checked_types(wishes.types),
        "least_severity": wishes.least_severity or Severity.MAJOR,
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "digest": digest,
        "digest_at": wishes.digest_at or "08:00",
        "language": wishes.language or NoticeLanguage.BOTH,
    }


async def _compounds(viewer: Viewer, channel: Channel, given: Sequence[str] | None) -> list[str] | None:
    """The compounds, which the viewer sees, of the channel's street."""
    if given is None:
        return None
    named = sorted(set(given))
    if not 1 <= len(named) <= _COMPOUNDS:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{len(named)} compounds are named.", f"共填写了 {len(named)} 个小区。"),
            path=("compound_ids",),
            hint=Text(f"Name 1 to {_COMPOUNDS}, or give null for all.", f"请填写 1 到 {_COMPOUNDS} 个；传 null 表示全部。"),
        )
    for compound_id in named:
        compound = await found(Compound, compound_id, viewer, path=("compound_ids",))
        if compound.street_id != channel.street_id:
            raise not_found(("compound_ids",))
    return named


async def remove_channel(viewer: Viewer, channel_id: str) -> Channel:
    """Stop telling through a channel; what still waits for it is given up. A channel that is removed stays as it is.

    Refuses NOT_FOUND, FORBIDDEN, and INVALID a person's own inbox.
    """
    async with in_transaction():
        channel = await theirs(viewer, channel_id, "channelRemove")
        if channel.kind is ChannelKind.LIVE and channel.account_id is not None:
            raise Refused(
                RefusalCode.INVALID,
                Text("An inbox of one's own stays.", "个人站内信不能移除。"),
                path=("id",),
                hint=Text("Say with channelSet what should come into it.", "可通过 channelSet 设置接收内容。"),
            )
        if channel.removed_at is None:
            channel.removed_at = datetime.now(UTC)
            await channel.save(update_fields=["removed_at"])
            held = Notice.filter(channel_id=channel.id, state=NoticeState.HELD)
            await held.update(state=NoticeState.DEAD, last_error="the channel was removed")
            await record(actor_of(viewer), "channelRemove", channel, after={"removed_at": channel.removed_at.isoformat()})
        return channel


async def theirs(viewer: Viewer, channel_id: str, act: str) -> Channel:
    """The channel, taken FOR UPDATE, if it is the viewer's own or they may do the act on it."""
    channel = await found(Channel, channel_id, viewer, lock=True)
    if channel.account_id is None or channel.account_id != viewer.account_id:
        permit(viewer, act, channel)
    return channel
