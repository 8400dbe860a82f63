"""A subscription re-reads what changed, as its viewer may see it at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson

from api.read import Engine, Request, Response
from domain.access import ANONYMOUS, Viewer
from models import Ticket
from tests.api.read.conftest import Asker
from tests.builders import a_compound, a_ticket

from .test_reading import of_a_company


@dataclass
class Changed:
    subject_id: str


async def test_each_change_is_read_again_through_the_viewers_access(engine: Engine) -> None:
    compound = await a_compound()
    ticket, foreign = await a_ticket(compound, title="first"), await a_ticket()
    viewer: Viewer = of_a_company(compound)
    asked: list[tuple[str, frozenset[str] | None]] = []

    async def changes(prefix: str, compounds: frozenset[str] | None) -> AsyncIterator[list[Changed]]:
        nonlocal viewer
        asked.append((prefix, compounds))
        yield [Changed(foreign.id), Changed(ticket.id)]
        await Ticket.filter(id=ticket.id).update(title="second")
        yield [Changed(ticket.id)]
        viewer = ANONYMOUS  # the mandate ended
        yield [Changed(ticket.id)]

    async def context() -> Asker:
        return Asker(viewer)

    request = Request(
        "subscription ($c: [ID!]) { now: ticketChanged(filter: {compound: {in: $c}}) { title compound { id } } }",
        {"c": [compound.id]},
    )
    messages = await engine.subscribe(request, context, changes)
    assert not isinstance(messages, Response)
    got = [orjson.loads(message) async for message in messages]
    assert got == [{"data": {"now": {"title": t, "compound": {"id": compound.id}}}} for t in ("first", "second")]
    assert asked == [("tkt", frozenset({compound.id}))]


async def test_a_subscription_that_cannot_be_run_is_answered_at_once(engine: Engine) -> None:
    async def changes(_: str, __: frozenset[str] | None) -> AsyncIterator[list[Changed]]:
        raise AssertionError("nothing must be watched")
        yield [Changed("")]

    async def context() -> Asker:
        return Asker(ANONYMOUS)

    for wrong in ("subscription { nope }", "subscription {", "subscription { ticketChanged { nope } }"):
        answer = await engine.subscribe(Request(wrong), context, changes)
        assert isinstance(answer, Response)
        assert not answer.has_data
    query = await engine.subscribe(Request("{ __typename }"), context, changes)
    assert isinstance(query, Response)
    assert orjson.loads(query.body) == {"data": {"__typename": "Query"}}
