"""Alerts: when there is one, what becomes of it, and to whom it is told. The words that all of that is said in are here."""

from .words import AlertOutcome, AlertState, Severity

__all__ = ["AlertOutcome", "AlertState", "Severity"]
