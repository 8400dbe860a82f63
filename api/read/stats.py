"""The SQL of counts by group, and of what numbers add up to over the groups."""

from datetime import date, datetime
from decimal import Decimal

from graphql import FieldNode

from .arguments import Argument
from .declare import NODES, Column, NodeType, One, Stats, group_field
from .texts import Part, scalar
from .writer import Writer

MAX_GROUPS = 1_000
_AGGREGATES = {"sum": "sum({0})", "min": "min({0})", "max": "max({0})", "average": "trim_scale(round(avg({0}), 6))"}


class StatsSql:
    """Writes the SQL of one field that counts ``target``."""

    def __init__(self, compiler: Writer, target: NodeType, binding: Stats, parent: str, given: dict[str, Argument]) -> None:
        self._compiler = compiler
        self._target = target
        self._type = compiler.type(f"{target.name}Stats")
        self._row = compiler.parameters.alias()
        self._where = compiler.rows.conditions(target, self._row, binding.by, parent, given)
        chosen = dict.fromkeys(str(item.value) for item in given["groupBy"].value)
        self._groups = {group_field(target.groups[name]): (target.groups[name], f"g{n}") for n, name in enumerate(chosen)}
        self._added: dict[str, str] = {}

    def sql(self, asked: list[FieldNode]) -> str:
        """A JSON list of counts. Groups that are asked for but not in groupBy are null."""
        json = self._compiler.compose(self._compiler.selector.below(self._type, asked), self._field)
        names = ", ".join(name for _, name in self._groups.values())
        columns = ["count(*) AS n", *(f"{self._group(group)} AS {name}" for group, name in self._groups.values())]
        columns += [f"{sql} AS {name}" for sql, name in self._added.items()]
        source = f"SELECT {', '.join(columns)} FROM {self._target.table} {self._row} WHERE {' AND '.join(self._where)}"
        grouped = f" GROUP BY {names} ORDER BY {names}" if names else ""
        return f"(SELECT '[' || coalesce(string_agg({json}, ','), '') || ']' FROM ({source}{grouped} LIMIT {MAX_GROUPS}) q)"

    def _group(self, group: Column | One) -> str:
        """What rows are counted by. Those that lead to what the viewer does not see are one group."""
        if isinstance(group, One):
            return self._compiler.rows.known(self._target, self._row, group)
        value = f"{self._row}.{group.name}"
        return f"date_trunc('month', {value})::date" if group.python_type is datetime else value

    def _field(self, nodes: list[FieldNode]) -> list[Part]:
        name = nodes[0].name.value
        if name == "__typename":
            return [f'"{self._type.name}"']
        if name == "count":
            return [("q.n::text",)]
        python_name = self._type.fields[name].extensions["strawberry-definition"].python_name
        if python_name in self._target.aggregates:
            return [(self._aggregate(self._target.aggregates[python_name], nodes),)]
        if python_name in self._target.shares:
            return [(self._share(self._target.shares[python_name][1], nodes),)]
        group, column = self._groups.get(python_name, (None, ""))
        match group:
            case None:
                return ["null"]
            case One():
                return [(self._compiler.single(NODES[group.target], "id", f"q.{column}", nodes),)]
            case Column():
                return scalar(date if group.python_type is datetime else group.python_type, f"q.{column}", nullable=True)

    def _aggregate(self, column: Column, nodes: list[FieldNode]) -> str:
        def value(asked: list[FieldNode]) -> list[Part]:
            name = asked[0].name.value
            if name == "__typename":
                return ['"Aggregate"']
            sql = f"{_AGGREGATES[name].format(f'{self._row}.{column.name}')}::numeric"
            return scalar(Decimal, self._add(sql), nullable=True)

        return self._compiler.compose(self._compiler.selector.below(self._compiler.type("Aggregate"), nodes), value)

    def _share(self, columns: tuple[str, str], nodes: list[FieldNode]) -> str:
        part, rest = (f"coalesce(sum({self._row}.{name}), 0)" for name in columns)

        def value(asked: list[FieldNode]) -> list[Part]:
            match asked[0].name.value:
                case "__typename":
                    return ['"Share"']
                case "of":
                    return scalar(int, self._add(f"{part} + {rest}"), nullable=False)
                case _:
                    percent = f"trim_scale(round(100.0 * {part} / nullif({part} + {rest}, 0), 1))"
                    return scalar(Decimal, self._add(percent), nullable=True)

        return self._compiler.compose(self._compiler.selector.below(self._compiler.type("Share"), nodes), value)

    def _add(self, sql: str) -> str:
        """What adds up over a group, once however often it is asked for."""
        return f"q.{self._added.setdefault(sql, f'a{len(self._added)}')}"
