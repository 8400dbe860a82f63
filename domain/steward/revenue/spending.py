"""What is told of spending that strays from what is usual of it, or from what was planned."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Below, Checked, Limits
from domain.analysis import AnomalyKind, Bounds
from domain.steward.rules import OWN, Figure, Rule, Worse
from domain.words import Text

_AGAIN = timedelta(days=60)


def _margin(unit: str, most: float) -> Figure:
    return Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, unit, 0, most, OWN)


#: How sure it must be, and how much must be at stake.
_SURE = {
    "deviations": Figure(
        Text("So many robust deviations off what is usual.", "偏离往常的稳健标准差倍数。"),
        3.5,
        "",
        2,
        10,
        "Iglewicz and Hoaglin (1993)",
    ),
    "large_deviations": Figure(Text("Where much is at stake, so many do.", "金额占比较大时的偏离倍数。"), 2, "", 1, 10, OWN),
    "large_percent": Figure(
        Text("Much: so much of what is spent in a usual month.", "占往常月支出多少视为金额较大。"), 15, "%", 1, 100, OWN
    ),
    "least_percent": Figure(
        Text("Less of what is spent in a usual month is not told of.", "占往常月支出不足多少不提示。"), 2, "%", 0, 50, OWN
    ),
    "least_yuan": Figure(Text("Nor is less than this.", "金额不足多少不提示。"), 500, "CNY", 0, 1_000_000, OWN),
}

SPENDING_HIGH = Rule(
    key="revenue.spending_high",
    version=1,
    name=Text("Spending far above the usual", "支出异常偏高"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("times", "margin_times")),
    figures={
        "times": Figure(Text("So many times what is usual of the month.", "为往年同期的倍数。"), 1.5, "×", 1.1, 20, OWN),
        "worse_times": Figure(Text("Worse from here on.", "达到即加重级别。"), 4, "×", 1.1, 100, OWN),
        "margin_times": _margin("×", 0.1),
        **_SURE,
    },
    severity=Severity.WARNING,
    worse=(Worse("worse_times", Severity.MINOR),),
    message=Text("{place}: {value} times what is usual was spent.", "{place}：支出为往常的 {value} 倍。"),
    again_after=_AGAIN,
)

SPENDING_LOW = Rule(
    key="revenue.spending_low",
    version=1,
    name=Text("Far less booked than usual", "支出疑似漏记"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Below("low_percent", "margin_percent")),
    figures={
        "low_percent": Figure(
            Text(
                "Less than so much of what is usual, or nothing of what comes every month.",
                "不足往常多少，或每月均有的支出未入账。",
            ),
            60,
            "%",
            1,
            95,
            OWN,
        ),
        "margin_percent": _margin("%", 4),
        "wait_days": Figure(
            Text("So long after the month nobody is asked: bookings come late.", "月末后多少天内不提示（入账可能延后）。"),
            10,
            "d",
            0,
            60,
            OWN,
            whole=True,
        ),
        **_SURE,
    },
    severity=Severity.WARNING,
    message=Text("{place}: only {value} % of what is usual was booked.", "{place}：入账仅为往常的 {value}%，可能漏记。"),
    again_after=_AGAIN,
)

SPENDING_NEW = Rule(
    key="revenue.spending_new",
    version=1,
    name=Text("Large spending of a new kind", "首次大额支出"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("first_percent", "margin_percent")),
    figures={
        "first_percent": Figure(
            Text(
                "So much of what is spent in a usual month, on what was hardly booked before.",
                "占往常月支出的比例，且此前极少发生。",
            ),
            30,
            "%",
            5,
            1000,
            OWN,
        ),
        "margin_percent": _margin("%", 4),
        "least_yuan": _SURE["least_yuan"],
    },
    severity=Severity.WARNING,
    message=Text(
        "{place}: what was hardly booked before came to {value} % of what is spent in a usual month.",
        "{place}：此前极少发生的支出，达往常月支出的 {value}%。",
    ),
    again_after=_AGAIN,
)

BUDGET_OVERRUN = Rule(
    key="revenue.budget_overrun",
    version=1,
    name=Text("Budget overrun", "预算超支"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("over_percent", "margin_percent")),
    figures={
        "over_percent": Figure(
            Text("Over the budget of the year so far, by so much.", "超出年初至今预算的比例。"), 10, "%", 1, 500, OWN
        ),
        "worse_percent": Figure(Text("Worse from here on.", "达到即加重级别。"), 30, "%", 1, 1000, OWN),
        "margin_percent": _margin("%", 1),
        "least_yuan": Figure(Text("Less over it is not told of.", "超支不足多少不提示。"), 1_000, "CNY", 0, 1_000_000, OWN),
    },
    severity=Severity.WARNING,
    worse=(Worse("worse_percent", Severity.MINOR),),
    message=Text("{place}: {value} % over the budget of the year so far.", "{place}：超出年初至今预算 {value}%。"),
    again_after=timedelta(days=30),
)

#: In the order of the documents.
RULES = (SPENDING_HIGH, SPENDING_LOW, SPENDING_NEW, BUDGET_OVERRUN)
#: The rule that tells of each kind of anomaly.
OF_KIND = {
    AnomalyKind.HIGH: SPENDING_HIGH,
    AnomalyKind.LOW: SPENDING_LOW,
    AnomalyKind.MISSING: SPENDING_LOW,
    AnomalyKind.FIRST: SPENDING_NEW,
}


def bounds(limits: Limits) -> Bounds:
    """From where on spending is told of, by the figures of the rules above (what a rule does not have is not looked at)."""
    return Bounds(
        deviations=limits.get("deviations", 0.0),
        large_deviations=limits.get("large_deviations", 0.0),
        large_percent=limits.get("large_percent", 0.0),
        least=limits["least_yuan"],
        least_percent=limits.get("least_percent", 0.0),
        times=limits.get("times", 1.0),
        low_percent=limits.get("low_percent", 100.0),
        first_percent=limits.get("first_percent", 0.0),
    )


#: As the product comes.
SPENDING_BOUNDS = bounds({name: figure.default for rule in RULES[:3] for name, figure in rule.figures.items()})
