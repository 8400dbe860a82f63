"""The same question to the STL decomposition of statsmodels, for comparison; nothing else needs it."""

from __future__ import annotations

from decimal import Decimal
from math import log1p
from statistics import median

from statsmodels.tsa.seasonal import STL


def stl(spent: dict[int, Decimal], month: int, total: float) -> bool:
    """Whether the month's remainder lies 3.5 robust deviations off, half as much again or half, and is worth being told of."""
    first = min(spent)
    if month - first < 24:  # STL wants two full years
        return False
    values = [log1p(float(spent.get(each, 0))) for each in range(first, month + 1)]
    rest = list(STL(values, period=12, robust=True).fit().resid)
    spread = 1.4826 * median(abs(each) for each in rest[:-1]) or 0.08
    off = abs(float(spent.get(month, 0))) * (1 - 2.718281828 ** -abs(rest[-1]))
    return abs(rest[-1]) / max(spread, 0.08) >= 3.5 and abs(rest[-1]) >= 0.405 and off >= max(500, total * 0.02)
