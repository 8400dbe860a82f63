"""JSON texts made by PostgreSQL: literals and SQL expressions put together."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.words import Word

#: A literal, or an SQL expression in a 1-tuple.
Part = str | tuple[str]


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _concatenated(terms: list[str]) -> str:
    """As a tree, for PostgreSQL copies both sides of every ``||``."""
    if len(terms) < 5:
        return " || ".join(terms)
    half = len(terms) // 2
    return f"({_concatenated(terms[:half])}) || ({_concatenated(terms[half:])})"


def joined(parts: Iterable[Part]) -> str:
    """Concatenate literals (str) and SQL expressions (1-tuples), merging neighbouring literals."""
    out: list[str] = []
    pending = ""
    for part in parts:
        if isinstance(part, str):
            pending += part
            continue
        if pending:
            out.append(literal(pending))
            pending = ""
        out.append(part[0])
    if pending or not out:
        out.append(literal(pending))
    return _concatenated(out)


def scalar(python_type: Any, sql: str, *, nullable: bool) -> list[Part]:
    """The JSON text of a scalar expression."""
    if isinstance(python_type, type) and (python_type is date or issubclass(python_type, (Word, Decimal))):
        if not nullable:
            return ['"', (f"{sql}::text",), '"']
        text = f"'\"' || {sql} || '\"'"
    elif python_type in (int, float, bool, dict):
        text = f"({sql})::text"
    elif python_type in (str, datetime, list):
        text = f"to_json({sql})::text"
    else:
        raise TypeError(f"no JSON form for {python_type!r}")
    return [(f"coalesce({text}, 'null')" if nullable else text,)]
