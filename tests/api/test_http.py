"""GraphQL over HTTP by POST, asked as clients ask it, well-behaved and not."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from api.asgi import create_app
from settings import Settings
from tests.api.doors import a_client, an_exchange, ask, code, opened

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
QUERY = "{ __typename }"


@pytest.fixture
async def app(database: Settings) -> AsyncGenerator[Starlette]:
    async with opened(database, graphql_max_bytes=20_000, body_timeout_seconds=0.05) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


def media_type(response: httpx2.Response) -> str:
    return response.headers["content-type"]


async def test_a_query_is_answered_in_utf_8(client: httpx2.AsyncClient) -> None:
    response = await ask(client, {"query": QUERY})
    assert response.status_code == 200
    assert response.json() == {"data": {"__typename": "Query"}}
    assert media_type(response) == f"{JSON}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (f"{JSON};charset=UTF-8", JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON};q=0.8", JSON),
        (f"{RESPONSE};q=0.1, */*;q=0.5", JSON),
        (f"{JSON};q=0, */*", RESPONSE),
        (f"{RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", RESPONSE),
        (f"{JSON};q=nonsense, {RESPONSE};q=0.2", RESPONSE),
        (f"Application/GraphQL-Response+JSON ; Q=0.7 , {JSON};q=0.1", RESPONSE),
    ],
)
async def test_the_answer_has_the_media_type_the_client_likes_best(
    client: httpx2.AsyncClient, accept: str | None, expected: str
) -> None:
    request = client.build_request("POST", "/graphql", json={"query": QUERY})
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    response = await client.send(request)
    assert response.status_code == 200
    assert media_type(response) == f"{expected}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0", f"{JSON};charset=gbk", "text/html", "*/*;q=0"])
async def test_nothing_acceptable_is_406(client: httpx2.AsyncClient, accept: str) -> None:
    response = await ask(client, {"query": QUERY}, accept=accept)
    assert response.status_code == 406
    assert code(response) == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("query", ["{", "{ nothingOfTheKind }", "query A { __typename } query B { __typename }", "", "\ufeff"])
async def test_a_request_error_is_400_for_the_response_type_and_200_for_plain_json(
    client: httpx2.AsyncClient, query: str
) -> None:
    strict = await ask(client, {"query": query}, accept=RESPONSE)
    plain = await ask(client, {"query": query}, accept=JSON)
    assert (strict.status_code, plain.status_code) == (400, 200 if query else 400)
    assert media_type(strict) == f"{RESPONSE}; charset=utf-8"
    assert "data" not in strict.json()
    assert code(strict)
    assert code(plain)


async def test_a_wrong_variable_is_a_request_error(client: httpx2.AsyncClient) -> None:
    query = "query One($code: String!) { compound(code: $code) { id } }"
    for variables in ({}, {"code": 7}, {"code": None}):
        response = await ask(client, {"query": query, "variables": variables}, accept=RESPONSE)
        assert response.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"NONSENSE",
        b'{"query":',
        b"null",
        b"[]",
        b'[{"query": "{ __typename }"}]',
        b'"{ __typename }"',
        b"7",
        b'{"qeury": "{ __typename }"}',
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": ["{ __typename }"]}',
        b'{"query": {"a": 1}}',
        b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": 7}',
        b'{"query": "{ __typename }", "operationName": 7}',
        b'{"query": "{ __typename }", "operationName": {}}',
        b'{"query": "{ __typename }", "extensions": []}',
        b'{"query": "{ __typename }", "extensions": "x"}',
        b'\xef\xbb\xbf{"query": "{ __typename }"}',
        b'{"query": "{ \xff\xfe }"}',
        b'{"query": "\\ud800"}',
        '{"query": "{ __typename }"}'.encode("utf-16"),
        b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 100 + b"1" + b"}" * 100 + b"}",
        b"[" * 5_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_what_is_no_request_is_400(client: httpx2.AsyncClient, body: bytes, accept: str) -> None:
    response = await ask(client, body, accept=accept)
    assert response.status_code == 400
    assert code(response) == "BAD_REQUEST"
    assert media_type(response) == f"{accept}; charset=utf-8"


@pytest.mark.parametrize("depth", [60, 100, 1_000, 4_000])
async def test_a_deep_document_is_never_500(client: httpx2.AsyncClient, depth: int) -> None:
    for query in ("{ a" * depth + "}" * depth, "{ compound(code: " + "[" * depth + "]" * depth + ") { id } }"):
        response = await ask(client, {"query": query}, accept=RESPONSE)
        assert response.status_code == 400


@pytest.mark.parametrize(
    "body", [{"variables": None}, {"operationName": None}, {"extensions": None}, {"extensions": {}}, {"other": 1}]
)
async def test_null_and_unknown_parameters_are_no_matter(client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    response = await ask(client, {"query": QUERY, **body})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
        "application/json; charset=utf-16",
        "application/graphql",
        "application/jsonx",
    ],
)
async def test_any_body_but_json_in_utf_8_is_415(client: httpx2.AsyncClient, content_type: str) -> None:
    response = await ask(client, {"query": QUERY}, content_type=content_type)
    assert response.status_code == 415
    assert response.headers["accept-post"] == JSON
    assert code(response) == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'application/JSON;Charset="UTF-8"'])
async def test_json_may_name_its_charset(client: httpx2.AsyncClient, content_type: str) -> None:
    assert (await ask(client, {"query": QUERY}, content_type=content_type)).status_code == 200


async def test_a_compressed_body_is_415(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, {"query": QUERY}, content_encoding="gzip")).status_code == 415


async def test_a_body_beyond_the_limit_is_413(client: httpx2.AsyncClient) -> None:
    for body in ({"query": QUERY, "variables": {"a": "x" * 20_000}}, {"query": '{ a(b: "' + "x" * 5_000_000 + '") }'}):
        response = await ask(client, body)
        assert response.status_code == 413
        assert code(response) == "PAYLOAD_TOO_LARGE"
        error = response.json()["errors"][0]
        assert str(error["extensions"]["limit"]) in error["message"]


async def test_a_body_in_pieces_is_counted_as_it_comes(app: Starlette) -> None:
    async with an_exchange(app) as exchange:
        for _ in range(3):
            exchange.body(b"x" * 10_000, more=True)
        assert await exchange.status() == 413


async def test_a_body_in_pieces_is_put_together(app: Starlette) -> None:
    async with an_exchange(app) as exchange:
        for piece in (b'{"query"', b':"{ __type', b'name }"}'):
            exchange.body(piece, more=True)
        exchange.body(b"")
        assert await exchange.status() == 200
        assert await exchange.piece() == b'{"data":{"__typename":"Query"}}'


async def test_a_body_that_does_not_come_is_408(app: Starlette) -> None:
    async with an_exchange(app) as exchange:
        exchange.body(b'{"query"', more=True)
        assert await exchange.status() == 408
        assert exchange.headers["connection"] == "close"


async def test_a_body_that_breaks_off_is_400(app: Starlette) -> None:
    async with an_exchange(app) as exchange:
        exchange.body(b'{"query": "{ __typename }"}', more=True)
        exchange.leave()
        assert await exchange.status() == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
async def test_other_methods_are_405(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_options_tells_what_is_allowed_and_no_other_site_is(client: httpx2.AsyncClient) -> None:
    headers = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    response = await client.options("/graphql", headers=headers)
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert not [name for name in response.headers if name.startswith("access-control-")]


async def test_a_named_site_may_call(database: Settings) -> None:
    app = create_app(database.model_copy(update={"cors_origins": "https://app.example"}))
    async with a_client(app) as client:
        for origin, expected in (("https://app.example", "https://app.example"), ("https://elsewhere.example", None)):
            headers = {"origin": origin, "access-control-request-method": "POST"}
            response = await client.options("/graphql", headers=headers)
            assert response.headers.get("access-control-allow-origin") == expected
