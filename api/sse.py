"""GraphQL over server-sent events: graphql-sse's distinct connections mode, one stream an operation."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing

from starlette.types import Receive

from api.authentication import Session
from api.negotiation import STREAM
from api.operations import as_problem, changes, run
from api.problems import unauthenticated
from api.read.engine import Request, Response

_HEADERS = [
    (b"content-type", f"{STREAM}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"vary", b"accept, accept-language, authorization"),
    (b"x-accel-buffering", b"no"),
]
_LAST_SECONDS = 2.0
_COMPLETE = b"event: complete\ndata:\n\n"

Raw = Callable[[Mapping[str, object]], Awaitable[None]]


def event(body: bytes) -> bytes:
    """A GraphQL response as a ``next`` event; a line break inside it would begin a new field."""
    return b"event: next\ndata: " + body.replace(b"\r", b"").replace(b"\n", b"\ndata: ") + b"\n\n"


async def stream(session: Session, request: Request, receive: Receive, send: Raw, *, mutations: bool) -> None:
    """Answer the whole HTTP request with the events of one operation, until it completes or the client leaves.

    Request errors come as a ``next`` event too. When the token holds no longer the stream ends with an error and ``complete``;
    when the process stops it just ends, so that the client connects again. Refuses (401, 429) before it starts.
    """
    await session.viewer()
    session.door.enter(session.key)
    try:
        await _Stream(session, request, send, mutations=mutations).serve(receive)
    finally:
        session.door.leave(session.key)


class _Stream:
    def __init__(self, session: Session, request: Request, send: Raw, *, mutations: bool) -> None:
        self._session = session
        self._request = request
        self._send = send
        self._mutations = mutations
        self._sending = asyncio.Lock()

    async def serve(self, receive: Receive) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        produce = asyncio.create_task(self._produce())
        over = asyncio.create_task(self._session.until_gone())
        company = [
            over,
            asyncio.create_task(self._until_left(receive)),
            asyncio.create_task(self._session.door.closing.wait()),
            asyncio.create_task(self._keep_alive()),
        ]
        expires_at = self._session.identity.expires_at
        left = None if expires_at is None else max(0.0, expires_at - time.time())
        try:
            done, _ = await asyncio.wait({produce, *company}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (produce, *company):
                task.cancel()
            await asyncio.gather(produce, *company, return_exceptions=True)
        last = b""
        if not done or over in done:
            last = event(unauthenticated().body(self._session.language)) + _COMPLETE
        elif produce in done:
            error = produce.exception()
            if isinstance(error, Exception):
                last = event(as_problem(error).body(self._session.language))
            last += _COMPLETE
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await self._write(last, more=False)

    async def _write(self, data: bytes, *, more: bool = True) -> None:
        async with self._sending:
            await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def _produce(self) -> None:
        response = await run(self._session, self._request, mutations=self._mutations)
        if response.kind == "subscription":
            found = await changes(self._session, self._request, "sse")
            if not isinstance(found, Response):
                async with aclosing(found):
                    async for body in found:
                        await self._write(event(body))
                return
            response = found
        await self._write(event(response.body))

    async def _until_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _keep_alive(self) -> None:
        """Send comments; returns when the client has not taken one for a whole interval."""
        seconds = self._session.door.settings.socket_idle_seconds
        while True:
            await asyncio.sleep(seconds)
            try:
                async with asyncio.timeout(seconds):
                    await self._write(b":\n\n")
            except TimeoutError:
                return
