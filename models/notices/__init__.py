"""Channels, what they want, notices, and what is left in the outbox of each."""

from .announcing import announce
from .channels import Wishes, add_channel, number_of, remove_channel, set_channel
from .delivery import note_failure, note_sent
from .digests import remind, tell_what_waited
from .inboxes import read_notice
from .rows import DIGEST_KIND, KIND, Channel, Notice, NoticeTemplate
from .templates import reset_template, set_template

__all__ = [
    "DIGEST_KIND",
    "KIND",
    "Channel",
    "Notice",
    "NoticeTemplate",
    "Wishes",
    "add_channel",
    "announce",
    "note_failure",
    "note_sent",
    "number_of",
    "read_notice",
    "remind",
    "remove_channel",
    "reset_template",
    "set_channel",
    "set_template",
    "tell_what_waited",
]
