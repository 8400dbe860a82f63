"""The books: what there is of each compound's money, and how it came to be. See docs/books.md."""

from domain.ledger import Line

from .books import add_accounts, book_of, kept, open_book
from .posting import post, reverse
from .rows import Book, JournalEntry, JournalLine, LedgerAccount, LedgerPeriod

__all__ = [
    "Book",
    "JournalEntry",
    "JournalLine",
    "LedgerAccount",
    "LedgerPeriod",
    "Line",
    "add_accounts",
    "book_of",
    "kept",
    "open_book",
    "post",
    "reverse",
]
