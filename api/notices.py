"""Channels and the notices sent through them."""

import models
from api.read.declare import column, many, node, one


@node(models.Channel, "Channel (通知渠道): a way to reach an organisation.")
class Channel:
    kind = column("How it delivers (类别).", filter=True)
    hint = column("Scheme and host of its target; the target itself is never shown (目标提示).")
    created_at = column("When it was added (添加时间).", sort=True)
    removed_at = column("When it was removed (移除时间).")
    organisation = one("Organisation", "Organisation it reaches (组织).", filter=True)
    notices = many("Notice", "What was sent through it (通知).", by="channel_id", sort="-created_at")


@node(models.Notice, "Notice (通知): one message to one channel, with its delivery.")
class Notice:
    type = column("What it tells (事件类型).")
    state = column("Where its delivery stands (状态).", filter=True)
    attempts = column("Attempts so far (尝试次数).")
    created_at = column("When it was written (创建时间).", sort=True)
    sent_at = column("When the channel accepted it (送达时间).")
    last_error = column("Why the last attempt failed (最近错误).")
    channel = one("Channel", "Channel (渠道).", filter=True)
    alert = one("Alert", "Alert it tells of (告警).", filter=True)
    ticket = one("Ticket", "Ticket it tells of (工单).")
