"""Memory: the rows, their migrations, and the acts that change them."""

from .accounts import Account, RoleBinding
from .alerts import Alert, AlertOccurrence, RuleState, Threshold
from .events import Event, Reading
from .facilities import Device, Facility, FacilityStatusChange
from .facts import Fact
from .keys import IntakeKey
from .notices import Channel, Notice
from .organisations import Mandate, Organisation
from .territory import Building, Compound, Home, Place, Unit
from .tickets import Ticket, TicketComment
from .work import ClockSlot, IdempotencyKey, Work

__all__ = [
    "Account",
    "Alert",
    "AlertOccurrence",
    "Building",
    "Channel",
    "ClockSlot",
    "Compound",
    "Device",
    "Event",
    "Facility",
    "FacilityStatusChange",
    "Fact",
    "Home",
    "IdempotencyKey",
    "IntakeKey",
    "Mandate",
    "Notice",
    "Organisation",
    "Place",
    "Reading",
    "RoleBinding",
    "RuleState",
    "Threshold",
    "Ticket",
    "TicketComment",
    "Unit",
    "Work",
]
