"""Ageing (账龄): how long what is owed has been past due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.words import Word


class ArrearsBand(Word):
    """For how many days something has been past due."""

    DAYS_30 = "DAYS_30", "30 天以内", "1 to 30 days past due."
    DAYS_60 = "DAYS_60", "31 至 60 天", "31 to 60 days past due."
    DAYS_90 = "DAYS_90", "61 至 90 天", "61 to 90 days past due."
    DAYS_180 = "DAYS_180", "91 至 180 天", "91 to 180 days past due."
    DAYS_365 = "DAYS_365", "181 至 365 天", "181 to 365 days past due."
    OVER_365 = "OVER_365", "365 天以上", "More than 365 days past due."


#: The last day of each band; the last band has none.
BANDS: Mapping[ArrearsBand, int | None] = {
    ArrearsBand.DAYS_30: 30,
    ArrearsBand.DAYS_60: 60,
    ArrearsBand.DAYS_90: 90,
    ArrearsBand.DAYS_180: 180,
    ArrearsBand.DAYS_365: 365,
    ArrearsBand.OVER_365: None,
}
#: Sums over fewer homes than these are shown only to who may read each home's bills: they would come near to naming one.
LEAST_HOMES = 3


def band_of(days: int) -> ArrearsBand | None:
    """The band of so many days past due; None: it is not past due. What falls due today is not."""
    if days < 1:
        return None
    return next(band for band, last in BANDS.items() if last is None or days <= last)


def due_days(band: ArrearsBand, on: date) -> tuple[date | None, date]:
    """The due days of what is in the band on a day: the first (None: however long ago) and the last, both included."""
    bands = list(BANDS)
    before = BANDS[bands[bands.index(band) - 1]] if band is not bands[0] else 0
    last = BANDS[band]
    return None if last is None else on - timedelta(days=last), on - timedelta(days=(before or 0) + 1)


def may_be_told(homes: Mapping[ArrearsBand, int]) -> bool:
    """Whether the sums of these bands may be shown to who may not read each home's bills: none is of too few homes."""
    return all(not count or count >= LEAST_HOMES for count in homes.values())


@dataclass(frozen=True)
class Sum:
    """What so many homes owe together, in yuan."""

    homes: int
    amount: Decimal


@dataclass(frozen=True)
class Aged:
    """What is past due, in all and by band; ``bands`` None: they may not be told."""

    total: Sum
    bands: Mapping[ArrearsBand, Sum] | None
