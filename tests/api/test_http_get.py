"""GraphQL over HTTP by GET and HEAD: queries only."""

from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.applications import Starlette

from settings import Settings
from tests.api.doors import a_client, an_exchange, ask, code, opened

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


async def get(client: httpx2.AsyncClient, accept: str = RESPONSE, **parameters: str) -> httpx2.Response:
    return await client.get(f"/graphql?{urlencode(parameters)}", headers={"accept": accept})


async def test_a_query_may_come_by_get(client: httpx2.AsyncClient) -> None:
    query = "query A($code: String!) { compound(code: $code) { id } } query B { __typename }"
    response = await get(client, query=query, operationName="A", variables='{"code": "无"}')
    assert response.status_code == 200
    assert response.json() == {"data": {"compound": None}}


async def test_an_empty_parameter_is_none(client: httpx2.AsyncClient) -> None:
    response = await get(client, query=QUERY, operationName="", variables="", extensions="")
    assert response.status_code == 200


@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_a_mutation_by_get_is_405_and_not_run(client: httpx2.AsyncClient, accept: str) -> None:
    response = await get(client, accept, query="mutation { __typename }")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert code(response) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "query=",
        "variables={}",
        "query={__typename}&variables=[]",
        "query={__typename}&variables=7",
        "query={__typename}&variables={",
        "query={__typename}&extensions=7",
        "query={__typename}&query={__typename}",
        "query=%ff",
        "query=%ed%a0%80",
        "query={__typename}&variables=" + "[" * 200,
        "&".join(f"a{n}=1" for n in range(100)),
    ],
)
async def test_what_is_no_request_by_get_is_400(app: Starlette, parameters: str) -> None:
    async with an_exchange(app, "GET", {"accept": JSON}, query=parameters.encode()) as exchange:
        assert await exchange.status() == 400


async def test_a_url_with_raw_bytes_is_400(app: Starlette) -> None:
    async with an_exchange(app, "GET", {"accept": JSON}, query=b"query=\xe5\xb0\x8f") as exchange:
        assert await exchange.status() == 400


async def test_head_is_get_without_the_body(client: httpx2.AsyncClient) -> None:
    response = await client.head(f"/graphql?{urlencode({'query': QUERY})}")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(b'{"data":{"__typename":"Query"}}'))


async def test_a_subscription_without_a_stream_is_406(client: httpx2.AsyncClient) -> None:
    response = await ask(client, {"query": "subscription { alertChanged { id } }"}, accept=RESPONSE)
    assert response.status_code == 406
    assert code(response) == "NOT_ACCEPTABLE"
