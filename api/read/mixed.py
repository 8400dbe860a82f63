"""Operations that are not all bound: graphql-core runs them, and bound parts come back as ready JSON."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute,  # pyright: ignore[reportUnknownVariableType]
)
from graphql.execution.executor import Executor

from .declare import NODES, ById
from .operation import Operation
from .responses import Response, respond
from .statement import Asking
from .types import binding_of

if TYPE_CHECKING:
    from .limits import Allowance
    from .watching import Asker


class Reader(Protocol):
    """Reads bound fields."""

    schema: GraphQLSchema

    async def read(
        self, operation: Operation, parent: GraphQLObjectType, key: str, nodes: list[FieldNode], asking: Asking
    ) -> bytes:
        """The JSON of one bound root or payload field."""
        ...


class _Splicing(Executor[Any]):
    """graphql-core's executor, except that JSON made by PostgreSQL is passed through as it is."""

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        if isinstance(result, orjson.Fragment):
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


class _Running:
    """graphql-core's context: the request's own context, and what reading bound parts needs."""

    def __init__(self, reader: Reader, operation: Operation, context: Asker, allowance: Allowance) -> None:
        self.reader = reader
        self.operation = operation
        self.context = context
        self.allowance = allowance

    def __getattr__(self, name: str) -> Any:
        return getattr(self.context, name)


async def run(reader: Reader, operation: Operation, context: Asker, allowance: Allowance) -> Response:
    """The response to an operation."""
    assert operation.document.ast is not None
    raw = {name: source.value for name, source in operation.variables.sources.items()}
    result = execute(
        reader.schema,
        operation.document.ast,
        context_value=_Running(reader, operation, context, allowance),
        variable_values={name: value for name, value in raw.items() if name in operation.variables.coerced},
        operation_name=operation.node.name.value if operation.node.name else None,
        executor_class=_Splicing,
    )
    done: ExecutionResult = await result if inspect.isawaitable(result) else result
    return respond(done.data, done.errors or [], operation.node.operation.value)


async def _resolve(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> orjson.Fragment | None:
    """graphql-core's way to a bound root or payload field."""
    running: _Running = info.context
    binding = binding_of(info.parent_type.fields[info.field_name])
    id_ = None
    if isinstance(binding, ById):
        id_ = getattr(source, binding.attribute)
        if id_ is None:
            return None
    asking = Asking(running.operation.variables, running.context.viewer, running.context.language, id_)
    path = ".".join(str(step) for step in info.path.as_list())
    value = await running.reader.read(running.operation, info.parent_type, path, list(info.field_nodes), asking)
    return None if value == b"null" else orjson.Fragment(running.allowance.take(value))


def attach(schema: GraphQLSchema) -> None:
    """Let graphql-core resolve bound root and payload fields through the reader that runs the request."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and type_.name not in NODES:
            for field in type_.fields.values():
                if binding_of(field) is not None:
                    field.resolve = _resolve
