"""What is usual of a month, by the months before it: robust, seasonal, and on a scale on which twice is as far as half.

Amounts are told by their logarithms, so that all figures are ratios. The level is the median of the last twelve months, the
season of a calendar month what it strayed from the level of its time in earlier years, the spread 1.4826 times the median of what
the rest strays (the standard estimate of a deviation that a few wild months do not move). Where earlier years are few or
disagree, the season is taken to be as small as they allow. A kind of spending that is not booked every month is compared with
the months in which it was. These are statistics: floats, never amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, hypot, log
from statistics import median

from .months import Month

#: So far back is looked.
YEARS = 3
#: The deviation of a normal distribution, by the median of what strays.
_NORMAL = 1.4826
#: Of what strays upwards, the part that lumps are told by, and where it lies in deviations of a normal distribution.
_LUMPS, _OF_LUMPS = 0.85, 1.44
#: A spread that is told by few months is less sure, and taken to be wider: so much more, divided by their number.
_FEW = 4.0
#: Months booked, of all since the first, from which on a kind of spending is a regular one.
_REGULAR = 0.75
#: Regular from so many months on; compared with the booked ones only from so many on.
_MONTHS_LEAST, _BOOKED_LEAST, _YEARLY_LEAST = 6, 3, 4


@dataclass(frozen=True)
class Usual:
    """What is usual: ``least`` to ``most`` yuan, which are one where earlier years agree; ``spread``, of the logarithm.

    ``same_months``: in how many earlier years this calendar month was booked. ``regular``: booked nearly every month;
    ``every``: in each of the last twelve. ``seen``: what was reached before at least twice, by the level of now.
    """

    least: float
    most: float
    spread: float
    same_months: int
    regular: bool
    every: bool
    seen: float

    def deviations(self, amount: float) -> float:
        """How many spreads an amount lies above (below: negative) what is usual."""
        if amount > self.most:
            return log(amount / self.most) / self.spread
        return log(max(amount, 0.01) / self.least) / self.spread if amount < self.least else 0.0


def usual(history: Mapping[Month, float], month: Month, *, floor: float = 0.08) -> Usual | None:
    """What is usual of ``month`` by the amounts of the months before it; None: too little is known.

    ``floor``: the least spread; nobody is told that a contract became a twentieth dearer.
    """
    known = {each: amount for each, amount in history.items() if month - 12 * YEARS <= each < month and amount > 0}
    if not known:
        return None
    logs = {each: log(amount) for each, amount in sorted(known.items())}
    share = len(logs) / (month - min(logs))
    if share >= _REGULAR and len(logs) >= _MONTHS_LEAST:
        return _regular(logs, month, floor)
    return _booked(logs, month, max(floor, 0.25)) if len(logs) >= _BOOKED_LEAST else None


def _regular(logs: Mapping[Month, float], month: Month, floor: float) -> Usual:
    around = {each: _level(logs, each) for each in logs}
    strayed = {each: value - around[each] for each, value in logs.items()}
    seasons = {of: _season([value for each, value in strayed.items() if each % 12 == of]) for of in range(12)}
    flat = {each: value - _mild(seasons[each % 12]) for each, value in logs.items()}
    rest = [value - _mild(_season(_same(strayed, each))) for each, value in strayed.items()]
    level = median([flat[each] for each in sorted(flat)[-12:]])
    low, high = seasons[month % 12]
    return Usual(
        least=exp(level + low),
        most=exp(level + high),
        spread=hypot(floor, _spread(rest) * (1 + _FEW / len(rest))),
        same_months=sum(each % 12 == month % 12 for each in logs),
        regular=True,
        every=all(each in logs for each in range(month - 12, month)) or (len(logs) < 12 and month - min(logs) == len(logs)),
        seen=exp(level + (low + high) / 2 + _second(rest)),
    )


def _booked(logs: Mapping[Month, float], month: Month, floor: float) -> Usual:
    """Of what comes in some months only: where it comes in the same ones every year, by these; else by all that were booked."""
    middle, others = median(logs.values()), {each: _same(logs, each) for each in logs}
    same = _same(logs, month)
    yearly = [value - median(others[each]) for each, value in logs.items() if others[each]]
    by_year = bool(same) and len(yearly) >= _YEARLY_LEAST
    rest = yearly if by_year else [value - middle for value in logs.values()]
    expected = median(same) if same else middle
    return Usual(
        least=exp(expected if by_year else min(expected, middle)),
        most=exp(expected if by_year else max(expected, middle)),
        spread=hypot(floor, _spread(rest) * (1 + _FEW / len(rest))),
        same_months=len(same),
        regular=False,
        every=False,
        seen=exp((expected if by_year else middle) + _second(rest)),
    )


def _same(logs: Mapping[Month, float], month: Month) -> list[float]:
    """What was booked in this calendar month of the other years."""
    return [value for each, value in logs.items() if each % 12 == month % 12 and each != month]


def _level(values: Mapping[Month, float], month: Month) -> float:
    """The median of a year around a month."""
    return median([values[each] for each in range(month - 6, month + 7) if each in values])


def _season(strayed: Sequence[float]) -> tuple[float, float]:
    """How far a calendar month lies from its year, at least and at most, by what it strayed in earlier years."""
    if not strayed:
        return 0.0, 0.0
    if len(strayed) == 1:
        return min(0.0, strayed[0]), max(0.0, strayed[0])
    if len(strayed) == 2:
        first, second = sorted(strayed, key=abs)
        agreed = first if first * second > 0 else 0.0
        return agreed, agreed
    return median(strayed), median(strayed)


def _mild(season: tuple[float, float]) -> float:
    return sum(season) / 2


def _spread(rest: Sequence[float]) -> float:
    """The deviation of what is left: by the median of how far it strays, and, as spending comes in lumps, by how far the larger
    ones of those above stray; what a few months in six years did counts in neither."""
    above = sorted(each for each in rest if each > 0)
    lumps = above[int(_LUMPS * (len(above) - 1))] / _OF_LUMPS if above else 0.0
    return max(_NORMAL * median([abs(each) for each in rest]), lumps)


def _second(rest: Sequence[float]) -> float:
    """The second largest: what was so large twice is not unheard of."""
    return sorted(rest)[-2] if len(rest) > 1 else rest[0]
