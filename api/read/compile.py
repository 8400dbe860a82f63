"""From a selection of bound fields to one SQL expression whose value is JSON text."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any

from graphql import FieldNode, GraphQLObjectType, GraphQLSchema
from graphql.execution.values import VariableValues

from domain.access import Reach, Role, Via, Viewer
from domain.permits import reaches
from domain.policy import MASKS, Shown, disclosed
from domain.words import Word

from .arguments import Argument, arguments
from .connections import MAX_PAGE, ConnectionSql, Part, column_cast
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
    group_name,
)
from .disclosure import MASK_SQL
from .errors import refuse
from .select import Selected, Selector
from .types import BINDING

MAX_GROUPS = 1_000

_BY_PREFIX: dict[str, str] = {}


#: What a statement is given to prove that the viewer of its request is still who they were when they were looked up.
Proof = Mapping[str, str]


@dataclass(frozen=True)
class Asking:
    """What a statement's parameters are taken from at each run. ``proof`` None: the viewer was looked up just now."""

    variables: VariableValues
    viewer: Viewer
    language: str
    id: str | None = None
    proof: Proof | None = None


Getter = Callable[[Asking], Any]


@dataclass(frozen=True)
class Statement:
    """SQL that yields one row with one text, and how to fetch its parameters."""

    sql: str
    getters: tuple[Getter, ...]

    def values(self, asking: Asking) -> list[Any]:
        """The parameters for one run; raises an error of the client's (a bad cursor, a bad page size)."""
        return [get(asking) for get in self.getters]

    def proving(self, still: str) -> "Statement":
        """This statement, with no row to yield unless ``still`` holds for the proof of the request's viewer."""
        names = [name for _, name, _, _ in Formatter().parse(still) if name]
        parts = {name: f"${number}" for number, name in enumerate(dict.fromkeys(names), len(self.getters) + 1)}

        def part(name: str) -> Getter:
            return lambda asking: asking.proof and asking.proof[name]

        return Statement(f"{self.sql} WHERE {still.format_map(parts)}", (*self.getters, *map(part, parts)))


def viewer_shape(viewer: Viewer) -> Hashable:
    """What of a viewer decides the statement: by which roles, in which ways, and whether one or many ids are reached."""
    return frozenset((role, reach, len(ids) == 1) for role, held in viewer.reach.items() for reach, ids in held.items() if ids)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _concatenated(terms: list[str]) -> str:
    """As a tree, for PostgreSQL copies both sides of every ``||``."""
    if len(terms) < 5:
        return " || ".join(terms)
    half = len(terms) // 2
    return f"({_concatenated(terms[:half])}) || ({_concatenated(terms[half:])})"


def _join(parts: Iterable[Part]) -> str:
    """Concatenate literals (str) and SQL expressions (1-tuples), merging neighbouring literals."""
    out: list[str] = []
    pending = ""
    for part in parts:
        if isinstance(part, str):
            pending += part
            continue
        if pending:
            out.append(_literal(pending))
            pending = ""
        out.append(part[0])
    if pending or not out:
        out.append(_literal(pending))
    return _concatenated(out)


def _scalar(python_type: Any, sql: str, *, nullable: bool) -> list[Part]:
    """The JSON text of a scalar expression."""
    if isinstance(python_type, type) and (python_type is date or issubclass(python_type, (Word, Decimal))):
        if not nullable:
            return ['"', (f"{sql}::text",), '"']
        text = f"'\"' || {sql} || '\"'"
    elif python_type in (int, float, bool, dict):
        text = f"({sql})::text"
    elif python_type in (str, datetime):
        text = f"to_json({sql})::text"
    else:
        raise TypeError(f"no JSON form for {python_type!r}")
    return [(f"coalesce({text}, 'null')" if nullable else text,)]


