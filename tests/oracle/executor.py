"""graphql-core's own ``execute`` over lists of rows: slow, and plain to see that it is right.

What is beyond GraphQL's rules, and how the oracle says it: SQL cannot fail in part, so an argument that cannot be
(a page size, a cursor) fails its whole root field, whether rows would have reached it or not. Hence each document
is run twice: a rehearsal in which every field has exactly one made-up answer (or one of each type that it can have)
finds the root fields with such arguments; then the real run, in which those fail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
    print_schema,
)

from api.read.declare import (
    NODES,
    Binding,
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
    group_field,
)
from api.read.types import BINDING
from domain.access import Viewer
from domain.money import Money

from .pages import MAX_PAGE, Order, Wrong, check_page, page, sortable
from .rows import Row, Store


@dataclass
class Asked:
    """The context of one run. ``failed`` are the response keys of root fields with wrong arguments."""

    viewer: Viewer
    language: str
    rehearsal: bool
    failed: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Answer:
    """``data`` as GraphQL says it, and the paths of the errors."""

    data: Any
    paths: list[list[str | int]]


def bindings(schema: GraphQLSchema) -> dict[tuple[str, str], Binding]:
    """(type, field) in GraphQL's names → how it is declared, of every bound field."""
    bound: dict[tuple[str, str], Binding] = {}
    for type_ in schema.type_map.values():
        for name, item in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
            definition = item.extensions.get("strawberry-definition")
            if definition is not None and BINDING in (definition.metadata or {}):
                bound[type_.name, name] = definition.metadata[BINDING]
    return bound


def by_orm(schema: GraphQLSchema) -> set[tuple[str, str]]:
    """(type, field) of what resolvers of their own wait for: the oracle does not answer it, and is not asked for it."""
    return {
        (type_.name, name)
        for type_ in schema.type_map.values()
        for name, item in (type_.fields.items() if isinstance(type_, GraphQLObjectType) else ())
        if (definition := item.extensions.get("strawberry-definition")) is not None and definition.is_async
    }


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


