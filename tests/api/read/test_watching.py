"""A subscription re-reads what changed, as its viewer may see it at that moment."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import pytest

from api.read import Engine, Request, Response
from api.read.errors import refuse
from api.read.source import Source
from api.read.watching import as_text, for_each
from domain.access import ANONYMOUS, Viewer
from models import Ticket
from settings import Settings
from tests.api.read.conftest import Asker
from tests.builders import a_compound, a_device, a_ticket, an_alert

from .test_reading import of_a_company


@dataclass
class Changed:
    subject_id: str

    def told_to(self, viewer: Viewer) -> bool:
        return True


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


async def test_a_statement_for_each_of_many_reads_parameters_as_the_statement_for_one_does(database: Settings) -> None:
    once = """SELECT concat_ws('|', $1::text, $2::int + 1, array_to_string($3::text[], ',', 'none'),
        $4::timestamptz AT TIME ZONE 'UTC', $5::numeric, $6::boolean, $7::date, '$') FROM (SELECT $8::text[]) idle"""
    moment = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
    odd = ['"', "\\", "{}", ",", "", "NULL", None, " x "]
    rows: list[list[Any]] = [
        ["plain", 1, ["a", "b"], moment, Decimal("1.50"), True, date(2024, 2, 29), []],
        ["\"{},\\ ' $1::text 引号\n", -5, odd, moment, Decimal("1E+3"), False, None, None],
        [None, None, None, None, None, None, None, ["x"]],
    ]
    connection = await asyncpg.connect(database.database_url)
    try:
        one_by_one = [await connection.fetchval(once, *row) for row in rows]
        columns = zip(*[[as_text(value) for value in row] for row in rows], strict=True)
        together = await connection.fetch(for_each(once, 8), *map(list, columns))
    finally:
        await connection.close()
    assert dict(together) == dict(enumerate(one_by_one, 1))


async def test_values_that_do_not_fit_are_told_to_their_sender_only(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    compound = await a_compound()
    alert, begun = await an_alert(await a_device(compound)), asyncio.Event()

    async def picky(self: Source, sql: str, rows: list[tuple[str, ...]]) -> list[bytes]:
        if any("misfit" in value for row in rows for value in row):
            raise refuse("BAD_USER_INPUT", "does not fit")
        return await fetch_each(self, sql, rows)

    fetch_each: Any = Source.fetch_each
    monkeypatch.setattr(Source, "fetch_each", picky)

    async def changes(_: str, __: frozenset[str] | None) -> AsyncIterator[list[Changed]]:
        await begun.wait()
        yield [Changed(alert.id)]

    async def watch(language: str) -> list[Any]:
        async def context() -> Asker:
            return Asker(of_a_company(compound), language)

        messages = await engine.subscribe(Request("subscription { alertChanged { message } }"), context, changes)
        assert not isinstance(messages, Response)
        return [orjson.loads(message) async for message in messages]

    watching = [asyncio.create_task(watch(language)) for language in ("en", "zh-CN", "misfit", "en")]
    begun.set()
    told = [(await task)[0] for task in watching]
    assert [list(one) for one in told] == [["data"], ["data"], ["errors", "data"], ["data"]]
