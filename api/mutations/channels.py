"""Mutations on channels; the acts are in models/notices."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.alerts import Severity
from domain.notices import ChannelKind, Digest, NoticeLanguage
from models import notices

from .payloads import ChangeInput, OnceInput, Payload, mutation

for _word in (ChannelKind, Digest, NoticeLanguage, Severity):
    graphql_enum(_word)

_CHANNEL = "The channel as it is now (通知渠道); null when refused."


@strawberry.input(description="A channel to add.")
class ChannelAddInput(OnceInput):
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Organisation (组织) that it reaches; none: yourself.", default=strawberry.UNSET
    )
    kind: ChannelKind = strawberry.field(description="How it delivers (类别).")
    target: str | None = strawberry.field(
        description="Where to (目标): an address of that kind, never shown again; a telephone number for SMS. None for LIVE,"
        " and for your own SMS, which goes to the number of your account.",
        default=strawberry.UNSET,
    )


@strawberry.type(description="What a channel's secret comes with.")
class _SecretPayload(Payload):
    secret: str | None = strawberry.field(
        description="Secret that signs what a WEBHOOK channel sends; shown this once, null on a retry and for other kinds.",
        default=None,
    )


@bound("What channelAdd answers.")
class ChannelAddPayload(_SecretPayload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


async def _look_up(context: Context, given: ChannelAddInput) -> None:
    await notices.look_up(context.viewer, given.organisation_id, given.kind, given.target, settings=context.settings)


@mutation("Add a way to reach an organisation, or yourself (添加通知渠道).", before=_look_up)
async def channel_add(context: Context, given: ChannelAddInput) -> ChannelAddPayload:
    channel, secret = await notices.add_channel(
        context.viewer, given.organisation_id, given.kind, given.target, settings=context.settings
    )
    return ChannelAddPayload(subject_id=channel.id, secret=secret or None)


@strawberry.input(description="What a channel wants, in place of all that was set: what is left out is as on a new channel.")
class ChannelSetInput(ChangeInput):
    types: list[str] | None = strawberry.field(
        description="Types of events (事件类型), see noticeTypes; none: all.",
        default=strawberry.UNSET,
    )
    compound_ids: list[strawberry.ID] | None = strawberry.field(
        description="Compounds (小区), 1 to 200; none: all.", default=strawberry.UNSET
    )
    least_severity: Severity | None = strawberry.field(
        description="The mildest severity (最低级别); MAJOR unless given.", default=strawberry.UNSET
    )
    quiet_from: str | None = strawberry.field(
        description="When quiet hours begin (免打扰开始), such as 22:00; CRITICAL passes them.", default=strawberry.UNSET
    )
    quiet_to: str | None = strawberry.field(description="When they end (免打扰结束).", default=strawberry.UNSET)
    digest: Digest | None = strawberry.field(
        description="How often it is told what can wait (汇总方式); NONE unless given. CRITICAL never waits.",
        default=strawberry.UNSET,
    )
    digest_at: str | None = strawberry.field(
        description="When a DAILY digest comes (每日汇总时间); 08:00 unless given.", default=strawberry.UNSET
    )
    language: NoticeLanguage | None = strawberry.field(
        description="In which language (语言); BOTH unless given.", default=strawberry.UNSET
    )


@bound("What channelSet answers.")
class ChannelSetPayload(Payload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Say what a channel is told, and when (设置通知偏好): of an organisation, or your own.")
async def channel_set(context: Context, given: ChannelSetInput) -> ChannelSetPayload:
    wishes = notices.Wishes(
        types=given.types,
        compound_ids=given.compound_ids,
        least_severity=given.least_severity,
        quiet_from=given.quiet_from,
        quiet_to=given.quiet_to,
        digest=given.digest,
        digest_at=given.digest_at,
        language=given.language,
    )
    changed = await notices.set_channel(context.viewer, given.id, wishes, expected_version=given.expected_version)
    return ChannelSetPayload(subject_id=changed.id)


@strawberry.input(description="A channel to remove.")
class ChannelRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道).")


@bound("What channelRemove answers.")
class ChannelRemovePayload(Payload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Stop telling through a channel (移除通知渠道); what waits for it is given up.")
async def channel_remove(context: Context, given: ChannelRemoveInput) -> ChannelRemovePayload:
    changed = await notices.remove_channel(context.viewer, given.id)
    return ChannelRemovePayload(subject_id=changed.id)
