"""graphql-transport-ws: operations of clients good and bad."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.applications import Starlette

from domain.access import Role
from domain.jobs import JobKind
from models import Account, Alert, tickets
from models.facts import Actor, record
from models.jobs import advance, begin
from settings import Settings
from tests.api.doors import ADDRESS, a_watcher, a_wire, bearer, listening, metric, opened
from tests.builders import (
    a_community,
    a_company_serving,
    a_compound,
    a_device,
    a_street,
    a_ticket,
    an_account,
    an_alert,
    an_organisation,
)
from tests.models.ticket_world import a_world

WATCH = "subscription { alertChanged { id state } }"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database, socket_message_bytes=5_000, socket_operations=3, streams_per_viewer=2) as app:
        yield app


@pytest.fixture
async def alert(database: Settings) -> Alert:
    return await an_alert()


@pytest.fixture
async def officer(alert: Alert) -> Account:
    return await a_watcher(alert)


async def change(alert: Alert) -> None:
    await record(Actor("system:test"), "alertAcknowledge", alert)


def next_of(operation: str, alert: Alert) -> dict[str, Any]:
    return {"id": operation, "type": "next", "payload": {"data": {"alertChanged": {"id": alert.id, "state": "OPEN"}}}}


async def test_a_query_is_answered_and_completed(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for operation in ("1", "1", 'two "quotes" 引号'):
            wire.subscribe(operation, "{ __typename }")
            assert await wire.hear() == {"id": operation, "type": "next", "payload": {"data": {"__typename": "Query"}}}
            assert await wire.hear() == {"id": operation, "type": "complete"}


@pytest.mark.parametrize(
    "query",
    ["{", "{ nothing }", "subscription { nothing }", "subscription { alertChanged { id } ticketChanged { id } }", "{ a" * 500],
)
async def test_a_request_error_ends_that_operation_only(app: Starlette, query: str) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.subscribe("1", query)
        error = await wire.hear()
        assert (error["id"], error["type"]) == ("1", "error")
        assert error["payload"][0]["extensions"]["code"]
        wire.subscribe("1", "{ __typename }")
        assert (await wire.hear())["type"] == "next"


async def test_a_subscription_tells_of_changes_until_it_is_completed(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        assert metric("steward_subscriptions_open", transport="ws") == 1
        for _ in range(2):
            await change(alert)
            assert await wire.hear() == next_of("1", alert)
        wire.say({"type": "complete", "id": "1"})
        await listening(app, 0)
        await change(alert)
        wire.say({"type": "ping"})
        assert await wire.hear() == {"type": "pong"}
        assert metric("steward_subscriptions_open", transport="ws") == 0


async def test_a_subscription_to_one_row_hears_of_no_other(app: Starlette, database: Settings) -> None:
    company = await a_company_serving(await a_compound())
    boss, stranger = [await an_account(Role.COMPANY_MANAGER, organisation=each) for each in (company, await an_organisation())]
    watched = await begin(Actor("system:test"), JobKind.BILL_RUN, company, 10)
    other = await begin(Actor("system:test"), JobKind.BILL_RUN_REVERSE, company, 10)
    watch = f'subscription {{ jobChanged(id: "{watched.id}") {{ id state done total errors }} }}'
    async with a_wire(app) as wire, a_wire(app) as strange:
        for each, account in ((wire, boss), (strange, stranger)):
            await each.introduce(await bearer(account, database))
            each.subscribe("1", watch)
        await listening(app, 2)
        await advance(other.id, done=1)
        await advance(watched.id, done=4, errors=1)
        assert (await wire.hear())["payload"]["data"]["jobChanged"] == {
            "id": watched.id,
            "state": "RUNNING",
            "done": 4,
            "total": 10,
            "errors": 1,
        }
        strange.say({"type": "ping"})
        assert await strange.hear() == {"type": "pong"}


async def test_a_subscription_hears_only_of_what_its_viewer_sees(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    elsewhere = await an_alert(await a_device(await a_compound(await a_community(await a_street()))))
    async with a_wire(app) as wire, a_wire(app) as anonymous:
        await anonymous.introduce()
        anonymous.subscribe("1", WATCH)
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        await listening(app, 2)
        await change(elsewhere)
        await change(alert)
        assert await wire.hear() == next_of("1", alert)
        anonymous.say({"type": "ping"})
        assert await anonymous.hear() == {"type": "pong"}


async def test_an_id_in_use_closes_with_4409(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for _ in range(2):
            wire.subscribe("编号" * 60, WATCH)
        assert await wire.closing() == 4409


async def test_an_id_is_free_again_after_the_client_completes_it(
    app: Starlette, officer: Account, alert: Alert, database: Settings
) -> None:
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(officer, database))
        wire.subscribe("1", WATCH)
        wire.say({"type": "complete", "id": "1"})
        wire.subscribe("1", "{ __typename }")
        assert (await wire.hear())["type"] == "next"


async def test_completing_what_does_not_run_is_no_matter(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.say({"type": "complete", "id": "nobody"})
        wire.say({"type": "ping", "payload": {"at": 7}})
        assert await wire.hear() == {"type": "pong", "payload": {"at": 7}}


async def test_too_many_operations_are_refused_one_by_one(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        for number in range(4):
            wire.subscribe(str(number), WATCH)
        refused = await wire.hear()
        assert (refused["id"], refused["type"]) == ("3", "error")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await listening(app, 3)


async def test_too_many_sockets_of_one_viewer_close_with_4429(app: Starlette, officer: Account, database: Settings) -> None:
    token = await bearer(officer, database)
    async with a_wire(app) as first, a_wire(app) as second:
        await first.introduce(token)
        await second.introduce(token)
        async with a_wire(app) as third, a_wire(app) as stranger:
            third.say({"type": "connection_init", "payload": {"Authorization": token}})
            assert await third.closing() == 4429
            await stranger.introduce()
        first.leave()
        await first.ended()
        async with a_wire(app) as fourth:
            await fourth.introduce(token)


async def test_a_full_process_sends_new_sockets_away_with_1013(database: Settings) -> None:
    async with opened(database, streams_per_process=1) as app, a_wire(app) as first:
        await first.introduce()
        async with a_wire(app) as second:
            assert await second.closing() == 1013


async def test_sockets_that_do_not_introduce_themselves_are_counted_by_address(app: Starlette) -> None:
    async with a_wire(app), a_wire(app) as second:
        async with a_wire(app) as third:
            assert await third.closing() == 4429
        await second.introduce()
        async with a_wire(app) as fourth:
            await fourth.introduce()
    assert app.state.door.streams == {}


async def test_strangers_are_counted_by_address(app: Starlette) -> None:
    async with a_wire(app) as first, a_wire(app) as second:
        await first.introduce()
        await second.introduce()
        assert app.state.door.streams == {ADDRESS: 2}
    assert app.state.door.streams == {}


async def test_a_crash_ends_the_operation_and_tells_its_number_only(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret")

    async with a_wire(app) as wire:
        await wire.introduce()
        monkeypatch.setattr(app.state.door.engine, "execute", crash)
        wire.subscribe("1", "{ __typename }")
        error = await wire.hear()
        assert error["type"] == "error"
        assert error["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert "secret" not in str(error)


async def test_who_may_not_know_of_a_remark_is_not_woken_by_it(app: Starlette, database: Settings) -> None:
    world = await a_world()
    resident = await an_account(Role.RESIDENT, home=world.home)
    ticket = await a_ticket(world.compound, opened_by_id=resident.id)
    async with a_wire(app) as inside, a_wire(app) as outside:
        for wire, account in ((inside, world.worker), (outside, resident)):
            await wire.introduce(await bearer(account, database))
            wire.subscribe("1", "subscription { ticketChanged { comments { nodes { body } } } }")
        await listening(app, 2)
        said = ["They never pay.", "We come tomorrow."]
        await tickets.comment(world.manager, ticket.id, said[0], internal=True)
        assert bodies(await inside.hear()) == said[:1]
        await tickets.comment(world.manager, ticket.id, said[1])
        assert bodies(await inside.hear()) == said
        assert bodies(await outside.hear()) == said[1:]


def bodies(message: dict[str, Any]) -> list[str]:
    return [node["body"] for node in message["payload"]["data"]["ticketChanged"]["comments"]["nodes"]]
