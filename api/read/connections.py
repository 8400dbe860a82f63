"""The SQL of a connection: one page of rows in keyset order, and only those parts of it that are asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from graphql import FieldNode

from domain.money import Money

from .arguments import Argument
from .cursors import cursor_sql, parse_cursor
from .declare import Column, Many, NodeType
from .errors import refuse
from .select import Selected
from .texts import Part
from .types import column_cast
from .writer import Writer

DEFAULT_PAGE, MAX_PAGE = 20, 100

#: What reads a sort key back from a cursor; raises ValueError or ArithmeticError.
_READERS: dict[Any, Callable[[str], Any]] = {
    int: int,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    Money: Decimal,
}


class ConnectionSql:
    """Writes the SQL of one connection field.

    The page is a subquery ``q``, in its order, with one column per JSON text that the selection needs. Where the end of
    the page matters, its rows are numbered (``rn``) and one more is read.
    """

    def __init__(self, compiler: Writer, target: NodeType, binding: Many, parent: str, given: dict[str, Argument]) -> None:
        self._compiler = compiler
        self._target = target
        self._given = given
        self._parent = parent
        self._row = compiler.parameters.alias()
        self._size, self._backward = self._page_size()
        self._order, self._key, self._descending = self._ordering(binding)
        self._keys = [f"{self._row}.{self._key}", f"{self._row}.id"] if self._key else [f"{self._row}.id"]
        self._conditions = compiler.rows.conditions(target, self._row, binding.by, parent, given)
        sides = {"after": True, "before": False}
        self._window = [self._beyond(given[name], forward=forward) for name, forward in sides.items() if name in given]
        self._sparse = not parent and compiler.rows.passes_over(target, binding.by, given)
        self._columns: dict[str, str] = {}
        self._numbered = self._backward

    def sql(self, asked: list[FieldNode]) -> str:
        """The connection's JSON, as the merged selections of ``asked`` want it."""
        selector = self._compiler.selector
        selected = selector.below(self._compiler.type(f"{self._target.name}Connection"), asked)
        self._numbered |= any(nodes[0].name.value == "pageInfo" for nodes in selected.values())
        json = self._compiler.compose(selected, self._field)
        if not self._columns and "q." not in json:
            return f"({json})"
        return f"(SELECT {json} FROM ({self._page()}) q)"

    def _field(self, nodes: list[FieldNode]) -> list[Part]:
        match nodes[0].name.value:
            case "nodes":
                return self._listed(self._compiler.row_json(self._target, self._row, nodes))
            case "edges":
                return self._listed(self._edge(nodes))
            case "pageInfo":
                return [(self._compiler.compose(self._below("PageInfo", nodes), self._page_info),)]
            case "totalCount":
                return [(self._select("count(*)::text", self._conditions),)]
            case _:
                return [f'"{self._target.name}Connection"']

    def _below(self, type_name: str, nodes: list[FieldNode]) -> Selected:
        return self._compiler.selector.below(self._compiler.type(type_name), nodes)

    def _select(self, what: str, conditions: list[str]) -> str:
        return f"(SELECT {what} FROM {self._target.table} {self._row} WHERE {' AND '.join(conditions)})"

    # the page

    def _page(self) -> str:
        direction = " DESC" if self._descending != self._backward else ""
        ordering = ", ".join(f"{key}{direction}" for key in self._keys)
        number = [f"row_number() OVER (ORDER BY {ordering}) AS rn"] if self._numbered else []
        outputs = [f"{sql} AS {name}" for name, sql in self._columns.items()]
        table = f"{self._target.table} {self._row}"
        where = " AND ".join([*self._conditions, *self._window])
        page = f"FROM {table} WHERE {where} ORDER BY {ordering} LIMIT {self._size + self._numbered}"
        if not outputs or not self._sparse:
            return f"SELECT {', '.join([*number, *outputs])} {page}"
        # Page within an index that holds what decides, then fetch the rows of the page only, one by one in its order.
        ids = f"SELECT {', '.join([*number, f'{self._row}.id'])} {page}"
        rows = f"SELECT {', '.join(outputs)} FROM {table} WHERE {self._row}.id = p.id OFFSET 0"
        return f"SELECT {'p.rn, ' if number else ''}r.* FROM ({ids}) p, LATERAL ({rows}) r"

    def _page_size(self) -> tuple[int, bool]:
        """The page size, and whether the page is counted from the end."""
        given = self._given
        if "first" in given and "last" in given:
            raise refuse("BAD_USER_INPUT", "Give either first or last, not both.")
        backward = "last" in given or ("before" in given and "after" not in given and "first" not in given)
        name = "last" if "last" in given else "first"
        size: int = given[name].value if name in given else DEFAULT_PAGE
        if not 0 <= size <= MAX_PAGE:
            raise refuse("BAD_USER_INPUT", f"{name}: from 0 to {MAX_PAGE}; it is {size}.")
        return size, backward

    def _ordering(self, binding: Many) -> tuple[str, str | None, bool]:
        """Name, column (None: id alone) and direction (True: descending) of the order."""
        if "sort" in self._given:
            chosen: str = self._given["sort"].value.value
            sort, direction = chosen.rsplit("_", 1)
            return chosen, self._target.sorts[sort], direction == "DESC"
        return binding.sort or "id", binding.sort.removeprefix("-") or None, binding.sort.startswith("-")

    def _beyond(self, cursor: Argument, *, forward: bool, inclusive: bool = False) -> str:
        """The rows on one side of a cursor, in keyset form so that an index serves it."""
        later = forward != self._descending
        comparison = (">" if later else "<") + ("=" if inclusive else "")
        parameters = self._compiler.parameters
        order, prefix = self._order, self._target.prefix
        id_ = parameters.argument(cursor, "text", lambda text: parse_cursor(text, order, prefix)[1])
        column = self._key_column()
        if column is None:
            return f"{self._row}.id {comparison} {id_}"
        read, nullable = _READERS.get(column.python_type, str), column.nullable
        cast = column_cast(column.python_type)
        key = parameters.argument(cursor, cast, lambda text: parse_cursor(text, order, prefix, read, nullable=nullable)[0])
        beyond = f"({', '.join(self._keys)}) {comparison} ({key}, {id_})"
        if not column.nullable:
            return beyond
        # Null sorts last, as in PostgreSQL's ascending order.
        null, tie = f"{self._keys[0]} IS NULL", f"{self._row}.id {comparison} {id_}"
        past_null = f"{null} AND {tie}" if later else f"NOT {null} OR {tie}"
        past_key = f"{null} OR {beyond}" if later else beyond
        return f"CASE WHEN {key} IS NULL THEN {past_null} ELSE {past_key} END"

    def _key_column(self) -> Column | None:
        """The column of the order; None where ids alone order."""
        bindings = self._target.bindings.values()
        return next((b for b in bindings if isinstance(b, Column) and b.name == self._key), None)

    # what is asked of the page

    def _column(self, sql: str) -> str:
        name = f"c{len(self._columns)}"
        self._columns[name] = sql
        return f"q.{name}"

    @property
    def _within(self) -> str:
        return f" FILTER (WHERE q.rn <= {self._size})" if self._numbered else ""

    @property
    def _outwards(self) -> str:
        """The order of what is answered, where it is not that of reading."""
        return " ORDER BY q.rn DESC" if self._backward else ""

    def _listed(self, sql: str) -> list[Part]:
        return ["[", (f"coalesce(string_agg({self._column(sql)}, ','{self._outwards}){self._within}, '')",), "]"]

    def _edge(self, nodes: list[FieldNode]) -> str:
        def value(inner: list[FieldNode]) -> list[Part]:
            match inner[0].name.value:
                case "node":
                    return [(self._compiler.row_json(self._target, self._row, inner),)]
                case "cursor":
                    return ['"', (self._cursor(),), '"']
                case _:
                    return [f'"{self._target.name}Edge"']

        return self._compiler.compose(self._below(f"{self._target.name}Edge", nodes), value)

    def _cursor(self) -> str:
        return cursor_sql(self._order, self._keys[0] if self._key else None, f"{self._row}.id")

    def _page_info(self, nodes: list[FieldNode]) -> list[Part]:
        match nodes[0].name.value:
            case "hasNextPage":
                return [(self._more(forward=True),)]
            case "hasPreviousPage":
                return [(self._more(forward=False),)]
            case "startCursor":
                return [(self._end(last=False),)]
            case "endCursor":
                return [(self._end(last=True),)]
            case _:
                return ['"PageInfo"']

    def _end(self, *, last: bool) -> str:
        cursors = f"array_agg({self._column(self._cursor())}{self._outwards}){self._within}"
        place = f"least(count(*), {self._size})::int" if last else "1"
        return f"coalesce('\"' || ({cursors})[{place}] || '\"', 'null')"

    def _more(self, *, forward: bool) -> str:
        """Exact: whether rows lie beyond the page on one side."""
        more = [f"coalesce(max(q.rn), 0) > {self._size}"] if forward != self._backward else []
        cursor = self._given.get("before" if forward else "after")
        if cursor is not None:
            beyond = self._beyond(cursor, forward=forward, inclusive=True)
            more.append(f"EXISTS {self._select('1', [*self._conditions, beyond])}")
        return f"({' OR '.join(more) or 'false'})::text"
