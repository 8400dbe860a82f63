"""The declared types as strawberry types: objects, connections, filters and sorts."""

import enum
import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar, Union, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.scalars import JSON
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from api.enums import graphql_enum
from domain.money import Money
from domain.words import Word

from .declare import (
    NODES,
    Binding,
    ById,
    Changed,
    Column,
    Computed,
    Count,
    Localised,
    Lookup,
    Many,
    NodeById,
    NodesByIds,
    NodeType,
    One,
    OneOf,
    Stats,
    bindings_of,
    group_field,
)
from .disclosure import ask_about, ask_policy

T = TypeVar("T", bound=type)

#: Key of a binding in a strawberry field's metadata.
BINDING = "binding"

# strawberry's overloads do not know classes that are made at run time.
_make_enum: Any = strawberry.enum
_make_field: Any = strawberry.field


def binding_of(field: Any) -> Binding | None:
    """How a field of the schema is bound; None when graphql-core resolves it, or there is none."""
    definition: Any = field.extensions.get("strawberry-definition") if field is not None else None
    return cast("Binding | None", definition and (definition.metadata or {}).get(BINDING))


@strawberry.interface(description="Anything with a typed, stable id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Typed, stable id.")


@strawberry.type(description="Where a page of a connection lies.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether more come before.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first, null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last, null on an empty page.")


@strawberry.type(description="What a number adds up to over the rows of a group. Null where none of them has it.")
class Aggregate:
    sum: Decimal | None = strawberry.field(description="Sum (合计).")
    min: Decimal | None = strawberry.field(description="Least (最小).")
    max: Decimal | None = strawberry.field(description="Greatest (最大).")
    average: Decimal | None = strawberry.field(description="Average (平均), to six places.")


@strawberry.type(description="A percentage over the rows of a group, and of how many.")
class Share:
    percent: Decimal | None = strawberry.field(description="Percent (百分比), to one place. Null where it is of none.")
    of: int = strawberry.field(description="Of how many (基数).")


#: Names that annotations of bound fields may use; filled by ``declared_types``.
_NAMES: dict[str, Any] = {"Node": Node, "PageInfo": PageInfo, "ID": strawberry.ID}
#: Connection type name → node type name.
CONNECTIONS: dict[str, str] = {}

_CASTS: dict[Any, str] = {
    int: "bigint",
    bool: "boolean",
    datetime: "timestamptz",
    date: "date",
    Decimal: "numeric",
    Money: "numeric",
}

_EQUAL, _ORDER = ("eq", "in"), ("gte", "gt", "lte", "lt")
_SCALAR_FILTERS: Mapping[Any, tuple[str, tuple[str, ...]]] = {
    strawberry.ID: ("IDFilter", _EQUAL),
    str: ("StringFilter", _EQUAL),
    int: ("IntFilter", (*_EQUAL, *_ORDER)),
    bool: ("BooleanFilter", ("eq",)),
    datetime: ("DateTimeFilter", _ORDER),
    date: ("DateFilter", (*_EQUAL, *_ORDER)),
    Decimal: ("DecimalFilter", _ORDER),
    Money: ("MoneyFilter", _ORDER),
}
_MEANING = {
    "eq": "Equal to this.",
    "in": "One of these; an empty list matches nothing.",
    "gte": "This or more (later).",
    "gt": "More (later) than this.",
    "lte": "This or less (earlier).",
    "lt": "Less (earlier) than this.",
}


def column_cast(python_type: Any) -> str:
    """The SQL type that values compared with a column of ``python_type`` are cast to."""
    return _CASTS.get(python_type, "text")


def graphql_type(python_type: Any) -> Any:
    """The annotation for a column's Python type."""
    if _is_word(python_type):
        return graphql_enum(python_type)
    if python_type is list:
        return list[str]
    return JSON if python_type is dict else python_type


def _is_word(python_type: Any) -> bool:
    return isinstance(python_type, type) and issubclass(python_type, Word)


def _class(name: str, fields: Mapping[str, tuple[Any, StrawberryField]], bases: tuple[type, ...] = ()) -> type:
    body: dict[str, Any] = {key: value for key, (_, value) in fields.items()}
    body["__annotations__"] = {key: annotation for key, (annotation, _) in fields.items()}
    return type(name, bases, body)


