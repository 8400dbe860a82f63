"""Arguments of every kind, written out or as variables, with values that are in the rows and values that are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
)

from api.read.declare import NODES, Column, Many
from domain.words import Word

from .executor import Oracle, camel
from .hostile import HOSTILE
from .pages import Order, cursor

T = TypeVar("T")

#: Bytes that a document's choices are read from, how many are read at once, and how many numbers these can be.
BYTES, CHOICE = 900, 3
_MANY = 256**CHOICE
#: Deepest nesting of relations.
DEEPEST = 4
#: The last day that may be asked for.
_LAST = date(9999, 12, 30)


def _could_be(target: str, column: str) -> Any:
    """A value that fits a column in which there is none."""
    bindings = NODES[target].bindings.values()
    python_type = next((each.python_type for each in bindings if isinstance(each, Column) and each.name == column), str)
    if python_type in {date, datetime}:
        return datetime(2026, 2, 28, tzinfo=UTC) if python_type is datetime else date(2026, 2, 28)
    return next(iter(python_type)).value if issubclass(python_type, Word) else python_type()


@dataclass
class Arguments:
    """Writes the arguments of one document's fields and declares their variables.

    Every choice is read from ``source``; the smaller its bytes, the simpler the document.
    """

    source: BytesIO
    oracle: Oracle
    values: list[dict[str, Any]] = field(default_factory=lambda: [{}, {}])
    declared: dict[str, str] = field(default_factory=dict[str, str])
    hinted: list[str] = field(default_factory=list[str])
    drawn: int = 0
    left: int = 1

    @property
    def schema(self) -> GraphQLSchema:
        return self.oracle.schema

    # choices

    def below(self, n: int) -> int:
        """A number under ``n``: 0 when all bytes are used up. Several small choices come from one reading."""
        if self.left < n:
            self.drawn, self.left = int.from_bytes(self.source.read(CHOICE)), _MANY
        self.left //= n
        self.drawn, number = divmod(self.drawn, n)
        return number

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def once_in(self, n: int) -> bool:
        return self.below(n) == n - 1

    # arguments

    def arguments(self, type_: str, name: str, definition: GraphQLField, depth: int) -> str:
        binding = self.oracle.bindings.get((type_, name))
        if isinstance(binding, Many):
            given = self.paging(binding, depth)
            if "filter" in definition.args and self.once_in(3):
                given["filter"] = self.filters(binding.target)
        else:
            given = {key: [self.argument(key, binding, definition) for _ in range(2)] for key in definition.args}
            if given.get("ids") and self.once_in(2):
                given["ids"][1] = [*given["ids"][0], *given["ids"][1]]
            if given.get("filter") and self.below(2):
                del given["filter"]
        texts = [f"{key}: {self.value(definition.args[key].type, *values)}" for key, values in given.items()]
        return f"({' '.join(texts)})" if texts else ""

    def argument(self, key: str, binding: Any, definition: GraphQLField) -> Any:
        if key in {"id", "ids"}:
            self.hinted.clear()
        if key == "id":
            return self.id()
        if key == "ids":
            return [self.id() for _ in range(self.below(6))]
        if key == "groupBy":
            of: Any = get_named_type(definition.args[key].type)
            return [self.pick(list(of.values)) for _ in range(self.below(4))]
        if key == "filter":
            return self.filter(binding.target)
        return self.known(binding.target, binding.by)

    def paging(self, binding: Many, depth: int) -> dict[str, list[Any]]:
        """Arguments of one page, mostly ones that fit together; each with another value to run again with."""
        sorts = list(NODES[binding.target].sorts)
        sort = f"{self.pick(sorts)}_{self.pick(['ASC', 'DESC'])}" if sorts and self.once_in(2) else None
        given: dict[str, list[Any]] = {"sort": [sort, None if self.once_in(10) else sort]} if sort else {}
        sizes = [0, 1, 2, 3, 5] if depth < DEEPEST else [0, 1, 2, 3, 7, 20, 100]
        size = [self.pick(sizes)] * 2
        if self.once_in(2):
            size[1] = self.pick(sizes)
        if self.once_in(20):
            size[self.below(2)] = self.pick([-1, 101, 2**31 - 1, -(2**31)])
        here, there = ([self.cursor(Order.of(binding, sort)) for _ in range(2)] for _ in range(2))
        ways: list[dict[str, list[Any]]] = [
            *({}, {}, {"first": size}, {"first": size}, {"last": size}, {"after": here}, {"before": here}),
            *({"first": size, "after": here}, {"first": size, "after": here}, {"last": size, "before": here}),
            {self.pick(["first", "last"]): size, "after": here, "before": there},
            {"first": size, "last": [None, 1 if self.once_in(8) else None], "after": [None, here[0]], "before": [None, None]},
        ]
        way = dict(self.pick(ways))
        if way and self.once_in(4):  # given in one run only
            key = self.pick(list(way))
            way[key] = self.pick([[way[key][0], None], [None, way[key][1]]])
        if sort and "after" not in way and "before" not in way and self.once_in(2):
            given["sort"][1] = f"{self.pick(sorts)}_{self.pick(['ASC', 'DESC'])}"
        return given | way

    def cursor(self, order: Order) -> str:
        if self.once_in(60):
            return self.pick(["", "x", "é", "AAAA", "=", "%00", *HOSTILE])
        whole = cursor(self.oracle.store, order, self.pick(self.oracle.store.rows[order.node.name]))
        return whole[: -1 - self.below(len(whole) - 1)] if self.once_in(100) else whole

    def filters(self, target: str) -> list[dict[str, Any]]:
        """Two filters: unlike, or of the same shape with other values, perhaps by other columns."""
        first = self.filter(target)
        if self.once_in(3):
            return [first, self.filter(target)]
        return [first, self.alike(target, self.moved(target, first) if self.once_in(2) else first)]

    def moved(self, target: str, conditions: dict[str, Any]) -> dict[str, Any]:
        """The same conditions on other fields that take such."""
        of: Any = self.schema.type_map[f"{target}Filter"]
        leads_to = {camel(key): getattr(NODES[target].bindings[key], "target", "") for key in NODES[target].filters}
        kinds = {key: (item.type, leads_to[key]) for key, item in of.fields.items()}
        return {
            self.pick([other for other in kinds if other != key and kinds[other] == kinds[key]] or [key]): wanted
            for key, wanted in conditions.items()
        }

    def alike(self, target: str, conditions: dict[str, Any]) -> dict[str, Any]:
        """The same conditions with other values."""
        columns = {camel(key): column for key, column in NODES[target].filters.items()}
        made: dict[str, Any] = {}
        for key, wanted in conditions.items():
            made[key] = wanted and {o: self.another(target, columns[key], value) for o, value in wanted.items()}
        return made

    def another(self, target: str, column: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self.known(target, column) for _ in cast("list[Any]", value)]
        return None if (value is None) != self.once_in(12) else self.known(target, column)

    def filter(self, target: str) -> dict[str, Any]:
        conditions: dict[str, Any] = {}
        of: Any = self.schema.type_map[f"{target}Filter"]
        for key, column in NODES[target].filters.items():
            if not self.once_in(max(3, len(NODES[target].filters))):
                continue
            operators: Any = get_named_type(of.fields[camel(key)].type)
            wanted: dict[str, Any] = {}
            for operator in operators.fields:
                if self.once_in(len(operators.fields)):
                    many = operator == "in"
                    values = [
                        self.known(target, column, operators.name == "IDFilter") for _ in range(self.below(4) if many else 1)
                    ]
                    wanted[operator] = None if self.once_in(12) else values if many else values[0]
            conditions[camel(key)] = None if self.once_in(20) else wanted
        return conditions

    def known(self, target: str, column: str, id_: bool = False) -> Any:
        """A value that is in the column, or one that could be."""
        rows = self.oracle.store.rows[target]
        value = self.pick(rows).columns[column]
        if value is None or (isinstance(value, str) and self.once_in(10)):
            kind = next((row.columns[column] for row in rows if row.columns[column] is not None), _could_be(target, column))
            if isinstance(kind, datetime):
                return "2026-02-28T23:59:59.999999+08:00"
            return self.id() if id_ else value or (min(kind, _LAST).isoformat() if isinstance(kind, date) else kind)
        if isinstance(value, datetime):
            zones = [UTC, self.oracle.zone]
            return value.astimezone(self.pick(zones)).isoformat().replace("+00:00", self.pick(["Z", "+00:00"]))
        return min(value, _LAST).isoformat() if isinstance(value, date) else value

    def id(self) -> str:
        if self.once_in(15):
            return self.pick(["", "x", "tkt_", "tkt_0", "5", "zzz_0000", *HOSTILE])
        row = self.pick(self.oracle.store.rows[self.pick(self.oracle.store.types)])
        self.hinted.append(row.type)
        return row.id

    # values

    def value(self, type_: Any, value: Any, other: Any) -> str:
        """``value`` of the type, written out or as a variable; as a variable, ``other`` is for the second run."""
        if value != other or self.once_in(6):
            text = self.variable(type_, value, other)
            if text:
                return text
        if value is None:
            return "null"
        bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        match bare:
            case GraphQLList():
                if len(value) == 1 and self.once_in(4):
                    return _literal(bare.of_type, value[0])
                return f"[{', '.join(self.value(bare.of_type, one, one) for one in value)}]"
            case GraphQLInputObjectType():
                return f"{{{', '.join(f'{k}: {self.value(bare.fields[k].type, v, v)}' for k, v in value.items())}}}"
            case _:
                return _literal(bare, value)

    def variable(self, type_: Any, value: Any, other: Any) -> str:
        """A variable of the type: with a default or without, given or left out."""
        name = f"v{len(self.declared)}"
        declared = str(type_)
        if not isinstance(type_, GraphQLNonNull) and value is not None and other is not None and self.once_in(3):
            declared += "!"
        elif value is not None and self.once_in(4):
            self.declared[name] = f"{declared} = {_literal(type_, value)}"
            if other != value and (other is not None or "!" not in declared):
                self.values[1][name] = other
            if other is None and "!" in declared:
                self.values[1][name] = value
            return f"${name}"
        self.declared[name] = declared
        for n, one in enumerate((value, other)):
            if one is not None or (self.once_in(2) and "!" not in declared):
                self.values[n][name] = one
        return f"${name}"


def _literal(type_: Any, value: Any) -> str:
    if value is None:
        return "null"
    match type_:
        case GraphQLNonNull():
            return _literal(type_.of_type, value)
        case GraphQLList():
            return f"[{', '.join(_literal(type_.of_type, one) for one in value)}]"
        case GraphQLInputObjectType():
            return f"{{{', '.join(f'{key}: {_literal(type_.fields[key].type, one)}' for key, one in value.items())}}}"
        case GraphQLEnumType():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
