"""Channels, the notices told through them, and the words they are told in."""

from typing import Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, localised, many, node, one
from domain.notices import EVENT_TYPES, Language

graphql_enum(Language)


@node(models.Channel, "Channel (通知渠道): a way to reach an organisation or a person, and what is told through it when.")
class Channel:
    kind = column("How it delivers (类别).", filter=True)
    hint = column("Scheme and host of its target; the target itself is never shown (目标提示).")
    created_at = column("When it was added (添加时间).", sort=True)
    removed_at = column("When it was removed (移除时间).")
    paused_at = column("When it was paused (暂停时间); null: it is not.")
    pause_reason = column("Why it is paused (暂停原因).")
    breaker = column("Whether its target is called (熔断状态).")
    failing_since = column("Since when its target has accepted nothing (持续失败起始时间).")
    sequence = column("The number (序号) that a webhook gave last.")
    old_secret_until = column("Until when the secret before signs as well (旧密钥截止时间).")
    types = column("Types of events (事件类型) that are told through it, and no others; null: all that are for people or for it.")
    compound_ids = column("Compounds (小区) of which it is told, and of no others; null: all.")
    least_severity = column("The mildest severity (最低级别) that is told; what has none is told.")
    quiet_from = column("When quiet hours begin (免打扰开始), such as 22:00: what is not CRITICAL waits for their end.")
    quiet_to = column("When quiet hours end (免打扰结束).")
    digest = column("How often it is told what can wait (汇总方式).")
    digest_at = column("When a DAILY digest comes (每日汇总时间).")
    language = column("In which language it is told (语言).")
    version = column("Counts the changes of what it wants (版本).")
    organisation = one("Organisation", "Organisation it reaches (组织); null for a person's.", filter=True)
    account = one("Account", "Person it reaches (个人); null for an organisation's.")
    notices = many("Notice", "What was told through it (通知).", by="channel_id", sort="-created_at")


@node(models.Notice, "Notice (通知): one message to one channel, with its delivery.")
class Notice:
    type = column("What it tells (事件类型).", filter=True)
    title = localised("Its title (标题), in the language of the request.")
    body = localised("Its text (正文), in the language of the request.")
    severity = column("How bad it is (级别); null where it has none.")
    state = column("Where its delivery stands (状态).", filter=True)
    sequence = column("Its number among what the webhook tells (序号).")
    attempts = column("Attempts so far (尝试次数).")
    next_attempt_at = column("When it is tried next (下次尝试时间).")
    created_at = column("When it was written (创建时间).", sort=True)
    due_at = column("Until when it waits, or waited, for a digest or through quiet hours (暂缓至); null: it did not.")
    sent_at = column("When the channel accepted it (送达时间).")
    read_at = column("When it was first read in the inbox (阅读时间).")
    last_error = column("Why the last attempt failed (最近错误).")
    channel = one("Channel", "Channel (渠道).", filter=True)
    alert = one("Alert", "Alert it tells of (告警).", filter=True)
    ticket = one("Ticket", "Ticket it tells of (工单).")
    compound = one("Compound", "Compound it tells of (小区).")
    digest = one("Notice", "The digest in which it was told (汇总通知).")
    deliveries = many("NoticeAttempt", "Attempts to deliver it (投递记录), newest first.", by="notice_id", sort="-at")


@node(models.NoticeAttempt, "Attempt to deliver a notice (投递记录).")
class NoticeAttempt:
    at = column("When it was made (时间).", sort=True)
    outcome = column("How it ended (结果).")
    status = column("Status of HTTP (状态码), where a webhook answered.")
    milliseconds = column("How long it took (耗时毫秒).")
    problem = column("What was wrong (错误).")
    notice = one("Notice", "Notice (通知).")


@node(models.NoticeTemplate, "Notice template (通知模板): words that a street wrote itself for one type in one language.")
class NoticeTemplate:
    type = column("What is told in these words (事件类型).", filter=True, sort=True)
    language = column("Language (语言).")
    title = column("Title (标题), with fields in braces.")
    body = column("Text (正文), with fields in braces; a line whose fields all have no value is left out.")
    changed_at = column("When it was written (修改时间).")
    street = one("Place", "Street (街道).")


@strawberry.type(description="A field that templates of a type may name (模板字段).")
class NoticeField:
    name: str = strawberry.field(description="Its name, as it stands in braces (字段名).")
    meaning: str = strawberry.field(description="What it is, in the language of the request (含义).")


@strawberry.type(description="The words in which everybody is told of a type, unless their street has its own (默认模板).")
class NoticeWords:
    language: Language = strawberry.field(description="Language (语言).")
    title: str = strawberry.field(description="Title (标题).")
    body: str = strawberry.field(description="Text (正文).")


@strawberry.type(description="Type of what is told (通知类型).")
class NoticeType:
    type: str = strawberry.field(description="Its name, for channelSet and templates (类型).")
    meaning: str = strawberry.field(description="What happened, in the language of the request (含义).")
    machines: bool = strawberry.field(description="Whether people hear of it only if they ask for it by name (系统类).")
    asked: bool = strawberry.field(description="Whether a channel can ask for it by name (可订阅).")
    fields: list[NoticeField] = strawberry.field(description="What templates may name (可用字段).")
    words: list[NoticeWords] = strawberry.field(description="The words that everybody has (默认模板).")


def _types(info: strawberry.Info[Context, Any]) -> list[NoticeType]:
    if info.context.viewer.account_id is None:
        return []
    language = info.context.language
    return [
        NoticeType(
            type=name,
            meaning=type_.name.say(language),
            machines=type_.machines,
            asked=type_.asked,
            fields=[NoticeField(name=field, meaning=meaning.say(language)) for field, meaning in type_.known.items()],
            words=[
                NoticeWords(language=each, title=type_.title.say(each.tag), body=type_.body.say(each.tag)) for each in Language
            ],
        )
        for name, type_ in EVENT_TYPES.items()
    ]


notice_types = strawberry.field(_types, description="Types of what is told (通知类型); none for the anonymous.")
