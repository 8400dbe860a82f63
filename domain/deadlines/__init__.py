"""Deadlines of tickets: what is promised by when, what stops the clock, and who hears of what is late."""

from .explaining import explained, policy_words
from .ladder import LADDER, climb_at, climbed, first_level
from .planning import Pause, Plan, overdrawn, planned, state_of
from .policies import AHEAD_DAYS, BACK_DAYS, DEFAULTS, Policy, checked_day, checked_policy, checked_until
from .words import OPEN_STATES, DeadlineLevel, DeadlineState, Goal, Measure, PolicySource, TicketPauseReason

__all__ = [
    "AHEAD_DAYS",
    "BACK_DAYS",
    "DEFAULTS",
    "LADDER",
    "OPEN_STATES",
    "DeadlineLevel",
    "DeadlineState",
    "Goal",
    "Measure",
    "Pause",
    "Plan",
    "Policy",
    "PolicySource",
    "TicketPauseReason",
    "checked_day",
    "checked_policy",
    "checked_until",
    "climb_at",
    "climbed",
    "explained",
    "first_level",
    "overdrawn",
    "planned",
    "policy_words",
    "state_of",
]
