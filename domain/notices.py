"""The words of notification, what a channel's target must look like, and when a failed delivery is tried again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from .alerts import Severity
from .refusals import RefusalCode, Refused
from .words import Text, Word


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


#: What a notice tells: its ``type``, as receivers of webhooks see it.
ALERT_RAISED = "steward.alert.raised.v1"
ALERT_CLEARED = "steward.alert.cleared.v1"
TICKET_OPENED = "steward.ticket.opened.v1"


@dataclass(frozen=True)
class EventType:
    """A kind of thing that is told. ``machines``: people are not told of it, unless they asked for it by name."""

    name: Text
    machines: bool = False


#: Everything that is told, by its type.
EVENT_TYPES: Mapping[str, EventType] = {
    ALERT_RAISED: EventType(Text("An alert was raised.", "发生告警。")),
    ALERT_CLEARED: EventType(Text("An alert is over.", "告警解除。")),
    TICKET_OPENED: EventType(Text("A ticket was opened.", "工单提交。"), machines=True),
}


@dataclass(frozen=True)
class Announcement:
    """Something that happened and must be told.

    ``type``: one of EVENT_TYPES. ``topic``: it is told once per channel and topic. ``data``: ids, words and times; nothing
    about a person. ``severity``: CRITICAL waits for nothing. ``organisations``: whose channels are told. ``accounts``: people
    who are told through channels of their own. ``concerned``: organisations whose channels hear of it if they asked for
    its type by name.
    """

    type: str
    topic: str
    data: Mapping[str, Any]
    street_id: str
    compound_id: str | None
    severity: Severity | None = None
    organisations: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    concerned: frozenset[str] = frozenset()
    alert_id: str | None = None
    ticket_id: str | None = None


MAX_ATTEMPTS = 10


def back_off(attempts: int) -> timedelta | None:
    """The wait before the next attempt after ``attempts`` failures; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=min(5 * 3 ** (attempts - 1), 3600))


@dataclass(frozen=True)
class Form:
    """What targets of one scheme look like.

    ``service``: the host that is called, where the target does not name it. ``plain``: nothing is encrypted.
    """

    example: str
    service: str = ""
    plain: bool = False
    parameters: frozenset[str] = frozenset()


_MAIL = frozenset({"smtp", "from", "name", "to", "mode"})
_MAIL_EXAMPLE = "mailtos://USER:PASSWORD@example.com?smtp=smtp.example.com&to=duty@example.com"

#: Per kind: the schemes of its targets. Anything else, such as a parameter that would read a file, is refused.
TARGETS: Mapping[ChannelKind, Mapping[str, Form]] = {
    ChannelKind.WEBHOOK: {
        "https": Form("https://example.com/hooks/steward"),
        "http": Form("http://example.com/hooks/steward", plain=True),
    },
    ChannelKind.MAIL: {
        "mailtos": Form(_MAIL_EXAMPLE, parameters=_MAIL),
        "mailto": Form(_MAIL_EXAMPLE, parameters=_MAIL),
    },
    ChannelKind.WECOM: {"wecombot": Form("wecombot://KEY", service="qyapi.weixin.qq.com")},
    ChannelKind.DINGTALK: {"dingtalk": Form("dingtalk://SECRET@TOKEN", service="oapi.dingtalk.com")},
    ChannelKind.FEISHU: {
        "feishu": Form("feishu://TOKEN", service="open.feishu.cn"),
        "lark": Form("lark://TOKEN", service="open.larksuite.com"),
    },
}
_TARGET_MAX = 1_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,200}")
_HOST = re.compile(r"[^\s/?#@]{1,253}")


def target_hint(kind: ChannelKind, target: str, *, plain: bool = False) -> str:
    """What may be shown of a target: its scheme and the host that is called, never a token, path or password.

    Refuses (INVALID, path ``target``) a target that is none of the kind's forms; ``plain`` allows ``http`` too.
    """
    forms = TARGETS[kind]
    try:
        parts = urlsplit(target)
        form = forms.get(parts.scheme)
        host = parts.hostname or ""
        good = form is not None and _readable(target) and (plain or not form.plain) and _fits(form, parts, host)
    except ValueError:  # a port or an address in brackets that is none
        form, host, good, parts = None, "", False, None
    if not good or form is None or parts is None:
        example = next(iter(forms.values())).example
        raise Refused(
            RefusalCode.INVALID,
            Text(f"This is not a target of a {kind} channel.", f"这不是有效的{kind.zh}地址。"),
            path=("target",),
            hint=Text(f"Write it like {example}", f"请按此格式填写：{example}"),
        )
    return f"{parts.scheme}://{form.service or host}"[:120]


def _readable(target: str) -> bool:
    return len(target) <= _TARGET_MAX and target.isprintable() and " " not in target


def _fits(form: Form, parts: SplitResult, host: str) -> bool:
    named = parse_qsl(parts.query, keep_blank_values=True)
    if form.service:
        name = parts.netloc.rpartition("@")[2]
        return bool(_TOKEN.fullmatch(name)) and parts.path in {"", "/"} and not named and not parts.fragment
    if parts.port == 0 or not _HOST.fullmatch(host):
        return False
    if form.parameters:
        return {name for name, _ in named} <= form.parameters and len(named) == len(dict(named))
    return parts.username is None and not parts.fragment


def letter(type_: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """A notice as people read it: a title and a body, Chinese before English."""
    alert, compound = data["alert"], data["compound"]
    severity = Severity(alert["severity"])
    cleared = type_ == ALERT_CLEARED
    title = f"[{'已解除' if cleared else severity.zh}] {compound['name']}"
    lines = [data["message"].get("zh-CN", ""), data["message"].get("en", ""), f"{compound['name']} ({compound['code']})"]
    at = datetime.fromisoformat(alert["clearedAt"] if cleared else alert["lastSeenAt"])
    lines.append(f"{'解除时间 Cleared' if cleared else '发生时间 Seen'}: {at:%Y-%m-%d %H:%M}")
    if data.get("ticket"):
        lines.append(f"工单 Ticket: {data['ticket']['number']}")
    return title, "\n".join(line for line in lines if line)
