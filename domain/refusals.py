"""How an act says no: a code for programs, a field to mend, a sentence and a remedy for people."""

from .words import Text, Word


class RefusalCode(Word):
    """Why an act was refused."""

    NOT_FOUND = "NOT_FOUND", "不存在", "There is no such thing, or the viewer may not know of it."
    FORBIDDEN = "FORBIDDEN", "无权限", "The viewer sees it but may not do this."
    UNAUTHENTICATED = "UNAUTHENTICATED", "未登录", "Nobody is logged in, or the log-in failed."
    INVALID = "INVALID", "输入有误", "A value of the input is wrong."
    ILLEGAL_MOVE = "ILLEGAL_MOVE", "状态不允许", "The state does not allow this move."
    STALE_VERSION = "STALE_VERSION", "版本已过期", "Somebody changed it since it was read."
    CONFLICT = "CONFLICT", "冲突", "It collides with something that exists."
    RATE_LIMITED = "RATE_LIMITED", "过于频繁", "Too many attempts; wait."


class Refused(Exception):
    """An expected refusal. ``path`` names the input field, outermost first."""

    def __init__(self, code: RefusalCode, message: Text, *, path: tuple[str, ...] = (), hint: Text | None = None) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.path = path
        self.hint = hint or Text("", "")
