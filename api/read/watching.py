"""Subscriptions: what changed is read again for many viewers at once.

One change wakes every subscriber, and each wants the row as it may see it now. Wishes for one statement that come
together are answered by one run of it, over the distinct sets of parameters: a thousand viewers of forty companies
who send the same document are forty rows of one statement.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol, cast
from weakref import WeakValueDictionary

import orjson
from graphql import FieldNode, GraphQLError, GraphQLField
from graphql.execution.values import VariableValues

from api.gathering import Gathering

from .arguments import arguments
from .compile import Asking, Statement
from .responses import code_of, located, respond
from .source import Source

if TYPE_CHECKING:
    from domain.access import Viewer

#: Most sets of parameters in one run: bounds what one statement costs and how much it answers.
_MOST = 200

#: The parameters of one reading, each as PostgreSQL writes it.
Values = tuple[str | None, ...]


class Asker(Protocol):
    """What the engine wants of a request's context; resolvers may want more."""

    viewer: Viewer
    language: str


class Change(Protocol):
    """A row that changed."""

    subject_id: str


#: Gives the changes of rows whose ids begin with a prefix, in some compounds (None: all).
Changes = Callable[[str, frozenset[str] | None], AsyncIterator[Change]]


@dataclass(frozen=True)
class Watch:
    """One subscription: what it asks for, and the statement that answers it for a viewer."""

    key: str
    nodes: list[FieldNode]
    variables: VariableValues
    statement: Callable[[Viewer], Statement]


class Watching:
    """Answers the subscriptions of one engine."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reads: WeakValueDictionary[str, Gathering[Values, bytes]] = WeakValueDictionary()

    async def responses(
        self, watch: Watch, context: Callable[[], Awaitable[Asker]], changes: AsyncIterator[Change]
    ) -> AsyncIterator[bytes]:
        """One whole response per change that the viewer, asked anew each time, may see at that moment."""
        before = b'{"data":{' + orjson.dumps(watch.key) + b":"
        async for change in changes:
            now = await context()
            asking = Asking(watch.variables, now.viewer, now.language, change.subject_id)
            try:
                value = await self._read(watch.statement(now.viewer), asking)
            except GraphQLError as error:
                yield respond(None, [located(error, watch.nodes, [watch.key])], "subscription").body
                continue
            if value != b"null":
                yield before + value + b"}}"

    async def _read(self, statement: Statement, asking: Asking) -> bytes:
        values = tuple(map(as_text, statement.values(asking)))
        reads = self._reads.get(statement.sql)
        if reads is None:
            # Kept alive by those who wait for it.
            reads = self._reads[statement.sql] = Gathering(partial(self._answer, statement.sql), _MOST)
        return await reads.get(values)

    async def _answer(self, sql: str, wanted: list[Values]) -> dict[Values, bytes | Exception]:
        try:
            return dict(zip(wanted, await self._source.fetch_each(for_each(sql, len(wanted[0])), wanted), strict=True))
        except GraphQLError as error:
            if len(wanted) == 1 or code_of(error) == "UNAVAILABLE":
                return dict.fromkeys(wanted, error)
        # Somebody's values do not fit: find whose, so that nobody else's answer suffers.
        half = len(wanted) // 2
        return await self._answer(sql, wanted[:half]) | await self._answer(sql, wanted[half:])


def compounds_of(field: GraphQLField, node: FieldNode, variables: VariableValues) -> frozenset[str] | None:
    """The compounds that a subscription's ``filter: {compound: …}`` names; None: all."""
    given = arguments(field, node, variables)
    compound = given["filter"].fields.get("compound") if "filter" in given else None
    if compound is None:
        return None
    named: list[frozenset[str]] = [frozenset(a.value if op == "in" else [a.value]) for op, a in compound.fields.items()]
    return frozenset[str].intersection(*named) if named else None


@lru_cache(maxsize=1_000)
def for_each(sql: str, parameters: int) -> str:
    """``sql`` once for every row of parameters: each comes as one array, of texts that the casts in ``sql`` read."""
    numbers = range(1, parameters + 1)
    arrays, names = (", ".join(form.format(n) for n in numbers) for form in ("${}::text[]", "p{}"))
    once = re.sub(r"\$(\d+)(?=::)", r"asked.p\1", sql)
    return f"SELECT asked.n, ({once}) FROM unnest({arrays}) WITH ORDINALITY AS asked({names}, n)"


def as_text(value: Any) -> str | None:
    """A parameter as PostgreSQL writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(map(_element, cast("Sequence[Any]", value))) + "}"
    return str(value)


def _element(value: Any) -> str:
    text = as_text(value)
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
