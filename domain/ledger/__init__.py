"""The books: accounts, entries that balance, and what may be said by hand. Pure; the rows are in models/ledger."""

from .accounts import CHART, CONTROLLED, EQUITY, AccountCode, AccountType, Fund, debit_grows
from .entries import (
    BY_HAND,
    NOTHING,
    BookRegime,
    EntryKind,
    Line,
    balanced,
    by_hand,
    check_balanced,
    opening,
    owners_money,
    twice,
)
from .months import check_over, first_of, month_after, next_to_close

__all__ = [
    "BY_HAND",
    "CHART",
    "CONTROLLED",
    "EQUITY",
    "NOTHING",
    "AccountCode",
    "AccountType",
    "BookRegime",
    "EntryKind",
    "Fund",
    "Line",
    "balanced",
    "by_hand",
    "check_balanced",
    "check_over",
    "debit_grows",
    "first_of",
    "month_after",
    "next_to_close",
    "opening",
    "owners_money",
    "twice",
]
