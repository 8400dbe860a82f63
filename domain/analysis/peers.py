"""Compounds beside others of their kind and size: the median and the quartiles, of enough of them that none can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .words import SizeBand

#: Fewer say more of each other than of what is usual.
PEERS_LEAST = 5
#: From how many homes on a compound is of which size.
SIZES: Sequence[tuple[int, SizeBand]] = (
    (1_000, SizeBand.LARGE),
    (500, SizeBand.MEDIUM),
    (100, SizeBand.SMALL),
    (0, SizeBand.TINY),
)


@dataclass(frozen=True)
class Peers:
    """What ``count`` others come to: a quarter to ``lower`` at most, half to ``median``, a quarter to ``upper`` or more."""

    count: int
    lower: Decimal
    median: Decimal
    upper: Decimal


def size_of(homes: int) -> SizeBand:
    """Its size, by its homes."""
    return next(band for least, band in SIZES if homes >= least)


def peers(values: Sequence[Decimal], *, least: int = PEERS_LEAST) -> Peers | None:
    """How the others spread, without the compound itself; None: there are too few to be told of."""
    if len(values) < least:
        return None
    ordered = sorted(values)
    return Peers(len(ordered), *(_at(ordered, quarter) for quarter in (1, 2, 3)))


def _at(ordered: Sequence[Decimal], quarters: int) -> Decimal:
    """Where so many quarters of them lie below, between two of them as far as it falls between."""
    place, rest = divmod((len(ordered) - 1) * quarters, 4)
    low, high = ordered[place], ordered[min(place + 1, len(ordered) - 1)]
    return low + (high - low) * rest / 4


def sizes(size: SizeBand) -> tuple[int, int | None]:
    """The fewest homes of a compound of this size, and the first number that is too many; None: there is none."""
    place = [band for _, band in SIZES].index(size)
    return SIZES[place][0], SIZES[place - 1][0] if place else None
