"""Notification: what is told, how a channel is reached and when, and in which words."""

from .events import (
    ALERT_CLEARED,
    ALERT_RAISED,
    ALERT_WITHDRAWN,
    CHANNEL_PAUSED,
    CHANNEL_TEST,
    DIGEST,
    EVENT_TYPES,
    TICKET_BREACHED,
    TICKET_ESCALATED,
    TICKET_OPENED,
    TICKET_WARNED,
    Announcement,
    EventType,
)
from .kinds import ChannelKind, Digest, Language, NoticeLanguage, NoticeState
from .preferences import Preferences, QuietHours, checked_types, clock_time
from .targets import TARGETS, hosts, sms_target, target_hint, without_target
from .templates import checked_template, filled, in_languages, words_of

__all__ = [
    "ALERT_CLEARED",
    "ALERT_RAISED",
    "ALERT_WITHDRAWN",
    "CHANNEL_PAUSED",
    "CHANNEL_TEST",
    "DIGEST",
    "EVENT_TYPES",
    "TARGETS",
    "TICKET_BREACHED",
    "TICKET_ESCALATED",
    "TICKET_OPENED",
    "TICKET_WARNED",
    "Announcement",
    "ChannelKind",
    "Digest",
    "EventType",
    "Language",
    "NoticeLanguage",
    "NoticeState",
    "Preferences",
    "QuietHours",
    "checked_template",
    "checked_types",
    "clock_time",
    "filled",
    "hosts",
    "in_languages",
    "sms_target",
    "target_hint",
    "without_target",
    "words_of",
]
