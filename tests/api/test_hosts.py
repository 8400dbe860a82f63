"""Names under which the API answers, pages that may open a WebSocket, and the headers of every answer."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from settings import Settings
from tests.api.doors import Wire, a_client, ask, opened

NAME = {"query": "{ __typename }"}
ONLY = {"allowed_hosts": "steward.example.com, *.street.example.com,[::1]"}


@pytest.fixture
async def app(database: Settings, request: pytest.FixtureRequest) -> AsyncGenerator[Starlette]:
    async with opened(database, **getattr(request, "param", {})) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


# names


@pytest.mark.parametrize("app", [ONLY], indirect=True)
@pytest.mark.parametrize(
    "host",
    ["steward.example.com", "STEWARD.example.com:8443", "desk.street.example.com", "[::1]:8000", "[::1]"],
)
async def test_the_api_answers_under_its_names(client: httpx2.AsyncClient, host: str) -> None:
    assert (await ask(client, NAME, host=host)).status_code == 200


@pytest.mark.parametrize("app", [ONLY], indirect=True)
@pytest.mark.parametrize(
    "host",
    ["evil.example.net", "steward.example.com.evil.net", "street.example.com", "127.0.0.1:8000", "xsteward.example.com", ""],
)
async def test_under_another_name_nothing_is_answered(client: httpx2.AsyncClient, host: str) -> None:
    for path in ("/graphql", "/events", "/"):
        response = await client.post(path, content=b"{}", headers={"host": host, "accept-language": "en"})
        assert response.status_code == 421
        assert response.json()["errors"][0]["extensions"] == {"code": "MISDIRECTED_REQUEST"}
        assert response.headers["x-content-type-options"] == "nosniff"
    assert (await client.head("/graphql", headers={"host": host})).content == b""
    assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("app", [ONLY], indirect=True)
async def test_of_two_names_neither_is_believed(client: httpx2.AsyncClient) -> None:
    headers = [("host", "steward.example.com"), ("host", "steward.example.com"), ("content-type", "application/json")]
    assert (await client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)).status_code == 421


# pages


async def is_opened(app: Starlette, headers: dict[str, str]) -> bool:
    wire = Wire(app, headers, ["graphql-transport-ws"])
    try:
        wire.give({"type": "websocket.connect"})
        message: dict[str, Any] = await wire.message()
        return message["type"] == "websocket.accept"
    finally:
        await wire.hang_up()


@pytest.mark.parametrize("app", [{"cors_origins": "https://console.example.com, http://localhost:5173"}], indirect=True)
@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        (None, "steward.example.com", True),
        ("https://steward.example.com", "steward.example.com", True),
        ("https://steward.example.com", "steward.example.com:443", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("https://console.example.com", "steward.example.com", True),
        ("http://localhost:5173", "steward.example.com", True),
        ("https://evil.example.net", "steward.example.com", False),
        ("https://steward.example.com.evil.net", "steward.example.com", False),
        ("http://127.0.0.1:9000", "127.0.0.1:8000", False),
        ("http://console.example.com", "steward.example.com", False),
        ("null", "steward.example.com", False),
        ("", "steward.example.com", False),
        ("https://", "", False),
        ("file://", "steward.example.com", False),
    ],
)
async def test_a_websocket_is_opened_by_our_own_pages_and_named_ones(
    app: Starlette, origin: str | None, host: str, may: bool
) -> None:
    headers = {"host": host} if origin is None else {"host": host, "origin": origin}
    assert await is_opened(app, headers) is may


@pytest.mark.parametrize("app", [ONLY], indirect=True)
async def test_a_websocket_under_another_name_is_not_opened(app: Starlette) -> None:
    assert await is_opened(app, {"host": "steward.example.com"})
    assert not await is_opened(app, {"host": "evil.example.net"})


@pytest.mark.parametrize("app", [{"cors_origins": "*"}], indirect=True)
async def test_where_every_site_may_call_every_page_may_open_one(app: Starlette) -> None:
    assert await is_opened(app, {"host": "steward.example.com", "origin": "https://anywhere.example.net"})


# headers

EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize("app", [{"cors_origins": "https://console.example.com"}], indirect=True)
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/graphql", {"content-type": "application/json"}, 400),
        ("POST", "/graphql", {"authorization": "Bearer wrong", "content-type": "application/json"}, 401),
        ("GET", "/graphql", {"accept": "text/html"}, 200),
        ("OPTIONS", "/graphql", {"origin": "https://console.example.com", "access-control-request-method": "POST"}, 200),
        ("DELETE", "/graphql", {}, 405),
        ("POST", "/events", {}, 401),
        ("GET", "/events/schemas/nothing.json", {}, 404),
        ("GET", "/healthz", {}, 200),
        ("GET", "/metrics", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("GET", "/", {}, 307),
        ("GET", "/graphiql/start.js", {}, 200),
        ("GET", "/broken", {"accept-language": "en"}, 500),
    ],
)
async def test_every_answer_says_what_a_browser_may_do_with_it(
    app: Starlette, client: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    async def broken(_: Any) -> None:
        raise RuntimeError("a secret of ours")

    app.router.routes.append(Route("/broken", broken))
    response = await client.request(method, path, headers=headers)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy or "script-src" not in policy
    assert "strict-transport-security" not in response.headers
    assert "set-cookie" not in response.headers
    assert "secret" not in response.text


@pytest.mark.parametrize("app", [{"production": True}], indirect=True)
async def test_in_production_a_browser_comes_back_over_tls_only(client: httpx2.AsyncClient) -> None:
    response = await ask(client, NAME)
    assert response.headers["strict-transport-security"] == "max-age=31536000"
