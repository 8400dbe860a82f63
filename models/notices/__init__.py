"""Channels, notices, and what is left in the outbox of each."""

from .announcing import announce
from .channels import add_channel, remove_channel
from .delivery import note_failure, note_sent
from .rows import KIND, Channel, Notice

__all__ = ["KIND", "Channel", "Notice", "add_channel", "announce", "note_failure", "note_sent", "remove_channel"]
