"""Registers that come as a sheet: which columns there are, what each row says, and what is wrong with it.

What a column means is said by whoever imports (facilities.imports, for one); here is what all sheets share.
"""

from .cells import RowReading, text_of
from .reading import SheetReader
from .words import (
    CELL_MAX,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_FAULTS,
    MOST_ROWS,
    Faults,
    Heading,
    ImportState,
    SheetFault,
    SheetKind,
    SheetRow,
)

__all__ = [
    "CELL_MAX",
    "MOST_CHARACTERS",
    "MOST_COLUMNS",
    "MOST_FAULTS",
    "MOST_ROWS",
    "Faults",
    "Heading",
    "ImportState",
    "RowReading",
    "SheetFault",
    "SheetKind",
    "SheetReader",
    "SheetRow",
    "text_of",
]
