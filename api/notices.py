"""Channels and the notices sent through them."""

import models
from api.read.declare import column, many, node, one


@node(models.Channel, "Channel (通知渠道): a way to reach an organisation.")
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
    organisation = one("Organisation", "Organisation it reaches (组织).", filter=True)
    notices = many("Notice", "What was sent through it (通知).", by="channel_id", sort="-created_at")


@node(models.Notice, "Notice (通知): one message to one channel, with its delivery.")
class Notice:
    type = column("What it tells (事件类型).")
    state = column("Where its delivery stands (状态).", filter=True)
    sequence = column("Its number among what the webhook tells (序号).")
    attempts = column("Attempts so far (尝试次数).")
    next_attempt_at = column("When it is tried next (下次尝试时间).")
    created_at = column("When it was written (创建时间).", sort=True)
    sent_at = column("When the channel accepted it (送达时间).")
    last_error = column("Why the last attempt failed (最近错误).")
    channel = one("Channel", "Channel (渠道).", filter=True)
    alert = one("Alert", "Alert it tells of (告警).", filter=True)
    ticket = one("Ticket", "Ticket it tells of (工单).")
    deliveries = many("NoticeAttempt", "Attempts to deliver it (投递记录), newest first.", by="notice_id", sort="-at")


@node(models.NoticeAttempt, "Attempt to deliver a notice (投递记录).")
class NoticeAttempt:
    at = column("When it was made (时间).", sort=True)
    outcome = column("How it ended (结果).")
    status = column("Status of HTTP (状态码), where a webhook answered.")
    milliseconds = column("How long it took (耗时毫秒).")
    problem = column("What was wrong (错误).")
    notice = one("Notice", "Notice (通知).")
