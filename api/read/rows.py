"""Which rows a connection or a count is about, as SQL: those of its parent that the viewer sees and the filter matches."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLObjectType

from domain.words import Word

from .arguments import Argument
from .declare import NODES, Binding, Column, NodeType, One
from .statement import Parameters
from .texts import literal
from .types import binding_of, column_cast
from .visibility import Visibility

_OPERATORS = {"eq": "=", "gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


class Rows:
    """Writes conditions over rows."""

    def __init__(self, parameters: Parameters, visibility: Visibility, type_: Callable[[str], GraphQLObjectType]) -> None:
        self._type = type_
        self._parameters = parameters
        self._visibility = visibility

    def conditions(self, target: NodeType, row: str, by: str, parent: str, given: dict[str, Argument]) -> list[str]:
        """What the rows of a connection must fulfil: belong to the parent, be visible, match the filter."""
        conditions = [f"{row}.{by} = {parent}"] if by else []
        filters = _filters(given)
        found = bool(by) or any(isinstance(self._filtered_by(target, name), One) for name in filters)
        conditions.append(self._visibility.condition(target, row, found=found))
        for name, operators in filters.items():
            conditions += self._filtered(target, row, name, operators)
        return conditions

    def passes_over(self, target: NodeType, by: str, given: dict[str, Argument]) -> bool:
        """Whether many rows may have to be passed over for those that fulfil ``conditions``."""
        filters = [self._filtered_by(target, name) for name in _filters(given)]
        if by or any(isinstance(binding, One) for binding in filters):
            return any(isinstance(binding, Column) for binding in filters)
        return bool(filters) or not self._visibility.narrow(target)

    def known(self, target: NodeType, row: str, binding: One) -> str:
        """The id of the row that a relation of ``row`` leads to; null where the viewer does not see that row."""
        key, related = f"{row}.{binding.key}", NODES[binding.target]
        if self._visibility.implies(target, binding.key, related):
            return key
        inner = self._parameters.alias()
        seen = self._visibility.condition(related, inner, found=False)
        return f"CASE WHEN {key} IN (SELECT {inner}.id FROM {related.table} {inner} WHERE {seen}) THEN {key} END"

    def _filtered_by(self, target: NodeType, name: str) -> Binding | None:
        """What the field ``name`` of ``target``'s filter is bound to."""
        return binding_of(self._type(target.name).fields[name])

    def _filtered(self, target: NodeType, row: str, name: str, operators: Argument) -> list[str]:
        binding = self._filtered_by(target, name)
        python_type: Any = binding.python_type if isinstance(binding, Column) else str
        assert isinstance(binding, (Column, One))
        if (
            isinstance(binding, One)
            and operators.fields
            and not self._visibility.implies(target, binding.key, NODES[binding.target])
        ):
            # What the viewer does not see matches as what is not there.
            related, inner = NODES[binding.target], self._parameters.alias()
            named = [*self._compared(f"{inner}.id", str, operators), self._visibility.condition(related, inner)]
            seen = f"SELECT {inner}.id FROM {related.table} {inner} WHERE {' AND '.join(named)}"
            # One id, compared as one, lets an index give the rows in order.
            return [f"{row}.{binding.key} = " + (f"({seen})" if "eq" in operators.fields else f"ANY(ARRAY({seen}))")]
        return self._compared(f"{row}.{binding.name if isinstance(binding, Column) else binding.key}", python_type, operators)

    def _compared(self, column: str, python_type: Any, operators: Argument) -> list[str]:
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
            return self._parameters.argument(argument, cast)
        values = sorted({str(value) for value in (argument.value if many else [argument.value])})
        return f"ARRAY[{', '.join(map(literal, values))}]::{cast}" if many else f"{literal(values[0])}::{cast}"


def _filters(given: Mapping[str, Argument]) -> Mapping[str, Argument]:
    return given["filter"].fields if "filter" in given else {}
