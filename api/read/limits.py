"""Limits of documents: their shape is judged before they are validated, their cost before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues

from domain.access import Role, Viewer

from .arguments import arguments
from .connections import DEFAULT_PAGE, MAX_PAGE
from .declare import NODES, Binding, Count, Many, NodesByIds, Stats
from .errors import refuse
from .select import Selected, Selector
from .types import BINDING

if TYPE_CHECKING:
    from settings import Settings

#: What a count costs, and how many groups a Stats field is taken to have, in rows.
COUNT, GROUPS = 10, 100
_MOST = 2**53 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SUGGESTION = re.compile(r"\s*Did you mean [^?]*\?")

_RESIDENTS = (Role.RESIDENT, Role.COMMITTEE_MEMBER)
_SYSTEMS = (Role.INTEGRATION, Role.AUDITOR)


def response_too_large(settings: Settings) -> GraphQLError:
    return too_much(
        "RESPONSE_TOO_LARGE",
        settings.graphql_response_bytes,
        "The answer would have more than {limit} bytes; ask for smaller pages (first:), fewer fields, or in several requests.",
    )


def too_much(code: str, limit: int, sentence: str) -> GraphQLError:
    """A limit was passed; ``sentence`` may speak of ``{limit}``."""
    return refuse(code, sentence.format(limit=f"{limit:,}"), limit=limit)


# shape


@dataclass(frozen=True)
class _Extent:
    """A selection with its fragments written out: levels, fields at all levels, fields at its first level."""

    depth: int = 0
    fields: int = 0
    width: int = 0


class _Ruler:
    """Measures each fragment once, so that the time is linear in the document's length, whatever it nests."""

    def __init__(self, document: DocumentNode) -> None:
        self.aliases = self.directives = 0
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._measured: dict[str, _Extent | None] = {}
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        for definition in (*operations, *self._fragments.values()):
            self._count(definition, *(definition.variable_definitions or ()))
        self.operations = [self._extent(operation.selection_set) for operation in operations]
        for name in self._fragments:
            self._fragment(name)

    def _count(self, *nodes: Any) -> None:
        self.directives += sum(len(node.directives or ()) for node in nodes)

    def _extent(self, selection_set: SelectionSetNode) -> _Extent:
        depth = fields = width = 0
        for node in selection_set.selections:
            self._count(node)
            if isinstance(node, FieldNode):
                self.aliases += node.alias is not None
                below = self._extent(node.selection_set) if node.selection_set else _Extent()
                part = _Extent(1 + below.depth, 1 + below.fields, 1)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragment(node.name.value)
            else:
                part = self._extent(cast("Any", node).selection_set)
            depth, fields, width = max(depth, part.depth), fields + part.fields, width + part.width
        return _Extent(depth, fields, width)

    def _fragment(self, name: str) -> _Extent:
        if name not in self._fragments:
            return _Extent()
        if name not in self._measured:
            self._measured[name] = None
            self._measured[name] = self._extent(self._fragments[name].selection_set)
        measured = self._measured[name]
        if measured is None:
            raise refuse("GRAPHQL_VALIDATION_FAILED", f"Fragment {name} spreads itself; take it out of what it spreads.")
        return measured


def check_shape(document: DocumentNode, settings: Settings) -> None:
    """Refuse a document whose shape passes a limit, or whose fragments go round in circles. Raises RecursionError too."""
    found = _Ruler(document)
    operations = found.operations

    def check(code: str, size: int, limit: int, sentence: str) -> None:
        if size > limit:
            raise too_much(code, limit, sentence)

    check(
        "TOO_MANY_ALIASES",
        found.aliases,
        settings.graphql_aliases,
        "A document may have {limit} aliases; ask for many of a kind with nodes(ids:) or a filter, or in several requests.",
    )
    check(
        "TOO_MANY_DIRECTIVES",
        found.directives,
        settings.graphql_directives,
        "A document may use directives {limit} times; put @include or @skip on a fragment instead of each field.",
    )
    check(
        "TOO_DEEP",
        max((each.depth for each in operations), default=0),
        settings.graphql_depth,
        "A document may be {limit} levels deep, fragments included; follow ids in another request.",
    )
    check(
        "TOO_MANY_ROOT_FIELDS",
        sum(max(1, each.width) for each in operations),
        settings.graphql_root_fields,
        "The operations of a document may have {limit} root fields together; ask in several requests.",
    )
    check(
        "TOO_MANY_FIELDS",
        sum(each.fields for each in operations),
        settings.graphql_fields,
        "A document may ask for {limit} fields, each fragment counted wherever it is spread; ask in several requests.",
    )


