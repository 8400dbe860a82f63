"""How a book's cash goes on: month by month, with an interval, and when it runs dry.

What comes in and what goes out is foretold apart, each by the mean of its last year, the share that every calendar month has of a
year, and half of the growth from the year before. The amounts that are told are decimals and add up. The interval is told by many
futures (bootstrap): in each the months stray as past months strayed, drawn by lot, and level and growth are off as far as a year
can tell. The lot has a fixed seed: asked twice, it answers alike. These are statistics: floats, never amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from math import exp, hypot, log, sqrt
from random import Random
from statistics import fmean, pstdev

from .months import Month

#: So many months must be known; more than three years are not looked at.
LEAST, MOST = 6, 36
#: How many futures are drawn.
_FUTURES = 200
#: Of last year's growth so much goes on, within bounds, give or take so much a year; the level is off by so much at least.
_GROWTH, _GROWTH_MOST, _GROWTH_OFF, _LEVEL_OFF = 0.5, 0.15, 0.06, 0.02
_FEN = Decimal("0.01")

Amounts = Mapping[Month, Decimal]


@dataclass(frozen=True)
class Flows:
    """What came in from homes, what else came in, and what went out, by month: yuan, before ``first``."""

    fees: Amounts
    other: Amounts
    costs: Amounts


@dataclass(frozen=True)
class Factors:
    """What is changed in a what-if: fees, and costs, times so much from the first month on."""

    fees: Decimal = Decimal(1)
    costs: Decimal = Decimal(1)


@dataclass(frozen=True)
class ForecastMonth:
    """A month to come: ``closing`` is what was there before it, and what comes in, less what goes out. ``low`` and ``high``: the
    ends of the interval around ``closing``."""

    month: Month
    comes_in: Decimal
    goes_out: Decimal
    closing: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Forecast:
    """What is to come, with an interval of so many ``percent``, by so many ``known`` months."""

    opening: Decimal
    months: tuple[ForecastMonth, ...]
    percent: int
    known: int

    @property
    def runs_dry(self) -> Month | None:
        """The first month at whose end nothing is left; None: in none of these."""
        return next((each.month for each in self.months if each.closing < 0), None)

    @property
    def earliest(self) -> Month | None:
        """The first month at whose end nothing may be left, by the low end."""
        return next((each.month for each in self.months if each.low < 0), None)

    @property
    def latest(self) -> Month | None:
        """The first month at whose end nothing will be left, even by the high end."""
        return next((each.month for each in self.months if each.high < 0), None)


def forecast(
    opening: Decimal, flows: Flows, first: Month, *, months: int = 12, percent: int = 80, factors: Factors = Factors()
) -> Forecast | None:
    """How cash goes on from ``first``; None: fewer than six months are known. ``opening``: yuan at its beginning."""
    known = min(MOST, first - min((month for flow in (flows.fees, flows.other, flows.costs) for month in flow), default=first))
    if known < LEAST:
        return None
    to_come = range(first, first + months)
    models = [_Model([float(flow.get(month, 0)) for month in range(first - known, first)], first) for flow in _three(flows)]
    fees, other, costs = ([_yuan(model.expected(month)) for month in to_come] for model in models)
    fees = [_fen(each * factors.fees) for each in fees]
    costs = [_fen(each * factors.costs) for each in costs]
    lows, highs = _interval(models, (float(factors.fees), 1.0, -float(factors.costs)), to_come, percent)
    closing, told = opening, list[ForecastMonth]()
    for place, month in enumerate(to_come):
        comes_in = fees[place] + other[place]
        closing += comes_in - costs[place]
        told.append(ForecastMonth(month, comes_in, costs[place], closing, closing + lows[place], closing + highs[place]))
    return Forecast(opening, tuple(told), percent, known)


def _three(flows: Flows) -> tuple[Amounts, Amounts, Amounts]:
    return flows.fees, flows.other, flows.costs


class _Model:
    """One flow: what it comes to in a month, and how far months strayed from that."""

    def __init__(self, values: Sequence[float], first: Month) -> None:
        self._values, self._first = values, first

    def expected(self, month: Month) -> float:
        """What a month to come is expected to come to."""
        return self.level * self._shares[month % 12] * exp(self._growth * (month - self._first + 6.5) / 12)

    @cached_property
    def level(self) -> float:
        """The mean of the last year."""
        return fmean(self._values[-12:])

    @cached_property
    def _growth(self) -> float:
        before = self._values[-24:-12]
        if len(before) < 12 or fmean(before) <= 0 or self.level <= 0:
            return 0.0
        return max(-_GROWTH_MOST, min(_GROWTH_MOST, _GROWTH * log(self.level / fmean(before))))

    @cached_property
    def _years(self) -> list[tuple[int, float]]:
        """The months as parts of the mean of their year, counted back from the last: (calendar month, part)."""
        parts: list[tuple[int, float]] = []
        for end in range(len(self._values), 0, -12):
            year = self._values[max(0, end - 12) : end]
            mean = fmean(year)
            if mean > 0 and (len(year) == 12 or not parts):
                begin = self._first - len(self._values) + end - len(year)
                parts += [((begin + place) % 12, value / mean) for place, value in enumerate(year)]
        return parts

    @cached_property
    def _shares(self) -> list[float]:
        """What each calendar month has of a year, 1 on average; drawn towards 1 where years are few."""
        shares: list[float] = []
        for calendar in range(12):
            seen = [part for of, part in self._years if of == calendar]
            shares.append((sum(seen) + 0.5) / (len(seen) + 0.5) if len(self._years) >= 12 else 1.0)
        mean = fmean(shares)
        return [share / mean for share in shares]

    @cached_property
    def rest(self) -> list[float]:
        """How far months strayed, as parts of the level, around 0; wider where the shares are told by few years."""
        years = len(self._years) / 12
        wider = sqrt((years + 1) / (years - 1)) if years >= 2 else 1.2
        rest = [(part - self._shares[of]) * wider for of, part in self._years]
        middle = fmean(rest) if rest else 0.0
        return [each - middle for each in rest] or [0.0]

    def future(self, random: Random, to_come: Sequence[Month]) -> list[float]:
        """How far months to come may stray from what is expected, drawn by lot: yuan."""
        level = random.gauss(0, hypot(_LEVEL_OFF, pstdev(self.rest) / sqrt(12)))
        growth = random.gauss(0, _GROWTH_OFF)
        return [
            self.expected(month) * (level + growth * (month - self._first + 6.5) / 12) + self.level * random.choice(self.rest)
            for month in to_come
        ]


def _interval(
    models: Sequence[_Model], signs: Sequence[float], to_come: Sequence[Month], percent: int
) -> tuple[list[Decimal], list[Decimal]]:
    """The ends of the interval around each month's closing."""
    random = Random(20_240_229)  # noqa: S311 - a lot for statistics, the same every time
    sums: list[list[float]] = [[] for _ in to_come]
    for _ in range(_FUTURES):
        total, drawn = 0.0, [model.future(random, to_come) for model in models]
        for place in range(len(to_come)):
            total += sum(sign * strayed[place] for sign, strayed in zip(signs, drawn, strict=True))
            sums[place].append(total)
    cut = (100 - percent) * _FUTURES // 200
    ordered = [sorted(each) for each in sums]
    return [_yuan(min(0.0, each[cut])) for each in ordered], [_yuan(max(0.0, each[-1 - cut])) for each in ordered]


def _yuan(estimate: float) -> Decimal:
    return _fen(Decimal(repr(estimate)))


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(_FEN, ROUND_HALF_UP)
