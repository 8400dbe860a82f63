"""Mutations on channels; the acts are in models/notices."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.notices import ChannelKind
from models import notices

from .payloads import OnceInput, Payload, mutation

graphql_enum(ChannelKind)

_CHANNEL = "The channel as it is now (通知渠道); null when refused."


@strawberry.input(description="A channel to add.")
class ChannelAddInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织) that it reaches.")
    kind: ChannelKind = strawberry.field(description="How it delivers (类别).")
    target: str = strawberry.field(description="Where to (目标): an address of that kind; never shown again.")


@strawberry.type(description="What a channel's secret comes with.")
class _SecretPayload(Payload):
    secret: str | None = strawberry.field(
        description="Secret that signs what a WEBHOOK channel sends; shown this once, null on a retry and for other kinds.",
        default=None,
    )


@bound("What channelAdd answers.")
class ChannelAddPayload(_SecretPayload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Add a way to reach an organisation (添加通知渠道).")
async def channel_add(context: Context, given: ChannelAddInput) -> ChannelAddPayload:
    channel, secret = await notices.add_channel(
        context.viewer, given.organisation_id, given.kind, given.target, settings=context.settings
    )
    return ChannelAddPayload(subject_id=channel.id, secret=secret or None)


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
