"""Who asks over HTTP, in which language they are answered, and what they are told of faults."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from api.read import Engine
from settings import Settings
from tests.api.doors import a_client, an_exchange, an_officer, ask, bearer, code, opened
from tests.builders import a_street, an_account

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
QUERY = "{ __typename }"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


async def test_without_a_token_nobody_asks(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, {"query": "{ viewer { id } }"})).json() == {"data": {"viewer": None}}


async def test_a_token_tells_who_asks(client: httpx2.AsyncClient, database: Settings) -> None:
    officer = await an_officer()
    response = await ask(client, {"query": "{ viewer { id } }"}, authorization=await bearer(officer, database))
    assert response.json() == {"data": {"viewer": {"id": officer.id}}}


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "nonsense", "Bearer " + "x" * 9_000],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_a_wrong_token_is_401_in_the_same_words(client: httpx2.AsyncClient, authorization: str, accept: str) -> None:
    response = await ask(client, {"query": QUERY}, authorization=authorization, accept=accept, accept_language="en")
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json() == {
        "errors": [
            {
                "message": "The access token is not valid, or no longer. Log in again.",
                "extensions": {"code": "UNAUTHENTICATED"},
            }
        ]
    }


async def test_an_expired_token_is_401(client: httpx2.AsyncClient, database: Settings) -> None:
    officer = await an_officer()
    token = await bearer(officer, database, now=datetime.now(UTC) - timedelta(days=1))
    assert (await ask(client, {"query": QUERY}, authorization=token)).status_code == 401


async def test_two_tokens_are_401(app: Starlette, database: Settings) -> None:
    token = await bearer(await an_officer(), database)
    async with an_exchange(app, headers={"authorization": f"{token}, {token}"}) as exchange:
        exchange.body(b'{"query": "{ __typename }"}')
        assert await exchange.status() == 401


async def test_a_disabled_account_is_401_at_once(client: httpx2.AsyncClient, database: Settings) -> None:
    account = await an_account(street_id=(await a_street()).id)
    authorization = await bearer(account, database)
    assert (await ask(client, {"query": QUERY}, authorization=authorization)).status_code == 200
    account.disabled_at = datetime.now(UTC)
    await account.save()
    assert (await ask(client, {"query": QUERY}, authorization=authorization)).status_code == 401


@pytest.mark.parametrize(
    ("accept_language", "chinese"),
    [
        ("", True),
        ("en", False),
        ("en-GB,en;q=0.9", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", True),
        ("en;q=0.5, zh;q=0.4", False),
        ("fr, en;q=0.5", False),
        ("fr", True),
        ("*", True),
        ("en;q=0", True),
    ],
)
async def test_errors_are_told_in_the_clients_language(client: httpx2.AsyncClient, accept_language: str, chinese: bool) -> None:
    response = await ask(client, b"", accept_language=accept_language)
    assert ("不是有效" in response.json()["errors"][0]["message"]) is chinese


async def test_a_crash_is_told_by_its_number_only(
    client: httpx2.AsyncClient, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(app.state.door.engine, "execute", crash)
    response = await ask(client, {"query": QUERY})
    assert response.status_code == 500
    assert code(response) == "INTERNAL"
    assert "secret" not in response.text


async def test_a_database_that_is_away_is_503(
    client: httpx2.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> bytes:
        raise ConnectionRefusedError

    authorization = await bearer(await an_officer(), database)
    monkeypatch.setattr(Engine, "ask", away)
    response = await ask(client, {"query": QUERY}, authorization=authorization)
    assert response.status_code == 503
    assert code(response) == "UNAVAILABLE"
    assert response.headers["retry-after"]
