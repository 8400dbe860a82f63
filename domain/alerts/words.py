"""The words of alerts. One alert is open per rule and subject; acknowledged and cleared are independent."""

from domain.words import Word


class Severity(Word):
    """How bad an alert is, worst first."""

    CRITICAL = "CRITICAL", "紧急", "Life or fire: act at once."
    MAJOR = "MAJOR", "重要", "Protection is lost or harm is near."
    MINOR = "MINOR", "一般", "To be put right within days."
    WARNING = "WARNING", "提示", "To be watched."

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Severity).index(self)

    def worse_than(self, other: "Severity") -> bool:
        return self.rank < other.rank


class AlertState(Word):
    """Whether the condition behind an alert still holds, or ever did."""

    OPEN = "OPEN", "未解除", "The condition holds, or nobody has cleared it."
    CLEARED = "CLEARED", "已解除", "The condition is gone or a person cleared it."
    WITHDRAWN = "WITHDRAWN", "已撤回", "Late readings showed that it never was, or that it is part of another alert."


class AlertOutcome(Word):
    """What an alert turned out to be; counted per device and rule."""

    REAL = "REAL", "真实", "It was what it said."
    FALSE_ALARM = "FALSE_ALARM", "误报", "Nothing was wrong."
    TEST = "TEST", "测试", "Somebody tested the device."
    DUPLICATE = "DUPLICATE", "重复", "Another alert already told it."
