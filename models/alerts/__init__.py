"""Alerts, the acts that raise, clear and acknowledge them, and the thresholds of rules."""

from .acts import acknowledge, clear
from .raising import Gone, Sight, Sighting, Told, clear_gone, raise_once, record_past, repeat
from .rows import Alert, AlertOccurrence, RuleState, Threshold
from .thresholds import overrides_of, set_threshold

__all__ = [
    "Alert",
    "AlertOccurrence",
    "Gone",
    "RuleState",
    "Sight",
    "Sighting",
    "Threshold",
    "Told",
    "acknowledge",
    "clear",
    "clear_gone",
    "overrides_of",
    "raise_once",
    "record_past",
    "repeat",
    "set_threshold",
]
