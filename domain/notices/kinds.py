"""The words of notification."""

from domain.words import Word


class ChannelKind(Word):
    """How a channel delivers."""

    WEBHOOK = "WEBHOOK", "网络回调", "A signed HTTP POST (Standard Webhooks)."
    MAIL = "MAIL", "邮件", "Mail."
    WECOM = "WECOM", "企业微信", "A WeCom group robot."
    DINGTALK = "DINGTALK", "钉钉", "A DingTalk group robot."
    FEISHU = "FEISHU", "飞书", "A Feishu group robot."
    SMS = "SMS", "短信", "A text message to a telephone."
    LIVE = "LIVE", "站内信", "The inbox: read in the product, told over subscriptions."


class NoticeState(Word):
    """Where a notice stands."""

    HELD = "HELD", "暂缓", "Waits for a digest, or for the end of quiet hours."
    GATHERED = "GATHERED", "已汇总", "Was told in a digest."
    PENDING = "PENDING", "待发送", "Waits for its next attempt."
    SENT = "SENT", "已送达", "The channel accepted it."
    DEAD = "DEAD", "发送失败", "Given up after the last attempt."


class Digest(Word):
    """How often a channel is told what can wait."""

    NONE = "NONE", "即时", "At once."
    HOURLY = "HOURLY", "每小时汇总", "Once an hour, on the hour."
    DAILY = "DAILY", "每日汇总", "Once a day, at a time of its own."


class Language(Word):
    """A language in which words are written."""

    ZH = "ZH", "中文", "Simplified Chinese."
    EN = "EN", "英文", "English."

    @property
    def tag(self) -> str:
        """As texts are stored: ``zh-CN``, ``en``."""
        return "zh-CN" if self is Language.ZH else "en"


class NoticeLanguage(Word):
    """In which language a channel is told."""

    ZH = "ZH", "中文", "Simplified Chinese."
    EN = "EN", "英文", "English."
    BOTH = "BOTH", "中英双语", "Chinese, then English."

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(Language) if self is NoticeLanguage.BOTH else (Language(self.value),)
