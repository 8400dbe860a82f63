"""How the HTTP door says no before GraphQL begins: a status, a code for programs, a sentence for people."""

from collections.abc import Mapping

import orjson

from domain.refusals import RefusalCode, Refused
from domain.words import Text


class Problem(Exception):
    """A request that is not answered. ``headers`` are added to the answer, ``extensions`` to those of the error."""

    def __init__(
        self, status: int, code: str, text: Text, headers: Mapping[str, str] | None = None, **extensions: object
    ) -> None:
        super().__init__(text.en)
        self.status = status
        self.code = code
        self.text = text
        self.headers = dict(headers or {})
        self.extensions = extensions

    def errors(self, language: str) -> list[dict[str, object]]:
        """As GraphQL errors, in the language of the reader."""
        return [{"message": self.text.say(language), "extensions": {"code": self.code, **self.extensions}}]

    def body(self, language: str) -> bytes:
        """A GraphQL response without data."""
        return orjson.dumps({"errors": self.errors(language)})


def bad_request(en: str, zh: str) -> Problem:
    """400: the request cannot be understood; the sentence says what to mend."""
    return Problem(400, "BAD_REQUEST", Text(en, zh))


def unauthenticated() -> Problem:
    """401, in the same words whatever is wrong with the token."""
    return Problem(
        401,
        "UNAUTHENTICATED",
        Text("The access token is not valid, or no longer. Log in again.", "访问令牌无效或已过期，请重新登录。"),
        {"www-authenticate": 'Bearer realm="steward", error="invalid_token"'},
    )


#: What a door that is not GraphQL's answers a refusal with; 422 for all others.
STATUS = {
    RefusalCode.NOT_FOUND: 404,
    RefusalCode.FORBIDDEN: 403,
    RefusalCode.UNAUTHENTICATED: 401,
    RefusalCode.CONFLICT: 409,
    RefusalCode.RATE_LIMITED: 429,
}


def refusal(refused: Refused, headers: Mapping[str, str] | None = None) -> Problem:
    """An act's refusal at a door that is not GraphQL's."""
    text = Text(_said(refused, "en"), _said(refused, "zh-CN"))
    return Problem(STATUS.get(refused.code, 422), refused.code, text, headers)


def _said(refused: Refused, language: str) -> str:
    return f"{refused.message.say(language)} {refused.hint.say(language)}".strip()


def method_not_allowed(allow: str, en: str, zh: str) -> Problem:
    """405. ``allow``: the methods that would do."""
    return Problem(405, "METHOD_NOT_ALLOWED", Text(en, zh), {"allow": allow})


def too_many(en: str, zh: str) -> Problem:
    """429: a limit per viewer."""
    return Problem(429, "RATE_LIMITED", Text(en, zh), {"retry-after": "10"})


def too_fast(wait: int) -> Problem:
    """429: a limit per minute; the next begins in ``wait`` seconds."""
    text = Text(f"Too many requests in this minute: wait {wait} s.", f"本分钟内请求过多，请在 {wait} 秒后重试。")
    return Problem(429, "RATE_LIMITED", text, {"retry-after": str(wait)})


def uncounted() -> Problem:
    """503: Redis does not answer, so that nobody counts who tries how often."""
    return Problem(
        503,
        "UNAVAILABLE",
        Text("Log-ins cannot be counted now, so none is taken; try again.", "暂时无法统计登录次数，因此不受理登录，请稍后再试。"),
        {"retry-after": "5"},
    )


def full() -> Problem:
    """503: the process has as many sockets and streams as it may."""
    return Problem(
        503,
        "UNAVAILABLE",
        Text("Too many clients are connected; try again later.", "连接数已满，请稍后再试。"),
        {"retry-after": "30"},
    )


def unavailable() -> Problem:
    """503: the database does not answer."""
    return Problem(
        503,
        "UNAVAILABLE",
        Text("The database does not answer; try again.", "数据库暂时无法响应，请稍后再试。"),
        {"retry-after": "2"},
    )


def issuer_away() -> Problem:
    """503: the issuer of the token has not told its keys yet."""
    return Problem(
        503,
        "UNAVAILABLE",
        Text("The issuer of the token does not answer; try again.", "令牌签发方暂时无法响应，请稍后再试。"),
        {"retry-after": "30"},
    )


def internal(fault: str) -> Problem:
    """500. ``fault`` is the id of the log entry."""
    return Problem(
        500,
        "INTERNAL",
        Text(f"A fault of ours; tell support its number: {fault}.", f"系统内部错误，请向技术支持提供编号：{fault}。"),
        id=fault,
    )
