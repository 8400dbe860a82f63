"""Sessions as a client has them: log in, refresh, list, end; and what an ended one does to open sockets and streams."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from models import Account, AccountSession
from models.facts import Actor, record
from settings import Settings
from tests.api.doors import a_client, a_wire, an_exchange, an_officer, ask, bearer, listening, opened
from tests.builders import an_account
from tests.waiting import until

PASSWORD = "a good long password"
TOKENS = "token expiresAt refreshToken sessionExpiresAt errors { code message }"
WATCH = "subscription { alertChanged { id } }"
STREAM = "text/event-stream"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


async def say(client: httpx2.AsyncClient, query: str, token: str | None = None, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = await ask(client, {"query": query, "variables": variables}, accept_language="en", **headers)
    if response.status_code == 401:
        return 401
    answer = response.json()
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values()))


async def log_in(client: httpx2.AsyncClient, login: str = "lamplighter", password: str = PASSWORD) -> Any:
    query = f"mutation ($i: LogInInput!) {{ logIn(input: $i) {{ passwordChangeRequired {TOKENS} }} }}"
    return await say(client, query, i={"login": login, "password": password})


async def refresh(client: httpx2.AsyncClient, refresh_token: str) -> Any:
    query = f"mutation ($i: SessionRefreshInput!) {{ sessionRefresh(input: $i) {{ {TOKENS} }} }}"
    return await say(client, query, i={"refreshToken": refresh_token})


async def test_a_session_is_opened_refreshed_listed_and_ended(client: httpx2.AsyncClient) -> None:
    account = await an_account(login="lamplighter", password=PASSWORD)
    first = await log_in(client)
    assert (first["errors"], first["passwordChangeRequired"]) == ([], False)
    assert first["sessionExpiresAt"] > first["expiresAt"]
    second = await refresh(client, first["refreshToken"])
    assert second["refreshToken"] != first["refreshToken"]
    viewer = await say(client, "{ viewer { id scope sessions { id client current } } }", second["token"])
    session = await AccountSession.get()
    assert viewer == {
        "id": account.id,
        "scope": "WRITE",
        "sessions": [{"id": session.id, "client": "Python", "current": True}],
    }
    assert await say(client, "mutation { logOut(input: {}) { errors { code } } }", second["token"]) == {"errors": []}
    assert await say(client, "{ viewer { id } }", second["token"]) == 401
    assert [error["code"] for error in (await refresh(client, second["refreshToken"]))["errors"]] == ["UNAUTHENTICATED"]


async def test_a_spent_refresh_token_makes_the_running_access_token_401(client: httpx2.AsyncClient) -> None:
    await an_account(login="lamplighter", password=PASSWORD)
    first = await log_in(client)
    second = await refresh(client, first["refreshToken"])
    assert (await refresh(client, first["refreshToken"]))["token"] is None
    assert await say(client, "{ viewer { id } }", second["token"]) == 401


async def test_one_session_ends_another_and_all_of_them(client: httpx2.AsyncClient) -> None:
    await an_account(login="lamplighter", password=PASSWORD)
    here, there, elsewhere = [(await log_in(client))["token"] for _ in range(3)]
    sessions = (await say(client, "{ viewer { sessions { id current } } }", there))["sessions"]
    (id_,) = [each["id"] for each in sessions if each["current"]]
    query = "mutation ($i: SessionRevokeInput!) { sessionRevoke(input: $i) { errors { code field } } }"
    assert await say(client, query, here, i={"id": id_}) == {"errors": []}
    assert await say(client, "{ viewer { id } }", there) == 401
    everywhere = await say(client, "mutation { logOutEverywhere(input: {}) { ended errors { code } } }", here)
    assert everywhere == {"ended": 2, "errors": []}
    assert [await say(client, "{ viewer { id } }", token) for token in (here, elsewhere)] == [401, 401]


@pytest.mark.parametrize("field", ["logOut", "logOutEverywhere"])
async def test_the_anonymous_have_nothing_to_end(client: httpx2.AsyncClient, field: str) -> None:
    payload = await say(client, f"mutation {{ {field}(input: {{}}) {{ errors {{ code }} }} }}")
    assert payload == {"errors": [{"code": "UNAUTHENTICATED"}]}


async def test_a_token_of_no_session_is_401(client: httpx2.AsyncClient, database: Settings) -> None:
    account = await an_officer()
    token = await bearer(account, database)
    await AccountSession.all().delete()
    assert await say(client, "{ viewer { id } }", token.removeprefix("Bearer ")) == 401


@pytest.mark.parametrize("ended", ["revoked", "disabled", "deleted"])
async def test_an_idle_socket_closes_as_soon_as_its_session_is_over(app: Starlette, database: Settings, ended: str) -> None:
    account = await an_officer()
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(account, database))
        wire.subscribe("1", WATCH)
        await listening(app)
        await end(account, ended)
        assert await wire.closing() == 4403


@pytest.mark.parametrize("ended", ["revoked", "disabled"])
async def test_an_idle_stream_ends_as_soon_as_its_session_is_over(app: Starlette, database: Settings, ended: str) -> None:
    account = await an_officer()
    headers = {"accept": STREAM, "authorization": await bearer(account, database)}
    async with an_exchange(app, headers=headers) as exchange:
        exchange.body(b'{"query": "subscription { alertChanged { id } }"}')
        assert await exchange.status() == 200
        await listening(app)
        await end(account, ended)
        name, data = await exchange.event()
        assert (name, data["errors"][0]["extensions"]["code"]) == ("next", "UNAUTHENTICATED")
        assert (await exchange.event())[0] == "complete"


async def test_a_socket_of_another_session_stays(app: Starlette, database: Settings) -> None:
    account = await an_officer()
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(account, database))
        stays = await AccountSession.get()
        await bearer(account, database)
        await AccountSession.exclude(id=stays.id).update(revoked_at=datetime.now(UTC))
        await record(Actor(account.id), "sessionRevoke", account)
        wire.subscribe("1", "{ viewer { id } }")
        assert (await wire.hear())["payload"]["data"]["viewer"]["id"] == account.id


async def test_a_socket_is_watched_no_longer_than_it_is_open(app: Starlette, database: Settings) -> None:
    account = await an_officer()
    watched = app.state.door.feed._watched
    async with a_wire(app) as wire:
        await wire.introduce(await bearer(account, database))
        await until(lambda: list(watched) == [account.id])
        wire.leave()
        await wire.ended()
    assert not watched


async def end(account: Account, how: str) -> None:
    """End the account's sessions in one of the ways in which acts do, and record it."""
    now = datetime.now(UTC)
    match how:
        case "revoked":
            await AccountSession.all().update(revoked_at=now)
        case "disabled":
            await Account.filter(id=account.id).update(disabled_at=now)
        case _:
            await account.delete()
    await record(Actor("system:test"), "sessionRevoke", account)
