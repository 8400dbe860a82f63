"""What the writers of parts of a statement need of the compiler that puts it together."""

from collections.abc import Callable
from typing import Protocol

from graphql import FieldNode, GraphQLObjectType

from .declare import NodeType
from .rows import Rows
from .select import Selected, Selector
from .statement import Parameters
from .texts import Part


class Writer(Protocol):
    selector: Selector
    parameters: Parameters
    rows: Rows

    def type(self, name: str) -> GraphQLObjectType: ...
    def compose(self, selected: Selected, value: Callable[[list[FieldNode]], list[Part]]) -> str: ...
    def row_json(self, node: NodeType, row: str, nodes: list[FieldNode]) -> str: ...
    def single(self, target: NodeType, by: str, value: str, asked: list[FieldNode]) -> str: ...
