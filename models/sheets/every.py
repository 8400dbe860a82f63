"""Every module that declares a noun of sheets: importing this one makes them all known."""

from models.facilities import importing as facilities
from models.territory import sheets as homes

from .nouns import NOUNS

__all__ = ["NOUNS", "facilities", "homes"]
