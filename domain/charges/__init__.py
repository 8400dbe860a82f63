"""Charges: what a home pays for an item in a period. Pure; the rows are in models/fees, bills in models/bills."""

from .charging import NOTHING, Charged, Holding, Item, Portion, Price, Tier, Usage, charge
from .metering import Dial, Read, estimate, estimated, read, started
from .periods import CADENCES, Period, months_of, period_from
from .prices import check_account, check_basis, check_price, higher
from .words import (
    GROUNDS,
    METERED_UNITS,
    SHARE_UNITS,
    UNITS,
    ChargeFault,
    ExemptionReason,
    FeeBasis,
    FeeKind,
    ShareBy,
    TierBasis,
)

__all__ = [
    "CADENCES",
    "GROUNDS",
    "METERED_UNITS",
    "NOTHING",
    "SHARE_UNITS",
    "UNITS",
    "ChargeFault",
    "Charged",
    "Dial",
    "ExemptionReason",
    "FeeBasis",
    "FeeKind",
    "Holding",
    "Item",
    "Period",
    "Portion",
    "Price",
    "Read",
    "ShareBy",
    "Tier",
    "TierBasis",
    "Usage",
    "charge",
    "check_account",
    "check_basis",
    "check_price",
    "estimate",
    "estimated",
    "higher",
    "months_of",
    "period_from",
    "read",
    "started",
]