def check_text(text: str) -> None:
    """Refuse a string that no text of the database can hold or equal: with U+0000, or half of a surrogate pair."""
    if _UNSTORABLE.search(text):
        raise refuse("BAD_USER_INPUT", "A string holds U+0000 or half of a surrogate pair; leave such characters out.")


def check_values(variables: Mapping[str, Any] | None, settings: Settings) -> None:
    """Refuse variables of so many values that reading them would take long, or with strings that cannot be stored."""
    limit, found, layer = settings.graphql_values, 0, list[Any]([variables])
    while layer:
        layer = [inner for value in layer for inner in _within(value)]
        found += len(layer)
        if found > limit:
            raise too_much("TOO_MANY_VALUES", limit, "The variables may have {limit} values; ask in several requests.")
        for value in layer:
            if type(value) is str:
                check_text(value)


def _within(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return cast("dict[str, Any]", value).values()
        case list():
            return cast("list[Any]", value)
        case _:
            return ()


# cost

#: The cost of a selection for the values of a request's variables, in rows.
Price = Callable[[VariableValues], int]


@dataclass(frozen=True)
class Plan:
    """The root fields of one shape of an operation, and what they cost.

    ``introspects``: the schema is among them; ``about_schema``: nothing else is.
    """

    selected: Selected
    price: Price
    introspects: bool
    about_schema: bool

    @property
    def weight(self) -> int:
        """Memory in bytes, about."""
        return 1_000 + 300 * len(self.selected)


class _Pricer:
    def __init__(self, schema: GraphQLSchema, selector: Selector, variables: VariableValues, most: int) -> None:
        self._schema = schema
        self._selector = selector
        self._variables = variables
        self._left = self._most = most
        self.constant = True

    def selection(self, type_: GraphQLObjectType, selected: Selected) -> Price:
        """The cost of an object of ``type_``: the sum of its fields'."""
        found = [self._field(type_.fields.get(nodes[0].name.value), nodes) for nodes in selected.values()]
        return _sum([price for price in found if price is not None])

    def _field(self, field: GraphQLField | None, nodes: list[FieldNode]) -> Price | None:
        self._left -= 1
        if self._left < 0:
            raise too_much("TOO_MANY_FIELDS", self._most, "A document may ask for {limit} fields; ask in several requests.")
        if field is None:
            return None
        type_ = cast("Any", get_named_type(cast("Any", field.type)))
        match binding_of(field):
            case Count():
                return lambda _: COUNT
            case Many():
                return self._connection(field, type_, nodes)
            case Stats():
                groups = self._below(type_, nodes)
                return lambda values: GROUPS * (1 + groups(values))
            case NodesByIds():
                ids, each = self._argument(field, nodes[0], "ids"), self._below(type_, nodes)
                return lambda values: len(ids(values) or ()) * (1 + each(values))
            case _ if is_leaf_type(type_):
                return None
            case _:
                own, below = int(type_.name in NODES or is_abstract_type(type_)), self._below(type_, nodes)
                return lambda values: own + below(values)

    def _below(self, type_: Any, nodes: list[FieldNode]) -> Price:
        if not is_abstract_type(type_):
            return self.selection(type_, self._selector.below(type_, nodes))
        kinds = self._schema.get_possible_types(type_)
        prices = [self.selection(kind, self._selector.below(kind, nodes)) for kind in kinds]
        return lambda values: max(price(values) for price in prices)

    def _connection(self, field: GraphQLField, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Price:
        selected = self._selector.below(type_, nodes)
        asked = {same[0].name.value for same in selected.values()}
        count, row = COUNT * ("totalCount" in asked), self.selection(type_, selected)
        if not asked & {"nodes", "edges", "pageInfo"}:
            return lambda _: count
        sizes = [self._argument(field, nodes[0], name) for name in ("first", "last")]

        def price(values: VariableValues) -> int:
            given = [size for get in sizes if (size := get(values)) is not None]
            page = min(max(0, *given), MAX_PAGE) if given else DEFAULT_PAGE
            return count + page * max(1, row(values))

        return price

    def _argument(self, field: GraphQLField, node: FieldNode, name: str) -> Callable[[VariableValues], Any]:
        try:
            given = arguments(field, node, self._variables).get(name)
        except GraphQLError:
            given = None  # told when the field is read, at its place
        if given is None:
            return lambda _: None
        self.constant &= not any(a.name.value == name and isinstance(a.value, VariableNode) for a in node.arguments or ())
        return given.get


def _sum(prices: Iterable[Price]) -> Price:
    match list(prices):
        case []:
            return lambda _: 0
        case [one]:
            return one
        case many:
            return lambda values: sum([price(values) for price in many])


def make_plan(
    schema: GraphQLSchema, selector: Selector, variables: VariableValues, root: GraphQLObjectType, selected: Selected, most: int
) -> Plan:
    """The plan of an operation's root fields. Refuses more than ``most`` fields, each counted per type it may be of."""
    pricer = _Pricer(schema, selector, variables, most)
    price = pricer.selection(root, selected)
    names = {nodes[0].name.value for nodes in selected.values()}
    introspects, about_schema = bool(names & {"__schema", "__type"}), all(name.startswith("__") for name in names)
    return Plan(selected, _always(price(variables)) if pricer.constant else price, introspects, about_schema)


def _always(cost: int) -> Price:
    return lambda _: cost


def budget(viewer: Viewer, settings: Settings) -> int:
    """How many rows one operation of the viewer may cost: the largest that a role of theirs allows."""
    allowed = settings.cost_anonymous
    for role in viewer.reach:
        match role:
            case role if role in _RESIDENTS:
                allowed = max(allowed, settings.cost_residents)
            case role if role in _SYSTEMS:
                allowed = max(allowed, settings.cost_systems)
            case _:
                allowed = max(allowed, settings.cost_staff)
    return allowed


def check_plan(plan: Plan, variables: VariableValues, viewer: Viewer, settings: Settings) -> None:
    """Refuse an operation that costs more than the viewer may spend, or that looks at a schema they may not see."""
    if plan.introspects and not may_introspect(viewer, settings):
        raise refuse("INTROSPECTION_DISABLED", "The schema is not shown to you; read schema.graphql, or log in.")
    cost = min(plan.price(variables), _MOST)
    if cost > settings.cost_anonymous and cost > (allowed := budget(viewer, settings)):
        raise refuse(
            "TOO_COSTLY",
            f"This could read {cost:,} rows, and you may ask for {allowed:,} at once: "
            "ask for smaller pages (first:), fewer levels or counts, or in several requests.",
            cost=cost,
            budget=allowed,
        )


def may_introspect(viewer: Viewer, settings: Settings) -> bool:
    """Whether the viewer is shown the schema, and names like those they mistyped."""
    match settings.introspection or ("accounts" if settings.production else "everyone"):
        case "everyone":
            return True
        case "accounts":
            return viewer.account_id is not None
        case _:
            return False


def without_suggestions(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """The errors, without the names that they say were perhaps meant."""
    return [GraphQLError(_SUGGESTION.sub("", e.message), e.nodes, path=e.path, extensions=e.extensions) for e in errors]


def binding_of(field: GraphQLField | None) -> Binding | None:
    """How a field is bound; None when graphql-core resolves it."""
    definition: Any = field.extensions.get("strawberry-definition") if field is not None else None
    return cast("Binding | None", definition and (definition.metadata or {}).get(BINDING))
