"""Documents: parsed and validated once per text, kept in a bounded cache."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from .errors import refuse

MAX_TOKENS = 10_000

V = TypeVar("V")


class Cache(Generic[V]):
    """The most recently used values, at most ``size`` of them; counts its hits and misses."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self.hits = self.misses = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value kept under ``key``, or made now and kept; an exception of ``make`` is not kept."""
        if key in self._values:
            self.hits += 1
            self._values.move_to_end(key)
            return self._values[key]
        self.misses += 1
        value = make()
        self._values[key] = value
        if len(self._values) > self._size:
            self._values.popitem(last=False)
        return value

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Document:
    """A parsed document; ``errors`` is empty when it is valid."""

    ast: DocumentNode | None
    errors: list[GraphQLError]
    operations: dict[str, OperationDefinitionNode] = field(default_factory=dict[str, OperationDefinitionNode])
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict[str, FragmentDefinitionNode])

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; raises OPERATION_NOT_FOUND."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is not None and name in self.operations:
            return self.operations[name]
        known = ", ".join(sorted(self.operations)) or "none"
        raise refuse("OPERATION_NOT_FOUND", f"Name one of the document's operations in operationName: {known}.")


def read_document(schema: GraphQLSchema, text: str) -> Document:
    """Parse and validate ``text``."""
    try:
        ast = parse(text, max_tokens=MAX_TOKENS)
    except GraphQLSyntaxError as error:
        error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
        return Document(None, [error])
    except RecursionError:
        return Document(None, [refuse("TOO_COMPLEX", "The document is nested too deeply.")])
    errors = validate(schema, ast)
    for error in errors:
        error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
    operations = {(d.name.value if d.name else ""): d for d in ast.definitions if isinstance(d, OperationDefinitionNode)}
    fragments = {d.name.value: d for d in ast.definitions if isinstance(d, FragmentDefinitionNode)}
    return Document(ast, errors, operations, fragments)
