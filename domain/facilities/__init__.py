"""What stands in a compound and what senses it: the words, what is kept of each kind, and how long it could be used."""

from .attributes import Attribute, AttributeType, Flaw, attributes_of, checked, flaws, read_cell, short_of_norm
from .kinds import ATTRIBUTES, SCRAP_YEARS, Agent, scrap_date
from .words import DeviceKind, FacilityKind, FacilityStatus, ZoneKind

__all__ = [
    "ATTRIBUTES",
    "SCRAP_YEARS",
    "Agent",
    "Attribute",
    "AttributeType",
    "DeviceKind",
    "FacilityKind",
    "FacilityStatus",
    "Flaw",
    "ZoneKind",
    "attributes_of",
    "checked",
    "flaws",
    "read_cell",
    "scrap_date",
    "short_of_norm",
]
