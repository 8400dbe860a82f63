"""Alerts, the acts that raise and clear them, and the thresholds of rules; what people do to alerts is in acts.py."""

from .raising import Gone, Sight, Sighting, Told, clear_gone, raise_once, record_past, repeat
from .rows import Alert, AlertOccurrence, AlertRuleVersion, RuleState, Threshold
from .rules import rules_of
from .thresholds import overrides_of, set_threshold, set_threshold_of

__all__ = [
    "Alert",
    "AlertOccurrence",
    "AlertRuleVersion",
    "Gone",
    "RuleState",
    "Sight",
    "Sighting",
    "Threshold",
    "Told",
    "clear_gone",
    "overrides_of",
    "raise_once",
    "record_past",
    "repeat",
    "rules_of",
    "set_threshold",
    "set_threshold_of",
]
