"""Deadlines of tickets: their rules, their clock, and the acts that stop it, start it and set what it goes by."""

from .acts import arrive, pause, resume, set_priority
from .rows import CalendarDay, SlaPolicy, TicketDeadline, TicketPause, WorkingHours
from .setting import set_day, set_hours, set_policy
from .work import KIND, KIND_ALL, due_tickets, leave_all, recalculate, wind_all

__all__ = [
    "KIND",
    "KIND_ALL",
    "CalendarDay",
    "SlaPolicy",
    "TicketDeadline",
    "TicketPause",
    "WorkingHours",
    "arrive",
    "due_tickets",
    "leave_all",
    "pause",
    "recalculate",
    "resume",
    "set_day",
    "set_hours",
    "set_policy",
    "set_priority",
    "wind_all",
]
