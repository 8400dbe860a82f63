"""Pages of figures that people print: a title, facts, tables of amounts, notes. The same on paper (PDF) and in a sheet (XLSX)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PrintedRow:
    """A row: its label and amounts, one a column. ``strong``: a sum; ``deep``: below one; ``changed``: to be noticed."""

    label: str
    amounts: tuple[Decimal | None, ...]
    strong: bool = False
    deep: bool = False
    changed: bool = False


@dataclass(frozen=True)
class PrintedTable:
    """A table: its title, the names of its columns after the first, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True)
class Printed:
    """All of it. ``facts``: what stands under the title, name and value; ``mark``: what stands across each page; "": nothing."""

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[PrintedTable, ...]
    notes: tuple[str, ...]
    mark: str = ""


def amount_text(amount: Decimal | None) -> str:
    """An amount as people read it: 12,345.60; nothing where none is told."""
    return "" if amount is None else f"{amount:,.2f}"
