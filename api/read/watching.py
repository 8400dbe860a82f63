"""Subscriptions: what changed is read again for many viewers at once.

One change wakes every subscriber, and each wants the row as it may see it now. Wishes for one statement that come
together are answered by one run of it, over the distinct sets of parameters: a thousand viewers of forty companies
who send the same document are forty rows of one statement.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
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
from .responses import code_of, located, respond
from .source import Source
from .statement import Asking, Statement

if TYPE_CHECKING:
    from domain.access import Viewer

#: Most sets of parameters in one run: bounds what one statement costs and how much it answers.
_MOST = 100
#: What was read longer ago is read again before it is told: its viewer may have taken their time, and see less by now.
_FRESH_SECONDS = 1.0

#: The parameters of one reading, each as PostgreSQL writes it.
Values = tuple[str | None, ...]


class Asker(Protocol):
    """What the engine wants of a request's context; resolvers may want more."""

    viewer: Viewer
    language: str


class Change(Protocol):
    """A row that changed."""

    @property
    def subject_id(self) -> str:
        """The row's id."""
        ...

    def told_to(self, viewer: Viewer) -> bool:
        """Whether the viewer may know that it did."""
        ...


#: Gives the changes of rows whose ids begin with a prefix, in some compounds (None: all): all that wait, step by step.
Changes = Callable[[str, frozenset[str] | None], AsyncIterator[Sequence[Change]]]


@dataclass(frozen=True)
class Watch:
    """One subscription: what it asks for, the statement that answers it for a viewer, and what counts each reading."""

    key: str
    nodes: list[FieldNode]
    variables: VariableValues
    statement: Callable[[Viewer], Statement]
    charge: Callable[[Asker], None]


class Watching:
    """Answers the subscriptions of one engine."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reads: WeakValueDictionary[str, Gathering[Values, bytes]] = WeakValueDictionary()

    async def responses(
        self, watch: Watch, context: Callable[[], Awaitable[Asker]], changes: AsyncIterator[Sequence[Change]]
    ) -> AsyncIterator[bytes]:
        """One whole response per change that the viewer, asked anew each time, may see at that moment."""
        clock = asyncio.get_running_loop().time
        async for changed in changes:
            waiting = deque(changed)
            while waiting:
                asker = await context()
                waiting = deque(change for change in waiting if change.told_to(asker.viewer))
                bodies = await self._bodies(watch, asker, [change.subject_id for change in waiting])
                stale_at = clock() + _FRESH_SECONDS
                for body in bodies:
                    if clock() > stale_at:
                        break
                    waiting.popleft()
                    if body:
                        yield body

    async def _bodies(self, watch: Watch, asker: Asker, ids: list[str]) -> list[bytes | None]:
        """The responses about these rows; None for what the asker does not see."""
        begin = b'{"data":{' + orjson.dumps(watch.key) + b":"

        def refused(error: GraphQLError) -> bytes:
            return respond(None, [located(error, watch.nodes, [watch.key])], "subscription").body

        for _ in ids:
            watch.charge(asker)
        try:
            statement = watch.statement(asker.viewer)
            readings = [self._read(statement, Asking(watch.variables, asker.viewer, asker.language, id_)) for id_ in ids]
        except GraphQLError as error:
            return [refused(error)] * len(ids)
        bodies: list[bytes | None] = []
        for reading in readings:
            try:
                value = await reading
                bodies.append(None if value == b"null" else begin + value + b"}}")
            except GraphQLError as error:
                bodies.append(refused(error))
        return bodies

    def _read(self, statement: Statement, asking: Asking) -> asyncio.Future[bytes]:
        values = tuple(map(as_text, statement.values(asking)))
        reads = self._reads.get(statement.sql)
        if reads is None:
            # Kept alive by its own task for as long as somebody waits.
            reads = self._reads[statement.sql] = Gathering(partial(self._answer, statement.sql), _MOST)
        return reads.get(values)

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


async def only(id_: str, changes: AsyncIterator[Sequence[Change]]) -> AsyncIterator[Sequence[Change]]:
    """Of these changes, those of one row."""
    async for changed in changes:
        if of_it := [change for change in changed if change.subject_id == id_]:
            yield of_it


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
