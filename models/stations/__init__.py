"""Warm stations (暖新驿站), what is in them and what is done there."""

from .counting import add_visits, set_visits
from .equipment import furnish, remove_equipment, report_equipment
from .keeping import close, end, hand_over, open_station, reopen, set_hours, set_police_point
from .lending import lend, take_back, write_off
from .nearby import OpenNear, open_near
from .rows import (
    Station,
    StationClosure,
    StationEquipment,
    StationItem,
    StationLoan,
    StationMovement,
    StationPoint,
    StationService,
    StationVisit,
)
from .serving import end_point, end_service, offer_service, open_point
from .stock import add_item, count_item, give, remove_item, restock, set_minimum

__all__ = [
    "OpenNear",
    "Station",
    "StationClosure",
    "StationEquipment",
    "StationItem",
    "StationLoan",
    "StationMovement",
    "StationPoint",
    "StationService",
    "StationVisit",
    "add_item",
    "add_visits",
    "close",
    "count_item",
    "end",
    "end_point",
    "end_service",
    "furnish",
    "give",
    "hand_over",
    "lend",
    "offer_service",
    "open_near",
    "open_point",
    "open_station",
    "remove_equipment",
    "remove_item",
    "reopen",
    "report_equipment",
    "restock",
    "set_hours",
    "set_minimum",
    "set_police_point",
    "set_visits",
    "take_back",
    "write_off",
]
