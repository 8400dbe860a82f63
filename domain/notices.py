"""The words of notification, and when a failed delivery is tried again."""

from datetime import timedelta

from .words import Word


class ChannelKind(Word):
    """How a channel delivers."""

    WEBHOOK = "WEBHOOK", "网络回调", "A signed HTTP POST (Standard Webhooks)."
    MAIL = "MAIL", "邮件", "Mail."
    WECOM = "WECOM", "企业微信", "A WeCom group robot."
    DINGTALK = "DINGTALK", "钉钉", "A DingTalk group robot."
    FEISHU = "FEISHU", "飞书", "A Feishu group robot."


class NoticeState(Word):
    """Where a notice stands."""

    PENDING = "PENDING", "待发送", "Waits for its next attempt."
    SENT = "SENT", "已送达", "The channel accepted it."
    DEAD = "DEAD", "发送失败", "Given up after the last attempt."


MAX_ATTEMPTS = 10


def back_off(attempts: int) -> timedelta | None:
    """The wait before the next attempt after ``attempts`` failures; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=min(5 * 3 ** (attempts - 1), 3600))
