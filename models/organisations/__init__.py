"""Organisations and their mandates; founding an organisation, keeping what is said of it, ending it."""

from .keeping import create, end, rename, set_contact
from .rows import Mandate, Organisation, lasting

__all__ = ["Mandate", "Organisation", "create", "end", "lasting", "rename", "set_contact"]
