"""Documents that are named by the hash of their text."""

import re
from collections.abc import AsyncGenerator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.applications import Starlette

from api.asgi import create_app
from settings import Settings
from tests.api.doors import a_client, a_wire, an_exchange, ask, code, listening, opened

QUERY = "query Who($yes: Boolean!) {\n  viewer @include(if: $yes) { id }\n  __typename\n}"
ID = sha256(QUERY.encode()).hexdigest()
UNKNOWN = sha256(b"{ __typename }").hexdigest()
WATCH = "subscription { alertChanged { id } }"
BY_ID: dict[str, Any] = {"documentId": f"sha256:{ID}", "variables": {"yes": False}}
ANSWER = {"data": {"__typename": "Query"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as an editor leaves it: one document with a line break at its end, one in a folder of its own."""
    (tmp_path / "who.graphql").write_text(QUERY + "\n", "utf-8")
    (tmp_path / "duty").mkdir()
    (tmp_path / "duty" / "watch.graphql").write_text(WATCH, "utf-8")
    (tmp_path / "notes.txt").write_text("no document", "utf-8")
    return tmp_path


@pytest.fixture
async def app(database: Settings, folder: Path) -> AsyncGenerator[Starlette]:
    async with opened(database, persisted_documents=folder) as app:
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncGenerator[httpx2.AsyncClient]:
    async with a_client(app) as client:
        yield client


@pytest.fixture
async def strict(database: Settings, folder: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client where nothing but persisted documents is answered."""
    async with opened(database, persisted_documents=folder, persisted_only=True) as app, a_client(app) as client:
        yield client


@pytest.mark.parametrize("name", [ID, f"sha256:{ID}", f"sha256:{ID.upper()}", sha256(f"{QUERY}\n".encode()).hexdigest()])
async def test_a_document_is_known_by_the_hash_of_its_text_with_or_without_its_last_line_break(
    client: httpx2.AsyncClient, name: str
) -> None:
    response = await ask(client, BY_ID | {"documentId": name, "operationName": "Who"})
    assert response.json() == ANSWER


async def test_a_document_may_be_named_in_a_url(client: httpx2.AsyncClient) -> None:
    parameters = urlencode({"documentId": ID, "variables": '{"yes": false}'})
    response = await client.get(f"/graphql?{parameters}")
    assert response.json() == ANSWER


async def test_a_document_may_be_named_on_a_socket(app: Starlette) -> None:
    async with a_wire(app) as wire:
        await wire.introduce()
        wire.say({"id": "1", "type": "subscribe", "payload": BY_ID})
        assert (await wire.hear())["payload"] == ANSWER
        assert (await wire.hear())["type"] == "complete"
        wire.say({"id": "2", "type": "subscribe", "payload": {"documentId": UNKNOWN}})
        refused = await wire.hear()
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "PERSISTED_DOCUMENT_NOT_FOUND")


async def test_a_document_may_be_named_for_a_stream(app: Starlette) -> None:
    async with a_client(app) as client:
        response = await ask(client, BY_ID, accept="text/event-stream")
        assert 'event: next\ndata: {"data":{"__typename":"Query"}}' in response.text
        response = await ask(client, {"documentId": UNKNOWN}, accept="text/event-stream")
        assert '"PERSISTED_DOCUMENT_NOT_FOUND"' in response.text
    watch = sha256(WATCH.encode()).hexdigest()
    async with an_exchange(app, headers={"accept": "text/event-stream"}) as exchange:
        exchange.body(b'{"documentId": "%s"}' % watch.encode())
        assert await exchange.status() == 200
        await listening(app)


@pytest.mark.parametrize("name", [UNKNOWN, f"sha256:{ID[:-1]}", f"md5:{ID}", "../../who", "who.graphql", "无"])
async def test_an_unknown_name_is_told_so(client: httpx2.AsyncClient, name: str) -> None:
    response = await ask(client, {"documentId": name}, accept_language="zh-CN")
    assert (response.status_code, code(response)) == (400, "PERSISTED_DOCUMENT_NOT_FOUND")
    assert "SHA-256" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("body", [BY_ID | {"query": QUERY}, {"documentId": 7}, {"documentId": ["a"]}, {"documentId": ""}, {}])
async def test_a_request_has_either_a_text_or_a_name(client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    response = await ask(client, body)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_an_empty_name_beside_a_text_is_none(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql?query={__typename}&documentId=")
    assert response.json() == ANSWER


async def test_other_documents_are_answered_unless_the_settings_forbid_it(
    client: httpx2.AsyncClient, strict: httpx2.AsyncClient
) -> None:
    assert (await ask(client, {"query": "{ __typename }"})).json() == ANSWER
    refused = await ask(strict, {"query": "{ __typename }"})
    assert (refused.status_code, code(refused)) == (400, "PERSISTED_DOCUMENTS_ONLY")
    assert "documentId" in refused.json()["errors"][0]["message"]
    assert (await ask(strict, BY_ID)).json() == ANSWER


async def test_the_very_text_of_a_persisted_document_is_refused_too_where_names_are_wanted(strict: httpx2.AsyncClient) -> None:
    refused = await ask(strict, {"query": QUERY, "variables": {"yes": True}})
    assert code(refused) == "PERSISTED_DOCUMENTS_ONLY"


async def test_without_a_folder_no_name_is_known(database: Settings) -> None:
    async with opened(database) as app, a_client(app) as client:
        assert code(await ask(client, BY_ID)) == "PERSISTED_DOCUMENT_NOT_FOUND"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{ nope }", "old.graphql cannot be answered: Cannot query field 'nope'"),
        (b"{ viewer {", "old.graphql cannot be answered: Syntax Error"),
        (b"\xff", "old.graphql is not UTF-8"),
        (b"{ " + b"viewer { id } " * 10_000 + b"}", "old.graphql cannot be answered: A document may have 65,536 bytes"),
    ],
)
async def test_a_document_that_could_not_be_answered_ends_the_start(
    settings: Settings, folder: Path, content: bytes, complaint: str
) -> None:
    (folder / "old.graphql").write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(complaint)):
        create_app(settings.model_copy(update={"persisted_documents": folder}))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"persisted_documents": Path("/nowhere/at/all")}, "there is no folder /nowhere/at/all"),
        ({"persisted_only": True}, "name a folder in STEWARD_PERSISTED_DOCUMENTS"),
    ],
)
async def test_settings_that_leave_no_document_end_the_start(settings: Settings, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        create_app(settings.model_copy(update=changes))
