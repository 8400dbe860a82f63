"""The application itself at the other end of a test's hand: raw HTTP exchanges and WebSockets, piece by piece."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx2
import orjson
from prometheus_client import REGISTRY
from starlette.applications import Starlette

from api.asgi import create_app
from api.tokens import issue
from domain.access import Role
from models import Account, Alert, Compound, Place
from settings import Settings
from tests.builders import a_session, a_street, an_account
from tests.waiting import PATIENCE, until

ADDRESS = "10.1.2.3"


@asynccontextmanager
async def opened(settings: Settings, **changes: Any) -> AsyncGenerator[Starlette]:
    """The application, started; with ``changes`` to the settings."""
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app):
        yield app


async def bearer(account: Account, settings: Settings, *, now: datetime | None = None) -> str:
    """An ``Authorization`` header for the account, with a token of a new session issued ``now``."""
    return f"Bearer {issue(account.id, (await a_session(account)).id, settings, now=now)[0]}"


async def an_officer(street: Place | None = None) -> Account:
    """Somebody who sees the whole street."""
    return await an_account(Role.STREET_OFFICER, place=street or await a_street())


async def a_watcher(alert: Alert) -> Account:
    """Somebody who sees the alert, and no more than its compound."""
    return await an_account(Role.COMMITTEE_MEMBER, compound=await Compound.get(id=alert.compound_id))


def _scope(kind: str, path: str, query: bytes, headers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (ADDRESS, 40_000),
        "server": ("steward.test", 80),
        "state": {},
        **more,
    }


class _Line:
    """One ASGI conversation. Sending waits while ``clogged``, as a server does for a client that does not read."""

    def __init__(self, app: Starlette, scope: dict[str, Any]) -> None:
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.task = asyncio.create_task(app(scope, self._incoming.get, self._take))

    async def _take(self, message: Any) -> None:
        await self.flowing.wait()
        self._outgoing.put_nowait(message)

    def give(self, message: dict[str, Any]) -> None:
        self._incoming.put_nowait(message)

    async def message(self) -> dict[str, Any]:
        """The next thing the application sends; fails when it has ended without sending one."""
        async with asyncio.timeout(PATIENCE):
            waiting = asyncio.create_task(self._outgoing.get())
            await asyncio.wait({waiting, self.task}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done() and self._outgoing.empty():
                waiting.cancel()
                await self.task
                raise AssertionError("the application ended without another message")
            return await waiting

    async def ended(self) -> None:
        """Wait until the application has finished with this conversation."""
        async with asyncio.timeout(PATIENCE):
            await self.task

    async def hang_up(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Exchange(_Line):
    """One HTTP request whose body and end the test gives piece by piece."""

    def __init__(
        self, app: Starlette, method: str, headers: dict[str, str], *, path: str = "/graphql", query: bytes = b""
    ) -> None:
        super().__init__(app, _scope("http", path, query, headers, method=method))
        self._events: deque[str] = deque()

    def body(self, piece: bytes, *, more: bool = False) -> None:
        self.give({"type": "http.request", "body": piece, "more_body": more})

    def leave(self) -> None:
        self.give({"type": "http.disconnect"})

    async def status(self) -> int:
        """The status of the answer that begins now."""
        message = await self.message()
        assert message["type"] == "http.response.start"
        self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        return message["status"]

    async def piece(self) -> bytes:
        message = await self.message()
        assert message["type"] == "http.response.body"
        return message["body"]

    async def event(self) -> tuple[str, Any]:
        """The next server-sent event: its name and its data as JSON; comments are ("", None)."""
        while not self._events:
            self._events.extend(part for part in (await self.piece()).decode().split("\n\n") if part)
        fields = [line.partition(":")[::2] for line in self._events.popleft().split("\n")]
        name = "".join(value.strip() for field, value in fields if field == "event")
        data = "\n".join(value.removeprefix(" ") for field, value in fields if field == "data")
        return name, orjson.loads(data) if data else None


class Closed(Exception):
    """The application closed the WebSocket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


class Wire(_Line):
    """One WebSocket, seen from its client."""

    def __init__(self, app: Starlette, headers: dict[str, str], subprotocols: list[str]) -> None:
        super().__init__(app, _scope("websocket", "/graphql", b"", headers, subprotocols=subprotocols))
        self.subprotocol: str | None = None

    async def connect(self) -> None:
        self.give({"type": "websocket.connect"})
        accepted = await self.message()
        assert accepted["type"] == "websocket.accept"
        self.subprotocol = accepted.get("subprotocol")

    def say(self, message: Any) -> None:
        self.say_text(orjson.dumps(message).decode())

    def say_text(self, text: str) -> None:
        self.give({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        self.give({"type": "websocket.receive", "bytes": data})

    def leave(self) -> None:
        self.give({"type": "websocket.disconnect", "code": 1000})

    async def hear(self) -> dict[str, Any]:
        """The next message of the server. Raises Closed."""
        message = await self.message()
        if message["type"] == "websocket.close":
            assert len(message["reason"].encode()) <= 123
            raise Closed(message["code"], message["reason"])
        return orjson.loads(message["text"])

    async def closing(self) -> int:
        """The code with which the server closes, whatever it says before."""
        try:
            while True:
                await self.hear()
        except Closed as closed:
            await self.ended()
            return closed.code

    async def introduce(self, authorization: str | None = None) -> None:
        """``connection_init`` and its acknowledgement."""
        self.say({"type": "connection_init", "payload": {"Authorization": authorization} if authorization else {}})
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, operation: str, query: str, **variables: Any) -> None:
        self.say({"id": operation, "type": "subscribe", "payload": {"query": query, "variables": variables}})


@asynccontextmanager
async def a_wire(
    app: Starlette, headers: dict[str, str] | None = None, subprotocols: tuple[str, ...] = ("graphql-transport-ws",)
) -> AsyncGenerator[Wire]:
    """An accepted WebSocket; hung up at the end."""
    wire = Wire(app, headers or {}, list(subprotocols))
    try:
        await wire.connect()
        yield wire
    finally:
        await wire.hang_up()


@asynccontextmanager
async def an_exchange(
    app: Starlette, method: str = "POST", headers: dict[str, str] | None = None, *, path: str = "/graphql", query: bytes = b""
) -> AsyncGenerator[Exchange]:
    exchange = Exchange(app, method, {"content-type": "application/json"} | (headers or {}), path=path, query=query)
    try:
        yield exchange
    finally:
        await exchange.hang_up()


async def listening(app: Starlette, count: int = 1) -> None:
    """Wait until as many subscriptions listen to the feed."""
    await until(lambda: app.state.door.feed.subscribers == count)


def metric(name: str, **labels: str) -> float:
    """What a metric of this process says now; 0 before its first time."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def a_client(app: Starlette) -> httpx2.AsyncClient:
    """A client of the application, without a network between."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://steward.test")


async def ask(client: httpx2.AsyncClient, body: Any, **headers: str) -> httpx2.Response:
    """POST a body; ``accept_language`` and the like are headers."""
    given = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return await client.post("/graphql", content=content, headers=given)


def code(response: httpx2.Response) -> str:
    """The code of the answer's first error."""
    return response.json()["errors"][0]["extensions"]["code"]
