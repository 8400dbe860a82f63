"""The books: accounts, entries that balance, and what may be said by hand. Pure; the rows are in models/ledger."""

from .accounts import CHART, CONTROLLED, AccountCode, AccountType, Fund, debit_grows
from .entries import BY_HAND, BookRegime, EntryKind, Line, balanced, by_hand, check_balanced, owners_money
from .months import check_over, first_of, month_after, next_to_close

__all__ = [
    "BY_HAND",
    "CHART",
    "CONTROLLED",
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
    "owners_money",
]
