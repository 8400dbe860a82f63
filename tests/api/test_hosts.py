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


OURS = ("steward.example.com", "STEWARD.example.com:8443", "desk.street.example.com", "[::1]:8000", "[::1]")
OTHERS = (
    *("evil.example.net", "steward.example.com.evil.net", "street.example.com", "127.0.0.1:8000"),
    *("xsteward.example.com", "steward.example.com:80:80@evil.net", ""),
)


@pytest.mark.parametrize("app", [ONLY], indirect=True)
async def test_the_api_answers_under_its_names_and_no_other(client: httpx2.AsyncClient) -> None:
    assert {host: (await ask(client, NAME, host=host)).status_code for host in OURS} == dict.fromkeys(OURS, 200)
    for host in OTHERS:
        for path in ("/graphql", "/events", "/files", "/"):
            response = await client.post(path, content=b"{}", headers={"host": host, "accept-language": "en"})
            assert (host, response.status_code) == (host, 421)
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


HERE = "steward.example.com"
#: From which page, under which name: may it open a WebSocket?
PAGES = {
    (None, HERE): True,
    ("https://steward.example.com", HERE): True,
    ("https://steward.example.com", "steward.example.com:443"): True,
    ("http://127.0.0.1:8000", "127.0.0.1:8000"): True,
    ("https://console.example.com", HERE): True,
    ("http://localhost:5173", HERE): True,
    ("https://evil.example.net", HERE): False,
    ("https://steward.example.com.evil.net", HERE): False,
    ("http://127.0.0.1:9000", "127.0.0.1:8000"): False,
    ("http://console.example.com", HERE): False,
    ("null", HERE): False,
    ("", HERE): False,
    ("https://", ""): False,
    ("file://", HERE): False,
}


@pytest.mark.parametrize("app", [{"cors_origins": "https://console.example.com, http://localhost:5173"}], indirect=True)
async def test_a_websocket_is_opened_by_our_own_pages_and_named_ones(app: Starlette) -> None:
    found = {
        (origin, host): await is_opened(app, {"host": host} if origin is None else {"host": host, "origin": origin})
        for origin, host in PAGES
    }
    assert found == PAGES


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


CONSOLE = {"origin": "https://console.example.com", "access-control-request-method": "POST"}
JSON = {"content-type": "application/json"}
ANSWERS: list[tuple[str, str, dict[str, str], int]] = [
    ("POST", "/graphql", JSON, 400),
    ("POST", "/graphql", JSON | {"authorization": "Bearer wrong"}, 401),
    ("GET", "/graphql", {"accept": "text/html"}, 200),
    ("OPTIONS", "/graphql", CONSOLE, 200),
    ("DELETE", "/graphql", {}, 405),
    ("POST", "/events", {}, 401),
    ("POST", "/files", {}, 401),
    ("GET", "/files/fil_x", {}, 404),
    ("GET", "/events/schemas/nothing.json", {}, 404),
    ("GET", "/healthz", {}, 200),
    ("GET", "/metrics", {}, 200),
    ("GET", "/nothing", {}, 404),
    ("GET", "/", {}, 307),
    ("GET", "/graphiql/start.js", {}, 200),
    ("GET", "/broken", {}, 500),
]


@pytest.mark.parametrize("app", [{"cors_origins": "https://console.example.com"}], indirect=True)
async def test_every_answer_says_what_a_browser_may_do_with_it(app: Starlette, client: httpx2.AsyncClient) -> None:
    async def broken(_: Any) -> None:
        raise RuntimeError("a secret of ours")

    app.router.routes.append(Route("/broken", broken))
    for method, path, headers, status in ANSWERS:
        response = await client.request(method, path, headers=headers)
        assert (method, path, response.status_code) == (method, path, status)
        assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED, path
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
