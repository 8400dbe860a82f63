"""What is spent: suppliers, and expenses from draft to payment. See docs/books.md."""

from .deciding import approve, pay, reject, reverse_expense
from .drafting import ExpenseDraft, amend, draft, submit, withdraw
from .rows import Expense, Supplier
from .suppliers import add_supplier, amend_supplier, end_supplier

__all__ = [
    "Expense",
    "ExpenseDraft",
    "Supplier",
    "add_supplier",
    "amend",
    "amend_supplier",
    "approve",
    "draft",
    "end_supplier",
    "pay",
    "reject",
    "reverse_expense",
    "submit",
    "withdraw",
]
