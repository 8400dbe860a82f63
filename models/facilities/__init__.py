"""Facilities, the devices that sense them, and what becomes of both."""

from .rows import Device, Facility, FacilityStatusChange
from .status import report_status, report_status_of

__all__ = ["Device", "Facility", "FacilityStatusChange", "report_status", "report_status_of"]
