"""Runs one operation of a session, whatever door it came through."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from uuid import uuid4

import structlog

from api.authentication import Session
from api.feed import Missed, Subscription
from api.metrics import OPERATIONS, SUBSCRIPTIONS_OPEN, count_operation
from api.problems import Problem, internal
from api.rates import Exceeded
from api.read import Request, Response, Unproven
from domain.audit import Door
from models.facts import acting

log = structlog.get_logger()


async def run(session: Session, request: Request, *, mutations: bool = True) -> Response:
    """The response to a query or mutation. A subscription is not run: its response has no data and its kind says so.

    Refuses (401) when the session's token no longer holds, (429) beyond what the settings allow in a minute, and (400) a
    document that is not persisted but must be.
    """
    started = time.perf_counter()
    session.count()
    response = await _remembered(session, request)
    if response is None:
        context = await session.context()
        request = session.door.persisted.of(request)
        with acting(Door.GRAPHQL, context.address):
            response = await session.door.engine.execute(request, context, mutations=mutations)
    if response.kind != "subscription":
        outcome = "run" if response.has_data else "refused"
        count_operation(response.kind or "unknown", outcome, time.perf_counter() - started)
    return response


async def _remembered(session: Session, request: Request) -> Response | None:
    """The response to a query whose viewer is remembered, and proven by it; None where the viewer has to be looked up."""
    found = session.remembered()
    if found is None:
        return None
    try:
        known = session.door.persisted.of(request)
        return await session.door.engine.execute(known, session.asking(found.viewer), proof=found.proof)
    except Exceeded:
        raise
    except (Unproven, Problem):
        return None


async def changes(session: Session, request: Request, transport: str) -> AsyncGenerator[bytes] | Response:
    """The responses of a subscription, or one response without data when it cannot be run."""
    opened: list[Subscription] = []

    def subscribe(prefix: str, compounds: frozenset[str] | None) -> Subscription:
        opened.append(session.door.feed.subscribe(prefix, compounds))
        return opened[-1]

    request = session.door.persisted.of(request)
    stream = await session.door.engine.subscribe(request, session.context, subscribe)
    if isinstance(stream, Response):
        OPERATIONS.labels("subscription", "refused").inc()
        return stream
    OPERATIONS.labels("subscription", "run").inc()
    return _counted(stream, opened, transport)


async def _counted(stream: AsyncIterator[bytes], opened: list[Subscription], transport: str) -> AsyncGenerator[bytes]:
    """The stream itself; when it ends or is closed, its subscriptions leave the feed."""
    with SUBSCRIPTIONS_OPEN.labels(transport).track_inprogress():
        try:
            async for body in stream:
                yield body
        finally:
            for subscription in opened:
                subscription.close()


def as_problem(error: Exception) -> Problem:
    """What a client is told of ``error``. A fault of ours is logged, and told by its number only."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Missed):
        return Problem(503, error.code, error.text)
    fault = uuid4().hex
    log.error("request failed", fault=fault, exc_info=error)
    return internal(fault)
