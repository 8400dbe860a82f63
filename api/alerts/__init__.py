"""Alerts as viewers see them: what was raised, what became of it, and the rules that raise."""

from . import care, rows, rules

__all__ = ["care", "rows", "rules"]
