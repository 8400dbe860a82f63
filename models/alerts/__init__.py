"""Alerts, the acts that raise and clear them, and the thresholds of rules; what people do to alerts is in acts.py."""

from .correcting import Change, correct, told_of, withdraw
from .raising import Gone, Seen, Sight, Sighting, Told, clear_gone, raise_once, record_past
from .rows import Alert, AlertCare, AlertOccurrence, AlertRuleDryRun, AlertRuleVersion, DryRunAlert, RuleState, Threshold
from .rules import rules_of
from .thresholds import overrides_of, set_threshold, set_threshold_of

__all__ = [
    "Alert",
    "AlertCare",
    "AlertOccurrence",
    "AlertRuleDryRun",
    "AlertRuleVersion",
    "Change",
    "DryRunAlert",
    "Gone",
    "RuleState",
    "Seen",
    "Sight",
    "Sighting",
    "Threshold",
    "Told",
    "clear_gone",
    "correct",
    "overrides_of",
    "raise_once",
    "record_past",
    "rules_of",
    "set_threshold",
    "set_threshold_of",
    "told_of",
    "withdraw",
]
