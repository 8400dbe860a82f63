"""The words of what is done on a schedule."""

from .words import Word


class CheckResult(Word):
    """How the newest due moment of a check went."""

    NOT_YET = "NOT_YET", "尚未运行", "It has not been due since it was set up."
    WAITING = "WAITING", "等待中", "It is due and runs now, or is about to."
    DONE = "DONE", "已完成", "It ran to its end."
    FAILING = "FAILING", "重试中", "It failed and is tried again."
    GIVEN_UP = "GIVEN_UP", "已放弃", "It failed too often; it runs again when it is next due."
