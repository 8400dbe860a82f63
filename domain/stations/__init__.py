"""Warm stations (暖新驿站): when they are open, what is in them, what is given out and lent, and what is counted.

Nobody is named here: a lent thing is lent to the number of a slip, and visits are counts of an hour.
"""

from domain.points import Point, check_point, distance_m

from .lending import DUE_MAX, DUE_USUAL, MOVES, LoanMove, LoanState, check_due, checked_slip, ended
from .opening import Closure, Hours, Opening, check_closure
from .stock import AMOUNT_MAX, ISSUES, MOVED, STOCK_MAX, Issue, Stock, check_amount, check_issue, too_few
from .visits import BACK, VISITS_MAX, check_visits, hour_of
from .words import ClosureReason, EquipmentKind, EquipmentState, ItemKind, MovementKind, PointKind, ServiceKind, Visitors

__all__ = [
    "AMOUNT_MAX",
    "BACK",
    "DUE_MAX",
    "DUE_USUAL",
    "ISSUES",
    "MOVED",
    "MOVES",
    "STOCK_MAX",
    "VISITS_MAX",
    "Closure",
    "ClosureReason",
    "EquipmentKind",
    "EquipmentState",
    "Hours",
    "Issue",
    "ItemKind",
    "LoanMove",
    "LoanState",
    "MovementKind",
    "Opening",
    "Point",
    "PointKind",
    "ServiceKind",
    "Stock",
    "Visitors",
    "check_amount",
    "check_closure",
    "check_due",
    "check_issue",
    "check_point",
    "check_visits",
    "checked_slip",
    "distance_m",
    "ended",
    "hour_of",
    "too_few",
]
