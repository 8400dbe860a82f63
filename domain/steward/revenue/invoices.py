"""What is told of invoices that look as if they were paid twice, or cut up so that nobody has to approve them."""

from datetime import timedelta

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Limits
from domain.analysis import InvoiceBounds
from domain.steward.rules import OWN, Figure, Rule
from domain.words import Text

#: Who looked and found it in order is not asked again.
_AGAIN = timedelta(days=3_650)
_NONE = Figure(Text("So far below it is over.", "低于限值多少视为恢复。"), 0, "", 0, 1, OWN, whole=True)

INVOICE_TWICE = Rule(
    key="revenue.invoice_twice",
    version=1,
    name=Text("Invoice entered twice", "疑似重复报销"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("entered", "margin")),
    figures={
        "entered": Figure(Text("Entered so often.", "录入次数。"), 2, "", 2, 10, OWN, whole=True),
        "same_days": Figure(
            Text(
                "The same amount to one supplier within so many days, without the same number.", "同一供应商同一金额的间隔天数。"
            ),
            15,
            "d",
            0,
            90,
            OWN,
            whole=True,
        ),
        "regular_times": Figure(
            Text("What is paid so often in a year is regular, and not told of.", "一年内支付多少次视为定期支出。"),
            4,
            "",
            2,
            24,
            OWN,
            whole=True,
        ),
        "margin": _NONE,
    },
    severity=Severity.MINOR,
    message=Text(
        "{place}: an expense looks as if it was entered {value} times.", "{place}：有支出疑似重复报销，共录入 {value} 次。"
    ),
    again_after=_AGAIN,
)

INVOICE_SPLIT = Rule(
    key="revenue.invoice_split",
    version=1,
    name=Text("Expense split under the limit of approval", "疑似拆分报销"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("invoices", "margin")),
    figures={
        "invoices": Figure(
            Text("So many of one supplier, over the limit of approval together.", "同一供应商的张数，合计超过审批限额。"),
            2,
            "",
            2,
            10,
            OWN,
            whole=True,
        ),
        "split_days": Figure(Text("Within so many days.", "间隔天数。"), 7, "d", 0, 60, OWN, whole=True),
        "near_percent": Figure(Text("Each at least so much of the limit.", "每张至少为审批限额的比例。"), 60, "%", 10, 100, OWN),
        "margin": _NONE,
    },
    severity=Severity.WARNING,
    message=Text(
        "{place}: {value} expenses of one supplier look as if one was split to stay under the limit of approval.",
        "{place}：同一供应商 {value} 笔支出疑似拆分，以规避审批限额。",
    ),
    again_after=_AGAIN,
)

#: In the order of the documents.
RULES = (INVOICE_TWICE, INVOICE_SPLIT)


def bounds(limits: Limits) -> InvoiceBounds:
    """How invoices are looked at, by the figures of both rules."""
    return InvoiceBounds(
        same_days=int(limits["same_days"]),
        regular_times=int(limits["regular_times"]),
        split_days=int(limits["split_days"]),
        near_percent=limits["near_percent"],
    )


#: As the product comes.
INVOICE_BOUNDS = bounds({name: figure.default for rule in RULES for name, figure in rule.figures.items()})
