"""Public clients that know nothing of Steward are served as their protocols say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models import Account, Alert
from models.calendar import now
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import a_watcher, bearer
from tests.builders import an_alert

from .conftest import Server, Start

WATCH = "subscription { alertChanged { id state } }"


@pytest.fixture
async def alert(database: Settings) -> Alert:
    return await an_alert()


@pytest.fixture
async def officer(alert: Alert) -> Account:
    return await a_watcher(alert)


async def change(alert: Alert) -> None:
    await record(Actor("system:test"), "alertAcknowledge", alert)


def told(alert: Alert) -> dict[str, Any]:
    return {"data": {"alertChanged": {"id": alert.id, "state": "OPEN"}}}


async def test_every_must_and_should_of_graphql_over_http_passes_the_public_audit(start: Start) -> None:
    async with start("audit") as audit:
        results = await audit.ended()
    assert [result for result in results if result["status"] != "ok"] == []
    assert Counter(result["name"].split()[0] for result in results) == {"MUST": 13, "SHOULD": 23, "MAY": 25}


async def test_clients_are_answered_at_once_what_can_be_answered_at_once(
    start: Start, server: Server, officer: Account, alert: Alert, database: Settings
) -> None:
    async def said(script: str, query: str, authorization: str = "") -> list[tuple[str, Any]]:
        async with start(script, query=query, authorization=authorization) as client:
            return [(line["event"], line["value"]) for line in await client.ended()]

    answered = [("next", {"data": {"__typename": "Query"}}), ("done", None)]
    assert (await said("ws", "{ __typename }"))[:2] == answered
    assert (await said("sse", "{ __typename }"))[:2] == answered

    assert ("refused", ["GRAPHQL_VALIDATION_FAILED"]) in await said("ws", "subscription { nothing }")
    (event, refused), *_ = await said("sse", "subscription { nothing }")
    assert (event, refused["errors"][0]["extensions"]["code"]) == ("next", "GRAPHQL_VALIDATION_FAILED")

    assert ("refused", 4403) in await said("ws", WATCH, "Bearer nonsense")
    assert await said("sse", WATCH, "Bearer nonsense") == [("refused", 401)]

    async with start("ws", query=WATCH, authorization=await bearer(officer, database)) as ws:
        await server.subscribed("ws")
        await Account.filter(id=officer.id).update(disabled_at=now())
        await change(alert)
        assert await ws.hear("refused") == 4403


async def test_clients_are_told_of_changes_come_back_to_a_server_started_again_or_killed_and_complete(
    start: Start, server: Server, officer: Account, alert: Alert, database: Settings
) -> None:
    wanted = {"authorization": await bearer(officer, database), "query": WATCH, "take": 4, "retries": 200}
    async with start("ws", **wanted) as ws, start("sse", **wanted) as sse:

        async def both_are_told() -> None:
            await server.subscribed("ws")
            await server.subscribed("sse")
            await change(alert)
            assert [await client.hear("next") for client in (ws, sse)] == [told(alert)] * 2

        await both_are_told()
        await ws.hear("pinged")
        await both_are_told()
        await server.stop()
        assert await ws.hear("closed") == 1001
        await server.start("api")
        await both_are_told()
        await server.kill("api")
        assert await ws.hear("closed") == 1006
        await server.start("api")
        await both_are_told()
        for client in (ws, sse):
            await client.hear("done")
            await client.ended()
        await server.subscribed("ws", 0)
        await server.subscribed("sse", 0)
