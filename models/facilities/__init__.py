"""Facilities, the devices that sense them, and what becomes of both."""

from .register import add, amend, move, retire
from .rows import Device, Facility, FacilityStatusChange, Zone, ZoneCamera
from .status import report_status, report_status_of

__all__ = [
    "Device",
    "Facility",
    "FacilityStatusChange",
    "Zone",
    "ZoneCamera",
    "add",
    "amend",
    "move",
    "report_status",
    "report_status_of",
    "retire",
]
