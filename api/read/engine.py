"""Runs GraphQL requests: bound fields by one SQL statement each, the rest by graphql-core."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
)
from graphql.execution.values import get_variable_values

from .arguments import arguments, shape
from .compile import Compiler
from .cost import Plan, check_plan, make_plan
from .declare import NODES, Changed
from .documents import Documents, Lookups
from .errors import Unproven, blame, refuse
from .limits import Allowance, check_values, may_introspect, without_suggestions
from .mixed import attach, run
from .operation import Operation, Request
from .responses import Response, located, refusal, respond
from .select import Selector
from .source import Source, bounded
from .statement import Asking, Proof, Statement, viewer_shape
from .types import binding_of
from .watching import Asker, Changes, Watch, Watching, compounds_of, only

if TYPE_CHECKING:
    from domain.access import Viewer
    from settings import Settings


class Toll(Protocol):
    """Counts operations before they run, and raises what it likes to stop one. ``context`` is the request's own."""

    def charge(self, context: Any, rows: int) -> None:
        """An operation may read so many rows."""
        ...

    async def admit(self, context: Any, fields: Sequence[str]) -> None:
        """A mutation has these root fields, each as often as it is asked for."""
        ...


class Engine:
    """Executes requests against ``schema``; ``start`` opens its own database connections.

    ``still``: SQL that is true while a viewer is who they were, over the parts of a Proof by name.
    """

    def __init__(self, schema: GraphQLSchema, settings: Settings, *, still: str = "", toll: Toll | None = None) -> None:
        self.schema = schema
        self._toll = toll
        self._settings = settings
        self._still = still
        self._source = Source(settings)
        self._watching = Watching(self._source)
        self.documents = Documents(schema, settings)
        self.statements, self._plans = Lookups(), Lookups()
        attach(schema)

    async def start(self) -> None:
        """Open the connections. Raises what asyncpg raises when the database does not answer."""
        await self._source.open()

    async def stop(self) -> None:
        await self._source.close()

    async def ask(self, sql: str, *values: Any) -> bytes:
        """The text that a statement of the caller's own yields, on connections that reading never takes. Raises GraphQLError."""
        return await self._source.ask(sql, list(values))

    @property
    def losses(self) -> int:
        """How often a connection to the database broke: for a Proof."""
        return self._source.losses

    # requests

    async def execute(self, request: Request, context: Asker, *, mutations: bool = True, proof: Proof | None = None) -> Response:
        """Run a query or mutation. ``mutations=False`` refuses to run anything but a query (GET).

        Raises Unproven instead of answering for a viewer that ``proof`` does not hold for; without it for no viewer.
        """
        if proof is not None:
            return await self._proven(request, context, proof)
        kind: str | None = None
        try:
            operation = self._prepare(request)
            kind = operation.node.operation.value
            if operation.node.operation is OperationType.SUBSCRIPTION:
                raise refuse("BAD_USER_INPUT", "Subscribe over WebSocket (graphql-transport-ws) or SSE.")
            if operation.node.operation is OperationType.MUTATION and not mutations:
                raise refuse("BAD_USER_INPUT", "A mutation needs POST.")
            plan = self._plan(operation, context)
        except GraphQLError as error:
            return refusal([error], kind)
        except _Invalid as invalid:
            return refusal(self._shown_to(context, invalid.errors), kind)
        if plan.bound:
            return await self._read_all(operation, plan, context)
        if kind == "mutation" and self._toll is not None:
            await self._toll.admit(context, [nodes[0].name.value for nodes in plan.selected.values()])
        if plan.about_schema and not operation.node.variable_definitions:
            return await self._about_schema(operation, context)
        return await run(self, operation, context, Allowance(self._settings))

    async def _proven(self, request: Request, context: Asker, proof: Proof) -> Response:
        """What statements alone answer: each proves the viewer of the request."""
        try:
            operation = self._prepare(request)
            plan = self._plan(operation, context, proven=True) if operation.node.operation is OperationType.QUERY else None
        except (GraphQLError, _Invalid):
            raise Unproven from None
        if plan is None or not plan.bound:
            raise Unproven
        return await self._read_all(operation, plan, context, proof)

    def _prepare(self, request: Request) -> Operation:
        document = self.documents.get(request.query)
        if document.errors:
            raise _Invalid(document.errors)
        node = document.operation(request.operation_name)
        check_values(request.variables, self._settings)
        values = get_variable_values(self.schema, node.variable_definitions or (), request.variables or {}, max_errors=20)
        if isinstance(values, list):
            raise _Invalid([blame(error, "BAD_USER_INPUT") for error in values])
        root = self.schema.get_root_type(node.operation)
        assert root is not None
        types = document.variables[node.name.value if node.name else ""]
        shapes = tuple(shape(values.coerced.get(name), type_) for name, type_ in types)
        return Operation(document, node, root, values, (request.operation_name, shapes))

    def _plan(self, operation: Operation, context: Asker, *, proven: bool = False) -> Plan:
        """The root fields, when the viewer may ask for so much. ``proven``: only what is all bound is going to run."""

        def made() -> Plan:
            selector, most = self._selector(operation), self._settings.graphql_fields
            selected = selector.fields(operation.root, [operation.node.selection_set])
            return make_plan(self.schema, selector, operation.variables, operation.root, selected, most)

        plan = self.documents.made(operation.document, operation.shape, made, lambda plan: plan.weight, self._plans)
        rows = check_plan(plan, operation.variables, context.viewer, self._settings)
        if self._toll is not None and (plan.bound or not proven):
            self._toll.charge(context, rows)
        return plan

    def _shown_to(self, context: Asker, errors: list[GraphQLError]) -> list[GraphQLError]:
        return errors if may_introspect(context.viewer, self._settings) else without_suggestions(errors)

    def _selector(self, operation: Operation) -> Selector:
        return Selector(self.schema, operation.document.fragments, operation.variables)

    async def _about_schema(self, operation: Operation, context: Asker) -> Response:
        """What the schema says of itself: the same each time, and slow to say."""
        key = ("schema", operation.shape)
        if key not in operation.document.made:
            response = await run(self, operation, context, Allowance(self._settings))
            self.documents.made(operation.document, key, lambda: response, lambda made: len(made.body), self._plans)
        return operation.document.made[key]

    # bound fields

    async def _read_all(self, operation: Operation, plan: Plan, context: Asker, proof: Proof | None = None) -> Response:
        asking = Asking(operation.variables, context.viewer, context.language, proof=proof)
        parts: dict[str, orjson.Fragment | None] = {}
        errors: list[GraphQLError] = []
        null, allowance = False, Allowance(self._settings)
        for key, nodes in plan.selected.items():
            try:
                value = await self.read(operation, operation.root, key, nodes, asking)
                parts[key] = orjson.Fragment(allowance.take(value))
            except GraphQLError as error:
                errors.append(located(error, nodes, [key]))
                parts[key], null = None, null or _non_null(operation.root, nodes[0])
        return respond(None if null else parts, errors, "query")

    async def read(
        self, operation: Operation, parent: GraphQLObjectType, key: str, nodes: list[FieldNode], asking: Asking
    ) -> bytes:
        """The JSON of one bound root or payload field."""
        try:
            statement = self._statement(operation, parent, key, nodes, asking.viewer)
            values = statement.values(asking)
        except GraphQLError as error:
            raise error if asking.proof is None else Unproven from error
        losses = asking.proof.losses if asking.proof else None
        return await self._source.fetch(statement.sql, values, holder=asking.viewer.account_id or "", losses=losses)

    def _statement(
        self, operation: Operation, parent: GraphQLObjectType, key: str, nodes: list[FieldNode], viewer: Viewer
    ) -> Statement:
        def compiled() -> Statement:
            made = Compiler(self.schema, self._selector(operation), operation.variables, viewer).root(parent, nodes)
            statement = Statement(bounded(made.sql, self._settings.graphql_response_bytes), made.getters)
            return statement.proving(self._still) if self._still and parent is self.schema.query_type else statement

        found = (operation.shape, parent.name, key, viewer_shape(viewer))
        return self.documents.made(operation.document, found, compiled, _weight, self.statements)

    # subscriptions

    async def subscribe(
        self, request: Request, context: Callable[[], Awaitable[Asker]], changes: Changes
    ) -> AsyncIterator[bytes] | Response:
        """The responses of a subscription, one per change that its viewer (asked anew each time) may see.

        Returns a Response instead when the request is no subscription or cannot be run.
        """
        first = await context()
        try:
            operation = self._prepare(request)
            if operation.node.operation is not OperationType.SUBSCRIPTION:
                return await self.execute(request, first)
            plan = self._plan(operation, first)
            ((key, nodes),) = plan.selected.items()
            binding = binding_of(operation.root.fields.get(nodes[0].name.value))
            if not isinstance(binding, Changed):
                raise refuse("BAD_USER_INPUT", "Subscribe to one of the subscription type's fields.")
            self._statement(operation, operation.root, key, nodes, first.viewer)
        except GraphQLError as error:
            return refusal([error], "subscription")
        except _Invalid as invalid:
            return refusal(self._shown_to(first, invalid.errors), "subscription")
        rows = plan.price(operation.variables)

        def charge(asker: Asker) -> None:
            if self._toll is not None:
                self._toll.charge(asker, rows)

        statement = partial(self._statement, operation, operation.root, key, nodes)
        watch = Watch(key, nodes, operation.variables, statement, charge)
        field = operation.root.fields[nodes[0].name.value]
        changed = changes(NODES[binding.target].prefix, compounds_of(field, nodes[0], operation.variables))
        if "id" in (given := arguments(field, nodes[0], operation.variables)):
            changed = only(given["id"].value, changed)
        return self._watching.responses(watch, context, changed)


class _Invalid(Exception):
    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("invalid request")
        self.errors = errors


def _weight(statement: Statement) -> int:
    """Memory in bytes, about."""
    return 1_000 + len(statement.sql) + 500 * len(statement.getters)


def _non_null(parent: GraphQLObjectType, node: FieldNode) -> bool:
    return str(parent.fields[node.name.value].type).endswith("!")
