"""The story's database behind the running application, and everybody logged in."""

from __future__ import annotations

import asyncio
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
import httpx2
import orjson
from starlette.applications import Starlette

from api.asgi import create_app
from models import database
from settings import Settings
from steward.embedded import Servers
from tests.conftest import clone

from .people import PASSWORD, TOKENS
from .story import Person, Story
from .things import World

T = TypeVar("T")

#: Documents here may be as dear as they like, and come as fast as they can; limits are shown elsewhere.
_UNLIMITED = {
    **dict.fromkeys(
        (
            *("graphql_tokens", "graphql_aliases", "graphql_root_fields", "graphql_fields", "graphql_comparisons"),
            *("graphql_document_bytes", "cost_anonymous", "cost_residents", "cost_staff", "cost_systems", "streams_per_viewer"),
        ),
        10**9,
    ),
    **dict.fromkeys(
        ("rate_requests", "rate_rows", "rate_strangers", "rate_log_ins", "rate_events", "rate_uploads", "rate_megapixels"), 0
    ),
    "webhook_allow_private": True,
    "unmasks_per_hour": 10**6,
}
_STORY, _LOG_IN = "access_story", "mutation ($input: LogInInput!) { logIn(input: $input) { token errors { message } } }"


@dataclass
class Town:
    """One database with its application; ``headers``: what each person sends to be known; ``asked``: documents asked."""

    loop: asyncio.Runner
    settings: Settings
    story: Story
    app: Starlette
    client: httpx2.AsyncClient
    headers: dict[str, dict[str, str]]
    #: The session of whoever logged in.
    sessions: dict[str, str]
    asked: int = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    async def ask(self, person: Person, query: str, variables: dict[str, Any] | None = None) -> str:
        """The body of the answer to a document, over HTTP."""
        self.asked += 1
        content = orjson.dumps({"query": query, "variables": variables or {}})
        given = {"content-type": "application/json", "accept-language": "en", **self.headers[person.name]}
        return (await self.client.post("/graphql", content=content, headers=given)).text

    async def data(self, person: Person, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an answer without errors, after it was searched for what the person may not know."""
        body = await self.ask(person, query, variables)
        answer = orjson.loads(body)
        assert "errors" not in answer, f"{person} asked {query} and was told {body[:2000]}"
        problems = self.story.mentions(body, person, own=self.own(person))
        assert not problems, f"{person} asked {query} with {variables}: " + "; ".join(problems[:20])
        return answer["data"]

    def own(self, person: Person) -> list[str]:
        """Everybody knows their own account and session."""
        account = [row.id for row in self.story.of_type["Account"] if row.person == person.name]
        return [*account, *filter(None, [self.sessions.get(person.name)])]


@asynccontextmanager
async def _started(settings: Settings) -> Any:
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://steward.test") as client,
    ):
        yield app, client


class Towns:
    """Makes towns: each a copy of the same story, one at a time."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._story: Story | None = None
        self._open: tuple[str, Town] | None = None
        self._leaving = ExitStack()
        self.asked = 0
        self._headers: dict[str, dict[str, str]] = {}
        self._sessions: dict[str, str] = {}

    def _settings(self, name: str) -> Settings:
        given = {"database_url": self._servers.postgres.url(name), "redis_url": self._servers.valkey.url}
        return Settings.model_validate({**given, "secret_key": "5a" * 32, "data": self._servers.data.path, **_UNLIMITED})

    async def _tell(self) -> Story:
        """The story, stored, and everybody in it logged in."""
        settings = self._settings(_STORY)
        await clone(self._servers, _STORY)
        await database.connect(settings)
        try:
            story = await World(settings).fill()
        finally:
            await database.disconnect()
        async with _started(settings) as (_, client):
            for person in story.people.values():
                await self._log_in(client, story, person)
        return story

    async def _log_in(self, client: httpx2.AsyncClient, story: Story, person: Person) -> None:
        """By password, as people do; machines have their tokens."""
        token = TOKENS.get(person.name)
        if person.token in {"session", "password"}:
            (account,) = (row for row in story.of_type["Account"] if row.person == person.name)
            given = {"input": {"login": account.values["login"], "password": PASSWORD}}
            answer = await client.post("/graphql", json={"query": _LOG_IN, "variables": given})
            token = str(answer.json()["data"]["logIn"]["token"])
            claims = token.split(".")[1]
            self._sessions[person.name] = orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sid"]
        self._headers[person.name] = {"authorization": f"Bearer {token}"} if token else {}

    def at(self, purpose: str) -> Town:
        """The town for a purpose, open until one for another purpose is asked for: a process has one database at a time."""
        if self._open is None or self._open[0] != purpose:
            self.close()
            self._open = purpose, self._opened()
        return self._open[1]

    def close(self) -> None:
        """Leave no town open."""
        if self._open is not None:
            self.asked += self._open[1].asked
        self._open = None
        self._leaving.close()

    def _opened(self) -> Town:
        loop = self._leaving.enter_context(asyncio.Runner())
        self._story = self._story or loop.run(self._tell())
        name = f"access_{secrets.token_hex(4)}"
        settings = self._settings(name)
        loop.run(self._do(f"CREATE DATABASE {name} TEMPLATE {_STORY} STRATEGY FILE_COPY"))
        self._leaving.callback(lambda: loop.run(self._do(f"DROP DATABASE {name} WITH (FORCE)")))
        running = _started(settings)
        app, client = loop.run(running.__aenter__())
        self._leaving.callback(lambda: loop.run(running.__aexit__(None, None, None)))
        return Town(loop, settings, self._story, app, client, self._headers, self._sessions)

    async def _do(self, statement: str) -> None:
        connection = await asyncpg.connect(self._servers.postgres.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