def _filter_input(python_type: Any) -> Any:
    element: Any
    if _is_word(python_type):
        element, name, operators = graphql_type(python_type), f"{python_type.__name__}Filter", _EQUAL
    else:
        element = python_type
        name, operators = _SCALAR_FILTERS[python_type]
    if name not in _NAMES:
        fields: dict[str, tuple[Any, StrawberryField]] = {
            f"{op}_": (
                (list[element] if op == "in" else element) | None,
                strawberry.field(name=op, description=_MEANING[op], default=strawberry.UNSET),
            )
            for op in operators
        }
        _NAMES[name] = strawberry.input(_class(name, fields), description="Conditions that must all hold.")
    return _NAMES[name]


def _declare_filter(node: NodeType) -> None:
    fields: dict[str, tuple[Any, StrawberryField]] = {}
    for key in node.filters:
        binding = node.bindings[key]
        python_type = binding.python_type if isinstance(binding, Column) else strawberry.ID
        fields[key] = (
            _filter_input(python_type) | None,
            strawberry.field(description=binding.description, default=strawberry.UNSET),
        )
    if fields:
        name = f"{node.name}Filter"
        _NAMES[name] = strawberry.input(_class(name, fields), description="Conditions that must all hold.")


def _declare_sort(node: NodeType) -> None:
    if not node.sorts:
        return
    name = f"{node.name}Sort"
    members = {f"{sort}_{direction}": f"{sort}_{direction}" for sort in node.sorts for direction in ("ASC", "DESC")}
    made: Any = _make_enum(enum.Enum(name, members), description="Order; ties are broken by id.")
    for value in made.__strawberry_definition__.values:
        sort, direction = str(value.name).rsplit("_", 1)
        value.description = f"By {node.sorts[sort]}, {'ascending' if direction == 'ASC' else 'descending'}."
    _NAMES[name] = made


def _declare_connection(node: NodeType) -> None:
    edge, connection = f"{node.name}Edge", f"{node.name}Connection"
    _NAMES[edge] = strawberry.type(
        _class(
            edge,
            {
                "cursor": (str, strawberry.field(description="Opaque place of this row in this order.")),
                "node": (_NAMES[node.name], strawberry.field(description="The row.")),
            },
        ),
        description="A row and its place.",
    )
    _NAMES[connection] = strawberry.type(
        _class(
            connection,
            {
                "nodes": (list[_NAMES[node.name]], strawberry.field(description="The rows of this page.")),
                "edges": (list[_NAMES[edge]], strawberry.field(description="The rows of this page with their cursors.")),
                "page_info": (PageInfo, strawberry.field(description="Where this page lies.")),
                "total_count": (int, strawberry.field(description="How many match in all; costs a count when asked for.")),
            },
        ),
        description=f"A page of {node.name} rows that the viewer may see.",
    )
    CONNECTIONS[connection] = node.name


def _declare_stats(node: NodeType) -> None:
    if not node.groups:
        return
    group, stats = f"{node.name}Group", f"{node.name}Stats"
    made: Any = _make_enum(enum.Enum(group, {name: name for name in node.groups}), description="What to count by.")
    for value in made.__strawberry_definition__.values:
        value.description = node.groups[value.name].description
    _NAMES[group] = made
    fields: dict[str, tuple[Any, StrawberryField]] = {}
    for binding in node.groups.values():
        description = f"{binding.description} Null where it is not in groupBy, or unknown."
        fields[group_field(binding)] = (_group_type(binding) | None, strawberry.field(description=description))
    for name, binding in node.aggregates.items():
        fields[name] = (Aggregate, strawberry.field(description=binding.description))
    for name, (binding, _) in node.shares.items():
        fields[name] = (Share, strawberry.field(description=binding.description))
    fields["count"] = (int, strawberry.field(description="How many rows (数量)."))
    _NAMES[stats] = strawberry.type(_class(stats, fields), description=f"How many {node.name} rows of one group.")


def _declare_unions(node: NodeType) -> None:
    for key, binding in node.bindings.items():
        if isinstance(binding, OneOf) and binding.targets:
            name = union_name(node.name, key)
            types = Union[tuple(_NAMES[target] for target in binding.targets)]  # noqa: UP007
            _NAMES[name] = Annotated[types, strawberry.union(name, description=binding.description)]


def union_name(type_name: str, key: str) -> str:
    """What a union is called: by the type and the field that it is for."""
    return type_name + "".join(part.capitalize() for part in key.split("_"))


def _group_type(binding: Column | One) -> Any:
    if isinstance(binding, One):
        return _NAMES[binding.target]
    return date if binding.python_type is datetime else graphql_type(binding.python_type)


