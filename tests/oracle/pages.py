"""Orders, cursors and pages, in lists."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.read.declare import NODES, Column, Many, NodeType

from .rows import Row, Store

DEFAULT_PAGE, MAX_PAGE = 20, 100


class Wrong(Exception):
    """An argument that the field cannot take."""


@dataclass(frozen=True)
class Order:
    """By a column and then by id, or by id alone (None). ``name`` is what cursors call it."""

    node: NodeType
    name: str
    column: str | None
    descending: bool

    @classmethod
    def of(cls, binding: Many, sort: str | None) -> Order:
        """The order that ``sort`` asks for, or the connection's own."""
        node = NODES[binding.target]
        if sort:
            name, direction = sort.rsplit("_", 1)
            return cls(node, sort, node.sorts[name], direction == "DESC")
        return cls(node, binding.sort or "id", binding.sort.removeprefix("-") or None, binding.sort.startswith("-"))

    def key(self, row: Row) -> tuple[Any, ...]:
        """What rows are compared by."""
        return sortable(row.columns[self.column] if self.column else "", row.id)


def sortable(value: Any, id_: str = "") -> tuple[Any, ...]:
    """Nulls last, and by id among themselves."""
    return (1, id_) if value is None else (0, value, id_)


def cursor(store: Store, order: Order, row: Row) -> str:
    """The cursor of a row, in the engine's own writing."""
    written = store.written[order.node.name, order.column][row.id] if order.column else None
    parts = [order.name, *([] if written is None else [written]), row.id]
    return urlsafe_b64encode("\x1f".join(parts).encode()).decode().rstrip("=")


def place(order: Order, text: str) -> tuple[Any, ...]:
    """Where a cursor of this order lies, comparable with the keys of rows. Raises Wrong."""
    try:
        name, rest = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("\x1f", 1)
        *written, id_ = rest.rsplit("\x1f", 1)
        if not re.fullmatch(rf"{order.node.prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}", id_):
            raise Wrong(text)
        if order.column is None:
            key = ""
        else:
            column = next(b for b in order.node.bindings.values() if isinstance(b, Column) and b.name == order.column)
            read: dict[Any, Callable[[str], Any]] = {int: int, datetime: datetime.fromisoformat, date: date.fromisoformat}
            key = None if column.nullable and not written else read.get(column.python_type, str)(written[0])
    except (ValueError, IndexError):
        raise Wrong(text) from None
    if name != order.name:
        raise Wrong(text)
    return sortable(key, id_)


def check_page(order: Order, first: int | None, last: int | None, after: str | None, before: str | None) -> None:
    """Raise Wrong where there is no such page."""
    if first is not None and last is not None:
        raise Wrong("both directions at once")
    for size in (first, last):
        if size is not None and not 0 <= size <= MAX_PAGE:
            raise Wrong(size)
    for text in (after, before):
        if text is not None:
            place(order, text)


def page(
    store: Store, order: Order, rows: list[Row], first: int | None, last: int | None, after: str | None, before: str | None
) -> dict[str, Any]:
    """The page of ``rows`` as the fields of a connection."""
    rows = sorted(rows, key=order.key, reverse=order.descending)

    def beyond(row: Row, text: str) -> int:
        """1 after the cursor, 0 at it, -1 before it."""
        here, there = order.key(row), place(order, text)
        return ((here > there) - (here < there)) * (-1 if order.descending else 1)

    earlier = [row for row in rows if after is not None and beyond(row, after) <= 0]
    later = [row for row in rows if before is not None and beyond(row, before) >= 0]
    window = [row for row in rows if row not in earlier and row not in later]
    backward = last is not None or (before is not None and after is None and first is None)
    size = next((n for n in (first, last) if n is not None), DEFAULT_PAGE)
    shown = window[max(0, len(window) - size) :] if backward else window[:size]
    cut = len(shown) < len(window)
    edges = [{"cursor": cursor(store, order, row), "node": row} for row in shown]
    return {
        "nodes": shown,
        "edges": edges,
        "totalCount": len(rows),
        "pageInfo": {
            "hasNextPage": bool(later) or (cut and not backward),
            "hasPreviousPage": bool(earlier) or (cut and backward),
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }
