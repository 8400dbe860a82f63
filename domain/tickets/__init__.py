"""Tickets: their words and states, how they come in, what they are about, where they go, what people think of it."""

from .priorities import check_priority
from .sources import SOURCES_OF, source_of
from .states import FOLLOWS_ACCEPTED, FOLLOWS_DONE, FOLLOWS_REOPENED, HANDED_OVER, IN_HAND, MOVES, WORK, moved, next_state
from .words import (
    CASE_NUMBER_MAX,
    CLEARED,
    DESCRIPTION_MAX,
    REMARK_MAX,
    TITLE_MAX,
    TicketKind,
    TicketMove,
    TicketPriority,
    TicketSource,
    TicketState,
)

__all__ = [
    "CASE_NUMBER_MAX",
    "CLEARED",
    "DESCRIPTION_MAX",
    "FOLLOWS_ACCEPTED",
    "FOLLOWS_DONE",
    "FOLLOWS_REOPENED",
    "HANDED_OVER",
    "IN_HAND",
    "MOVES",
    "REMARK_MAX",
    "SOURCES_OF",
    "TITLE_MAX",
    "WORK",
    "TicketKind",
    "TicketMove",
    "TicketPriority",
    "TicketSource",
    "TicketState",
    "check_priority",
    "moved",
    "next_state",
    "source_of",
]
