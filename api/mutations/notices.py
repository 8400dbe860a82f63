"""Mutations on how channels and their notices are delivered; the acts are in models/notices."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.notices.delivery import Breaker, Outcome, PauseReason
from models.notices import pausing, resending, webhooks

from .payloads import OVERLAP, OnceInput, Payload, SecretPayload, mutation

graphql_enum(Breaker)
graphql_enum(Outcome)
graphql_enum(PauseReason)

_CHANNEL = "The channel as it is now (通知渠道); null when refused."


@strawberry.input(description="A channel to try out.")
class ChannelTestInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道).")


@bound("What channelTest answers.")
class ChannelTestPayload(Payload):
    notice = by_id("Notice", "subject_id", description="The test (测试通知): its deliveries tell what came of it.")


@mutation("Try a channel out (测试通知渠道): one notice that says so, sent once and even if the channel is paused.")
async def channel_test(context: Context, given: ChannelTestInput) -> ChannelTestPayload:
    return ChannelTestPayload(subject_id=(await resending.try_channel(context.viewer, given.id)).id)


@strawberry.input(description="A channel to pause.")
class ChannelPauseInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道).")


@bound("What channelPause answers.")
class ChannelPausePayload(Payload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Hold back what a channel is to tell (暂停通知渠道), until channelResume.")
async def channel_pause(context: Context, given: ChannelPauseInput) -> ChannelPausePayload:
    return ChannelPausePayload(subject_id=(await pausing.pause_channel(context.viewer, given.id)).id)


@strawberry.input(description="A channel to resume.")
class ChannelResumeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道).")


@bound("What channelResume answers.")
class ChannelResumePayload(Payload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Let a paused channel tell again (恢复通知渠道), and first what has waited.")
async def channel_resume(context: Context, given: ChannelResumeInput) -> ChannelResumePayload:
    return ChannelResumePayload(subject_id=(await pausing.resume_channel(context.viewer, given.id)).id)


@strawberry.input(description="A channel whose dead notices are to be sent again.")
class ChannelResendInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道).")


@strawberry.type(description="How much is sent again.")
class _CountPayload(Payload):
    count: int | None = strawberry.field(description="How many notices (数量) are sent again; null when refused.", default=None)


@bound("What channelResend answers.")
class ChannelResendPayload(_CountPayload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Send again all that a channel gave up (重发失败通知), the oldest thousand at a time.")
async def channel_resend(context: Context, given: ChannelResendInput) -> ChannelResendPayload:
    channel, count = await resending.resend_channel(context.viewer, given.id)
    return ChannelResendPayload(subject_id=channel.id, count=count)


@strawberry.input(description="A dead notice to send again.")
class NoticeResendInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Notice (通知) that was given up.")


@bound("What noticeResend answers.")
class NoticeResendPayload(Payload):
    notice = by_id("Notice", "subject_id", description="The notice as it is now (通知); null when refused.")


@mutation("Send again one notice that was given up (重发通知): with the id and the number that it had.")
async def notice_resend(context: Context, given: NoticeResendInput) -> NoticeResendPayload:
    return NoticeResendPayload(subject_id=(await resending.resend_notice(context.viewer, given.id)).id)


@strawberry.input(description="What a webhook is to tell again.")
class WebhookReplayInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道) of kind WEBHOOK.")
    from_sequence: int = strawberry.field(description="The first number (序号) that is told again.")


@strawberry.type(description="How far it is told again.")
class _ReplayPayload(_CountPayload):
    last_sequence: int | None = strawberry.field(
        description="The last number (序号) among them: go on after it where there were a thousand.", default=None
    )


@bound("What webhookReplay answers.")
class WebhookReplayPayload(_ReplayPayload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Tell again what a webhook told from a number on (重放网络回调), a thousand at a time, with the ids that it had.")
async def webhook_replay(context: Context, given: WebhookReplayInput) -> WebhookReplayPayload:
    channel, count, last = await webhooks.replay(context.viewer, given.id, given.from_sequence)
    return WebhookReplayPayload(subject_id=channel.id, count=count, last_sequence=last)


@strawberry.input(description="A webhook whose secret is to be replaced.")
class WebhookRotateSecretInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Channel (通知渠道) of kind WEBHOOK.")
    overlap_hours: int = strawberry.field(description=OVERLAP, default=24)


@bound("What webhookRotateSecret answers.")
class WebhookRotateSecretPayload(SecretPayload):
    channel = by_id("Channel", "subject_id", description=_CHANNEL)


@mutation("Replace the secret that signs a webhook (轮换签名密钥): during the overlap both sign.")
async def webhook_rotate_secret(context: Context, given: WebhookRotateSecretInput) -> WebhookRotateSecretPayload:
    channel, secret = await webhooks.rotate_secret(context.viewer, given.id, given.overlap_hours, settings=context.settings)
    return WebhookRotateSecretPayload(subject_id=channel.id, secret=secret)
