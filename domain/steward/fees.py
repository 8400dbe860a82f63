"""Fees (收费催缴): money that does not come, or that comes and finds no bill. The rules, in one table.

They speak of compounds, never of a home; what they find can remind, explain and be paid, and cuts nobody off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.alerts import Severity
from domain.alerts.conditions import Above, Checked, Limits
from domain.arrears.ageing import LEAST_HOMES
from domain.words import Text

from .rules import OWN, Figure, Module, Rule, Worse

_MARGIN = Text("So far below it is over.", "低于限值多少视为恢复。")


def _days(meaning: Text, default: float, most: float, margin: float = 0) -> dict[str, Figure]:
    """The figures of a rule that counts days."""
    return {
        "days": Figure(meaning, default, "d", 1, most, OWN, whole=True),
        "many_days": Figure(
            Text("Worse from so many days on.", "达到该天数即更严重。"), default * 4, "d", 1, most * 4, OWN, whole=True
        ),
        "margin_days": Figure(_MARGIN, margin, "d", 0, 1, OWN, whole=True),
    }


COLLECTION_FALLING = Rule(
    key="fees.collection_falling",
    version=1,
    name=Text("Collection rate falling", "收缴率下降"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("points", "margin_points")),
    figures={
        "points": Figure(Text("Percentage points below the time before.", "较上期下降的百分点。"), 10, "%", 2, 100, OWN),
        "many_points": Figure(Text("Worse from so many points on.", "达到该百分点即更严重。"), 25, "%", 2, 100, OWN),
        "margin_points": Figure(_MARGIN, 2, "%", 0, 2, OWN),
        "window_days": Figure(
            Text("Bills that fell due in so many days are compared.", "比较的应缴日天数。"), 90, "d", 28, 183, OWN, whole=True
        ),
        "within_days": Figure(
            Text("What was paid so many days after the due day counts.", "应缴日后多少天内缴纳计入。"),
            30,
            "d",
            1,
            92,
            OWN,
            whole=True,
        ),
        "least_yuan": Figure(Text("Where so much fell due in each time.", "每期最少应收金额。"), 1_000, "CNY", 0, 1_000_000, OWN),
    },
    severity=Severity.WARNING,
    worse=(Worse("many_points", Severity.MAJOR),),
    message=Text(
        "The collection rate of {place} is {value} percentage points below the {window_days} days before.",
        "{place}收缴率较前 {window_days} 天下降 {value} 个百分点。",
    ),
    again_after=timedelta(days=30),
)

ARREARS_OLD = Rule(
    key="fees.arrears_old",
    version=1,
    name=Text("Homes long in arrears", "长期欠费户较多"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("homes", "margin_homes")),
    figures={
        "homes": Figure(Text("So many homes.", "户数。"), 10, "", LEAST_HOMES, 10_000, OWN, whole=True),
        "many_homes": Figure(
            Text("Worse from so many homes on.", "达到该户数即更严重。"), 50, "", LEAST_HOMES, 10_000, OWN, whole=True
        ),
        "margin_homes": Figure(_MARGIN, 0, "", 0, 2, OWN, whole=True),
        "months": Figure(Text("With a debt that is past due for so many months.", "逾期月数。"), 6, "", 1, 60, OWN, whole=True),
    },
    severity=Severity.WARNING,
    worse=(Worse("many_homes", Severity.MAJOR),),
    message=Text(
        "{value} homes of {place} have been in arrears for more than {months} months.",
        "{place}有 {value} 户欠费超过 {months} 个月。",
    ),
    again_after=timedelta(days=30),
)

UNMATCHED = Rule(
    key="fees.unmatched",
    version=1,
    name=Text("Money without a bill", "款项未核销"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures=_days(Text("Money came so many days ago and is nobody's yet.", "到账后未认领的天数。"), 7, 90),
    severity=Severity.WARNING,
    worse=(Worse("many_days", Severity.MINOR),),
    message=Text(
        "Money in the books of {place} has paid no bill for {value} days.", "{place}账上有款项到账 {value} 天仍未核销。"
    ),
    again_after=timedelta(days=7),
)

BILL_RUN_MISSED = Rule(
    key="fees.bill_run_missed",
    version=1,
    name=Text("Bill run missed", "未按期出账"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures=_days(Text("So many days into a period without its bills.", "计费期开始后未出账的天数。"), 10, 90),
    severity=Severity.MINOR,
    worse=(Worse("many_days", Severity.MAJOR),),
    message=Text("{place} has had no bills for {value} days of a period.", "{place}计费期开始 {value} 天仍未出账。"),
    again_after=timedelta(days=7),
)

PAYMENTS_FAILING = Rule(
    key="fees.payments_failing",
    version=1,
    name=Text("Online payments fail", "线上支付失败率高"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("percent", "margin_percent")),
    figures={
        "percent": Figure(Text("Share of online payments that failed.", "线上支付失败比例。"), 20, "%", 1, 100, OWN),
        "many_percent": Figure(Text("Worse from this share on.", "达到该比例即更严重。"), 50, "%", 1, 100, OWN),
        "margin_percent": Figure(_MARGIN, 1, "%", 0, 1, OWN),
        "least_orders": Figure(Text("Where there were so many.", "最少笔数。"), 5, "", 2, 1_000, OWN, whole=True),
        "window_hours": Figure(Text("Window.", "统计时段。"), 24, "h", 1, 168, OWN, whole=True),
    },
    severity=Severity.MINOR,
    worse=(Worse("many_percent", Severity.MAJOR),),
    message=Text(
        "{value} % of the online payments at {place} failed in {window_hours} h.",
        "{place}近 {window_hours} 小时线上支付失败率 {value}%。",
    ),
)

RECONCILE_DIFFERENCE = Rule(
    key="fees.reconcile_difference",
    version=1,
    name=Text("Books and provider differ", "支付对账差异"),
    kinds=frozenset(),
    metric=None,
    condition=Checked(Above("days", "margin_days")),
    figures=_days(Text("A difference has stood for so many days.", "对账差异未处理的天数。"), 1, 30),
    severity=Severity.MAJOR,
    message=Text(
        "A difference with the payment provider at {place} has stood for {value} days.",
        "{place}与支付渠道的对账差异已 {value} 天未处理。",
    ),
    again_after=timedelta(days=3),
)


@dataclass(frozen=True)
class Collected:
    """What fell due on one day, and what of it was paid by days after the due day (0: on it or before)."""

    due_on: date
    billed: Decimal
    paid: Mapping[int, Decimal]


def fall(collected: Iterable[Collected], limits: Limits, today: date) -> float:
    """By how many percentage points less was collected of what fell due of late than of what fell due in the time before.

    Of the same length both, and with as many days to pay: what fell due so lately that these are not over is not looked at. 0
    where too little fell due in either, or more was collected.
    """
    window, within = timedelta(days=int(limits["window_days"])), int(limits["within_days"])
    ends = today - timedelta(days=within)
    late, before = _rates(collected, within, [(ends - window, ends), (ends - 2 * window, ends - window)], limits["least_yuan"])
    return 0.0 if late is None or before is None else max(round(before - late, 1), 0.0)


def _rates(collected: Iterable[Collected], within: int, spans: Iterable[tuple[date, date]], least: float) -> list[float | None]:
    """Percent collected of what fell due within each span (its first day is not in it); None: too little fell due."""
    days = list(collected)
    rates: list[float | None] = []
    for after, until in spans:
        those = [day for day in days if after < day.due_on <= until]
        billed = sum((day.billed for day in those), Decimal(0))
        paid = sum((amount for day in those for lag, amount in day.paid.items() if lag <= within), Decimal(0))
        rates.append(float(100 * paid / billed) if billed and billed >= least else None)
    return rates


def homes_over(oldest: Iterable[tuple[int, int]], limits: Limits) -> float:
    """How many homes have been in arrears for more than the figure's months; ``oldest``: (whole months, homes).

    0 where they are so few that the number would come near to naming them.
    """
    homes = sum(count for months, count in oldest if months >= limits["months"])
    return float(homes) if homes >= LEAST_HOMES else 0.0


def failed_percent(outcomes: Iterable[tuple[int, int, int]], limits: Limits) -> float:
    """Percent of online payments that failed within the window; 0 where there were few.

    ``outcomes``: (whole hours ago, done, failed).
    """
    within = [(done, failed) for hours, done, failed in outcomes if hours < limits["window_hours"]]
    every = sum(done + failed for done, failed in within)
    failed = sum(failed for _, failed in within)
    return round(100 * failed / every, 1) if every >= limits["least_orders"] else 0.0


MODULE = Module(
    key="fees",
    name=Text("Fees", "收费催缴"),
    about=Text(
        "Bills that are not made, money that does not come, and money that finds no bill; of compounds, never of a home.",
        "未按期出账、收缴率下降、长期欠费、款项未核销、支付失败与对账差异；只针对小区，不针对住户。",
    ),
    rules=(COLLECTION_FALLING, ARREARS_OLD, UNMATCHED, BILL_RUN_MISSED, PAYMENTS_FAILING, RECONCILE_DIFFERENCE),
)
