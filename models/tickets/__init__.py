"""Tickets, their comments, and the acts that move them."""

from .acts import accept, assign, cancel, comment, confirm, reopen, resolve, start
from .opening import handling_organisation, open_for_alert, open_ticket
from .rows import Ticket, TicketComment

__all__ = [
    "Ticket",
    "TicketComment",
    "accept",
    "assign",
    "cancel",
    "comment",
    "confirm",
    "handling_organisation",
    "open_for_alert",
    "open_ticket",
    "reopen",
    "resolve",
    "start",
]
