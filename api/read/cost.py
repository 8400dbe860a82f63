"""What an operation could cost, in rows, known before anything is read; and what each viewer may spend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues

from domain.access import Role, Viewer

from .arguments import arguments
from .connections import DEFAULT_PAGE, MAX_PAGE
from .declare import NODES, Count, Many, NodesByIds, Stats
from .errors import refuse
from .limits import may_introspect, too_much
from .select import Selected, Selector
from .types import binding_of

if TYPE_CHECKING:
    from settings import Settings

#: What a count costs below a row and over all rows, and how many groups a Stats field is taken to have, in rows.
COUNT, COUNT_ALL, GROUPS = 10, 5_000, 100
_MOST = 2**53 - 1
_RESIDENTS = frozenset({Role.RESIDENT, Role.COMMITTEE_MEMBER})
_SYSTEMS = frozenset({Role.INTEGRATION, Role.AUDITOR})

#: The cost of a selection for the values of a request's variables, in rows.
Price = Callable[[VariableValues], int]


@dataclass(frozen=True)
class Plan:
    """The root fields of one shape of an operation, and what they cost.

    ``bound``: all are read by statements; ``introspects``: the schema is among them; ``about_schema``: nothing else is.
    """

    selected: Selected
    bound: bool
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
            case Many() as binding:
                return self._connection(field, type_, nodes, COUNT if binding.by else COUNT_ALL)
            case Stats() as binding:
                counted, groups = 0 if binding.by else COUNT_ALL, self._below(type_, nodes)
                return lambda values: counted + GROUPS * (1 + groups(values))
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

    def _connection(self, field: GraphQLField, type_: GraphQLObjectType, nodes: list[FieldNode], total: int) -> Price:
        selected = self._selector.below(type_, nodes)
        asked = {same[0].name.value for same in selected.values()}
        count, row = total * ("totalCount" in asked), self.selection(type_, selected)
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
    bound = root is schema.query_type and bool(names) and all(binding_of(root.fields.get(name)) for name in names)
    return Plan(selected, bound, _always(price(variables)) if pricer.constant else price, introspects, about_schema)


def _always(cost: int) -> Price:
    return lambda _: cost


def budget(viewer: Viewer, settings: Settings) -> int:
    """How many rows one operation of the viewer may cost: the largest that a role of theirs allows."""
    roles, allowed = viewer.roles, [settings.cost_anonymous]
    if roles & _RESIDENTS:
        allowed.append(settings.cost_residents)
    if roles & _SYSTEMS:
        allowed.append(settings.cost_systems)
    if roles - _RESIDENTS - _SYSTEMS:
        allowed.append(settings.cost_staff)
    return max(allowed)


def check_plan(plan: Plan, variables: VariableValues, viewer: Viewer, settings: Settings) -> int:
    """The cost of an operation. Refuses one that costs more than the viewer may spend, or looks at a schema they may not see."""
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
    return cost