class Compiler:
    """Compiles one root field for one shape of document, variables and viewer."""

    def __init__(self, schema: GraphQLSchema, selector: Selector, variables: VariableValues, viewer: Viewer) -> None:
        self._schema = schema
        self.selector = selector
        self._variables = variables
        self._viewer = viewer
        self._getters: list[Getter] = []
        self._parameters: dict[Hashable, str] = {}
        self._aliases = 0

    def root(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Statement:
        """The statement for a bound root (or payload) field asked for by ``nodes``."""
        node = nodes[0]
        binding = self._binding(parent, node)
        given = arguments(parent.fields[node.name.value], node, self._variables)
        match binding:
            case Many():
                sql = self._connection(NODES[binding.target], binding, "", given, nodes)
            case Stats():
                sql = self._stats(NODES[binding.target], binding, "", given, nodes)
            case Lookup():
                by = self.argument(given[binding.by], "text")
                sql = self._single(NODES[binding.target], binding.by, by, nodes)
            case NodeById():
                sql = self._any_node(given["id"].value, self.argument(given["id"], "text"), nodes)
            case NodesByIds():
                sql = self._nodes(given["ids"], nodes)
            case ById() | Changed():
                sql = self._single(NODES[binding.target], "id", self._parameter("id", lambda a: a.id, "text"), nodes)
            case _:
                raise TypeError(f"{parent.name}.{node.name.value} is not a root binding")
        # What nothing reads (the size of a page that is only counted) is given a place: PostgreSQL wants its type.
        idle = [parameter for parameter in self._parameters.values() if parameter not in sql]
        return Statement(f"SELECT {sql}" + (f" FROM (SELECT {', '.join(idle)}) idle" if idle else ""), tuple(self._getters))

    # parameters

    def _parameter(self, key: Hashable, getter: Getter, cast: str) -> str:
        if key not in self._parameters:
            self._getters.append(getter)
            self._parameters[key] = f"${len(self._getters)}::{cast}"
        return self._parameters[key]

    def argument(self, argument: Argument, cast: str, convert: Callable[[Any], Any] = lambda value: value) -> str:
        return self._parameter(object(), lambda asking: convert(argument.get(asking.variables)), cast)

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    # access

    def _visible(self, node: NodeType, row: str, *, found: bool = True) -> str:
        """The condition under which the viewer sees ``row``: any of the ways that the policy allows.

        ``found``: rows are found by other means (an id, a parent), and only tested for this.
        """
        return self._reached_by(self._ways(node), node, row, found=found)

    def _ways(self, node: NodeType) -> list[tuple[Role, Reach]]:
        """The ways in which the viewer sees rows of a type."""
        ways = reaches(node.name, self._viewer.roles)
        return [(role, reach) for role, reach in ways if self._viewer.ids(role, reach) and reach in node.belonging]

    def _reached_by(self, ways: Iterable[tuple[Role, Reach]], node: NodeType, row: str, *, found: bool = True) -> str:
        by_reach: dict[Reach, list[Role]] = {}
        for role, reach in ways:
            by_reach.setdefault(reach, []).append(role)
        conditions = [self._reached(node, row, reach, tuple(roles), found=found) for reach, roles in by_reach.items()]
        return f"({' OR '.join(conditions)})" if conditions else "false"

    def _reached(self, node: NodeType, row: str, reach: Reach, roles: tuple[Role, ...], *, found: bool) -> str:
        def ids(asking: Asking) -> Sequence[str]:
            if len(roles) == 1:
                return asking.viewer.ids(roles[0], reach)
            return sorted({one for role in roles for one in asking.viewer.ids(role, reach)})

        belongs = node.belonging[reach]
        if len(roles) == 1 and len(self._viewer.ids(roles[0], reach)) == 1:
            # One id: plain equality lets an index give the rows in order. (What several roles reach may be one id for one
            # viewer and two for another of the same shape.)
            among = f"= {self._parameter(('one', reach, roles), lambda asking: ids(asking)[0], 'text')}"
        else:
            among = f"= ANY({self._parameter(('many', reach, roles), ids, 'text[]')})"
            if found and isinstance(belongs, str):
                # Not an index condition: the planner would fetch all that the viewer sees, and plan anew for every viewer.
                return f"coalesce({row}.{belongs} {among}, false)"
        if isinstance(belongs, Via):
            return f"EXISTS (SELECT 1 FROM {belongs.table} v WHERE v.{belongs.key} = {row}.id AND v.{belongs.column} {among})"
        return f"{row}.{belongs} {among}"

    # objects

    def _binding(self, parent: GraphQLObjectType, node: FieldNode) -> Binding | None:
        field = parent.fields[node.name.value]
        return field.extensions["strawberry-definition"].metadata.get(BINDING)

    def row_json(self, node: NodeType, row: str, nodes: list[FieldNode]) -> str:
        """JSON of one row of ``node``, selected by the merged selections of ``nodes``."""
        type_ = self.type(node.name)
        selected = self.selector.below(type_, nodes)

        def value(asked: list[FieldNode]) -> list[Part]:
            name = asked[0].name.value
            if name == "__typename":
                return [f'"{node.name}"']
            if name == "id":
                return ['"', (f"{row}.id",), '"']
            return self._field(type_, node, row, asked)

        return self.compose(selected, value)

    def compose(self, selected: Selected, value: Callable[[list[FieldNode]], list[Part]]) -> str:
        parts: list[Part] = []
        for key, asked in selected.items():
            parts += [("," if parts else "{") + f'"{key}":', *value(asked)]
        return _join([*parts, "}" if parts else "{}"])

    def type(self, name: str) -> GraphQLObjectType:
        type_ = self._schema.get_type(name)
        assert isinstance(type_, GraphQLObjectType)
        return type_

    def _field(self, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]) -> list[Part]:
        """The field as the policy shows it to the viewer: where ways differ, by the best of those that reach the row."""
        binding = self._binding(type_, asked[0])
        if binding is None or binding.open:
            return self._whole(binding, type_, node, row, asked)
        ways: dict[Shown, list[tuple[Role, Reach]]] = {}
        for role, reach in self._ways(node):
            ways.setdefault(disclosed(binding.data, role, reach), []).append((role, reach))
        shown = [level for level in Shown if level in ways] or [Shown.HIDDEN]
        parts = [self._shown(level, binding, type_, node, row, asked) for level in shown]
        if len(parts) == 1:
            return parts[0]
        cases = [
            f"WHEN {self._reached_by(ways[level], node, row)} THEN {_join(part)}"
            for level, part in zip(shown[:-1], parts[:-1], strict=True)
        ]
        return [(f"(CASE {' '.join(cases)} ELSE {_join(parts[-1])} END)",)]

    def _shown(
        self, level: Shown, binding: Binding, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]
    ) -> list[Part]:
        if level is Shown.HIDDEN:
            return ["null"]
        if level is Shown.VISIBLE:
            return self._whole(binding, type_, node, row, asked)
        assert isinstance(binding, Column)
        return _scalar(str, MASK_SQL[MASKS[binding.data]].format(f"{row}.{binding.name}"), nullable=binding.nullable)

    def _whole(
        self, binding: Binding | None, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]
    ) -> list[Part]:
        match binding:
            case Column():
                return _scalar(binding.python_type, f"{row}.{binding.name}", nullable=binding.nullable)
            case Computed():
                return _scalar(binding.python_type, binding.sql.format(row=row), nullable=False)
            case Localised():
                language = self._parameter("language", lambda asking: asking.language, "text")
                text = f"{row}.{binding.name}"
                return [(f"to_json(coalesce({text}->>{language}, {text}->>'en', ''))::text",)]
            case One():
                target = NODES[binding.target]
                if binding.by:
                    return [(self._single(target, binding.by, f"{row}.id", asked),)]
                return [(self._single(target, "id", f"{row}.{binding.key}", asked),)]
            case OneOf():
                return [(self._any_of(binding.targets or NODES, f"{row}.{binding.key}", asked),)]
            case Many():
                given = arguments(type_.fields[asked[0].name.value], asked[0], self._variables)
                return [(self._connection(NODES[binding.target], binding, f"{row}.id", given, asked),)]
            case Stats():
                given = arguments(type_.fields[asked[0].name.value], asked[0], self._variables)
                return [(self._stats(NODES[binding.target], binding, f"{row}.id", given, asked),)]
            case Count():
                target, inner = NODES[binding.target], self.alias()
                where = [f"{inner}.{binding.by} = {row}.id", self._visible(target, inner)]
                if binding.where:
                    where.append(binding.where.format(row=inner))
                return [(f"(SELECT count(*)::text FROM {target.table} {inner} WHERE {' AND '.join(where)})",)]
            case _:
                raise TypeError(f"{node.name}.{asked[0].name.value} is not bound")

    def _single(self, target: NodeType, by: str, value: str, asked: list[FieldNode]) -> str:
        row = self.alias()
        json = self.row_json(target, row, asked)
        visible = self._visible(target, row)
        return f"coalesce((SELECT {json} FROM {target.table} {row} WHERE {row}.{by} = {value} AND {visible}), 'null')"

    # nodes of any type

    def _any_node(self, id_value: object, id_sql: str, asked: list[FieldNode]) -> str:
        name = by_prefix().get(str(id_value)[:4])
        return self._single(NODES[name], "id", id_sql, asked) if name else "'null'"

    def _any_of(self, names: Iterable[str], id_sql: str, asked: list[FieldNode]) -> str:
        """The row of that id, of whichever of these types it is."""
        cases = [f"WHEN '{NODES[name].prefix}_' THEN {self._single(NODES[name], 'id', id_sql, asked)}" for name in names]
        return f"CASE left({id_sql}, 4) {' '.join(cases)} ELSE 'null' END" if cases else "'null'"

    def _nodes(self, ids: Argument, asked: list[FieldNode]) -> str:
        if len(ids.value) > MAX_PAGE:
            raise refuse("BAD_USER_INPUT", f"ids: at most {MAX_PAGE} at once; ask in several requests.")

        def checked(values: list[str]) -> list[str]:
            if len(values) > MAX_PAGE:
                raise refuse("BAD_USER_INPUT", f"ids: at most {MAX_PAGE} at once; ask in several requests.")
            return values

        prefixes = sorted({str(one)[:4] for one in ids.value} & by_prefix().keys())
        json = self._any_of([by_prefix()[prefix] for prefix in prefixes], "u.id", asked)
        source = f"unnest({self.argument(ids, 'text[]', checked)}) WITH ORDINALITY AS u(id, place)"
        return f"(SELECT '[' || coalesce(string_agg({json}, ',' ORDER BY u.place), '') || ']' FROM {source})"

    # connections

    def _connection(
        self, target: NodeType, binding: Many, parent: str, given: dict[str, Argument], asked: list[FieldNode]
    ) -> str:
        return ConnectionSql(self, target, binding, parent, given).sql(asked)

    def conditions(self, target: NodeType, row: str, by: str, parent: str, given: dict[str, Argument]) -> list[str]:
        """What the rows of a connection must fulfil: belong to the parent, be visible, match the filter."""
        conditions = [f"{row}.{by} = {parent}"] if by else []
        filters = _filters(given)
        found = bool(by) or any(isinstance(self._filtered_by(target, name), One) for name in filters)
        conditions.append(self._visible(target, row, found=found))
        for name, operators in filters.items():
            conditions += self._filtered(target, row, name, operators)
        return conditions

    def passes_over(self, target: NodeType, by: str, given: dict[str, Argument]) -> bool:
        """Whether many rows may have to be passed over for those that fulfil ``conditions``."""
        filters = [self._filtered_by(target, name) for name in _filters(given)]
        if by or any(isinstance(binding, One) for binding in filters):
            return any(isinstance(binding, Column) for binding in filters)
        ways = {(reach, id_) for role, reach in reaches(target.name, self._viewer.roles) for id_ in self._viewer.ids(role, reach)}
        return bool(filters) or len(ways) != 1

    def _stats(self, target: NodeType, binding: Stats, parent: str, given: dict[str, Argument], asked: list[FieldNode]) -> str:
        """JSON of counts by group. Groups that are asked for but not in groupBy are null."""
        row = self.alias()
        chosen = dict.fromkeys(str(item.value) for item in given["groupBy"].value)
        columns = {group_name(target.groups[name]): (target.groups[name], f"g{n}") for n, name in enumerate(chosen)}
        grouped = "".join(f", {_group_sql(group, row)} AS {name}" for group, name in columns.values())
        by = f" GROUP BY {', '.join(name for _, name in columns.values())}" if columns else ""
        order = f" ORDER BY {', '.join(name for _, name in columns.values())}" if columns else ""
        where = " AND ".join(self.conditions(target, row, binding.by, parent, given))
        fields = self.type(f"{target.name}Stats").fields
        added: dict[str, str] = {}

        def aggregated(column: str, inner: list[FieldNode]) -> str:
            def part(asked: list[FieldNode]) -> list[Part]:
                name = asked[0].name.value
                if name == "__typename":
                    return ['"Aggregate"']
                sql = f"{_AGGREGATES[name].format(f'{row}.{column}')}::numeric"
                return _scalar(Decimal, f"q.{added.setdefault(sql, f'a{len(added)}')}", nullable=True)

            return self.compose(self.selector.below(self.type("Aggregate"), inner), part)

        def value(inner: list[FieldNode]) -> list[Part]:
            name = inner[0].name.value
            if name == "__typename":
                return [f'"{target.name}Stats"']
            if name == "count":
                return [("q.n::text",)]
            python_name = fields[name].extensions["strawberry-definition"].python_name
            if python_name in target.aggregates:
                return [(aggregated(target.aggregates[python_name].name, inner),)]
            group, column = columns.get(python_name, (None, ""))
            match group:
                case None:
                    return ["null"]
                case One():
                    return [(self._single(NODES[group.target], "id", f"q.{column}", inner),)]
                case Column():
                    python_type = date if group.python_type is datetime else group.python_type
                    return _scalar(python_type, f"q.{column}", nullable=True)

        json = self.compose(self.selector.below(self.type(f"{target.name}Stats"), asked), value)
        grouped += "".join(f", {sql} AS {name}" for sql, name in added.items())
        source = f"SELECT count(*) AS n{grouped} FROM {target.table} {row} WHERE {where}{by}{order} LIMIT {MAX_GROUPS}"
        return f"(SELECT '[' || coalesce(string_agg({json}, ','), '') || ']' FROM ({source}) q)"

    def _filtered_by(self, target: NodeType, name: str) -> Binding | None:
        """What the field ``name`` of ``target``'s filter is bound to."""
        return target.bindings.get(self.type(target.name).fields[name].extensions["strawberry-definition"].python_name)

    def _filtered(self, target: NodeType, row: str, name: str, operators: Argument) -> list[str]:
        binding = self._filtered_by(target, name)
        python_type: Any = binding.python_type if isinstance(binding, Column) else str
        assert isinstance(binding, (Column, One))
        column = f"{row}.{binding.name if isinstance(binding, Column) else binding.key}"
        return [
            f"{column} = ANY({self._operand(argument, python_type, many=True)})"
            if operator == "in"
            else f"{column} {_OPERATORS[operator]} {self._operand(argument, python_type)}"
            for operator, argument in operators.fields.items()
        ]

    def _operand(self, argument: Argument, python_type: Any, *, many: bool = False) -> str:
        """A parameter; but words and booleans, which the shape holds, as they are: so the planner knows how common they are."""
        cast = column_cast(python_type) + ("[]" if many else "")
        if python_type is not bool and not issubclass(python_type, Word):
            return self.argument(argument, cast)
        values = sorted({str(value) for value in (argument.value if many else [argument.value])})
        return f"ARRAY[{', '.join(map(_literal, values))}]::{cast}" if many else f"{_literal(values[0])}::{cast}"


_AGGREGATES = {"sum": "sum({0})", "min": "min({0})", "max": "max({0})", "average": "trim_scale(round(avg({0}), 6))"}
_OPERATORS = {"eq": "=", "gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


def _filters(given: Mapping[str, Argument]) -> Mapping[str, Argument]:
    return given["filter"].fields if "filter" in given else {}


def _group_sql(group: Column | One, row: str) -> str:
    if isinstance(group, One):
        return f"{row}.{group.key}"
    return f"date_trunc('month', {row}.{group.name})::date" if group.python_type is datetime else f"{row}.{group.name}"


def by_prefix() -> dict[str, str]:
    """Id prefix with its underscore → node type name."""
    if len(_BY_PREFIX) != len(NODES):
        _BY_PREFIX.update({f"{node.prefix}_": node.name for node in NODES.values()})
    return _BY_PREFIX


__all__ = ["Asking", "Compiler", "Statement", "viewer_shape"]
