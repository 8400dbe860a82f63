"""Offices (任职) and elections (换届): who is what in an organisation, from when to when.

An office may name the account of whoever holds it, so that they can be told. It gives that account nothing: roles do.
"""

from .due import warn_of_terms
from .elections import hold_election, term_years
from .filling import end_office, fill_office
from .rows import Election, Office

__all__ = ["Election", "Office", "end_office", "fill_office", "hold_election", "term_years", "warn_of_terms"]
