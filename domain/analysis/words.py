"""The words of the analysis of income and expenses (收支分析)."""

from domain.words import Word


class AnalysisBy(Word):
    """What income and expenses are told apart by."""

    MONTH = "MONTH", "按月", "By month."
    QUARTER = "QUARTER", "按季", "By quarter."
    YEAR = "YEAR", "按年", "By year."
    ACCOUNT = "ACCOUNT", "按科目", "By account: kinds of income, categories of expenses."
    COMPOUND = "COMPOUND", "按小区", "By compound."


class AnomalyKind(Word):
    """How spending strays from what is usual."""

    HIGH = "HIGH", "异常偏高", "Far more than is usual of this month."
    LOW = "LOW", "异常偏低", "Far less than is usual of this month."
    MISSING = "MISSING", "疑似漏记", "Nothing is booked of what is booked every month."
    FIRST = "FIRST", "首次大额", "A large amount of a kind that was hardly ever booked before."


class InvoiceFault(Word):
    """What may be wrong with invoices of one supplier."""

    SAME_NUMBER = "SAME_NUMBER", "发票号重复", "The same invoice number, however it was typed."
    SAME_AMOUNT = (
        "SAME_AMOUNT",
        "疑似重复报销",
        "The same amount to the same supplier within days, unlike what is paid regularly.",
    )
    SPLIT = "SPLIT", "疑似拆分", "Several amounts within days, each under the limit of approval, over it together."


class SizeBand(Word):
    """How large a compound is, by homes: compounds are compared with those of their size."""

    TINY = "TINY", "100户以下", "Fewer than 100 homes."
    SMALL = "SMALL", "100至499户", "100 to 499 homes."
    MEDIUM = "MEDIUM", "500至999户", "500 to 999 homes."
    LARGE = "LARGE", "1000户及以上", "1,000 homes or more."
