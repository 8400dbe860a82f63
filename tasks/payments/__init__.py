"""Payments: the work of asking providers, and the checks."""

from . import work

__all__ = ["work"]
