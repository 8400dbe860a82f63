"""Tickets, what is around them, and the acts that move them."""

from .acts import accept, assign, cancel, classify, comment, confirm, reopen, resolve, start
from .callbacks import draw, record_call
from .opening import open_for_alert, open_ticket
from .parties import add_party, remove_party, sign_off
from .ratings import rate
from .relations import link, unlink
from .routing import handling_organisation, remove_route, set_route
from .rows import CallBack, Ticket, TicketComment, TicketLink, TicketParty, TicketRating, TicketRoute, TicketWatcher
from .suggesting import suggest, suggest_for_ticket
from .transferring import transfer
from .watching import unwatch, watch

__all__ = [
    "CallBack",
    "Ticket",
    "TicketComment",
    "TicketLink",
    "TicketParty",
    "TicketRating",
    "TicketRoute",
    "TicketWatcher",
    "accept",
    "add_party",
    "assign",
    "cancel",
    "classify",
    "comment",
    "confirm",
    "draw",
    "handling_organisation",
    "link",
    "open_for_alert",
    "open_ticket",
    "rate",
    "record_call",
    "remove_party",
    "remove_route",
    "reopen",
    "resolve",
    "set_route",
    "sign_off",
    "start",
    "suggest",
    "suggest_for_ticket",
    "transfer",
    "unlink",
    "unwatch",
    "watch",
]
