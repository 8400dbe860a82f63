"""The books: what there is of each compound's money, and how it came to be. See docs/books.md."""

from domain.ledger import Line

from .books import add_accounts, book_of, kept, open_book
from .by_hand import open_balances, post_by_hand, reverse_by_hand
from .periods import close_book, close_month, reopen_month, set_limit
from .posting import check_bookable, post, reverse
from .rows import Book, JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from .statements import account_statement, flows, statement, trial_balance

__all__ = [
    "Book",
    "JournalEntry",
    "JournalLine",
    "LedgerAccount",
    "LedgerPeriod",
    "Line",
    "account_statement",
    "add_accounts",
    "book_of",
    "check_bookable",
    "close_book",
    "close_month",
    "flows",
    "kept",
    "open_balances",
    "open_book",
    "post",
    "post_by_hand",
    "reopen_month",
    "reverse",
    "reverse_by_hand",
    "set_limit",
    "statement",
    "trial_balance",
]
