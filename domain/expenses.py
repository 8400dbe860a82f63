"""Expenses (支出)."""

from domain.money import Money

#: What is spent above it needs another person's approval, where a book has no limit of its own (a default of this product).
DEFAULT_LIMIT = Money("1000.00")
