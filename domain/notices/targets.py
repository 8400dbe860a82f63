"""What the target of a channel must look like, and what may be shown of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from domain.phones import normalised
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .kinds import ChannelKind


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


def hosts(kind: ChannelKind, target: str) -> list[str]:
    """The hosts that a good target names itself: those of services are not among them."""
    parts = urlsplit(target)
    form = TARGETS[kind][parts.scheme]
    named = dict(parse_qsl(parts.query)) if form.parameters else {}
    return [] if form.service else [each for each in (parts.hostname, named.get("smtp")) if each]


_PORTS = {"https": 443, "http": 80}


def called(kind: ChannelKind, target: str) -> str:
    """The host, with its port where the target names or implies one, that a good target is delivered to."""
    parts = urlsplit(target)
    form = TARGETS[kind][parts.scheme]
    smtp = dict(parse_qsl(parts.query)).get("smtp") if form.parameters else None
    host = (form.service or smtp or parts.hostname or "").lower()
    port = None if form.service else parts.port or _PORTS.get(parts.scheme)
    return f"{host}:{port}" if port else host


def sms_target(target: str) -> str:
    """The telephone number of an SMS channel as E.164 has it. Refuses (INVALID, path ``target``) none, and what is no number."""
    if not target.strip():
        raise Refused(
            RefusalCode.INVALID,
            Text("An SMS channel needs a telephone number.", "短信渠道需要填写电话号码。"),
            path=("target",),
            hint=Text("Give the number as its target.", "请在目标中填写号码。"),
        )
    return normalised(target, "target")


def without_target(target: str | None, why: Text, *, hint: Text | None = None) -> None:
    """Refuses (INVALID, path ``target``) a target where there is none to give."""
    if target:
        raise Refused(RefusalCode.INVALID, why, path=("target",), hint=hint or Text("Leave the target out.", "请勿填写目标。"))