class Oracle:
    """Answers documents from the rows of ``store``."""

    def __init__(self, schema: GraphQLSchema, store: Store, zone: ZoneInfo) -> None:
        self.store = store
        self.bindings = bindings(schema)
        self.by_orm = by_orm(schema)
        self.zone = zone
        self.schema, self._rehearsed = (self._answering(build_schema(print_schema(schema))) for _ in range(2))
        for (type_name, name), binding in self.bindings.items():
            if isinstance(binding, OneOf):
                field = self._rehearsed.type_map[type_name].fields[name]  # pyright: ignore[reportAttributeAccessIssue]
                field.type = GraphQLList(field.type)

    def _answering(self, schema: GraphQLSchema) -> GraphQLSchema:
        for type_ in schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
                for name, item in type_.fields.items():
                    item.resolve = self._resolver(type_.name, name, item)
            if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
                type_.resolve_type = lambda row, *_: row.type
        for name, output, parse in (
            ("DateTime", lambda moment: _rfc3339(moment.astimezone(self.zone)), datetime.fromisoformat),
            ("Date", date.isoformat, date.fromisoformat),
            ("Decimal", lambda number: f"{number:f}", Decimal),
            ("Money", lambda amount: Money(amount).write(), Money.read),
        ):
            scalar = schema.type_map.get(name)
            if isinstance(scalar, GraphQLScalarType):
                scalar.coerce_output_value, scalar.coerce_input_value = output, parse
        return schema

    def answer(
        self, document: DocumentNode, variables: dict[str, Any], operation: str | None, viewer: Viewer, language: str
    ) -> Answer:
        """What the document's operation gives this viewer."""

        def run(asked: Asked) -> Any:
            schema = self._rehearsed if asked.rehearsal else self.schema
            return execute_sync(schema, document, context_value=asked, variable_values=variables, operation_name=operation)

        rehearsal = Asked(viewer, language, rehearsal=True)
        for error in run(rehearsal).errors or []:  # an argument that graphql-core itself refuses
            rehearsal.failed.add(str(error.path[0]))
        result = run(Asked(viewer, language, rehearsal=False, failed=rehearsal.failed))
        assert {error.path[0] for error in result.errors or []} <= rehearsal.failed, result.errors
        return Answer(result.data, [[key] for key in sorted(rehearsal.failed)])

    def _resolver(self, type_name: str, name: str, item: GraphQLField) -> Callable[..., Any]:
        binding = self.bindings.get((type_name, name))

        def resolve(source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
            asked: Asked = info.context
            root = str(info.path.as_list()[0])
            try:
                _check(binding, args)
            except Wrong:
                asked.failed.add(root)
            if asked.rehearsal:
                # A group that is not asked for is null, whatever is asked of it.
                if type_name.endswith("Stats") and name in source.columns["unasked"]:
                    return None
                if isinstance(binding, OneOf):
                    return [Row(target, {}) for target in binding.targets or NODES]
                return _made_up(item.type, args)
            if info.path.prev is None and root in asked.failed:
                raise Wrong(root)
            if type_name in NODES and name == "id":
                return source.id
            if binding is not None:
                shown = self.store.shown(asked.viewer, source, binding.data) if type_name in NODES else "VISIBLE"
                value = self._bound(binding, source, args, asked) if shown != "HIDDEN" else None
                return f"{value[:1]}**" if shown == "MASKED" and binding.data == "NAME" else value
            return _viewer(asked.viewer) if (type_name, name) == ("Query", "viewer") else source[name]

        return resolve

    def _bound(self, binding: Binding, row: Row | None, args: dict[str, Any], asked: Asked) -> Any:
        columns = row.columns if row else {}
        match binding:
            case Column():
                return columns[binding.name]
            case Computed():
                assert row is not None
                return next(row.computed[key] for key, b in NODES[row.type].bindings.items() if b is binding)
            case Localised():
                texts = columns[binding.name]
                chosen = texts.get(asked.language)
                return chosen if chosen is not None else texts.get("en") or ""
            case One():
                by, value = (binding.by, columns["id"]) if binding.by else ("id", columns[binding.key])
                return self._one(binding.target, by, value, asked)
            case OneOf():
                found = self._node(columns[binding.key] or "", asked)
                return found if found and found.type in (binding.targets or NODES) else None
            case Lookup():
                return self._one(binding.target, binding.by, args[binding.by], asked)
            case NodeById():
                return self._node(args["id"], asked)
            case NodesByIds():
                return [self._node(id_, asked) for id_ in args["ids"]]
            case Count():
                rows = self._seen(self.store.find(binding.target, binding.by, columns["id"]), asked)
                fulfilling = self.store.fulfilling.get((binding.target, binding.where))
                return len([one for one in rows if fulfilling is None or one.id in fulfilling])
            case Many():
                rows = self._among(binding, columns, args, asked)
                return page(self.store, Order.of(binding, args.get("sort")), rows, *_paging(args))
            case Stats():
                return self._stats(binding, self._among(binding, columns, args, asked), args, asked)
            case _:
                raise NotImplementedError(f"the oracle does not know {type(binding).__name__}: say in lists what it means")

    # rows

    def _seen(self, rows: Sequence[Row], asked: Asked) -> list[Row]:
        return [row for row in rows if self.store.sees(asked.viewer, row)]

    def _one(self, target: str, by: str, value: Any, asked: Asked) -> Row | None:
        return next(iter(self._seen(self.store.find(target, by, value), asked)), None)

    def _node(self, id_: str, asked: Asked) -> Row | None:
        target = _type_of(id_)
        return self._one(target.name, "id", id_, asked) if target else None

    def _among(self, binding: Many | Stats, parent: dict[str, Any], args: dict[str, Any], asked: Asked) -> list[Row]:
        """The rows that a connection or a count is about: of the parent, seen, and matching the filter."""
        rows = self.store.rows[binding.target]
        if binding.by:
            rows = self.store.find(binding.target, binding.by, parent["id"])
        conditions = args.get("filter") or {}
        names = {
            camel(key): (column, NODES[binding.target].bindings[key]) for key, column in NODES[binding.target].filters.items()
        }

        def fits(row: Row, name: str, wanted: dict[str, Any]) -> bool:
            column, field = names[name]
            # Who does not see what a relation leads to finds nothing by it.
            asks = any(value is not None for value in wanted.values())
            seen = not asks or not isinstance(field, One) or self._one(field.target, "id", row.columns[column], asked)
            return bool(seen) and _matches(row.columns[column], wanted)

        return [
            row for row in self._seen(rows, asked) if all(fits(row, name, wanted or {}) for name, wanted in conditions.items())
        ]

    # counts by group

    def _stats(self, binding: Stats, rows: list[Row], args: dict[str, Any], asked: Asked) -> list[dict[str, Any]]:
        groups = {name: NODES[binding.target].groups[name] for name in args["groupBy"]}

        def value(row: Row, group: Column | One) -> Any:
            if isinstance(group, One):  # what the viewer does not see is one group
                related = self._one(group.target, "id", row.columns[group.key], asked)
                return related and related.id
            found = row.columns[group.name]
            if isinstance(found, datetime):
                return found.astimezone(self.zone).date().replace(day=1)
            return found

        grouped: dict[tuple[Any, ...], list[Row]] = {} if groups else {(): []}
        for row in rows:
            grouped.setdefault(tuple(value(row, group) for group in groups.values()), []).append(row)
        ordered = sorted(grouped, key=lambda key: [sortable(part) for part in key])
        everything = {camel(group_field(group)): None for group in NODES[binding.target].groups.values()}
        result: list[dict[str, Any]] = []
        for key in ordered:
            shown = dict(everything, count=len(grouped[key]))
            for name, number in NODES[binding.target].aggregates.items():
                shown[camel(name)] = _added([row.columns[number.name] for row in grouped[key]])
            for name, (_, (part, rest)) in NODES[binding.target].shares.items():
                shown[camel(name)] = _shared(*(sum(row.columns[each] for row in grouped[key]) for each in (part, rest)))
            for group, part in zip(groups.values(), key, strict=True):
                relation = isinstance(group, One)
                shown[camel(group_field(group))] = self._one(group.target, "id", part, asked) if relation else part
            result.append(shown)
        return result


def _added(numbers: list[Any]) -> dict[str, Decimal | None]:
    """What numbers add up to; those that are null do not count."""
    known = [Decimal(number) for number in numbers if number is not None]
    if not known:
        return dict.fromkeys(("sum", "min", "max", "average"))
    average = (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return {"sum": sum(known, Decimal(0)), "min": min(known), "max": max(known), "average": Decimal(f"{average:f}".rstrip("0"))}


def _shared(part: int, rest: int) -> dict[str, Any]:
    """What percentage a part is of itself and the rest."""
    if not part + rest:
        return {"percent": None, "of": 0}
    percent = f"{(Decimal(100 * part) / (part + rest)).quantize(Decimal('0.1'), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return {"percent": Decimal(percent), "of": part + rest}


def _matches(value: Any, operators: dict[str, Any]) -> bool:
    """Whether a column's value fulfils all operators; null fulfils none; an operator that is null asks nothing."""
    for operator, wanted in operators.items():
        if wanted is None:
            continue
        if value is None:
            return False
        compare: dict[str, Callable[[], bool]] = {
            "eq": lambda wanted=wanted: value == wanted,
            "in": lambda wanted=wanted: value in wanted,
            "gte": lambda wanted=wanted: value >= wanted,
            "gt": lambda wanted=wanted: value > wanted,
            "lte": lambda wanted=wanted: value <= wanted,
            "lt": lambda wanted=wanted: value < wanted,
        }
        if not compare[operator]():
            return False
    return True


def _check(binding: Binding | None, args: dict[str, Any]) -> None:
    """Raise Wrong for arguments that no rows can answer."""
    if isinstance(binding, Many):
        check_page(Order.of(binding, args.get("sort")), *_paging(args))
    if isinstance(binding, NodesByIds) and len(args["ids"]) > MAX_PAGE:
        raise Wrong("too many ids")


def _paging(args: dict[str, Any]) -> list[Any]:
    return [args.get(name) for name in ("first", "last", "after", "before")]


def _rfc3339(moment: datetime) -> str:
    """With no zeros at the end of a fraction."""
    text, offset = moment.isoformat()[:-6], moment.isoformat()[-6:]
    return (text.rstrip("0") if "." in text else text) + offset


def _type_of(id_: str) -> NodeType | None:
    return next((node for node in NODES.values() if id_.startswith(f"{node.prefix}_")), None)


def _made_up(type_: Any, args: dict[str, Any]) -> Any:
    """Any value of the type: one item in a list, never null. Nodes are of the types of the ids asked for."""
    match type_:
        case GraphQLNonNull():
            return _made_up(type_.of_type, args)
        case GraphQLList():
            if "ids" in args:
                return [_made_up(type_.of_type, {"id": id_}) for id_ in args["ids"]]
            return [_made_up(type_.of_type, args)]
        case GraphQLInterfaceType():
            node = _type_of(args["id"])
            return Row(node.name, {}) if node else None
        case GraphQLObjectType():
            node = NODES.get(type_.name.removesuffix("Stats")) if "groupBy" in args else None
            groups = [(name, group_field(group)) for name, group in node.groups.items()] if node else []
            unasked = [camel(field) for name, field in groups if name not in args["groupBy"]]
            return Row(type_.name, {"unasked": unasked})
        case GraphQLEnumType():
            return next(iter(type_.values))
        case _:
            now = datetime.now().astimezone()
            return {
                "Int": 0,
                "Float": 0.5,
                "Boolean": False,
                "DateTime": now,
                "Date": now.date(),
                "Decimal": Decimal(1),
                "Money": Money(1),
            }.get(type_.name, "")


def _viewer(viewer: Viewer) -> dict[str, Any] | None:
    if viewer.account_id is None:
        return None
    roles = [{"role": role.name, "compoundCount": len(held.get("compound", ()))} for role, held in viewer.reach.items()]
    return {"id": viewer.account_id, "name": viewer.name, "roles": roles, "scope": viewer.scope.name}
