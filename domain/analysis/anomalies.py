"""Spending that strays from what is usual, each with the reason in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.words import Text

from .months import Month, first_day, name_of
from .usual import usual
from .words import AnomalyKind

_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Bounds:
    """From where on spending is told of.

    ``deviations`` off what is usual (``large_deviations`` where ``large_percent`` or more of what a month costs is at stake: the
    more there is, the less strange it must be), by ``least`` yuan and ``least_percent`` of what a month costs at least; ``times``
    what is usual, or ``low_percent`` of it at most. Of what was hardly booked before: ``first_percent`` of what a month costs.
    """

    deviations: float
    large_deviations: float
    large_percent: float
    least: float
    least_percent: float
    times: float
    low_percent: float
    first_percent: float


@dataclass(frozen=True)
class Strayed:
    """How an amount strays, whatever the bounds: it is ``times`` what is ``usual`` and lies ``deviations`` off.

    ``usual``: yuan, rounded; an estimate and no amount of any book. ``same_months``: by how many earlier years it is known.
    ``percent``: by how much it is off, of what the book spends on everything in a usual month (100 where that is not known).
    """

    kind: AnomalyKind
    amount: Decimal
    usual: Decimal
    times: float
    deviations: float
    same_months: int
    percent: float

    def told(self, bounds: Bounds) -> bool:
        """Whether it is worth telling people of."""
        if abs(float(self.amount - self.usual)) < bounds.least or self.percent < bounds.least_percent:
            return False
        deviations = bounds.large_deviations if self.percent >= bounds.large_percent else bounds.deviations
        match self.kind:
            case AnomalyKind.HIGH:
                return self.deviations >= deviations and self.times >= bounds.times
            case AnomalyKind.LOW:
                return -self.deviations >= deviations and self.times * 100 <= bounds.low_percent
            case AnomalyKind.MISSING:
                return True
            case AnomalyKind.FIRST:
                return self.percent >= bounds.first_percent

    def reason(self, what: Text, month: Month) -> Text:
        """The sentence for people: ``what`` was spent on, how much, and what is usual."""
        day, amount, usual_ = first_day(month), f"{self.amount:,.2f}", f"{self.usual:,.0f}"
        when = Text(f"in {name_of(month)} {day.year}", f"{day.year}年{day.month}月")
        match self.kind:
            case AnomalyKind.MISSING:
                return Text(
                    f"Nothing is booked for {what.en} {when.en}; {usual_} yuan are usual.",
                    f"{what.zh}{when.zh}未见入账，往常约 {usual_} 元。",
                )
            case AnomalyKind.FIRST:
                return Text(
                    f"{what.en}: {amount} yuan {when.en}, {self.times:.0%} of what is spent on everything in a usual month;"
                    " it was hardly ever booked before.",
                    f"{what.zh}{when.zh}支出 {amount} 元，达往常全部月支出的 {self.times:.0%}，此前极少发生。",
                )
            case _:
                than = Text(name_of(month), f"往年{day.month}月") if self.same_months else Text("month", "往常各月")
                return Text(
                    f"{what.en} {self.times:.1f}× the usual {than.en}: {amount} yuan {when.en}, where {usual_} are usual.",
                    f"{what.zh}{when.zh}支出 {amount} 元，为{than.zh}（约 {usual_} 元）的 {self.times:.1f} 倍。",
                )


def strayed(spent: Mapping[Month, Decimal], month: Month, usual_total: float) -> Strayed | None:
    """How what was spent on one thing in ``month`` strays from the months before; None: it does not, or too little is known.

    ``usual_total``: what the book spends on everything in a usual month, yuan; 0: not known.
    """
    amount = max(spent.get(month, Decimal(0)), Decimal(0))
    history = {each: float(value) for each, value in spent.items() if value > 0}
    known = usual(history, month)
    if known is None:
        return _first(history, month, amount, usual_total)
    value = float(amount)
    if not amount:
        kind, expected, deviations = AnomalyKind.MISSING, known.least, 0.0
    else:
        deviations = known.deviations(value)
        kind, expected = (AnomalyKind.HIGH, known.most) if deviations > 0 else (AnomalyKind.LOW, known.least)
    worth = {
        AnomalyKind.MISSING: known.every,
        AnomalyKind.HIGH: value > known.seen,
        AnomalyKind.LOW: deviations < 0 and known.regular,
    }
    if not worth[kind]:
        return None
    percent = abs(value - expected) / usual_total * 100 if usual_total else 100.0
    return Strayed(kind, amount, _yuan(expected), value / expected, deviations, known.same_months, percent)


def _first(history: Mapping[Month, float], month: Month, amount: Decimal, usual_total: float) -> Strayed | None:
    before, value = max((value for each, value in history.items() if each < month), default=0.0), float(amount)
    if not amount or not usual_total or value < 2 * before:
        return None
    percent = (value - before) / usual_total * 100
    return Strayed(AnomalyKind.FIRST, amount, _yuan(before), value / usual_total, 0.0, 0, percent)


def _yuan(estimate: float) -> Decimal:
    return Decimal(repr(estimate)).quantize(_FEN, ROUND_HALF_UP)


def usual_total(spent: Mapping[Month, Decimal], month: Month) -> float:
    """What a book spends on everything in a usual month: the median of the year before ``month``; 0: not known."""
    values = sorted(float(spent[each]) for each in range(month - 12, month) if each in spent)
    return values[len(values) // 2] if len(values) >= 6 else 0.0
