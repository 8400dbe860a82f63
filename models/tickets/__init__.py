"""Tickets, their comments, and the acts that move them."""

from .opening import open_for_alert
from .rows import Ticket, TicketComment

__all__ = ["Ticket", "TicketComment", "open_for_alert"]
