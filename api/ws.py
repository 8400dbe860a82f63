"""GraphQL over WebSocket: the protocol graphql-transport-ws, for queries, mutations and subscriptions."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from api import messages
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.messages import Closed, Complete, Init, Ping, Subscribe
from api.metrics import SOCKETS_OPEN
from api.negotiation import language
from api.operations import as_problem, changes, run
from api.problems import Problem, too_many
from api.read.engine import Request, Response
from domain.addresses import origin

_CLOSE_SECONDS = 2.0


class SocketEndpoint:
    """The ASGI application at ``/graphql`` for WebSockets."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if messages.SUBPROTOCOL not in scope.get("subprotocols", []):
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": messages.SUBPROTOCOL})
        with SOCKETS_OPEN.track_inprogress():
            await Socket(self._door, scope, receive, send).serve()


class Socket:
    """One connection, from its acceptance to its end."""

    def __init__(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        self._door = door
        self._settings = door.settings
        self._headers = headers_of(scope)
        self._address = address_of(scope, self._headers, door.settings)
        self._receive = receive
        self._send = send
        self._sending = asyncio.Lock()
        self._end: asyncio.Future[Closed | None] = asyncio.get_running_loop().create_future()
        self._timers: list[asyncio.TimerHandle] = []
        self._session: Session | None = None
        #: Among whose open sockets this one is counted.
        self._counted: str | None = None
        self._initialising = False
        self._heard = True
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._company: list[asyncio.Task[None]] = []

    async def serve(self) -> None:
        """Returns when the socket is closed, by whomever, and everything it ran has ended."""
        try:
            self._count_with(f"introducing {origin(self._address)}")
        except Problem as problem:
            closed = _closed(problem)
            await self._send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})
            return
        closing = asyncio.create_task(self._door.closing.wait())
        self._accompany(self._read(), self._keep_alive())
        self._end_in(self._settings.socket_init_seconds, Closed(4408, "Connection initialisation timeout"), unless_ready=True)
        try:
            await asyncio.wait({self._end, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for timer in self._timers:
                timer.cancel()
            tasks: list[asyncio.Task[Any]] = [closing, *self._company, *self._running]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._count_with(None)
        closed = self._end.result() if self._end.done() else Closed(1001, "The server is stopping; connect again")
        if closed is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})

    def _count_with(self, key: str | None) -> None:
        """Be counted among the open sockets of ``key`` from now on, and of nobody else. Refuses as ``Door.enter`` does."""
        if self._counted is not None:
            self._door.leave(self._counted)
        self._counted = None
        if key is not None:
            self._door.enter(key)
        self._counted = key

    def _accompany(self, *work: Coroutine[Any, Any, None]) -> None:
        self._company += map(asyncio.create_task, work)

    def _finish(self, closed: Closed | None) -> None:
        if not self._end.done():
            self._end.set_result(closed)

    def _end_in(self, seconds: float, closed: Closed, *, unless_ready: bool = False) -> None:
        def end() -> None:
            if not (unless_ready and self._session is not None):
                self._finish(closed)

        self._timers.append(asyncio.get_running_loop().call_later(seconds, end))

    async def _say(self, text: str) -> None:
        async with self._sending:
            await self._send({"type": "websocket.send", "text": text})

    # hearing

    async def _read(self) -> None:
        try:
            while True:
                message = await self._receive()
                if message["type"] == "websocket.disconnect":
                    self._finish(None)
                    return
                self._heard = True
                await self._hear(message)
        except Closed as closed:
            self._finish(closed)
        except Exception as error:  # noqa: BLE001 (logged by as_problem)
            as_problem(error)
            self._finish(Closed(1011, "Internal error"))

    async def _hear(self, message: Any) -> None:
        text: str | None = message.get("text")
        if text is None:
            raise Closed(4400, "Invalid message: binary")
        if len(text) > self._settings.socket_message_bytes:
            raise Closed(1009, "Message too big")
        match messages.read(text):
            case Init(authorization):
                await self._initialise(authorization)
            case Ping(payload):
                await self._say(messages.pong(payload))
            case Subscribe(id=operation, request=request):
                await self._subscribe(operation, request)
            case Complete(id=operation):
                task = self._operations.pop(operation, None)
                if task is not None:
                    task.cancel()
            case _:
                pass

    async def _initialise(self, authorization: str | None) -> None:
        if self._initialising:
            raise Closed(4429, "Too many initialisation requests")
        self._initialising = True
        session = None
        try:
            identity = await identify(authorization or self._headers.get("authorization"), self._door)
            spoken, client = language(self._headers.get("accept-language", "")), self._headers.get("user-agent", "")
            session = Session(self._door, identity, spoken, self._address, client)
            session.count()
            await session.viewer()
            self._count_with(session.key)
        except Problem as problem:
            if problem.status == 401:
                with contextlib.suppress(Problem):  # it is refused as it is
                    self._door.rates.stranger(self._address)
            raise _closed(problem) from None
        self._session = session
        self._accompany(self._until_gone(session))
        if identity.expires_at is not None:
            self._end_in(max(0.0, identity.expires_at - time.time()), Closed(4403, "Forbidden: the token has expired"))
        await self._say(messages.ACK)

    async def _until_gone(self, session: Session) -> None:
        await session.until_gone()
        self._finish(Closed(4403, "Forbidden: the session is over"))

    # operations

    async def _subscribe(self, operation: str, request: Request) -> None:
        if self._session is None:
            raise Closed(4401, "Unauthorized")
        if operation in self._operations:
            raise Closed(4409, f"Subscriber for {ascii(operation)[1:-1]} already exists")
        if len(self._running) >= self._settings.socket_operations:
            limit = too_many("Too many operations on this socket; complete one first.", "此连接上的操作过多，请先结束一个。")
            await self._say(messages.error(operation, limit.errors(self._session.language)))
            return
        task = asyncio.create_task(self._operate(self._session, operation, request))
        self._operations[operation] = task
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _operate(self, session: Session, operation: str, request: Request) -> None:
        try:
            response = await run(session, request)
            if response.kind == "subscription":
                stream = await changes(session, request, "ws")
                if not isinstance(stream, Response):
                    async with aclosing(stream):
                        async for body in stream:
                            await self._say(messages.next_(operation, body))
                    await self._conclude(operation, messages.complete(operation))
                    return
                response = stream
            if response.has_data:
                await self._say(messages.next_(operation, response.body))
                await self._conclude(operation, messages.complete(operation))
            else:
                await self._conclude(operation, messages.error(operation, orjson.loads(response.body)["errors"]))
        except Exception as error:  # noqa: BLE001 (told to the client; logged by as_problem)
            problem = as_problem(error)
            if problem.status == 401:
                self._finish(Closed(4403, "Forbidden"))
                return
            await self._conclude(operation, messages.error(operation, problem.errors(session.language)))

    async def _conclude(self, operation: str, last: str) -> None:
        """Say the last message of an operation. Its id is free from before that moment: the client may use it at once."""
        if self._operations.get(operation) is asyncio.current_task():
            del self._operations[operation]
        await self._say(last)

    # time

    async def _keep_alive(self) -> None:
        """Ping the client; end the socket when it stayed silent for a whole interval after a ping."""
        while True:
            self._heard = False
            await asyncio.sleep(self._settings.socket_idle_seconds)
            if self._session is None:
                continue
            if self._heard:
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.socket_idle_seconds):
                    await self._say(messages.PING)
            await asyncio.sleep(self._settings.socket_idle_seconds)
            if not self._heard:
                self._finish(Closed(1001, "No answer to ping"))
                return


def _closed(problem: Problem) -> Closed:
    """How a socket is closed that is not let in."""
    code = {401: 4403, 429: 4429, 503: 1013}.get(problem.status, 1011)
    return Closed(code, {4403: "Forbidden", 1013: "Try again later"}.get(code, str(problem)))