def _arguments(binding: Binding) -> list[StrawberryArgument]:
    def argument(name: str, annotation: str, description: str) -> StrawberryArgument:
        return StrawberryArgument(name, None, StrawberryAnnotation(annotation, namespace=_NAMES), description=description)

    def filter_of(node: NodeType) -> list[StrawberryArgument]:
        return [argument("filter", f"{node.name}Filter | None", "Only rows that match.")] if node.filters else []

    match binding:
        case Many():
            node = NODES[binding.target]
            return [
                *filter_of(node),
                *([argument("sort", f"{node.name}Sort | None", "Order of the rows.")] if node.sorts else []),
                argument("first", "int | None", "At most this many from the start (default 20, at most 100)."),
                argument("after", "str | None", "Only rows after this cursor."),
                argument("last", "int | None", "At most this many from the end (at most 100)."),
                argument("before", "str | None", "Only rows before this cursor."),
            ]
        case Stats():
            return [
                argument("group_by", f"list[{binding.target}Group]", "What to count by; empty: all in one."),
                *filter_of(NODES[binding.target]),
            ]
        case Changed():
            return [
                argument("id", "ID | None", "Only changes of this row."),
                argument("filter", "ChangedFilter | None", "Only changes that match."),
            ]
        case Lookup():
            return [argument(binding.by, "ID" if binding.by == "id" else "str", "Its unique value.")]
        case NodeById():
            return [argument("id", "ID", "Typed id.")]
        case NodesByIds():
            return [argument("ids", "list[ID]", "Typed ids, at most 100.")]
        case _:
            return []


def _annotation(owner: str, key: str, binding: Binding) -> Any:
    match binding:
        case OneOf():
            return f"{union_name(owner, key) if binding.targets else 'Node'} | None"
        case Column() | Computed():
            made = graphql_type(binding.python_type)
            nullable = binding.hideable or (isinstance(binding, Column) and binding.nullable)
            return made | None if nullable else made
        case Localised():
            return str | None if binding.hideable else str
        case Count():
            return int
        case Many():
            return f"{binding.target}Connection"
        case Stats():
            return f"list[{binding.target}Stats]"
        case One() | Lookup() | ById():
            return f"{binding.target} | None"
        case Changed():
            return binding.target
        case NodeById():
            return "Node | None"
        case NodesByIds():
            return "list[Node | None]"
        case _:
            raise TypeError(type(binding).__name__)


def _field(binding: Binding) -> tuple[Any, StrawberryField]:
    default = {"default": None} if isinstance(binding, ById) else {}
    description = binding.description + (" Null for whoever may not know it." if binding.hideable else "")
    return Any, _make_field(description=description, metadata={BINDING: binding}, **default)


def _finish(made: Any) -> None:
    """Give bound fields their types and arguments; they may name types that are declared anywhere."""
    for item in made.__strawberry_definition__.fields:
        binding = item.metadata.get(BINDING) if item.metadata else None
        if binding is not None:
            ask_about(made.__name__, [binding], NODES)
            item.type_annotation = StrawberryAnnotation(_annotation(made.__name__, item.python_name, binding), namespace=_NAMES)
            item.arguments = _arguments(binding)


#: Classes with bound fields, to be finished when all declarations are imported.
_UNFINISHED: list[Any] = []


def bound(description: str) -> Callable[[T], T]:
    """``strawberry.type`` for a class that mixes bound fields (root fields, payloads) with ordinary ones."""

    def make(declaration: T) -> T:
        annotations = inspect.get_annotations(declaration)
        for key, binding in bindings_of(declaration).items():
            annotations[key], made = _field(binding)
            setattr(declaration, key, made)
        declaration.__annotations__ = annotations
        finished = strawberry.type(declaration, description=description)
        _UNFINISHED.append(finished)
        return finished

    return make


def declared_types() -> list[type]:
    """Turn every declared node into strawberry types; call once, when all declarations are imported."""
    for node in NODES.values():
        ask_policy(node)
        fields = {key: _field(binding) for key, binding in node.bindings.items()}
        _NAMES[node.name] = strawberry.type(_class(node.name, fields, (Node,)), description=node.description)
        _declare_filter(node)
        _declare_sort(node)
        _declare_connection(node)
    for node in NODES.values():
        _declare_stats(node)
        _declare_unions(node)
    compound = strawberry.field(description="Compound (小区) of the row that changed.", default=strawberry.UNSET)
    changed_filter = _class("ChangedFilter", {"compound": (_filter_input(strawberry.ID) | None, compound)})
    _NAMES["ChangedFilter"] = strawberry.input(changed_filter, description="Conditions that must all hold.")
    for node in NODES.values():
        ask_about(node.name, node.bindings.values(), NODES, node)
    for made in (*(_NAMES[name] for name in NODES), *_UNFINISHED):
        _finish(made)
    return [_NAMES[name] for name in NODES]
