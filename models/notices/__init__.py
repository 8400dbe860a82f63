"""Channels, what they want, notices, what is left in the outbox of each, and how it is delivered."""

from .addresses import number_of
from .announcing import announce
from .channels import Wishes, add_channel, look_up, remove_channel, set_channel
from .digests import remind, tell_what_waited
from .inboxes import read_notice
from .rows import DIGEST_KIND, KIND, Channel, Notice, NoticeAttempt, NoticeTemplate
from .templates import reset_template, set_template

__all__ = [
    "DIGEST_KIND",
    "KIND",
    "Channel",
    "Notice",
    "NoticeAttempt",
    "NoticeTemplate",
    "Wishes",
    "add_channel",
    "announce",
    "look_up",
    "number_of",
    "read_notice",
    "remind",
    "remove_channel",
    "reset_template",
    "set_channel",
    "set_template",
    "tell_what_waited",
]
