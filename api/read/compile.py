"""From a selection of bound fields to one SQL expression whose value is JSON text."""

from collections.abc import Callable, Iterable

from graphql import FieldNode, GraphQLObjectType, GraphQLSchema
from graphql.execution.values import VariableValues

from domain.access import Viewer
from domain.policy import MASKS, Shown, disclosed

from .arguments import Argument, arguments
from .connections import MAX_PAGE, ConnectionSql
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
)
from .disclosure import MASK_SQL
from .errors import refuse
from .rows import Rows
from .select import Selected, Selector
from .statement import Parameters, Statement
from .stats import StatsSql
from .texts import Part, joined, scalar
from .types import binding_of
from .visibility import Visibility, Ways

_BY_PREFIX: dict[str, str] = {}


class Compiler:
    """Compiles one root field for one shape of document, variables and viewer."""

    def __init__(self, schema: GraphQLSchema, selector: Selector, variables: VariableValues, viewer: Viewer) -> None:
        self._schema = schema
        self.selector = selector
        self._variables = variables
        self.parameters = Parameters()
        self._visibility = Visibility(viewer, self.parameters)
        self.rows = Rows(self.parameters, self._visibility, self.type)

    def root(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Statement:
        """The statement for a bound root (or payload) field asked for by ``nodes``."""
        node = nodes[0]
        binding = binding_of(parent.fields[node.name.value])
        given = arguments(parent.fields[node.name.value], node, self._variables)
        match binding:
            case Many():
                sql = ConnectionSql(self, NODES[binding.target], binding, "", given).sql(nodes)
            case Stats():
                sql = StatsSql(self, NODES[binding.target], binding, "", given).sql(nodes)
            case Lookup():
                by = self.parameters.argument(given[binding.by], "text")
                sql = self.single(NODES[binding.target], binding.by, by, nodes)
            case NodeById():
                sql = self._any_node(given["id"].value, self.parameters.argument(given["id"], "text"), nodes)
            case NodesByIds():
                sql = self._nodes(given["ids"], nodes)
            case ById() | Changed():
                sql = self.single(NODES[binding.target], "id", self.parameters.add("id", lambda a: a.id, "text"), nodes)
            case _:
                raise TypeError(f"{parent.name}.{node.name.value} is not a root binding")
        return self.parameters.statement(sql)

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
        return joined([*parts, "}" if parts else "{}"])

    def type(self, name: str) -> GraphQLObjectType:
        type_ = self._schema.get_type(name)
        assert isinstance(type_, GraphQLObjectType)
        return type_

    def _field(self, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]) -> list[Part]:
        """The field as the policy shows it to the viewer: where ways differ, by the best of those that reach the row."""
        binding = binding_of(type_.fields[asked[0].name.value])
        if binding is None or binding.open:
            return self._whole(binding, type_, node, row, asked)
        ways: dict[Shown, Ways] = {}
        for role, reach in self._visibility.ways(node):
            ways.setdefault(disclosed(binding.data, role, reach), []).append((role, reach))
        shown = [level for level in Shown if level in ways] or [Shown.HIDDEN]
        parts = [self._shown(level, binding, type_, node, row, asked) for level in shown]
        if len(parts) == 1:
            return parts[0]
        cases = [
            f"WHEN {self._visibility.condition(node, row, ways=ways[level])} THEN {joined(part)}"
            for level, part in zip(shown[:-1], parts[:-1], strict=True)
        ]
        return [(f"(CASE {' '.join(cases)} ELSE {joined(parts[-1])} END)",)]

    def _shown(
        self, level: Shown, binding: Binding, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]
    ) -> list[Part]:
        if level is Shown.HIDDEN:
            return ["null"]
        if level is Shown.VISIBLE:
            return self._whole(binding, type_, node, row, asked)
        assert isinstance(binding, Column)
        return scalar(str, MASK_SQL[MASKS[binding.data]].format(f"{row}.{binding.name}"), nullable=binding.nullable)

    def _whole(
        self, binding: Binding | None, type_: GraphQLObjectType, node: NodeType, row: str, asked: list[FieldNode]
    ) -> list[Part]:
        match binding:
            case Column():
                return scalar(binding.python_type, f"{row}.{binding.name}", nullable=binding.nullable)
            case Computed():
                return scalar(binding.python_type, binding.sql.format(row=row), nullable=False)
            case Localised():
                language = self.parameters.add("language", lambda asking: asking.language, "text")
                text = f"{row}.{binding.name}"
                return [(f"to_json(coalesce({text}->>{language}, {text}->>'en', ''))::text",)]
            case One():
                target = NODES[binding.target]
                if binding.by:
                    return [(self.single(target, binding.by, f"{row}.id", asked),)]
                return [(self.single(target, "id", f"{row}.{binding.key}", asked),)]
            case OneOf():
                return [(self._any_of(binding.targets or NODES, f"{row}.{binding.key}", asked),)]
            case Many():
                given = arguments(type_.fields[asked[0].name.value], asked[0], self._variables)
                return [(ConnectionSql(self, NODES[binding.target], binding, f"{row}.id", given).sql(asked),)]
            case Stats():
                given = arguments(type_.fields[asked[0].name.value], asked[0], self._variables)
                return [(StatsSql(self, NODES[binding.target], binding, f"{row}.id", given).sql(asked),)]
            case Count():
                target, inner = NODES[binding.target], self.parameters.alias()
                where = [f"{inner}.{binding.by} = {row}.id", self._visibility.condition(target, inner)]
                if binding.where:
                    where.append(binding.where.format(row=inner))
                return [(f"(SELECT count(*)::text FROM {target.table} {inner} WHERE {' AND '.join(where)})",)]
            case _:
                raise TypeError(f"{node.name}.{asked[0].name.value} is not bound")

    def single(self, target: NodeType, by: str, value: str, asked: list[FieldNode]) -> str:
        row = self.parameters.alias()
        json = self.row_json(target, row, asked)
        visible = self._visibility.condition(target, row)
        return f"coalesce((SELECT {json} FROM {target.table} {row} WHERE {row}.{by} = {value} AND {visible}), 'null')"

    # nodes of any type

    def _any_node(self, id_value: object, id_sql: str, asked: list[FieldNode]) -> str:
        name = by_prefix().get(str(id_value)[:4])
        return self.single(NODES[name], "id", id_sql, asked) if name else "'null'"

    def _any_of(self, names: Iterable[str], id_sql: str, asked: list[FieldNode]) -> str:
        """The row of that id, of whichever of these types it is."""
        cases = [f"WHEN '{NODES[name].prefix}_' THEN {self.single(NODES[name], 'id', id_sql, asked)}" for name in names]
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
        source = f"unnest({self.parameters.argument(ids, 'text[]', checked)}) WITH ORDINALITY AS u(id, place)"
        return f"(SELECT '[' || coalesce(string_agg({json}, ',' ORDER BY u.place), '') || ']' FROM {source})"


def by_prefix() -> dict[str, str]:
    """Id prefix with its underscore → node type name."""
    if len(_BY_PREFIX) != len(NODES):
        _BY_PREFIX.update({f"{node.prefix}_": node.name for node in NODES.values()})
    return _BY_PREFIX
