"""Telephone numbers of the demo street: none that anybody can have.

All are landlines of area code 023 whose own eight digits begin with 0. Such a number is given to nobody: a 0 there would be
taken for the beginning of a long-distance call, so the numbering plan has local numbers begin with 2 to 8.
"""

from typing import Any

from models.phones import values
from models.rows import Row
from settings import Settings


def number(n: int) -> str:
    """The ``n``-th number, up to ten million."""
    return f"+86230{n:07}"


def columns(n: int, model: type[Row], row_id: str, column: str, settings: Settings) -> tuple[Any, ...]:
    """What is kept of the ``n``-th number (see models/phones.py); nothing where there is no key to seal it with."""
    return values(number(n), model, row_id, column, settings) if settings.secret_key else (None, None, None)
