"""Typed, readable, sortable ids: a three-letter prefix, ``_`` and a UUIDv7 in 26 Crockford base-32 characters."""

import re

from uuid_utils import uuid7

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
ID = re.compile(r"^([a-z]{3})_[0-7][0-9a-hjkmnp-tv-z]{25}\Z")


def encode(number: int) -> str:
    """A 128-bit number as 26 characters that sort like the number."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


def new_id(prefix: str) -> str:
    """A new id of the kind that ``prefix`` (three letters) names; ids made later sort later."""
    return f"{prefix}_{encode(uuid7().int)}"
