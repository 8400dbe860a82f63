"""What sheets can be about: each noun says in its own module which columns there are, how a row is read, and how it is entered.

The rows that were read stand in the table ``sheet_row`` of the transaction: ``number`` in the sheet, ``key`` (what no two rows
may share; "" where there is none) and ``entry``, what is to be entered, null where the row is wrong. They go with it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.sheets import MOST_ROWS, Heading, RowReading, SheetKind
from domain.words import Text
from models.connection import query

from .rows import SheetImport


@dataclass(frozen=True)
class Entry:
    """What a row says: ``key``, by which no other row may go, and what is to be entered, as JSON holds it."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Clash:
    """A row that does not fit what is there already, or the other rows: in a column (its key; "": as a whole)."""

    number: int
    key: str
    message: Text
    remedy: Text


#: Reads one row; what is wrong goes to the reading, and then what it gives is not entered.
Read = Callable[[RowReading], Entry]


@dataclass(frozen=True)
class Noun:
    """How sheets of one kind are imported.

    ``act``: what whoever imports must be allowed to do, on the compound, or on the book (``of_a_book``). ``key``: the column of
    the entries' key. ``prepare``: gives the reader, when what it needs to know was asked for. ``clashes``: the rows of
    ``sheet_row`` that cannot be entered all the same; some hundreds are enough.
    ``enter``: enters all of them, for whoever asked; of a book that is rehearsed, and taken back, when the sheet is checked.
    ``most``: rows that are taken.
    """

    kind: SheetKind
    act: str
    key: str
    headings: Callable[[FacilityKind | None], Sequence[Heading]]
    prepare: Callable[[SheetImport], Awaitable[Read]]
    clashes: Callable[[SheetImport], Awaitable[Sequence[Clash]]]
    enter: Callable[[Viewer, SheetImport], Awaitable[None]]
    of_a_book: bool = False
    most: int = MOST_ROWS


#: Rows of a sheet whose rows are entered one after the other, each by an act of its own.
MOST_ONE_BY_ONE = 5_000

#: Every noun by the kind of its sheets; models.sheets.every makes them known.
NOUNS: dict[SheetKind, Noun] = {}


def declare(noun: Noun) -> Noun:
    """Make a noun known. Raises ValueError: another is known by its kind."""
    if noun.kind in NOUNS:
        raise ValueError(f"two nouns for sheets of {noun.kind}")
    NOUNS[noun.kind] = noun
    return noun


#: Faults of one sort that are asked for.
MOST_CLASHES = 500


async def taken(table: str, what: Text) -> list[Clash]:
    """Rows whose key is the ``code`` of something there already; ``what`` it is."""
    there = f"SELECT s.number FROM sheet_row s JOIN {table} t ON t.code = s.key WHERE s.key <> ''"
    rows = await query(f"{there} ORDER BY s.number LIMIT {MOST_CLASHES}")
    message = Text(f"A {what.en} has this code already.", f"该编码已被其他{what.zh}使用。")
    remedy = Text(f"Leave the row out, or amend that {what.en}.", f"请删除该行，或直接更正已有{what.zh}。")
    return [Clash(row["number"], "code", message, remedy) for row in rows]
