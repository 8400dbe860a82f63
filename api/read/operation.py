"""A request, and the operation that it is about."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, OperationDefinitionNode
from graphql.execution.values import VariableValues

from .documents import Document


@dataclass(frozen=True)
class Request:
    """One GraphQL request as it came."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class Operation:
    """A request that is ready to run."""

    document: Document
    node: OperationDefinitionNode
    root: GraphQLObjectType
    variables: VariableValues
    shape: tuple[object, ...]
