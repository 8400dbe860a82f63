"""Analysis of the books (收支分析): sums, funds, cash, and what strays. See docs/analysis.md."""

from .balances import Collected, FundMoved, collected, fund_moved
from .books import SeenBook, seen_books
from .cash import foretell, months_left
from .figures import limits_of
from .invoices import DoubtfulInvoices, doubtful_invoices
from .spending import SpendingAnomaly, called, strays
from .standing import OpenBook, dwindling, open_books, over_budget
from .sums import Beside, Books, Summed, TooMany, beside_peers, income_and_expense

__all__ = [
    "Beside",
    "Books",
    "Collected",
    "DoubtfulInvoices",
    "FundMoved",
    "OpenBook",
    "SeenBook",
    "SpendingAnomaly",
    "Summed",
    "TooMany",
    "beside_peers",
    "called",
    "collected",
    "doubtful_invoices",
    "dwindling",
    "foretell",
    "fund_moved",
    "income_and_expense",
    "limits_of",
    "months_left",
    "open_books",
    "over_budget",
    "seen_books",
    "strays",
]
